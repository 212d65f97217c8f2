"""The whole bot, unmodified, over the fake Discord. Each test has a process of its own, but for those that ask for
`shared`: they change nothing, and have one for their module."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fake_discord import BotProcess, FakeDiscord

REPOSITORY = Path(__file__).parents[2]

Shared = tuple[FakeDiscord, BotProcess]
Running = Callable[..., AbstractAsyncContextManager[Shared]]


async def start(discord: FakeDiscord, data: Path, **settings: str) -> BotProcess:
    """Start `python -m bot` on a data folder of its own, with the documents that ship."""
    environment = {
        "CORPUS_DIRS": str(REPOSITORY / "seeds"),
        "DATA_DIR": str(data),
        "HOME_GUILD_ID": str(discord.guild.id),
        **settings,
    }
    return await discord.start_bot([sys.executable, "-m", "bot"], cwd=REPOSITORY, env=environment)


@asynccontextmanager
async def ready(data: Path, **settings: str) -> AsyncIterator[Shared]:
    """A fake Discord and the bot, ready to be asked."""
    async with FakeDiscord() as discord:
        bot = await start(discord, data, **settings)
        await discord.wait_ready()
        scopes = 1 if settings.get("HOME_GUILD_ID") == "" else 2  # everywhere, and the home server's own
        await discord.wait_until(lambda: len(discord.command_syncs) >= scopes, what="all commands registered")
        yield discord, bot


@pytest.fixture
def running(tmp_path: Path) -> Running:
    """A context manager: a fake Discord and the bot, ready to be asked."""
    return partial(ready, tmp_path / "data")


@pytest.fixture(scope="module")
def shared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of `shared`."""
    return tmp_path_factory.mktemp("shared") / "data"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_bot(shared_data: Path) -> AsyncIterator[Shared]:
    """For `shared` alone."""
    async with ready(shared_data) as both:
        yield both


@pytest.fixture
def shared(module_bot: Shared) -> Shared:
    """The module's one fake Discord and bot, without the last test's traces, to be asked by somebody new."""
    discord, _ = module_bot
    discord.violations.clear()
    discord.clear_faults()
    discord.user = discord.add_user("member")
    return module_bot
