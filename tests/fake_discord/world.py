"""The state of the fake: application, users, servers, channels, files, commands, and what went wrong. No network."""

from __future__ import annotations

import asyncio
import mimetypes
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

from .basics import Json, snowflake
from .constants import MEMBER_PERMISSIONS, ChannelType
from .guild import Guild, new_channel, new_dm_channel, new_member, new_role, new_user
from .interaction import Interaction
from .message import Message
from .process import BotProcess

KEPT_REQUESTS = 100_000


@dataclass(frozen=True)
class Violation:
    """A request that Discord would refuse, or that its OpenAPI file does not allow."""

    kind: Literal["limit", "protocol", "openapi"]
    method: str
    path: str
    message: str
    body: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class RequestRecord:
    """One REST call: when (seconds of `now`), what, the answer, and how long the fake took over it (ms)."""

    t: float
    method: str
    path: str
    status: int
    ms: float
    body: Any = field(default=None, repr=False)
    response: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class File:
    """An uploaded file: by a user as an option, or by the bot with a message."""

    name: str
    data: bytes
    content_type: str


@dataclass(frozen=True)
class CommandSync:
    """One registration of commands: in which server (None: global), how many, and what it changed."""

    t: float
    guild: str | None
    n: int
    changed: list[str]
    removed: list[str]


class World:
    """Everything that exists, without any way to reach it."""

    host = "127.0.0.1"
    port = 0

    def __init__(self) -> None:
        self.bot_user = new_user("Test Bot", bot=True)
        self.app_id = str(self.bot_user["id"])
        self.users: dict[str, Json] = {self.app_id: self.bot_user}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Json] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.commands: dict[str | None, dict[str, Json]] = {None: {}}
        """Server id (None: global) -> command id -> command."""
        self.command_syncs: list[CommandSync] = []
        self.command_creates = 0
        self.interactions: dict[str, Interaction] = {}
        """By token."""
        self.violations: list[Violation] = []
        self.unhandled: list[str] = []
        """Routes that the bot called and the fake does not know."""
        self.requests: deque[RequestRecord] = deque(maxlen=KEPT_REQUESTS)
        self.bots: list[BotProcess] = []
        self.user = self.add_user("alice")
        """The user who acts where a test names no other; also the application's owner."""
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://{self.host}:{self.port}"

    @property
    def guild(self) -> Guild:
        """The first server."""
        return next(iter(self.guilds.values()))

    def add_user(self, name: str) -> Json:
        user = new_user(name)
        self.users[user["id"]] = user
        return user

    def add_guild(
        self,
        name: str = "Guild",
        *,
        locale: str = "en-US",
        installed: bool = True,
        permissions: int = MEMBER_PERMISSIONS,
    ) -> Guild:
        """A new server with an owner, one channel, the bot (with `permissions`) and the default user."""
        owner = self.add_user(f"owner of {name}")
        guild = Guild(snowflake(), name, owner["id"], locale, permissions, installed)
        self.guilds[guild.id] = guild
        self.add_channel(guild, "general")
        guild.members = {user["id"]: new_member(user) for user in (owner, self.bot_user, self.user)}
        return guild

    def add_role(self, guild: Guild, name: str, *users: Json) -> Json:
        """A role without further permissions, and who has it."""
        role = new_role(name, snowflake())
        guild.roles.append(role)
        for user in users:
            guild.members.setdefault(user["id"], new_member(user))["roles"].append(role["id"])
        return role

    def add_channel(self, guild: Guild, name: str, *, nsfw: bool = False) -> Json:
        channel = new_channel(guild, name, nsfw=nsfw)
        guild.channels[channel["id"]] = self.channels[channel["id"]] = channel
        return channel

    def dm_channel(self, user: Json) -> Json:
        """The direct conversation with that user, made where there is none."""
        for channel in self.channels.values():
            if channel["type"] == ChannelType.DM and channel["recipients"][0]["id"] == user["id"]:
                return channel
        channel = new_dm_channel(user)
        self.channels[channel["id"]] = channel
        return channel

    def upload(self, folder: str, name: str, data: bytes, content_type: str | None = None) -> Json:
        """Keep a file for download, and return its attachment object."""
        kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        attachment_id = snowflake()
        key = f"{folder}/{attachment_id}/{name}"
        self.files[key] = File(name, data, kind)
        url = f"{self.url}/attachments/{key}"
        return {
            "id": attachment_id,
            "filename": name,
            "size": len(data),
            "url": url,
            "proxy_url": url,
            "content_type": kind,
        }

    def violate(
        self, kind: Literal["limit", "protocol", "openapi"], method: str, path: str, message: str, body: Any = None
    ) -> None:
        self.violations.append(Violation(kind, method, path, message, body))

    def problems(self) -> list[str]:
        """Everything that a well-behaved bot does not do.

        Refused or invalid requests, unknown routes, connections off loopback, tracebacks in the bot's output.
        """
        out = [f"{v.kind}: {v.method} {v.path[:60]}: {v.message}" for v in self.violations]
        out += [f"not implemented here: {route}" for route in self.unhandled]
        for bot in self.bots:
            out += bot.refused_connections() + bot.tracebacks()
        return out

    def bot_log_tail(self, lines: int = 25) -> str:
        """The end of the output of the bot started last."""
        return "\n".join(
            f"[bot {bot.pid}] {line}" for bot in self.bots[-1:] for line in bot.log().splitlines()[-lines:]
        )

    def poke(self) -> None:
        """Wake whoever waits for something to change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_changed(self, within: float) -> None:
        """Wait until the next `poke`, at most that many seconds."""
        try:
            await asyncio.wait_for(self._changed.wait(), within)
        except TimeoutError:
            return
