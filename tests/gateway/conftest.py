"""A bot over the stand-in registry, in SimCord's Discord, with a real state.db."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.gateway.client import Bot
from bot.gateway.desk import Desk
from bot.store.database import Store, open_database
from tests.gateway.stand_in import HOME, StandIn, desk


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_database(tmp_path) as database:
        yield database.state


@dataclass
class Scene:
    """The home server with a moderator and two members, the bot's desk, and SimCord's environment."""

    env: Env
    desk: Desk
    server: GuildHandle
    channel: ChannelHandle
    ann: MemberActor
    bob: MemberActor
    moderator: MemberActor

    @property
    def registry(self) -> StandIn:
        assert isinstance(self.desk.registry, StandIn)
        return self.desk.registry

    def sent(self, method: str, words: str) -> int:
        """How many requests of this method went to an address with these words in it."""
        return sum(entry.method == method and words in entry.path for entry in self.env.http_requests)


def settle_in(env: Env, at: Desk) -> Scene:
    server = env.create_guild("Home", id=HOME)
    rights = server.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    moderator = server.add_member(env.create_user("moderator"), roles=[rights])
    ann, bob = (server.add_member(env.create_user(name)) for name in ("ann", "bob"))
    return Scene(env, at, server, server.create_text_channel("general"), ann, bob, moderator)


@pytest.fixture
async def bot(state: Store) -> Bot:
    return Bot(desk(state))


@pytest.fixture
async def env(bot: Bot) -> AsyncIterator[Env]:
    env = Env(bot)
    await env.start()
    yield env
    await env.shutdown()


@pytest.fixture
async def scene(env: Env, bot: Bot) -> Scene:
    scene = settle_in(env, bot.desk)
    await env.settle()
    return scene
