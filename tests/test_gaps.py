"""Noting gaps: at once, whatever the database does; grouped by likeness; the same words once in a while."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot import gaps as module
from bot.errors import StoreError
from bot.gaps import Gaps, group, key_of, plain
from bot.models import GapKind
from bot.store import gaps as store
from bot.store.database import Database

MISSED, REPAIRED, REPORTED = GapKind.MISSED, GapKind.REPAIRED, GapKind.REPORTED


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def gaps(database: Database, clock: Clock) -> AsyncIterator[Gaps]:
    """Gaps whose notes are written."""
    gaps = Gaps(database.state, clock)
    task = asyncio.create_task(gaps.run())
    yield gaps
    task.cancel()
    await asyncio.wait({task})


async def test_wordings_that_are_alike_are_one_gap_and_the_most_asked_comes_first(gaps: Gaps, clock: Clock) -> None:
    gaps.note(MISSED, "wasp nests")
    for words in ("Quantum Networking", "quantum network", "networking,  quantum"):
        gaps.note(MISSED, words)
    gaps.note(REPORTED, "quantum networking")
    await gaps.written()
    first, second = await gaps.groups()
    assert first.wordings == ("quantum networking", "networking, quantum", "quantum network")
    assert (first.missed, first.reported, first.times) == (3, 1, 4)
    assert second.wordings == ("wasp nests",)


async def test_a_repair_says_what_the_words_became(gaps: Gaps) -> None:
    gaps.note(REPAIRED, "sparce atention", "Sparse attention")
    await gaps.written()
    (gap,) = await gaps.groups()
    assert (gap.repaired, gap.became) == (1, "sparse attention")


async def test_the_same_words_count_once_in_a_while_however_often_they_are_asked(gaps: Gaps, clock: Clock) -> None:
    for _ in range(100):
        gaps.note(REPORTED, "bees")
        gaps.note(REPORTED, " BEES ")
    clock.now = module.COUNTED_EVERY
    gaps.note(REPORTED, "bees")
    await gaps.written()
    (gap,) = await gaps.groups()
    assert gap.reported == 2


async def test_a_moderator_who_waits_is_told_however_long_it_takes(gaps: Gaps, monkeypatch: pytest.MonkeyPatch) -> None:
    gaps.note(GapKind.MISSED, "wasps")
    monkeypatch.setattr("bot.store.database.READ_LIMIT", 0.0)
    assert [gap.wordings for gap in await gaps.groups()] == [("wasps",)]


async def test_done_forgets_the_whole_group_by_any_of_its_wordings(gaps: Gaps) -> None:
    for words in ("quantum networking", "quantum network", "wasp nests"):
        gaps.note(MISSED, words)
    await gaps.written()
    gone = await gaps.done(key_of("quantum network"))
    assert gone is not None
    assert [gap.wordings for gap in await gaps.groups()] == [("wasp nests",)]
    assert await gaps.done(key_of("quantum network")) is None


async def test_a_database_that_fails_costs_only_the_note_and_logs_no_words(
    gaps: Gaps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise StoreError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(store, "count", fail)
        gaps.note(MISSED, "secret words")
        await gaps.written()
    gaps.note(MISSED, "other words")
    await gaps.written()
    assert [gap.wordings for gap in await gaps.groups()] == [("other words",)]
    assert "disk full" in caplog.text
    assert "secret" not in caplog.text


async def test_what_waits_to_be_written_is_bounded(database: Database) -> None:
    gaps = Gaps(database.state)  # nobody writes
    for number in range(5_000):
        gaps.note(MISSED, f"words {number}")
    task = asyncio.create_task(gaps.run())
    await gaps.written()
    task.cancel()
    assert len(await store.asked(database.state, 10_000)) == module._WAITING


async def test_nothing_to_count_is_not_counted(gaps: Gaps) -> None:
    for words in ("", "  ", "\0\u202e", "\ud800"):
        gaps.note(MISSED, words)
    await gaps.written()
    assert await gaps.groups() == []


@given(st.text(max_size=300))
def test_any_words_are_one_clean_line_that_stays_as_it_is(words: str) -> None:
    cleaned = plain(words)
    assert len(cleaned) <= module.MAX_WORDS
    assert cleaned.isprintable()
    cleaned.encode()


@given(st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=30))
def test_every_wording_is_in_one_group(words: list[str]) -> None:
    found = [store.Asked(one, 1, 0, 0, "") for one in words]
    assert sorted(one for gap in group(found) for one in gap.wordings) == sorted(words)
