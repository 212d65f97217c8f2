"""What every interaction is answered with, and who is asking. Talks to nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import discord

from bot.commands.declare import MAX_QUERY, Choice, Command, Context, Feature, MessageCommand, Options
from bot.curation import Curator
from bot.gateway.cooldown import Cooldown
from bot.gateway.flight import InFlight
from bot.library import Library
from bot.render.reply import Action, Reply
from bot.store.database import Store

Interaction = discord.Interaction[Any]
Progress = Callable[[str], Awaitable[None]]
PRIVATE_OPTION = "private"


class Registry(Protocol):
    """The commands and the way to run them: `bot.commands.registry`."""

    @property
    def FEATURES(self) -> Sequence[Feature]: ...

    @property
    def COMMANDS(self) -> Sequence[Command]: ...

    @property
    def MESSAGE_COMMANDS(self) -> Sequence[MessageCommand]: ...

    async def run_command(self, name: str, context: Context, options: Options) -> Reply: ...

    async def run_action(self, action: Action, context: Context) -> Reply: ...

    def complete(
        self, name: str, option_name: str, typed: str, options: Options, context: Context
    ) -> Sequence[Choice]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The registry and what its commands work on. `home_server` is 0 where none is set."""

    registry: Registry
    library: Library
    curator: Curator
    state: Store
    home_server: int
    cooldown: Cooldown = field(default_factory=Cooldown)
    flight: InFlight = field(default_factory=InFlight)

    def context(self, interaction: Interaction, progress: Progress | None = None) -> Context:
        """Who asks, where, and with what right, from this very interaction."""
        return Context(
            library=self.library,
            curator=self.curator,
            asker=interaction.user.id,
            server=interaction.guild_id or 0,
            is_moderator=is_moderator(self.home_server, interaction),
            has_moderators=self.home_server != 0 and interaction.client.get_guild(self.home_server) is not None,
            progress=progress,
        )

    def is_for_moderators(self, verb: str) -> bool:
        """Whether an action's verb is a moderators' one."""
        return any(verb in feature.moderator_verbs for feature in self.registry.FEATURES)


def is_moderator(home_server: int, interaction: Interaction) -> bool:
    """Whether this interaction was made in the home server by somebody with Manage Server there.

    Discord resolves the permissions of the invoking member for every interaction; nothing is remembered between two.
    """
    if home_server == 0 or interaction.guild_id != home_server:
        return False
    rights = interaction.permissions
    return rights.manage_guild or rights.administrator


def options_of(values: Mapping[str, object]) -> dict[str, str | bool]:
    """A command's own options as its handler takes them: texts clamped, what was not given left out."""
    options: dict[str, str | bool] = {}
    for name, value in values.items():
        if name == PRIVATE_OPTION:
            continue
        if isinstance(value, bool):
            options[name] = value
        elif isinstance(value, str):
            options[name] = value[:MAX_QUERY]
    return options


def wants_private(values: Mapping[str, object], server: int) -> bool:
    """Whether the asker wants the reply for themselves: as they said, else as their server has set it."""
    given = values.get(PRIVATE_OPTION)
    return given if isinstance(given, bool) else _server_default(server)


def _server_default(server: int) -> bool:
    """A server's setting for `private`. Servers cannot set it yet: replies are public."""
    return False
