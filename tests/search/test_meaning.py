"""Reordering by meaning: what goes first, what stays where it is, and that no reply waits for it or fails with it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.search.meaning import REORDERED, Meaning, asked, is_exact, key_of, mixed
from bot.search.query import parse_query
from bot.store import vectors
from bot.store.database import Store
from bot.store.searching import Candidate
from bot.store.vectors import open_vectors
from tests.fake_model import FakeModel

LONG = 30.0  # seconds: a budget that is never spent
WAYS = FakeModel({"insects": "bees", "way": "route", "home": "route"})


def passage(number: int, words: str, title: str = "Page") -> Candidate:
    return Candidate(number, 1, words, "", title)


FOUND = (
    passage(1, "insects in amber"),
    passage(2, "the way of all flesh"),
    passage(3, "bees route"),
    passage(4, "nothing of it"),
)


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_vectors(tmp_path) as store:
        yield store


async def learn(store: Store, model: FakeModel, candidates: Sequence[Candidate]) -> None:
    """Give these passages their vectors."""
    keys = [key_of(model.name, one) for one in candidates]
    made = list(zip(keys, model.encode([one.words for one in candidates]), strict=True))
    async with store.write() as writer:
        await vectors.keep(writer, made)


async def order(
    meaning: Meaning, text: str, candidates: Sequence[Candidate] = FOUND, *, moments: bool = False
) -> list[int]:
    """The passages' numbers, best first."""
    scores = [3.0 - place / 10 for place in range(len(candidates))]
    return [one.passage for one in await meaning.reordered(parse_query(text), candidates, scores, moments=moments)]


async def test_what_means_the_same_in_other_words_goes_first(store: Store) -> None:
    await learn(store, WAYS, FOUND)
    assert (await order(Meaning(WAYS, store, budget=LONG), "insects way home"))[0] == 3


async def test_where_moments_are_sought_words_count_for_more(store: Store) -> None:
    await learn(store, WAYS, FOUND)
    assert (await order(Meaning(WAYS, store, budget=LONG), "insects way home", moments=True))[0] == 1


async def test_without_vectors_the_order_of_the_words_stands_and_the_question_is_not_encoded(store: Store) -> None:
    model = FakeModel()
    assert await order(Meaning(model, store, budget=LONG), "insects way home") == [1, 2, 3, 4]
    assert model.read == []


async def test_a_question_that_the_model_does_not_know_a_word_of_is_left_to_the_words(store: Store) -> None:
    await learn(store, WAYS, FOUND)
    assert await order(Meaning(WAYS, store, budget=LONG), "insects way home 虫") == [1, 2, 3, 4]


async def test_a_passage_without_a_vector_keeps_its_place(store: Store) -> None:
    await learn(store, WAYS, [FOUND[0], *FOUND[2:]])
    assert await order(Meaning(WAYS, store, budget=LONG), "insects way home") == [3, 2, 1, 4]


async def test_vectors_of_another_model_do_not_count(store: Store) -> None:
    await learn(store, WAYS, FOUND)
    assert await order(Meaning(FakeModel(name=b"other"), store, budget=LONG), "insects way home") == [1, 2, 3, 4]


async def test_nothing_below_the_best_is_moved(store: Store) -> None:
    many = [passage(number, f"insects {number}") for number in range(REORDERED)]
    last = passage(REORDERED, "bees route route")
    await learn(store, WAYS, [*many, last])
    assert (await order(Meaning(WAYS, store, budget=LONG), "insects way home", [*many, last]))[-1] == REORDERED


@pytest.mark.parametrize("text", ["flesh of bees", '"flesh" "of bees"'])
async def test_the_very_words_stay_first(store: Store, text: str) -> None:
    found = [passage(1, "all flesh of bees, in amber, is old and dry and hard"), passage(2, "bees of flesh")]
    await learn(store, WAYS, found)
    assert await order(Meaning(WAYS, store, budget=LONG), text, found) == [1, 2]


async def test_a_model_that_is_not_done_in_time_changes_nothing(store: Store) -> None:
    await learn(store, WAYS, FOUND)
    model, go = FakeModel({"insects": "bees", "way": "route", "home": "route"}), threading.Event()
    model.on_read = lambda _: go.wait(LONG)
    meaning = Meaning(model, store, budget=0.01)
    assert await order(meaning, "insects way home") == [1, 2, 3, 4]
    go.set()


async def test_a_store_that_fails_changes_nothing(store: Store) -> None:
    await learn(store, WAYS, FOUND)
    async with store.write() as writer:
        await writer.execute("DROP TABLE vector")
    assert await order(Meaning(WAYS, store, budget=LONG), "insects way home") == [1, 2, 3, 4]


async def test_a_question_asked_again_is_not_encoded_again(store: Store) -> None:
    model = FakeModel()
    await learn(store, model, FOUND)
    meaning = Meaning(model, store, budget=LONG)
    model.read.clear()
    for _ in range(2):
        await order(meaning, "insects way home")
    assert model.read == ["insects way home"]


def test_operators_are_not_part_of_what_is_meant() -> None:
    assert asked(parse_query("how bees fly video:abc -honey")) == "bees fly"
    assert asked(parse_query("how do bees fly?")) == "how do bees fly?"


def test_the_very_words_are_told_by_whole_words() -> None:
    assert is_exact(parse_query("sparse attention"), passage(1, "With Sparse attention, it is"))
    assert not is_exact(parse_query("sparse attention"), passage(1, "sparse attentions"))
    assert not is_exact(parse_query("attention"), passage(1, "attention"))
    assert is_exact(parse_query('"open source" models'), passage(1, "models are open source"))


NUMBERS = st.lists(st.floats(-1e6, 1e6), max_size=60)


@given(NUMBERS, NUMBERS, st.floats(0, 1))
def test_a_mixture_lies_between_0_and_1(scores: list[float], likenesses: list[float], share: float) -> None:
    both = list(zip(scores, likenesses, strict=False))
    values = mixed(share, [score for score, _ in both], [likeness for _, likeness in both])
    assert len(values) == len(both)
    assert all(-1e-9 <= value <= 1 + 1e-9 for value in values)


@given(NUMBERS)
def test_of_words_alone_the_mixture_keeps_the_order(scores: list[float]) -> None:
    values = mixed(1.0, scores, [0.0] * len(scores))
    places = sorted(range(len(scores)), key=lambda place: scores[place])
    assert [values[place] for place in places] == sorted(values)
