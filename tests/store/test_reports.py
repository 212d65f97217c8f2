"""Findings and counts for moderators."""

from __future__ import annotations

from pathlib import Path

from bot.curation import Curator
from bot.models import Severity
from bot.store import reports
from bot.store.database import Database
from tests.invented import anchor, page, write_corpus


async def test_findings_are_listed_worst_first_and_counted_by_code(
    curator: Curator, database: Database, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"bad.md": "", "odd.md": page("Odd", "Words.", published="never")})
    await curator.reload()
    async with database.corpus.read() as reader:
        counts = await reports.finding_counts(reader)
        listed = await reports.findings(reader)
        of_one = await reports.findings(reader, "dead-link", limit=2)
    assert [code for code, _ in counts] == ["empty", "date", "dead-link"]
    assert [finding.severity for finding in listed[:2]] == [Severity.REJECTED, Severity.WARNING]
    assert [finding.path for finding in of_one] == ["corpus/bees.md", "corpus/bees.md"]


async def test_of_one_code_the_rejected_files_come_before_the_repaired_ones(
    curator: Curator, database: Database, corpus_folder: Path
) -> None:
    readable = "---\ntitle: A: b: c\n---\n\nWords.\n"
    files = {f"a{number}.md": readable for number in range(5)} | {"z.md": "---\n- [\n---\n\nWords.\n"}
    write_corpus(corpus_folder, files)
    await curator.reload()
    async with database.corpus.read() as reader:
        first, *_ = await reports.findings(reader, "front-matter-yaml", limit=3)
    assert (first.path, first.severity) == ("corpus/z.md", Severity.REJECTED)


async def test_a_doubtful_time_is_a_finding_with_its_line_and_what_was_written(
    curator: Curator, database: Database, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"odd.md": page("Odd", f"Words {anchor('99:99:99')}.")})
    await curator.reload()
    async with database.corpus.read() as reader:
        (finding,) = await reports.findings(reader, "time-doubtful")
    assert (finding.path, finding.line, finding.action) == ("corpus/odd.md", 6, "shown without a link")
    assert "99:99:99" in finding.message


async def test_status_counts_what_is_loaded(curator: Curator, database: Database) -> None:
    async with database.corpus.read() as reader:
        status = await reports.status(reader, 1)
    assert (status.generation, status.pages, status.articles, status.videos) == (1, 3, 1, 2)
    assert (status.passages, status.takes) == (13, 5)
    assert dict(status.sources) == {"hivetalks": 2, "coastcast": 1, "no source named": 1}
    assert dict(status.moments) == {"stated": 15}
    assert status.loaded_at > 0


async def test_status_of_an_empty_corpus_is_all_zero(database: Database) -> None:
    async with database.corpus.read() as reader:
        status = await reports.status(reader, 0)
    assert (status.generation, status.loaded_at, status.pages, status.findings) == (0, 0, 0, ())
