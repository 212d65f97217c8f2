"""Gaps in state.db: counted by day and words, bounded, kept for 90 days, and without anybody's id."""

from __future__ import annotations

import time

import pytest

from bot.models import GapKind
from bot.store import gaps
from bot.store.database import Database

DAY = 86_400
MISSED, REPAIRED, REPORTED = GapKind.MISSED, GapKind.REPAIRED, GapKind.REPORTED


def at_day(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    monkeypatch.setattr(time, "time", lambda: day * DAY + 1.0)


async def words(database: Database) -> list[str]:
    return [one.words for one in await gaps.asked(database.state, 100)]


async def test_each_kind_is_counted_over_the_days_and_the_most_asked_come_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_day(monkeypatch, 1000)
    await gaps.count(database.state, [(MISSED, "wasps", ""), (MISSED, "bees", ""), (MISSED, "bees", "")])
    at_day(monkeypatch, 1001)
    await gaps.count(database.state, [(MISSED, "bees", ""), (REPORTED, "bees", ""), (REPAIRED, "quen", "queen")])
    assert await gaps.asked(database.state, 100) == [
        gaps.Asked("bees", 3, 0, 1, ""),
        gaps.Asked("quen", 0, 1, 0, "queen"),
        gaps.Asked("wasps", 1, 0, 0, ""),
    ]


async def test_what_was_asked_90_days_ago_is_not_shown_and_pruned(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_day(monkeypatch, 1000)
    await gaps.count(database.state, [(MISSED, "old", "")])
    at_day(monkeypatch, 1001)
    await gaps.count(database.state, [(MISSED, "new", "")])
    at_day(monkeypatch, 1090)
    assert await words(database) == ["new"]
    await gaps.prune(database.state)
    at_day(monkeypatch, 1001)
    assert await words(database) == ["new"]


async def test_no_more_than_so_many_of_a_kind_are_kept_and_the_least_asked_go(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "MAX_ROWS", 3)
    await gaps.count(database.state, [(MISSED, "often", ""), (MISSED, "often", ""), (REPORTED, "told", "")])
    await gaps.count(database.state, [(MISSED, f"once {number}", "") for number in range(20)])
    assert set(await words(database)) == {"often", "once 18", "once 19", "told"}


async def test_forgetting_takes_every_kind_and_day_of_the_words(database: Database) -> None:
    await gaps.count(database.state, [(MISSED, "bees", ""), (REPORTED, "bees", ""), (MISSED, "wasps", "")])
    await gaps.forget(database.state, ["bees", "never asked"])
    assert await words(database) == ["wasps"]
    await gaps.forget_all(database.state)
    assert await words(database) == []


async def test_nothing_in_the_table_says_who_asked_or_where(database: Database) -> None:
    async with database.state.read() as reader:
        columns = [row["name"] for row in await reader.fetch("SELECT name FROM pragma_table_info('gap')")]
    assert columns == ["id", "kind", "day", "words", "became", "times"]
