"""Packed texts and lists give back what was put in."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from bot.search.packed import Runs, Texts, in_order

any_text = st.text(st.characters(), max_size=12)  # half surrogate pairs too


@given(st.lists(any_text))
def test_any_texts_come_back_by_number_in_order_and_from_the_end(texts: list[str]) -> None:
    packed = Texts(texts)
    assert (list(packed), packed[:], len(packed)) == (texts, texts, len(texts))
    assert [packed[number - len(texts)] for number in range(len(texts))] == texts


@given(st.lists(st.text("abé机", max_size=6)), st.text("abé机", max_size=2))
def test_texts_are_searched_as_they_lie(texts: list[str], part: str) -> None:
    packed, numbers = Texts(texts), range(len(texts))
    assert list(packed.having(numbers, part)) == [number for number in numbers if part in texts[number]]
    assert list(packed.opening(numbers, part)) == [number for number in numbers if texts[number].startswith(part)]


@given(st.lists(st.text("ab ", max_size=9)), st.integers(1, 4))
def test_sorting_in_parts_is_sorting(texts: list[str], parted_by: int) -> None:
    assert in_order(texts, str, parted_by) == sorted(texts)


@given(st.dictionaries(st.text("abc", max_size=4), st.lists(st.integers(0, 99), min_size=1)))
def test_lists_come_back_by_their_names_in_order(lists: dict[str, list[int]]) -> None:
    runs = Runs({name: array("I", numbers) for name, numbers in lists.items()})
    assert runs.names == sorted(lists)
    found = {name: list(runs.numbers(at, at + 1, runs.size(at, at + 1))) for at, name in enumerate(runs.names)}
    assert found == lists
