"""Login, stops, and what the command line gets to hear. The wire itself is the whole-process tests' matter."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.errors import CuepointError, LoginFailed
from bot.gateway import backoff
from bot.gateway.client import Bot
from bot.gateway.running import serve
from bot.store.database import Store
from tests.gateway.stand_in import desk

TOKEN = "a-token-that-must-not-show"


def answer(status: int) -> Any:
    return SimpleNamespace(status=status, reason="no", headers={})


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST", 0.0)


@pytest.fixture
def logins(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the logins to come end as given: an exception to raise, or None for a connection that stays."""

    def prepare(*outcomes: BaseException | None) -> None:
        left = list(outcomes)

        async def login(self: Bot, token: str) -> None:
            outcome = left.pop(0)
            if outcome is not None:
                raise outcome

        async def connect(self: Bot, *, reconnect: bool = True) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.Event().wait()

        monkeypatch.setattr(Bot, "login", login)
        monkeypatch.setattr(Bot, "connect", connect)

    return prepare


async def test_a_bad_token_is_not_tried_again(state: Store, logins: Callable[..., None]) -> None:
    logins(discord.LoginFailure("Improper token has been passed."))
    with pytest.raises(LoginFailed, match="DISCORD_TOKEN") as caught:
        await serve(desk(state), TOKEN)
    assert TOKEN not in str(caught.value)


async def test_while_discord_cannot_be_reached_it_is_tried_again(
    state: Store, logins: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    down = [discord.DiscordServerError(answer(503), ""), discord.HTTPException(answer(429), ""), OSError("secret")]
    logins(*down, None)
    await serve(desk(state), TOKEN)
    said = [message for message in caplog.messages if "cannot be reached" in message]
    assert len(said) == len(down)
    assert "503" in said[0]
    assert "secret" not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.parametrize(("code", "expected"), [(4004, LoginFailed), (4013, CuepointError)])
async def test_a_connection_closed_for_good_ends_the_run(
    state: Store, logins: Callable[..., None], code: int, expected: type[Exception]
) -> None:
    logins(discord.ConnectionClosed(cast(Any, SimpleNamespace(close_code=code)), shard_id=None, code=code))
    with pytest.raises(expected):
        await serve(desk(state), TOKEN)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_run_without_an_error(
    state: Store, monkeypatch: pytest.MonkeyPatch, stop: signal.Signals
) -> None:
    heard: list[bool] = []

    async def login(self: Bot, token: str) -> None:
        os.kill(os.getpid(), stop)
        await asyncio.Event().wait()

    monkeypatch.setattr(Bot, "login", login)
    at = desk(state)
    await serve(at, TOKEN, heard.append)
    assert at.flight.closing
    assert heard[-1:] == [False]


async def test_a_bug_while_connecting_is_not_hidden_by_trying_again(state: Store, logins: Callable[..., None]) -> None:
    logins(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await serve(desk(state), TOKEN)


async def test_without_a_home_server_one_line_says_what_is_missing(
    state: Store, logins: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    logins(OSError(), None)
    with caplog.at_level("INFO"):
        await serve(desk(state, home_server=0), TOKEN)
    assert sum("HOME_GUILD_ID is not set" in message for message in caplog.messages) == 1
