"""Reports as moderators see them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import CorpusStatus, Finding, ReloadReport, Severity
from bot.render.corpus import findings_reply, report_reply, status_reply
from tests.render.answers import NUMBER, TEXT
from tests.sound import all_text, assert_sound

BIG = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PATHS = st.lists(TEXT.map(lambda text: text[:400]), max_size=30).map(tuple)
CODES = st.lists(
    st.tuples(st.from_regex("[a-z0-9-]{1,40}", fullmatch=True), NUMBER), max_size=40, unique_by=lambda pair: pair[0]
).map(tuple)
FINDING = st.builds(
    Finding,
    path=TEXT,
    line=NUMBER,
    code=st.just("empty"),
    severity=st.sampled_from(Severity),
    message=TEXT,
    action=TEXT,
)
REPORT = st.builds(
    ReloadReport,
    generation=NUMBER,
    seconds=st.floats(0, 1000),
    added=PATHS,
    changed=PATHS,
    removed=PATHS,
    rejected=PATHS,
    documents=NUMBER,
    counts=CODES,
    findings=st.lists(FINDING, max_size=30).map(tuple),
    dry=st.booleans(),
)
COUNTS = st.lists(st.tuples(TEXT, NUMBER), max_size=12).map(tuple)
STATUS = st.builds(
    CorpusStatus,
    generation=NUMBER,
    loaded_at=NUMBER,
    pages=NUMBER,
    articles=NUMBER,
    videos=NUMBER,
    passages=NUMBER,
    takes=NUMBER,
    moments=st.just((("stated", 3), ("doubtful", 1))),
    sources=COUNTS,
    findings=CODES,
    bytes=NUMBER,
)


@BIG
@given(REPORT)
def test_any_report_is_a_sound_reply(report: ReloadReport) -> None:
    assert_sound(report_reply(report))


@BIG
@given(st.lists(FINDING, max_size=30), CODES)
def test_any_findings_are_a_sound_reply(findings: list[Finding], counts: tuple[tuple[str, int], ...]) -> None:
    assert_sound(findings_reply("empty", findings, counts))


@BIG
@given(STATUS, st.integers(0, 10**8))
def test_any_status_is_a_sound_private_reply(status: CorpusStatus, uptime: int) -> None:
    reply = status_reply(status, uptime, "1.2.3")
    assert reply.private
    assert_sound(reply)


def finding(number: int) -> Finding:
    return Finding(f"{'folder/' * 20}{number}.md", 3, "empty", Severity.REJECTED, "the file is empty", "delete it")


def test_what_does_not_fit_is_counted() -> None:
    paths = tuple(f"{'folder/' * 20}{number}.md" for number in range(500))
    findings = tuple(finding(number) for number in range(100))
    report = ReloadReport(2, 1.0, added=paths, rejected=paths, findings=findings)
    added, rejected = report_reply(report).embeds[0].fields
    for field in (added, rejected):
        *shown, more = (field.value or "").splitlines()
        assert more == f"and {500 - len(shown)} more"
    counted = findings_reply("empty", findings, (("empty", 500),)).embeds[0].description or ""
    *shown, more = counted.splitlines()
    assert more == f"and {500 - len(shown)} more"


def test_status_says_how_many_passages_are_ranked_by_meaning_where_that_is_on() -> None:
    status = CorpusStatus(1, 0, 0, 0, 0, 0, 0, (), (), (), 0)
    assert "Meaning" not in all_text(status_reply(status, 0, "1"))
    text = all_text(status_reply(replace(status, meaning=(1240, 5000)), 0, "1"))
    assert "Meaning" in text
    assert "1,240 of 5,000 passages" in text


def test_uptime_is_said_in_two_units() -> None:
    status = CorpusStatus(1, 0, 0, 0, 0, 0, 0, (), (), (), 0)
    for seconds, text in ((59, "0 min"), (3700, "1 h 1 min"), (90_000, "1 d 1 h")):
        assert text in all_text(status_reply(status, seconds, "1"))


def test_findings_are_counted_so_that_one_reads_as_well_as_many() -> None:
    counts = (("time-repaired", 1), ("dead-link", 1200))
    report = ReloadReport(2, 1.0, counts=counts)
    status = CorpusStatus(1, 0, 0, 0, 0, 0, 0, (), (), counts, 0)
    for reply in (report_reply(report), status_reply(status, 0, "1")):
        assert "repaired times: 1 · links that lead nowhere: 1,200" in all_text(reply)
