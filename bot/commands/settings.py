"""`/settings`: what a server's own managers set for it: who sees replies, where, and how often one may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.commands import arguments
from bot.commands.actions import EXPIRED
from bot.commands.declare import Command, Context, Feature, Option, Options, OptionType, text_option
from bot.errors import ButtonExpired, InvalidRequest
from bot.models import ServerSettings
from bot.render import verbs
from bot.render.reply import Reply
from bot.render.settings import settings_reply
from bot.servers import BURST, COOLDOWNS, Servers, with_channel


async def show_settings(context: Context, options: Options) -> Reply:
    """Show this server's settings; with a channel, put it on the list first."""
    servers = _servers(context)
    given = text_option(options, "channel")
    if not given:
        return settings_reply(servers.of(context.server), COOLDOWNS, BURST)
    channel = arguments.snowflake(given)
    return await _change(context, lambda old: replace(old, channels=with_channel(old.channels, channel)))


async def _set(context: Context, given: tuple[str, ...]) -> Reply:
    name, value = arguments.take(given, 2)
    if name == verbs.SET_PRIVATE and value in ("on", "off"):
        return await _change(context, lambda old: replace(old, private=value == "on"))
    if name == verbs.SET_EVERY and arguments.number(value) in COOLDOWNS:
        return await _change(context, lambda old: replace(old, every=int(value)))
    if name == verbs.TAKE_OFF:
        channel = arguments.snowflake(value)
        return await _change(
            context, lambda old: replace(old, channels=tuple(one for one in old.channels if one != channel))
        )
    if name == verbs.EVERYWHERE and not value:
        return await _change(context, lambda old: replace(old, channels=()))
    raise ButtonExpired(EXPIRED)


async def _change(context: Context, change: Callable[[ServerSettings], ServerSettings]) -> Reply:
    return settings_reply(await _servers(context).change(context.server, change), COOLDOWNS, BURST)


def _servers(context: Context) -> Servers:
    if context.servers is None or not context.server:
        raise InvalidRequest("Settings belong to a server: use this command in one.")
    return context.servers


FEATURE = Feature(
    commands=(
        Command(
            "settings",
            "This server's settings: private replies, channels, cooldown",
            show_settings,
            (Option("channel", "Let the bot answer publicly in this channel too", type=OptionType.CHANNEL),),
            managers=True,
        ),
    ),
    actions={verbs.SETTINGS: _set},
    manager_verbs=frozenset({verbs.SETTINGS}),
)
