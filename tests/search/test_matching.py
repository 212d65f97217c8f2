"""What is marked in a shown text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.matching import highlight
from bot.search.query import in_languages, parse_query


def marked(text: str, asked: str) -> list[str]:
    return [text[start:end] for start, end in highlight(text, parse_query(asked))]


@pytest.mark.parametrize(
    ("text", "asked", "parts"),
    [
        ("Models train models.", "model training", ["Models", "train", "models"]),
        ("Le Café de Paris", "cafe", ["Café"]),
        ("the cafe", "café", ["cafe"]),
        ("GPT-4 has 4 heads, GPT4 too", "gpt-4", ["GPT-4", "GPT4"]),
        ("ran 7 B and 7B", "7B", ["7 B", "7B"]),
        ("in C++, not C", "c++", ["C++"]),
        ("東京都の地下鉄", "地下鉄", ["地下鉄"]),
        ("The wind of change, the wind", '"wind of change"', ["wind of change", "wind"]),
        ("nothing here", "sparse", []),
        ("", "sparse", []),
    ],
)
def test_what_answers_is_marked(text: str, asked: str, parts: list[str]) -> None:
    assert marked(text, asked) == parts


def test_forms_of_another_language_are_marked() -> None:
    query = in_languages(parse_query("Brücken"), ["de"])
    assert [("eine Brücke")[start:end] for start, end in highlight("eine Brücke", query)] == ["Brücke"]


@given(st.text(), st.text())
@example("an accent \u0300 alone", "accent")
def test_marks_are_in_order_and_apart(text: str, asked: str) -> None:
    spans = highlight(text, parse_query(asked))
    ends = [0, *(edge for span in spans for edge in span)]
    assert ends == sorted(ends)
    assert all(start < end <= len(text) for start, end in spans)
