"""Who uses a command, where and how: the circumstances of an interaction, and its payload. Sends nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal, TypedDict

from .basics import Json, snowflake
from .constants import (
    ADMINISTRATOR,
    ATTACH_FILES,
    ATTACHMENT_LIMIT,
    EMBED_LINKS,
    MENTION_EVERYONE,
    Context,
    InteractionType,
)
from .guild import Guild, new_member, partial_channel

Install = Literal["guild", "user"]
TOKEN_BYTES = 96


class Actor(TypedDict, total=False):
    """Who acts, as keywords. `user`: default the default user; `permissions`: default an ordinary member's."""

    user: Json
    permissions: int
    locale: str


class Place(Actor, total=False):
    """Who acts and where, as keywords.

    `guild`: default the first server, None a direct conversation. `install="user"`: the user's own installation.
    `force`: do what the client would refuse.
    """

    guild: Guild | None
    channel: Json
    context: int
    install: Install
    force: bool


@dataclass(frozen=True)
class Scene:
    """The circumstances of one interaction, complete."""

    guild: Guild | None
    channel: Json
    user: Json
    permissions: int
    locale: str
    context: int
    install: Install
    force: bool = False

    def offers(self, command: Json) -> bool:
        """Whether the client lists this command here for this user."""
        gid = command.get("guild_id")
        if gid is not None:
            if self.guild is None or gid != self.guild.id:
                return False
        elif not self._reaches(command):
            return False
        needed = command["default_member_permissions"]
        if self.context == Context.GUILD and self.install == "guild" and needed is not None:
            allowed = int(needed) and self.permissions & int(needed) == int(needed)
            if not allowed and not self.permissions & ADMINISTRATOR:
                return False
        return not command["nsfw"] or bool(self.channel.get("nsfw"))

    def _reaches(self, command: Json) -> bool:
        """Whether a global command is meant for this context and this kind of installation."""
        contexts = command.get("contexts")
        if contexts is None:
            everywhere = [int(context) for context in Context]
            contexts = everywhere if command.get("dm_permission", True) else [int(Context.GUILD)]
        kind = 1 if self.install == "user" else 0
        return self.context in contexts and kind in command["integration_types"]

    def payload(self, app_id: str, kind: InteractionType, data: Json) -> Json:
        """The interaction as the gateway sends it."""
        guild = self.guild
        in_server = guild is not None and guild.installed
        app_permissions = (
            guild.bot_permissions if guild and in_server else EMBED_LINKS | ATTACH_FILES | MENTION_EVERYONE
        )
        owners = {"1": self.user["id"]} if self.install == "user" else {"0": guild.id if guild else "0"}
        out: Json = {
            "id": snowflake(),
            "application_id": app_id,
            "type": int(kind),
            "data": data,
            "channel": partial_channel(self.channel, self.permissions),
            "channel_id": self.channel["id"],
            "token": secrets.token_urlsafe(TOKEN_BYTES),
            "version": 1,
            "app_permissions": str(app_permissions),
            "locale": self.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": owners,
            "context": int(self.context),
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if guild is None:
            return {**out, "user": self.user}
        member = guild.members.setdefault(self.user["id"], new_member(self.user))
        return {
            **out,
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": guild.locale, "features": []},
            "guild_locale": guild.locale,
            "member": {**member, "permissions": str(self.permissions)},
        }
