"""Front matter: strings stay as they are written, and whatever YAML can be made to do is refused with a line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus import frontmatter
from bot.corpus.frontmatter import MAX_LENGTH, FrontMatter, split

YAML_PIECES = st.lists(
    st.sampled_from(
        ["a", "title", ":", ": ", "\n", "- ", "  ", "[", "]", "{", "}", "&x ", "*x", "!!int ", "'", '"', "|\n"]
    )
).map("".join)


def front(*lines: str) -> FrontMatter:
    return split("\n".join(["---", *lines, "---", "text"]))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1:30:00", "1:30:00"),
        ("2020-13-45", "2020-13-45"),
        ("007", "007"),
        ("yes", "yes"),
        ("-0aB_cdefgh", "-0aB_cdefgh"),
        ("'quoted: text'", "quoted: text"),
        ('"C# and F#"', "C# and F#"),
        ("  spaced  ", "spaced"),
    ],
)
def test_a_value_stays_the_string_that_was_written(written: str, value: str) -> None:
    assert front(f"field: {written}").fields == {"field": value}


@pytest.mark.parametrize("null", ["", "~", "null"])
def test_a_null_is_an_empty_string(null: str) -> None:
    assert front(f"guest: {null}").fields == {"guest": ""}


def test_a_quoted_null_is_a_word() -> None:
    assert front('guest: "null"').fields == {"guest": "null"}


def test_names_are_read_in_any_case() -> None:
    assert front("VideoID: x").fields == {"videoid": "x"}


@pytest.mark.parametrize(
    "lines", [["tags: [wind, sail]"], ["tags:", "- wind", "- sail"], ["tags:", "  - wind", "  - sail"]]
)
def test_a_list_is_a_tuple_of_strings(lines: list[str]) -> None:
    assert front(*lines).fields == {"tags": ("wind", "sail")}


def test_a_wikilink_without_quotes_is_read_as_its_name() -> None:
    assert front("guest: [[ada]]").fields == {"guest": ("ada",)}


def test_each_field_knows_its_line() -> None:
    assert front("title: x", "", "tags:", "- a").lines == {"title": 2, "tags": 4}


def test_the_body_is_told_with_the_line_that_it_starts_on() -> None:
    found = split("---\ntitle: x\n---\nfirst\nsecond")
    assert (found.body, found.body_line) == ("first\nsecond", 4)


@pytest.mark.parametrize("text", ["---\na: b\n---", "---\na: b\n...\n", "--- \na: b\n---  \n"])
def test_front_matter_may_end_the_file_or_have_other_fences(text: str) -> None:
    found = split(text)
    assert (found.fields, found.body) == ({"a": "b"}, "")


def test_an_empty_block_is_front_matter_without_fields() -> None:
    assert split("---\n---\ntext") == FrontMatter({}, "text", 3, present=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "--",
        "---",
        "---\n\nA line above.\n\n---\nmore\n",
        "--- a\n---\n",
        "----\na: b\n---\n",
    ],
)
def test_what_is_no_front_matter_is_body(text: str) -> None:
    found = split(text)
    assert (found.body, found.body_line, found.present) == (text, 1, False)


def test_a_doubled_name_keeps_the_first_value_and_is_reported_on_its_line() -> None:
    found = front("title: one", "Title: two")
    assert found.fields == {"title": "one"}
    assert [problem[:2] for problem in found.problems] == [(3, "duplicate-key")]


@pytest.mark.parametrize(
    "line",
    [
        "title: what: and why",
        "title: *starred* words",
        "title: &anchored words",
        "title: !tagged words",
        "title: @home",
    ],
)
def test_a_line_that_yaml_reads_otherwise_is_read_literally_with_a_finding(line: str) -> None:
    found = front("videoId: x", line)
    assert found.fields["title"] == line.removeprefix("title: ")
    assert [problem[:2] for problem in found.problems] == [(3, "front-matter-yaml")]
    assert not found.broken


def test_lists_survive_a_line_that_is_no_yaml() -> None:
    assert front("title: a: b", "tags:", "  - wind", '  - "sail"').fields == {"title": "a: b", "tags": ("wind", "sail")}


def test_a_python_tag_is_text_and_nothing_is_made_of_it() -> None:
    found = front("title: !!python/object/apply:os.getcwd []")
    assert found.fields == {"title": "!!python/object/apply:os.getcwd []"}


@pytest.mark.parametrize(
    "lines",
    [
        ["- a", "- b"],
        ["just words"],
        ["\ttitle: [", ""],
        ["title: x", "- a"],
        ["a: &a [x, x]", "b:", "  c: [*a, *a]"],
        ["title: x", "? [a, b]", ": c"],
        ["title: 'open", "  - x: y"],
    ],
)
def test_what_cannot_be_read_at_all_is_broken_with_one_reason(lines: list[str]) -> None:
    found = front(*lines)
    assert found.broken
    assert len(found.problems) == 1


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = [
        "a: &a [x, x, x, x]",
        *(f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
    assert sum(len(value) for value in front(*lines).fields.values()) < 1000


@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_deep_nesting_is_refused(opening: str) -> None:
    found = front("title: x", f"deep: {opening * 5000}")
    assert [problem[1] for problem in found.problems] == ["front-matter-yaml"]


def test_a_mapping_in_a_field_is_left_out_with_its_line_and_the_rest_is_read() -> None:
    found = front("title: x", "guest: {name: Ada, role: pilot}", "tags: [wind]")
    assert found.fields == {"title": "x", "tags": ("wind",)}
    assert [problem[:2] for problem in found.problems] == [(3, "nested-field")]


def test_front_matter_that_never_ends_is_broken() -> None:
    assert split("---\ntitle: x\n\ntext\n").broken


def test_front_matter_is_looked_for_in_the_first_part_of_a_file_only() -> None:
    text = f"---\n{'word ' * MAX_LENGTH}\n---\ntext"
    assert split(text).body == text


@given(YAML_PIECES | st.text())
def test_any_block_is_read_without_raising_and_the_body_is_kept(block: str) -> None:
    text = f"---\n{block}\n---\nThe body."
    found = split(text)
    assert found.body.endswith("The body.")
    assert found.body_line + found.body.count("\n") == text.count("\n") + 1


@pytest.mark.parametrize("parser", [frontmatter._PARSER, yaml.SafeLoader])
@pytest.mark.parametrize(
    ("written", "value"),
    [(r'"a\e[2Jb\0"', "a [2Jb"), (r'"\x9b"', "\x9b"), (r'"a\tb"', "a\tb"), (r'"\r\u0007"', "")],
)
def test_an_escape_brings_no_control_character_in(
    parser: type, written: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontmatter, "_PARSER", parser)
    assert front(f"field: {written}").fields == {"field": value}


@pytest.mark.parametrize("parser", [frontmatter._PARSER, yaml.SafeLoader])
@pytest.mark.parametrize("written", [r'"\ud800"', r'"\UFFFFFFFF"'])
def test_an_escape_of_what_is_no_character_is_text_or_nothing(
    parser: type, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontmatter, "_PARSER", parser)
    assert front(f"field: {written}").fields["field"] in ("", written.strip('"'))
