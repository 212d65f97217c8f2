"""What people made: facts, and the long requests of buttons with their 90 days."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from bot.errors import StoreError
from bot.store import state
from bot.store.database import Database

DAY = 86_400


def at_day(monkeypatch: pytest.MonkeyPatch, day: int) -> None:
    """Let it be so many days after 1970."""
    monkeypatch.setattr(time, "time", lambda: float(day * DAY))


async def kept(database: Database) -> set[str]:
    async with database.state.read() as reader:
        return {row[0] for row in await reader.fetch("SELECT hash FROM payload")}


async def test_a_fact_is_the_last_that_was_set(database: Database) -> None:
    assert await state.get_fact(database.state, "name") == ""
    for value in ("one", "two"):
        await state.set_fact(database.state, "name", value)
    assert await state.get_fact(database.state, "name") == "two"


async def test_a_request_is_found_for_90_days_after_its_last_use(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_day(monkeypatch, 1000)
    await state.keep_payloads(database.state, {"a": "body"})
    at_day(monkeypatch, 1060)
    await state.keep_payloads(database.state, {"a": "body"})
    at_day(monkeypatch, 1150)
    assert await state.find_payload(database.state, "a") == "body"
    at_day(monkeypatch, 1151)
    assert await state.find_payload(database.state, "a") == ""


async def test_pruning_forgets_what_was_not_used_for_90_days(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_day(monkeypatch, 1000)
    await state.keep_payloads(database.state, {"old": "body"})
    at_day(monkeypatch, 1001)
    await state.keep_payloads(database.state, {"new": "body"})
    at_day(monkeypatch, 1091)
    await state.prune_payloads(database.state)
    assert await kept(database) == {"new"}


async def test_pruning_keeps_the_most_recently_used(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "MAX_PAYLOADS", 2)
    for day, key in ((1000, "a"), (1002, "b"), (1001, "c")):
        at_day(monkeypatch, day)
        await state.keep_payloads(database.state, {key: "body"})
    await state.prune_payloads(database.state)
    assert await kept(database) == {"b", "c"}


async def test_pruning_goes_on_the_next_day_after_a_failure(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    days: list[float] = []

    async def fail(_: object) -> None:
        raise StoreError("disk full")

    async def next_day(seconds: float) -> None:
        days.append(seconds)
        if len(days) == 3:
            raise asyncio.CancelledError

    monkeypatch.setattr(state, "prune_payloads", fail)
    monkeypatch.setattr(asyncio, "sleep", next_day)
    with suppress(asyncio.CancelledError):
        await state.prune_daily(database.state)
    assert days == [DAY] * 3
    assert caplog.text.count("disk full") == 3
