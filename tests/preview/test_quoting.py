"""The lines of a file that a finding is about."""

from __future__ import annotations

from bot.preview.quoting import Quoted, Text


def said(line: Quoted) -> str:
    """A line's words."""
    return "".join(words for words, _ in line.pieces)


def test_the_line_stands_between_its_neighbours_with_the_words_marked() -> None:
    lines = Text(b"one\r\ntwo `three`\rfour\nfive").quote(2, ["no page is called `three`"])
    assert [(line.number, line.is_it, said(line)) for line in lines] == [
        (1, False, "one"),
        (2, True, "two `three`"),
        (3, False, "four"),
    ]
    assert [words for words, is_it in lines[1].pieces if is_it] == ["three"]


def test_a_long_line_is_cut_around_the_words() -> None:
    text = "a" * 5000 + "NEEDLE" + "b" * 5000
    (line,) = Text(text.encode()).quote(1, ["written `NEEDLE`: why"])
    assert ("NEEDLE", True) in line.pieces
    assert said(line).startswith("… a")
    assert said(line).endswith("b …")
    assert len(said(line)) < 500


def test_all_that_findings_mean_is_marked_the_same_word_each_time() -> None:
    text = "one 1:00 " + "x" * 500 + " 1:00 two [[three]]"
    (line,) = Text(text.encode()).quote(1, ["written `1:00`: a", "written `1:00`: b", "no page is called `three`", "c"])
    assert [words for words, is_it in line.pieces if is_it] == ["1:00", "1:00", "three"]
    assert "…" in said(line)
    assert said(line).endswith("two [[three]]")


def test_a_line_in_which_nothing_is_meant_is_cut_at_its_end() -> None:
    (line,) = Text(b"x" * 5000).quote(1, ["a broken anchor"])
    assert said(line) == "x" * 420 + "…"


def test_a_file_as_a_whole_and_a_line_that_is_gone_have_no_lines() -> None:
    text = Text(b"one")
    assert text.quote(0, ["x"]) == ()
    assert text.quote(9, ["x"]) == ()


def test_what_is_no_utf8_is_shown_as_far_as_it_goes() -> None:
    (line,) = Text(b"\xff\xfe words").quote(1, ["not UTF-8"])
    assert "words" in said(line)
