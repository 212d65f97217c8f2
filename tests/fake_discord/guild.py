"""Users, servers and channels: their state, and their JSON as Discord sends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from .basics import Json, snowflake, timestamp
from .constants import MEMBER_PERMISSIONS, ChannelType


@dataclass(eq=False)
class Guild:
    """A server. `installed` is False where the app is only installed by a user who is in it."""

    id: str
    name: str
    owner_id: str
    locale: str = "en-US"
    bot_permissions: int = MEMBER_PERMISSIONS
    installed: bool = True
    available: bool = True
    channels: dict[str, Json] = field(default_factory=dict)
    members: dict[str, Json] = field(default_factory=dict)
    joined_at: str = field(default_factory=timestamp)
    roles: list[Json] = field(default_factory=list)
    """Besides @everyone."""

    @property
    def channel(self) -> Json:
        """The first channel."""
        return next(iter(self.channels.values()))

    @property
    def everyone(self) -> Json:
        """The role of every member: it has the server's id."""
        return new_role("@everyone", self.id)

    def rest_payload(self) -> Json:
        """What GET /guilds/{id} answers."""
        absent = (
            *("icon", "splash", "discovery_splash", "afk_channel_id", "application_id", "system_channel_id"),
            *("rules_channel_id", "vanity_url_code", "description", "banner", "public_updates_channel_id"),
        )
        zero = (
            *("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level"),
            *("system_channel_flags", "premium_tier", "nsfw_level"),
        )
        return {
            **dict.fromkeys(absent),
            **dict.fromkeys(zero, 0),
            "id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "afk_timeout": 300,
            "roles": [self.everyone, *self.roles],
            "emojis": [],
            "stickers": [],
            "features": [],
            "preferred_locale": self.locale,
            "premium_progress_bar_enabled": False,
        }

    def gateway_payload(self, members: Iterable[Json]) -> Json:
        """What GUILD_CREATE carries, to a bot that sees `members`."""
        empty = ("voice_states", "threads", "presences", "stage_instances", "guild_scheduled_events")
        return {
            **self.rest_payload(),
            **{key: [] for key in (*empty, "soundboard_sounds")},
            "joined_at": self.joined_at,
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "members": list(members),
            "channels": list(self.channels.values()),
        }


def new_role(name: str, role_id: str) -> Json:
    """A role object that gives an ordinary member's permissions."""
    return {
        "id": role_id,
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": str(MEMBER_PERMISSIONS),
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
        "description": None,
    }


def new_user(name: str, *, bot: bool = False) -> Json:
    """A user object."""
    return {
        "id": snowflake(),
        "username": name.lower().replace(" ", "_"),
        "global_name": None if bot else name.title(),
        "discriminator": "0001" if bot else "0",
        "avatar": None,
        "bot": bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def new_member(user: Json) -> Json:
    """A member object of that user, without roles."""
    return {
        **dict.fromkeys(("nick", "avatar", "banner", "premium_since", "communication_disabled_until")),
        "user": user,
        "roles": [],
        "joined_at": timestamp(),
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
    }


def new_channel(guild: Guild, name: str, *, nsfw: bool) -> Json:
    """A text channel at the end of the server's list."""
    return {
        "id": snowflake(),
        "type": int(ChannelType.GUILD_TEXT),
        "name": name,
        "guild_id": guild.id,
        "position": len(guild.channels),
        "permission_overwrites": [],
        "nsfw": nsfw,
        "topic": None,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def new_dm_channel(user: Json) -> Json:
    """The channel of a direct conversation with that user."""
    kind = int(ChannelType.DM)
    return {"id": snowflake(), "type": kind, "recipients": [user], "last_message_id": None, "flags": 0}


def partial_channel(channel: Json, permissions: int) -> Json:
    """A channel as an interaction carries it, with the user's permissions."""
    if channel["type"] == ChannelType.DM:
        return dict(channel)
    kept = {key: value for key, value in channel.items() if key != "permission_overwrites"}
    return {**kept, "permissions": str(permissions), "app_permissions": str(permissions)}
