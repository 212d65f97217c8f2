"""A server's settings as its managers see and change them."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.models import ServerSettings
from bot.render import verbs
from bot.render.limits import fit
from bot.render.reply import Button, Menu, MenuItem, Reply
from bot.render.text import QUIET


def settings_reply(settings: ServerSettings, cooldowns: Sequence[int], burst: int) -> Reply:
    """The settings as they are, with what changes them.

    `cooldowns` are the seconds that can be chosen, `burst` the requests that a member may make at once.
    """
    embed = discord.Embed(title="Settings of this server", colour=QUIET)
    embed.add_field(name="Replies", value=_replies(settings), inline=False)
    embed.add_field(name="Channels", value=_channels(settings), inline=False)
    embed.add_field(
        name="Cooldown",
        value=f"A member may ask {burst} times at once, then once every {settings.every} s.",
        inline=False,
    )
    embed.set_footer(text="Members with Manage Server see and change this.")
    return Reply(fit([embed]), _rows(settings, cooldowns), private=True)


def _replies(settings: ServerSettings) -> str:
    if settings.private:
        return "Private: the asker alone sees a reply, unless they add `private: False`."
    return "Public: everybody sees a reply, unless the asker adds `private: True`."


def _channels(settings: ServerSettings) -> str:
    if not settings.channels:
        return "Replies may be public in every channel. Name one with `/settings channel:`: elsewhere they are private."
    listed = "\n".join(f"{number}. <#{channel}>" for number, channel in enumerate(settings.channels, 1))
    return f"Replies may be public in these channels and their threads; elsewhere they are always private.\n{listed}"


def _rows(settings: ServerSettings, cooldowns: Sequence[int]) -> tuple[tuple[Button, ...] | Menu, ...]:
    other = Button("Make replies public", verbs.settings(verbs.SET_PRIVATE, "off"))
    if not settings.private:
        other = Button("Make replies private", verbs.settings(verbs.SET_PRIVATE, "on"))
    chosen = tuple(
        MenuItem(
            f"Once every {seconds} s", verbs.settings(verbs.SET_EVERY, str(seconds)), chosen=seconds == settings.every
        )
        for seconds in cooldowns
    )
    rows: list[tuple[Button, ...] | Menu] = [(other,), Menu("Cooldown", chosen)]
    if settings.channels:
        rows[0] = (other, Button("Public in every channel", verbs.settings(verbs.EVERYWHERE, "")))
        listed = tuple(
            MenuItem(f"Channel {number}", verbs.settings(verbs.TAKE_OFF, str(channel)))
            for number, channel in enumerate(settings.channels, 1)
        )
        rows.append(Menu("Take a channel off the list", listed))
    return tuple(rows)
