"""REST routes about the application itself: who it is, the gateway's address, its commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .basics import Json, snowflake
from .command_limits import check_commands
from .constants import Code, CommandType
from .errors import ApiError
from .routes import Answer, Call, route
from .world import CommandSync

if TYPE_CHECKING:
    from .rest import Rest

COMMAND_CREATES_A_DAY = 200
LIMITED_MESSAGE_CONTENT = 1 << 23
"""An application flag of every application with slash commands."""


def get_gateway(fake: Rest, call: Call) -> Answer:
    return Answer(200, {"url": fake.ws_url})


def get_gateway_bot(fake: Rest, call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    return Answer(200, {"url": fake.ws_url, "shards": 1, "session_start_limit": limit})


def get_me(fake: Rest, call: Call) -> Answer:
    absent = ("accent_color", "avatar_decoration_data", "banner", "banner_color", "collectibles", "clan", "email")
    me = {**fake.bot_user, **dict.fromkeys(absent), "mfa_enabled": True, "locale": "en-US", "premium_type": 0}
    return Answer(200, {**me, "verified": True, "bio": ""})


def get_user(fake: Rest, call: Call) -> Answer:
    if (user := fake.users.get(call.ids[0])) is None:
        raise ApiError(404, Code.UNKNOWN_USER, "Unknown User")
    return Answer(200, user)


def get_application(fake: Rest, call: Call) -> Answer:
    absent = ("icon", "type", "interactions_endpoint_url", "role_connections_verification_url", "team")
    zero = ("approximate_user_install_count", "approximate_user_authorization_count", "explicit_content_filter")
    return Answer(
        200,
        {
            **dict.fromkeys(absent),
            **dict.fromkeys(zero, 0),
            "id": fake.app_id,
            "name": fake.bot_user["username"],
            "description": "",
            "summary": "",
            "bot": fake.bot_user,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": LIMITED_MESSAGE_CONTENT,
            "flags_new": str(LIMITED_MESSAGE_CONTENT),
            "hook": True,
            "is_monetized": False,
            "redirect_uris": [],
            "owner": dict(fake.user),
            "approximate_guild_count": len(fake.guilds),
            "eligible_oauth2_scopes": [],
            "integration_types_config": {"0": {}, "1": {}},
        },
    )


def _scope(fake: Rest, call: Call) -> tuple[str | None, dict[str, Json]]:
    """The server of the call (None: global) and the commands registered there."""
    gid = call.ids[1] if len(call.ids) > 1 else None
    if gid is not None and (gid not in fake.guilds or not fake.guilds[gid].installed):
        raise ApiError(403, Code.MISSING_ACCESS, "Missing Access")
    return gid, fake.commands.setdefault(gid, {})


def _stored_command(fake: Rest, gid: str | None, before: dict[str, Json], command: Json) -> Json:
    """A command with what Discord adds; it keeps its id, and its version where nothing changed."""
    kind = command.get("type") or int(CommandType.CHAT_INPUT)
    old = next((c for c in before.values() if (c["name"], c["type"]) == (command["name"], kind)), None)
    if old is None:
        fake.command_creates += 1
        if fake.command_creates > COMMAND_CREATES_A_DAY:
            raise ApiError(400, Code.TOO_MANY_COMMAND_CREATES, "Max number of daily command creates has been reached")
    permissions = command.get("default_member_permissions")
    new = {
        **{key: value for key, value in command.items() if value is not None},
        "type": kind,
        "id": old["id"] if old else snowflake(),
        "application_id": fake.app_id,
        "description": command.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(command.get("nsfw")),
    }
    if gid is None:
        new |= {"contexts": command.get("contexts"), "integration_types": command.get("integration_types") or [0]}
    else:
        new["guild_id"] = gid
    same = old is not None and {**old, "version": None} == {**new, "version": None}
    return {**new, "version": old["version"] if old and same else snowflake()}


def get_commands(fake: Rest, call: Call) -> Answer:
    return Answer(200, list(_scope(fake, call)[1].values()))


def put_commands(fake: Rest, call: Call) -> Answer:
    check_commands(call.body or [])
    gid, before = _scope(fake, call)
    headers = fake.limits.take(f"commands/{gid}", 60, 60.0)
    after = {c["id"]: c for c in (_stored_command(fake, gid, before, command) for command in call.body or [])}
    fake.commands[gid] = after
    changed = [c["name"] for i, c in after.items() if i not in before or before[i]["version"] != c["version"]]
    removed = [c["name"] for i, c in before.items() if i not in after]
    fake.command_syncs.append(CommandSync(call.received, gid, len(after), changed, removed))
    return Answer(200, list(after.values()), headers)


ROUTES = (
    route("GET", "/gateway", get_gateway),
    route("GET", "/gateway/bot", get_gateway_bot),
    route("GET", "/users/@me", get_me),
    route("GET", "/users/{user}", get_user),
    route("GET", "/applications/@me", get_application),
    route("GET", "/oauth2/applications/@me", get_application),
    route("GET", "/applications/{app}/commands", get_commands),
    route("PUT", "/applications/{app}/commands", put_commands),
    route("GET", "/applications/{app}/guilds/{guild}/commands", get_commands),
    route("PUT", "/applications/{app}/guilds/{guild}/commands", put_commands),
)
