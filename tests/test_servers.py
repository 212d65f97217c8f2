"""Servers' settings in memory: loaded once, changed only once they are kept."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import InvalidRequest, StoreError
from bot.models import ServerSettings
from bot.servers import MAX_CHANNELS, Servers, with_channel
from bot.store import servers as store
from bot.store.database import Database


async def test_a_change_holds_at_once_and_after_a_restart(database: Database) -> None:
    servers = Servers(database.state)
    await servers.change(1, lambda old: replace(old, private=True))
    assert servers.of(1).private
    again = Servers(database.state)
    assert not again.of(1).private
    await again.load()
    assert (again.of(1).private, again.of(2), again.of(0)) == (True, ServerSettings(), ServerSettings())


async def test_two_changes_at_once_both_hold(database: Database) -> None:
    servers = Servers(database.state)
    await asyncio.gather(
        servers.change(1, lambda old: replace(old, private=True)), servers.change(1, lambda old: replace(old, every=30))
    )
    assert servers.of(1) == ServerSettings(private=True, every=30)


async def test_a_change_that_cannot_be_kept_does_not_hold(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise StoreError("disk full")

    servers = Servers(database.state)
    monkeypatch.setattr(store, "keep", fail)
    with pytest.raises(StoreError):
        await servers.change(1, lambda old: replace(old, private=True))
    assert servers.of(1) == ServerSettings()


def test_a_channel_is_on_the_list_once_and_the_list_is_bounded() -> None:
    assert with_channel((1, 2), 2) == (1, 2)
    full = tuple(range(MAX_CHANNELS))
    assert with_channel(full, 3) == full
    with pytest.raises(InvalidRequest, match="Take one off"):
        with_channel(full, 99)
