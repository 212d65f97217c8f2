"""Anchors in text that the Markdown parser did not take for HTML, and times in brackets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.pieces import Mark, is_anchor, split_anchors, split_stamps, written_in

NEARLY_STAMPS = st.lists(st.sampled_from(["[", "]", "0:01", "12:30:05", ",", " - ", "|", "\n", "x", "9" * 9])).map(
    "".join
)
NEARLY_ANCHORS = st.lists(
    st.sampled_from(["<a ", "<a", 'data-t="', '0:01"', ">", "</a>", "<", 'class="yt-timestamp" ', "\n", "words "])
).map("".join)


def times(text: str) -> list[str]:
    return [time for mark, time, _ in split_stamps(text, 1) if mark is Mark.ANCHOR]


@pytest.mark.parametrize(
    "tag",
    [
        '<a class="yt-timestamp" data-t="00:01:02">',
        "<a data-t='00:01:02'>",
        "<A CLASS=x DATA-T=00:01:02>",
        '<a class="yt-timestamp" data-23:11:00>',
        '<a class="yt_timestamp">',
        '<a\nclass="yt-timestamp">',
    ],
)
def test_an_anchor_is_known_whole_or_broken(tag: str) -> None:
    assert is_anchor(tag)


@pytest.mark.parametrize(
    "tag", ["<a>", '<a href="https://example.org">', "<abbr data-t='1'>", "<article>", "</a>", "<b>"]
)
def test_other_tags_are_no_anchors(tag: str) -> None:
    assert not is_anchor(tag)


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ('<a class="yt-timestamp" data-t="00:01:02">', "00:01:02"),
        ('<a class="yt-timestamp" data-t=" 00:01:02] ">', "00:01:02]"),
        ("<a data-t='2241'>", "2241"),
        ("<a data-t = 00:01:02>", "00:01:02"),
        ('<a class="yt-timestamp" data-t="">', ""),
    ],
)
def test_data_t_is_told_as_it_is_written(tag: str, written: str) -> None:
    assert written_in(tag) == (written, True)


def test_a_time_elsewhere_in_the_tag_is_told_as_a_broken_anchors() -> None:
    assert written_in('<a class="yt-timestamp" data-23:11:00>') == ("23:11:00", False)


def test_a_tag_without_a_time_tells_none() -> None:
    assert written_in('<a class="yt-timestamp">') == ("", False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[00:21]", ["00:21"]),
        ("[ 01:00:21 ]", ["01:00:21"]),
        ("[00:21, 00:35; 1:05]", ["00:21", "00:35", "1:05"]),
        ("[00:21 | 00:35]", ["00:21", "00:35"]),
        ("[00:21-00:35]", ["00:21-00:35"]),
        ("[00:21 – 00:35, 00:50]", ["00:21 – 00:35", "00:50"]),
        ("[00:21][00:35]", ["00:21", "00:35"]),
        ("[" + ", ".join(["00:21"] * 40) + "]", ["00:21"] * 40),
    ],
)
def test_times_in_brackets_are_stamps(text: str, found: list[str]) -> None:
    assert times(text) == found


@pytest.mark.parametrize(
    "text", ["[1]", "[00:21", "00:21]", "[12:30 pm]", "[at 00:21]", "[٠٠:٢١]", "[[note]]", "(00:21)", "[:21]"]
)
def test_other_brackets_are_text(text: str) -> None:
    assert times(text) == []


def test_lines_are_counted_through_a_text() -> None:
    pieces = split_stamps("a [0:01]\nb\n[0:02,\n0:03] c [0:04]", 7)
    assert [line for mark, _, line in pieces if mark is Mark.ANCHOR] == [7, 9, 9, 10]


def test_an_anchor_in_plain_text_is_found_with_its_line() -> None:
    pieces = list(split_anchors('a\n<a data-t="0:01">[0:01]</a> b', 7))
    assert [mark for mark, _, _ in pieces] == [Mark.TEXT, Mark.ANCHOR, Mark.TEXT, Mark.ANCHOR_END, Mark.TEXT]
    assert pieces[1] == (Mark.ANCHOR, '<a data-t="0:01">', 8)


@given(NEARLY_ANCHORS)
def test_splitting_off_anchors_loses_no_text(text: str) -> None:
    pieces = split_anchors(text, 1)
    assert "".join("</a>" if mark is Mark.ANCHOR_END else part for mark, part, _ in pieces) == text


@given(NEARLY_STAMPS)
def test_splitting_off_stamps_keeps_the_other_text_in_order(text: str) -> None:
    rest = "".join(part for mark, part, _ in split_stamps(text, 1) if mark is Mark.TEXT)
    letters = iter(text)
    assert all(letter in letters for letter in rest)
    assert rest.count("x") == text.count("x")
