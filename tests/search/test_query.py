"""What was typed, taken apart: words, phrases, exclusions, scope; never an error, never syntax."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import expressions
from bot.search.query import CLAMP, MOST_WORDS, Query, clean, parse_query

RTL = "\u202e"


def shown(query: Query) -> list[str]:
    return [word.text for word in query.words]


def test_stop_words_do_not_count() -> None:
    assert shown(parse_query("what did they say about sparse attention?")) == ["sparse", "attention"]


def test_stop_words_count_where_there_is_nothing_else() -> None:
    assert shown(parse_query("to be or not to be")) == ["to", "be", "or", "not"]


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("GPT-4", (("gpt", "4"), ("gpt4",))),
        ("1.5K", (("1", "5k"), ("15k",))),
        ("7B", (("7b",), ("7", "b"))),
        ("C++", (("cplusplus",),)),
        ("attention", (("attention",),)),
    ],
)
def test_names_numbers_and_code_words_are_words(typed: str, forms: tuple[tuple[str, ...], ...]) -> None:
    assert parse_query(typed).words[0].forms == forms


@pytest.mark.parametrize(
    ("typed", "words"), [("Mistral's weights", ["Mistral", "weights"]), ("l’intelligence", ["intelligence"])]
)
def test_the_letter_beside_an_apostrophe_is_no_word(typed: str, words: list[str]) -> None:
    assert shown(parse_query(typed)) == words


def test_phrases_exclusions_and_scope_are_understood() -> None:
    query = parse_query('“open source” llama -meta -"closed models" video:abc_DEF-123 source:"Red Point"')
    assert query.phrases == (("open", "source"),)
    assert shown(query) == ["open", "source", "llama"]
    assert query.excluded == (("meta",), ("closed", "models"))
    assert (query.video, query.source) == ("abc_DEF-123", "Red Point")
    assert not query.is_quoted


def test_nothing_but_phrases_is_insisted_on() -> None:
    assert parse_query('"wind of change"').is_quoted


@pytest.mark.parametrize("typed", ["open-source", "-5 degrees", 'half "open', "a - b", "nosuch: x"])
def test_what_looks_like_an_operator_and_is_none_is_literal(typed: str) -> None:
    query = parse_query(typed)
    assert query.words
    assert not query.excluded
    assert not query.phrases


@pytest.mark.parametrize("typed", ["", "   ", "???", "-word", "source:x", "\0", RTL, '""', "🙂"])
def test_nothing_to_look_for_is_empty(typed: str) -> None:
    assert parse_query(typed).is_empty


def test_control_and_invisible_characters_go() -> None:
    assert clean(f"spa\u200brse\0attention{RTL} x") == "sparse attention x"


def test_the_length_is_clamped_after_normalising() -> None:
    assert len(clean("\ufdfa" * 100)) <= CLAMP


@given(st.text())
def test_any_text_is_a_question_within_bounds(text: str) -> None:
    query = parse_query(text)
    assert len(query.text) <= CLAMP
    assert len(query.words) <= MOST_WORDS


_index = sqlite3.connect(":memory:")
_index.execute("CREATE VIRTUAL TABLE texts USING fts5 (words, heading, title)")

SYNTAX = st.text(st.sampled_from("\"'*()-+^:{}, abcNEARORNOT電子1.5\0") | st.characters(), max_size=60)


@given(SYNTAX)
def test_no_text_becomes_syntax(text: str) -> None:
    query = parse_query(text)
    asked = [expressions.word(word) for word in query.words] + [expressions.phrase(tokens) for tokens in query.phrases]
    for expression in [*asked, *map(expressions.in_heading_too, asked)]:
        _index.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ?", (expressions.insisting(expression, query),)
        ).fetchall()
    if asked:
        _index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (expressions.any_of(asked),)).fetchall()
