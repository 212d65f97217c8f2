"""The whole bot, unmodified, over the fake Discord. Each test has a process of its own unless it says otherwise."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.fake_discord import BotProcess, FakeDiscord

REPOSITORY = Path(__file__).parents[2]

Running = Callable[..., AbstractAsyncContextManager[tuple[FakeDiscord, BotProcess]]]


async def start(discord: FakeDiscord, data: Path, **settings: str) -> BotProcess:
    """Start `python -m bot` on a data folder of its own, with the documents that ship."""
    environment = {
        "CORPUS_DIRS": str(REPOSITORY / "seeds"),
        "DATA_DIR": str(data),
        "HOME_GUILD_ID": str(discord.guild.id),
        **settings,
    }
    return await discord.start_bot([sys.executable, "-m", "bot"], cwd=REPOSITORY, env=environment)


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """A context manager: a fake Discord and the bot, ready to be asked."""

    @asynccontextmanager
    async def run(**settings: str) -> AsyncIterator[tuple[FakeDiscord, BotProcess]]:
        async with FakeDiscord() as discord:
            bot = await start(discord, tmp_path / "data", **settings)
            await discord.wait_ready()
            scopes = 1 if settings.get("HOME_GUILD_ID") == "" else 2  # everywhere, and the home server's own
            await discord.wait_until(lambda: len(discord.command_syncs) >= scopes, what="all commands registered")
            yield discord, bot

    return run
