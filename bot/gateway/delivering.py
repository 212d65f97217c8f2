"""Replies as Discord messages. A reply that breaks a limit is trimmed, one that cannot be delivered is one log line."""

from __future__ import annotations

import io
from enum import Enum, auto
from typing import Any

import aiohttp
import discord

from bot.commands.actions import custom_id
from bot.commands.keeping import sound, with_kept_bodies
from bot.gateway.desk import Interaction
from bot.gateway.errors import explain, log_undelivered
from bot.render.reply import Button, Menu, Reply, Style
from bot.store.database import Store

UNDELIVERED = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError)
_MALFORMED = 50035  # Discord's code for a message that it refuses as it stands
_STYLES = {
    Style.QUIET: discord.ButtonStyle.secondary,
    Style.MAIN: discord.ButtonStyle.primary,
    Style.DANGER: discord.ButtonStyle.danger,
}


class How(Enum):
    """How an interaction is answered."""

    OPEN = auto()  # a new message that everybody sees
    PRIVATE = auto()  # a new message for the asker alone
    UPDATE = auto()  # in place of the message whose button was pressed
    DEFERRED = auto()  # in place of what a deferral left
    FOLLOWUP = auto()  # a further message for the asker alone, after a deferral


async def deliver(state: Store, interaction: Interaction, reply: Reply, how: How, doing: str) -> None:
    """Send a reply. `doing` names in the log what it answers. Never raises what Discord or the network may do."""
    reply = sound(await with_kept_bodies(state, reply), doing)
    try:
        try:
            await _send(interaction, reply, how)
        except discord.HTTPException as error:
            if error.code != _MALFORMED:
                raise
            apology = How.PRIVATE if how is How.UPDATE else how
            await _send(interaction, explain(error, doing), apology)
    except UNDELIVERED as error:
        log_undelivered(error, doing)


def view_of(reply: Reply) -> discord.ui.View | None:
    """The reply's rows as components; None where it has none.

    The view is stopped at once: a press is answered by what its custom_id says, so nothing needs to stay in memory.
    """
    if not reply.rows:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(reply.rows):
        if isinstance(row, Menu):
            view.add_item(_select(row, number))
        else:
            for place, button in enumerate(row):
                view.add_item(_button(button, number, place))
    view.stop()
    return view


def _select(menu: Menu, row: int) -> discord.ui.Select[Any]:
    options = [
        discord.SelectOption(
            label=item.label,
            value=custom_id(item.action),
            description=item.description or None,
            default=item.chosen,
        )
        for item in menu.items
    ]
    placeholder = menu.placeholder or None
    return discord.ui.Select(custom_id=f"v1:menu:{row}", placeholder=placeholder, options=options, row=row)


def _button(button: Button, row: int, place: int) -> discord.ui.Button[Any]:
    if button.url:
        return discord.ui.Button(label=button.label, url=button.url, row=row)
    carried = custom_id(button.action) if button.action else f"v1:off:{row},{place}"
    style, off = _STYLES[button.style], button.action is None
    return discord.ui.Button(label=button.label, style=style, custom_id=carried, disabled=off, row=row)


async def _send(interaction: Interaction, reply: Reply, how: How) -> None:
    text = reply.text or None
    embeds = list(reply.embeds)
    view = view_of(reply)
    files = [discord.File(io.BytesIO(file.data), file.name) for file in reply.files]
    if how is How.UPDATE:
        await interaction.response.edit_message(content=text, embeds=embeds, attachments=files, view=view)
    elif how is How.DEFERRED:
        await interaction.edit_original_response(content=text, embeds=embeds, attachments=files, view=view)
    else:
        new: dict[str, Any] = {"content": text, "embeds": embeds, "files": files}
        if view is not None:
            new["view"] = view
        if how is How.FOLLOWUP:
            await interaction.followup.send(**new, ephemeral=True, wait=True)
        else:
            await interaction.response.send_message(**new, ephemeral=how is How.PRIVATE)
