"""What every interaction is answered with, and who is asking. Talks to nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import discord

from bot.commands.declare import PRIVATE, Choice, Command, Context, Feature, MessageCommand, Options
from bot.curation import Curator
from bot.gaps import Gaps
from bot.gateway.cooldown import Cooldown
from bot.gateway.flight import InFlight
from bot.library import Library
from bot.models import ServerSettings
from bot.operation.metrics import Metrics
from bot.render.reply import Action, Reply
from bot.servers import Servers
from bot.store.database import Store

Interaction = discord.Interaction[Any]
Progress = Callable[[str], Awaitable[None]]


class Registry(Protocol):
    """The commands and the way to run them: `bot.commands.registry`."""

    @property
    def FEATURES(self) -> Sequence[Feature]: ...

    @property
    def COMMANDS(self) -> Sequence[Command]: ...

    @property
    def MESSAGE_COMMANDS(self) -> Sequence[MessageCommand]: ...

    async def run_command(self, name: str, context: Context, options: Options) -> Reply: ...

    async def run_message(self, name: str, context: Context, text: str) -> Reply: ...

    async def run_action(self, action: Action, context: Context) -> Reply: ...

    def complete(
        self, name: str, option_name: str, typed: str, options: Options, context: Context
    ) -> Sequence[Choice]: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The registry and what its commands work on. The ids are 0 where none is set."""

    registry: Registry
    library: Library
    curator: Curator
    state: Store
    home_server: int
    gaps: Gaps | None = None
    servers: Servers | None = None
    moderator_role: int = 0
    audit_channel: int = 0
    metrics: Metrics | None = None
    cooldown: Cooldown = field(default_factory=Cooldown)
    flight: InFlight = field(default_factory=InFlight)

    def context(self, interaction: Interaction, progress: Progress | None = None) -> Context:
        """Who asks, where, and with what right, from this very interaction."""
        return Context(
            library=self.library,
            curator=self.curator,
            asker=interaction.user.id,
            server=interaction.guild_id or 0,
            is_moderator=is_moderator(self.home_server, interaction, self.moderator_role),
            has_moderators=self.home_server != 0 and interaction.client.get_guild(self.home_server) is not None,
            progress=progress,
            gaps=self.gaps,
            is_manager=is_manager(interaction),
            servers=self.servers,
            metrics=self.metrics,
        )

    def settings(self, interaction: Interaction) -> ServerSettings:
        """What the server where this happens has set, from memory."""
        return self.servers.of(interaction.guild_id or 0) if self.servers else ServerSettings()

    def is_for_moderators(self, verb: str) -> bool:
        """Whether an action's verb is a moderators' one."""
        return any(verb in feature.moderator_verbs for feature in self.registry.FEATURES)


def is_moderator(home_server: int, interaction: Interaction, role: int = 0) -> bool:
    """Whether this interaction was made in the home server by somebody with Manage Server there, or with that role.

    Discord resolves the member's permissions and roles for every interaction; nothing is remembered between two.
    """
    if home_server == 0 or interaction.guild_id != home_server:
        return False
    rights = interaction.permissions
    if rights.manage_guild or rights.administrator:
        return True
    if not role:
        return False
    member = interaction.user
    return isinstance(member, discord.Member) and any(one.id == role for one in member.roles)


def is_manager(interaction: Interaction) -> bool:
    """Whether this interaction was made in a server by somebody with Manage Server there, as Discord says with it."""
    rights = interaction.permissions
    return interaction.guild_id is not None and (rights.manage_guild or rights.administrator)


def may_be_public(interaction: Interaction, settings: ServerSettings) -> bool:
    """Whether the server lets replies be public in this channel, or in the one that this thread belongs to."""
    places = (interaction.channel_id, getattr(interaction.channel, "parent_id", None))
    return not settings.channels or any(place in settings.channels for place in places)


def wants_private(values: Mapping[str, object], interaction: Interaction, settings: ServerSettings) -> bool:
    """Whether a reply is for the asker alone: where the server says so, else as they said, else by its default."""
    given = values.get(PRIVATE.name)
    wanted = given if isinstance(given, bool) else settings.private
    return wanted or not may_be_public(interaction, settings)
