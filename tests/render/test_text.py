"""Words as Discord shows them: exactly their characters, the asked words in bold, times as links."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import DocumentRef, Kind, Moment, Trust
from bot.render.text import escape, message, origin, part, plural, snippet, time_link, video_url
from tests.sound import NASTY, assert_plain

ANY = st.text(max_size=300) | st.sampled_from(NASTY) | st.text("*_~|<>[]()#-+1. @:\\\n`", max_size=60)
PAGE = DocumentRef("k", "Title", Kind.PAGE, "p.md", video="beesAAAAAA1")


def shown(text: str) -> str:
    """What a reader sees of escaped text."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, 12:30 and it's (fine).", "plain words, 12:30 and it's (fine)."),
        ("**bold** _x_", "\\*\\*bold\\*\\* \\_x\\_"),
        ("<@1> @everyone @here a@b.c", "\\<@1\\> \\@everyone \\@here a@b.c"),
        ("[words](https://evil.example)", "\\[words\\](https:\u200b//evil.example)"),
        (":smile: 12:30:45", "\\:smile: 12\\:30:45"),
        ("# heading", "\\# heading"),
        ("-# small", "\\-# small"),
        ("  - item", "  \\- item"),
        ("1. first", "1\\. first"),
        ("2026 was", "2026 was"),
        ("one\ntwo\u2028three\rfour", "one two three four"),
        ("\u202eevil\u202c", "evil"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_markup_is_shown_as_its_characters(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(ANY)
def test_no_text_becomes_markup(text: str) -> None:
    assert_plain(escape(text))


@given(st.text("abc *_~|<>[]()#-+1.@:\\`é猫", max_size=80).filter(lambda text: "://" not in text))
def test_a_reader_sees_every_character(text: str) -> None:
    assert shown(escape(text)) == text


@given(words=ANY, limit=st.integers(20, 300), data=st.data())
def test_a_snippet_of_any_words_with_any_marks_is_plain_and_bounded(
    words: str, limit: int, data: st.DataObject
) -> None:
    places = data.draw(st.lists(st.integers(0, len(words)), max_size=8, unique=True).map(sorted))
    marked = tuple(zip(places[::2], places[1::2], strict=False))
    text = snippet(words, marked, limit)
    assert_plain(text)
    unmarked = shown(text.replace("**", ""))
    assert len(unmarked) <= limit + len("… ") + 2 * words.count("://") + len("**")


def test_asked_words_are_bold_and_neighbours_are_one() -> None:
    assert snippet("use sparse attention here", ((4, 10), (11, 20)), 100) == "use **sparse attention** here"


def test_a_long_text_is_shown_around_its_first_asked_word() -> None:
    words = "before " * 100 + "needle " + "after " * 100
    text = snippet(words, ((700, 706),), 150)
    assert text.startswith("… before")
    assert "**needle** after" in text
    assert text.endswith("…")


def test_an_asked_word_is_shown_also_where_a_script_has_no_spaces() -> None:
    words = "字" * 500 + "猫" + "字" * 500
    assert "**猫**" in snippet(words, ((500, 501),), 150)


def moment(start: int | None, written: str = "") -> Moment:
    trust = Trust.DOUBTFUL if start is None else Trust.STATED
    return Moment("beesAAAAAA1", start, written, "words", trust, PAGE)


def test_a_time_links_to_its_second() -> None:
    assert time_link(moment(721)) == "[▶ 12:01](https://youtu.be/beesAAAAAA1?t=721)"
    assert time_link(moment(0)) == "[▶ 0:00](https://youtu.be/beesAAAAAA1?t=0)"
    assert time_link(moment(3723)) == "[▶ 1:02:03](https://youtu.be/beesAAAAAA1?t=3723)"


def test_a_doubtful_time_links_to_the_video_and_is_said_to_be_unverified() -> None:
    link = time_link(moment(None, "18:49:00"))
    assert link == "[▶ video](https://youtu.be/beesAAAAAA1) (time unverified: 18\\:49:00)"


@given(st.integers(0, 90_000) | st.none(), ANY)
def test_any_time_is_linked_where_it_says(start: int | None, written: str) -> None:
    assert_plain(time_link(moment(start, written)))


def test_where_a_document_comes_from_says_what_is_known() -> None:
    page = DocumentRef("k", "T", Kind.PAGE, "p", "src", "v", "Ada", "Bo", "2026-01-02", 3600)
    assert origin(page) == "Interview with Ada · src · 2026-01-02 · 1:00:00"
    assert origin(DocumentRef("k", "T", Kind.ARTICLE, "p", author="Bo")) == "by Bo"
    assert origin(DocumentRef("k", "T", Kind.ARTICLE, "p")) == ""


def test_numbers_and_nouns_agree() -> None:
    assert [plural(n, "page") for n in (0, 1, 2, 1234)] == ["0 pages", "1 page", "2 pages", "1,234 pages"]
    assert plural(2, "entry", "entries") == "2 entries"


def test_a_video_plays_from_the_start_without_a_second() -> None:
    assert video_url("abc") == "https://youtu.be/abc"


def test_an_errors_message_keeps_its_commands_and_shows_the_names_of_files_as_they_are() -> None:
    assert message("`x` is taken. Use `replace`: _a_.md") == "`x` is taken. Use `replace`: \\_a\\_.md"


@given(ANY)
def test_an_errors_message_is_plain_whatever_it_names(text: str) -> None:
    assert_plain(message(text.replace("`", "")))


def test_a_view_says_which_part_it_shows_unless_it_shows_all() -> None:
    assert part(5, 5, 1200) == "6–10 of 1,200"
    assert part(0, 1, 1) == ""
