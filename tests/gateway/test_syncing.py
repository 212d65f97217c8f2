"""Commands are registered only where they changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import simcord

from bot.errors import ReadTooSlow
from bot.gateway.client import Bot
from bot.gateway.syncing import payload_hash
from bot.store.database import Store, open_database
from tests.gateway.conftest import Scene, settle_in
from tests.gateway.stand_in import HOME, desk

ELSEWHERE = HOME + (1 << 30)


@asynccontextmanager
async def running(state: Store, home_server: int = HOME) -> AsyncIterator[Scene]:
    """A bot that starts, in a new Discord where it is in the server HOME."""
    at = desk(state, home_server)
    async with simcord.run(Bot(at)) as env:
        scene = settle_in(env, at)
        await env.settle()
        yield scene


def test_the_hash_is_of_everything_and_not_of_the_order_of_keys() -> None:
    one = [{"name": "say", "options": [{"name": "query", "required": True}]}]
    assert payload_hash(one) == payload_hash([dict(reversed(one[0].items()))])
    assert payload_hash(one) != payload_hash([{"name": "say", "options": [{"name": "query", "required": False}]}])


async def test_the_first_start_registers_both_scopes(state: Store) -> None:
    async with running(state) as scene:
        assert [entry.path.split("/", 3)[3] for entry in scene.env.http_requests if entry.method == "PUT"] == [
            "commands",
            f"guilds/{HOME}/commands",
        ]


async def test_an_unchanged_second_start_registers_nothing(state: Store) -> None:
    async with running(state):
        pass
    async with running(state) as scene:
        assert scene.sent("PUT", "/commands") == 0


async def test_a_changed_command_is_registered_again_in_its_scope(state: Store) -> None:
    async with running(state):
        pass
    at = desk(state)
    bot = Bot(at)
    bot.tree.remove_command("huge")
    async with simcord.run(bot) as env:
        scene = settle_in(env, at)
        await env.settle()
        assert scene.sent("PUT", "/commands") == 1
        assert scene.sent("PUT", "/guilds/") == 0


async def test_another_home_server_clears_the_former_one(state: Store) -> None:
    async with running(state):
        pass
    async with running(state, ELSEWHERE) as scene:
        cleared = [entry for entry in scene.env.http_requests if f"/guilds/{HOME}/commands" in entry.path]
        assert [entry.json for entry in cleared] == [[]]
        assert "corpus reload" not in scene.moderator.available_commands(scene.channel)
    async with running(state, ELSEWHERE) as scene:
        assert scene.sent("PUT", f"/guilds/{HOME}") == 0


async def test_no_home_server_any_more_clears_the_former_one(state: Store) -> None:
    async with running(state):
        pass
    async with running(state, 0) as scene:
        assert scene.sent("PUT", f"/guilds/{HOME}/commands") == 1


async def test_a_home_server_that_the_bot_is_not_in_is_an_error_line_and_the_rest_works(
    state: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(state, ELSEWHERE) as scene:
        assert "HOME_GUILD_ID names a server that this bot is not in" in caplog.text
        result = await scene.ann.slash(scene.channel, "say", query="hello")
        assert result.response is not None


async def test_registering_goes_on_where_state_db_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with open_database(tmp_path):
        pass
    async with open_database(tmp_path, writes=False) as database, running(database.state) as scene:
        assert scene.sent("PUT", "/commands") == 2
    assert "registered again at the next start" in caplog.text


async def test_registering_goes_on_where_state_db_is_too_slow(state: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def too_slow(*_: object) -> str:
        raise ReadTooSlow("The library is very busy.")

    monkeypatch.setattr("bot.gateway.syncing.get_fact", too_slow)
    async with running(state) as scene:
        assert scene.sent("PUT", "/commands") == 2


async def test_a_refusal_to_register_is_one_error_line(state: Store, caplog: pytest.LogCaptureFixture) -> None:
    at = desk(state, 0)
    env = simcord.Env(Bot(at))
    env.inject_error("PUT", "/applications/*/commands", status=400, code=50035)
    await env.start()
    await env.settle()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "Discord refused to register the commands: CommandSyncFailure 400, code 50035"
    ]
    await env.shutdown()
