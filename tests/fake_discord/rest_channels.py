"""REST routes about channels, their messages, direct conversations and servers: what the bot does unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .basics import Json
from .constants import (
    ADMINISTRATOR,
    EPHEMERAL,
    MANAGE_MESSAGES,
    SEND_MESSAGES,
    SENDABLE_FLAGS,
    VIEW_CHANNEL,
    Code,
)
from .errors import ApiError
from .guild import Guild
from .message import Message
from .message_limits import check_message
from .routes import Answer, Call, route

if TYPE_CHECKING:
    from .rest import Rest

MESSAGES_PER_WINDOW = 5
WINDOW_SECONDS = 5.0


def _guild(fake: Rest, guild_id: str) -> Guild:
    guild = fake.guilds.get(guild_id)
    if guild is None or not guild.installed:
        raise ApiError(404, Code.UNKNOWN_GUILD, "Unknown Guild")
    return guild


def _channel(fake: Rest, channel_id: str, need: int = VIEW_CHANNEL) -> Json:
    """A channel in which the bot has the permissions `need`."""
    channel = fake.channels.get(channel_id)
    if channel is None:
        raise ApiError(404, Code.UNKNOWN_CHANNEL, "Unknown Channel")
    if "guild_id" in channel:
        guild = fake.guilds.get(channel["guild_id"])
        has = guild.bot_permissions if guild and guild.installed else 0
        if not has & (VIEW_CHANNEL | ADMINISTRATOR):
            raise ApiError(403, Code.MISSING_ACCESS, "Missing Access")
        if need & ~has and not has & ADMINISTRATOR:
            raise ApiError(403, Code.MISSING_PERMISSIONS, "Missing Permissions")
    return channel


def _message(fake: Rest, call: Call) -> Message:
    """The message of the call; an ephemeral one does not exist for these routes."""
    channel_id, message_id = call.ids
    _channel(fake, channel_id)
    message = fake.messages.get(message_id)
    if message is None or message.deleted or message.ephemeral or message.channel_id != channel_id:
        raise ApiError(404, Code.UNKNOWN_MESSAGE, "Unknown Message")
    return message


def _is_own(fake: Rest, message: Message) -> bool:
    return bool(message.raw["author"]["id"] == fake.app_id)


def get_channel(fake: Rest, call: Call) -> Answer:
    return Answer(200, _channel(fake, call.ids[0]))


def post_message(fake: Rest, call: Call) -> Answer:
    channel_id = call.ids[0]
    _channel(fake, channel_id, VIEW_CHANNEL | SEND_MESSAGES)
    headers = fake.limits.take(f"messages/{channel_id}", MESSAGES_PER_WINDOW, WINDOW_SECONDS)
    check_message(call.body, files=len(call.files))
    flags = (call.body.get("flags") or 0) & SENDABLE_FLAGS & ~EPHEMERAL
    message = fake.add_message(channel_id, call.body, author=fake.bot_user, files=call.files, flags=flags)
    return Answer(200, message.raw, headers)


def get_message(fake: Rest, call: Call) -> Answer:
    return Answer(200, _message(fake, call).raw)


def patch_message(fake: Rest, call: Call) -> Answer:
    message = _message(fake, call)
    if not _is_own(fake, message):
        raise ApiError(403, Code.CANNOT_EDIT_OTHERS, "Cannot edit a message authored by another user")
    headers = fake.limits.take(f"edit/{message.channel_id}", MESSAGES_PER_WINDOW, WINDOW_SECONDS)
    fake.edit_message(message, call.body, call.files)
    return Answer(200, message.raw, headers)


def delete_message(fake: Rest, call: Call) -> Answer:
    message = _message(fake, call)
    if not _is_own(fake, message):
        _channel(fake, message.channel_id, MANAGE_MESSAGES)
    message.deleted = True
    return Answer(204)


def post_dm(fake: Rest, call: Call) -> Answer:
    user = fake.users.get(str(call.body.get("recipient_id")))
    if user is None or user["bot"]:
        raise ApiError(400, Code.INVALID_RECIPIENT, "Invalid Recipient(s)")
    return Answer(200, fake.dm_channel(user))


def get_guild(fake: Rest, call: Call) -> Answer:
    return Answer(200, _guild(fake, call.ids[0]).rest_payload())


def get_guild_channels(fake: Rest, call: Call) -> Answer:
    return Answer(200, list(_guild(fake, call.ids[0]).channels.values()))


def get_guild_member(fake: Rest, call: Call) -> Answer:
    member = _guild(fake, call.ids[0]).members.get(call.ids[1])
    if member is None:
        raise ApiError(404, Code.UNKNOWN_MEMBER, "Unknown Member")
    return Answer(200, member)


ROUTES = (
    route("GET", "/channels/{channel}", get_channel),
    route("POST", "/channels/{channel}/messages", post_message),
    route("GET", "/channels/{channel}/messages/{message}", get_message),
    route("PATCH", "/channels/{channel}/messages/{message}", patch_message),
    route("DELETE", "/channels/{channel}/messages/{message}", delete_message),
    route("POST", "/users/@me/channels", post_dm),
    route("GET", "/guilds/{guild}", get_guild),
    route("GET", "/guilds/{guild}/channels", get_guild_channels),
    route("GET", "/guilds/{guild}/members/{user}", get_guild_member),
)
