"""Servers' settings in state.db."""

from __future__ import annotations

from bot.models import ServerSettings
from bot.store import servers
from bot.store.database import Database

SET = ServerSettings(private=True, channels=(2**62, 7), every=30)


async def test_what_is_kept_is_loaded_again(database: Database) -> None:
    await servers.keep(database.state, 1, SET)
    await servers.keep(database.state, 2, ServerSettings(every=5))
    assert await servers.load(database.state) == {1: SET, 2: ServerSettings(every=5)}


async def test_a_server_that_is_back_at_the_defaults_takes_no_row(database: Database) -> None:
    await servers.keep(database.state, 1, SET)
    await servers.keep(database.state, 1, ServerSettings())
    assert await servers.load(database.state) == {}
