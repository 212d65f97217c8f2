"""A file's bytes to a document, or to a reason why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.parse import parse
from bot.models import Kind, Parsed, Severity

from .pages import VIDEO, anchor, own_words, page, read

WORDS = st.lists(st.sampled_from(["kites", "fly", "wind.", "É", "凧", "and,"]), min_size=1, max_size=5).map(" ".join)
WELL_FORMED = st.lists(
    st.one_of(
        WORDS,
        st.just(f" {anchor('00:01:02')} "),
        st.just(f" ({anchor('00:01:02')}, {anchor('1:02')})"),
        st.builds("[[{} | {}]]".format, WORDS, WORDS),
        st.builds(" **{}** ".format, WORDS),
        st.sampled_from([" <br/> ", "\n", "\n\n", "\n\n- ", "\n\n## ", "\n\n> "]),
    ),
    max_size=12,
).map(lambda parts: "Kites " + "".join(parts))
PIECES = st.lists(
    st.sampled_from(
        [
            "---\n",
            "title: ",
            "videoId: abcDEF-_123\n",
            "From: [[sky]]\n",
            "# ",
            "## Quick Takes\n",
            "- ",
            "**",
            ":",
            "[[",
            "|",
            "]]",
            anchor("0:01"),
            "<a ",
            "</a>",
            "[0:01",
            "]",
            "(",
            ")",
            "\n",
            "\r\n",
            "\t",
            "words ",
            "<div>",
            "```",
            "| a |\n|---|\n",
            "é",
        ]
    )
).map("".join)


def codes(parsed: Parsed) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in parsed.findings]


def test_a_wiki_page_is_read() -> None:
    document = read(page(f"From: [[skychannel]] <br/>\n\nKites fly {anchor('00:01:02')}.", "guest: Ada"))
    assert (document.kind, document.title, document.video) == (Kind.PAGE, "On kites", VIDEO)
    assert (document.source, document.guest) == ("skychannel", "Ada")
    assert own_words(document.passages[0]) == [("00:01:02", "Kites fly")]


def test_lines_count_from_the_top_of_the_file() -> None:
    (passage,) = read(page(f"\nKites\nfly {anchor('0:01')}.")).passages
    assert (passage.line, passage.stamps[0].line) == (6, 7)


@pytest.mark.parametrize("change", ["bom", "crlf", "cr", "both"])
def test_byte_order_marks_and_line_ends_make_no_difference(change: str) -> None:
    data = page(f"From: [[sky]]\n\nKites\nfly {anchor('0:01')}.\n\n# End\n\nwords")
    ends = {"bom": b"\n", "crlf": b"\r\n", "cr": b"\r", "both": b"\r\n"}[change]
    other = (b"\xef\xbb\xbf" if change in ("bom", "both") else b"") + data.replace(b"\n", ends)
    assert read(other) == read(data)


@pytest.mark.parametrize(
    ("data", "line", "code"),
    [
        (b"", 0, "empty"),
        (b" \n\n", 0, "empty"),
        (b"# only\n\n## headings\n", 0, "empty"),
        (b"a\0b", 0, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0", 0, "binary"),
        ("kites".encode("utf-16"), 0, "not-utf8"),
        (b"kites\n\xff\xfe", 0, "not-utf8"),
        (b"caf\xe9", 0, "not-utf8"),
        (b"---\ntitle: x\n\nwords", 1, "front-matter-open"),
        (b"---\ntitle: x\n? [a]\n---\nwords", 3, "front-matter-yaml"),
    ],
)
def test_what_is_no_document_is_rejected_with_one_reason_and_what_to_do(data: bytes, line: int, code: str) -> None:
    parsed = parse("c/x.md", data)
    assert parsed.document is None
    assert codes(parsed) == [(line, code)]
    assert parsed.findings[0].severity is Severity.REJECTED
    assert parsed.findings[0].action


def test_bad_bytes_are_told_with_their_line() -> None:
    assert "line 3" in parse("c/x.md", b"a\nb\nc\xff").findings[0].message


def test_control_characters_are_spaces() -> None:
    assert read(b"kites\x1b[31m fly\x07\x0c high").passages[0].text == "kites [31m fly high"


@pytest.mark.parametrize("video", ["short", "tooLong_12345", "abcDEF/_123", "https://youtu.be/abcDEF-_123"])
def test_a_wrong_video_id_is_reported_on_its_line_and_the_page_is_read_without_it(video: str) -> None:
    parsed = parse("c/x.md", f"---\ntitle: x\nvideoId: {video}\n---\nKites [[fly]] {anchor('0:01')}.".encode())
    assert parsed.document is not None
    assert (parsed.document.video, parsed.document.passages[0].stamps) == ("", ())
    assert codes(parsed) == [(3, "video-id")]


def test_a_video_id_may_begin_with_a_dash() -> None:
    assert read("---\ntitle: x\nvideoId: -abcDEF_123\n---\nwords").video == "-abcDEF_123"


def test_a_page_without_a_title_takes_its_first_heading_then_its_file_name() -> None:
    assert read("# Kites\n\nfly").title == "Kites"
    assert read("fly", "c/all_about-kites.md").title == "all about kites"


def test_a_page_whose_front_matter_has_no_title_is_reported() -> None:
    assert codes(parse("c/x.md", b"---\nguest: Ada\n---\nwords")) == [(1, "no-title")]


@pytest.mark.parametrize(
    ("written", "seconds"), [("1:02:03", 3723), ("62:03", 3723), ("3723", 3723), ("PT1H2M3S", 3723), ("PT62M3S", 3723)]
)
def test_a_duration_is_read_in_its_usual_forms(written: str, seconds: int) -> None:
    assert read(page("words", f"duration: {written}")).duration == seconds


@pytest.mark.parametrize(
    ("line", "code"), [("duration: long", "duration"), ("published: 2020-13-45", "date"), ("published: soon", "date")]
)
@pytest.mark.parametrize("guest", ["Ada", "*Ada*"])  # the second is no YAML
def test_a_field_that_cannot_be_used_is_reported_on_its_line(line: str, code: str, guest: str) -> None:
    parsed = parse("c/x.md", page("words", f"guest: {guest}", line))
    assert parsed.document is not None
    assert [found for found in codes(parsed) if found[1] != "front-matter-yaml"] == [(5, code)]


def test_a_date_may_have_a_time() -> None:
    assert read(page("words", "published: 2021-03-04T05:06:07Z")).published == "2021-03-04"


@pytest.mark.parametrize("guest", ['"[[ada_l | Ada]]"', '"[[Ada]]"', "[[Ada]]", "Ada", "[Ada]"])
def test_a_name_in_front_matter_may_be_a_wikilink(guest: str) -> None:
    assert read(page("words", f"guest: {guest}")).guest == "Ada"


def test_several_guests_are_named_in_a_row() -> None:
    assert read(page("words", "guests: [Ada, Ben]")).guest == "Ada, Ben"


def test_plain_markdown_is_an_article() -> None:
    assert read("# Kites\n\nThey fly.").kind is Kind.ARTICLE


@pytest.mark.parametrize("path", ["c/x.md", "c/x.txt"])
def test_what_a_file_is_does_not_depend_on_its_name(path: str) -> None:
    clip = "A / B / Kites on roofs\nKites on roofs\n3 min read\n\nThey are back, and in large numbers.\n"
    assert (read(clip, path).kind, read(clip, path).title) == (Kind.ARTICLE, "Kites on roofs")
    assert read(page("words"), path).kind is Kind.PAGE


def test_many_broken_anchors_are_shown_in_part_and_counted() -> None:
    parsed = parse("c/x.md", page("Kites fly <a data-0:01>[0:01]</a>.\n\n" * 30))
    assert [finding.code for finding in parsed.findings] == ["broken-anchor"] * 21
    assert "10 more" in parsed.findings[-1].message


def test_what_is_counted_of_one_kind_is_told_as_what_it_is() -> None:
    bare = '<a class="yt-timestamp" data-t="00:00:01">[00:00:01]</a>\n\n'
    parsed = parse("c/x.md", page(bare * 25 + "Kites fly <a data-0:01>[0:01]</a>.\n\n" * 21))
    told = [(finding.code, finding.message) for finding in parsed.findings if not finding.line]
    assert told == [
        ("stamp-without-words", "5 more timestamps without words"),
        ("broken-anchor", "1 more broken timestamp anchor"),
    ]


def test_what_would_ping_or_lead_elsewhere_is_only_text() -> None:
    document = read("Hi @everyone, [click](javascript:alert(1)) or [[<@1> | <@&2>]] <script>x</script>")
    assert document.passages[0].text == "Hi @everyone, click or <@&2> x"
    assert document.passages[0].links == ()


@given(st.binary() | PIECES.map(str.encode) | st.text().map(str.encode))
def test_any_bytes_are_read_without_raising_and_what_is_told_holds_together(data: bytes) -> None:
    parsed = parse("c/x.md", data)
    document = parsed.document
    if document is None:
        assert any(finding.severity is Severity.REJECTED for finding in parsed.findings)
        return
    assert document.title
    assert document.passages
    for passage in document.passages:
        assert passage.text == " ".join(passage.text.split()) != ""
        assert 0 <= passage.section < len(document.sections)
        assert all(0 <= stamp.start <= stamp.end <= len(passage.text) for stamp in passage.stamps)
        assert all(0 <= link.start < link.end <= len(passage.text) for link in passage.links)
    assert all(0 <= take.passage < len(document.passages) for take in document.takes)


@given(WELL_FORMED)
def test_no_label_tag_or_bracket_is_left_in_the_words_of_a_well_formed_page(body: str) -> None:
    document = read(page(body))
    for text in [passage.text for passage in document.passages] + [section.heading for section in document.sections]:
        assert not any(mark in text for mark in ("[", "]", "<", ">", "*", "0:01", "1:02", "()", "( "))


@given(WELL_FORMED)
def test_every_stamp_of_a_well_formed_page_is_kept(body: str) -> None:
    assert sum(len(passage.stamps) for passage in read(page(body)).passages) == body.count("<a ")


def test_a_character_reference_brings_no_control_character_in() -> None:
    text = "# A&#27;[2J\n\n- **K&#7;x**: it &#0; flies `&#27;`\n\n| a&#2; |\n|---|\n| b |\n"
    text += "\n<div>c&#x9b;</div>\n\n    d&#3;\n"
    document = parse("a.md", text.encode()).document
    assert document is not None
    shown = [document.title, *(passage.text for passage in document.passages)]
    assert shown == ["A [2J", "K x: it � flies &#27;", "a", "b", "c", "d"]
