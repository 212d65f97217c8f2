"""Slash commands and autocomplete: from an interaction to the registry and back. Presses are pressing.py's."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable

import discord
from discord import app_commands

from bot.commands.declare import MAX_QUERY, Command, MessageCommand, options_of
from bot.errors import ReadTooSlow
from bot.gateway.attaching import with_files
from bot.gateway.delivering import UNDELIVERED, How, deliver
from bot.gateway.desk import Desk, Interaction, wants_private
from bot.gateway.errors import RESTARTING, STOPPED, explain, log_undelivered, log_unexpected
from bot.gateway.progress import Progress
from bot.render.limits import cut
from bot.render.reply import Reply

ANSWER_WITHIN = 2.0  # seconds for a member's reply; Discord gives up after 3, and sending takes some
_ACKNOWLEDGED = 40060  # Discord's code for an interaction that has its first answer already
_CHOICE = 100  # Discord's limit for a choice's name and its value


async def answer_command(desk: Desk, interaction: Interaction, command: Command, values: dict[str, object]) -> None:
    """Run a slash command and deliver its reply. Every exception becomes a reply or a log line."""
    doing = f"/{command.name}"
    with desk.flight.answering():
        refusal = refused(desk, interaction)
        if refusal is not None:
            await deliver(desk.state, interaction, refusal, How.PRIVATE, doing)
        elif command.moderators:
            await _answer_moderator(desk, interaction, command, values)
        else:
            work = desk.registry.run_command(command.name, desk.context(interaction), options_of(values))
            reply = await replied(desk, work, doing, ANSWER_WITHIN)
            private = reply.private or wants_private(values, interaction, desk.settings(interaction))
            await deliver(desk.state, interaction, reply, How.PRIVATE if private else How.OPEN, doing)


async def answer_message_command(desk: Desk, interaction: Interaction, command: MessageCommand, text: str) -> None:
    """Answer an entry of a message's Apps menu, for the asker alone: the message may be somebody else's."""
    with desk.flight.answering():
        reply = refused(desk, interaction)
        if reply is None:
            work = desk.registry.run_message(command.name, desk.context(interaction), text)
            reply = await replied(desk, work, command.name, ANSWER_WITHIN)
        await deliver(desk.state, interaction, reply, How.PRIVATE, command.name)


async def _answer_moderator(desk: Desk, interaction: Interaction, command: Command, values: dict[str, object]) -> None:
    doing = f"/{command.name}"
    if not await deferred(interaction, doing, thinking=True):
        return
    progress = Progress(interaction, doing)
    options = options_of(with_files(values))
    work = desk.registry.run_command(command.name, desk.context(interaction, progress), options)
    reply = await replied(desk, work, doing, None)
    await progress.finish()
    await deliver(desk.state, interaction, reply, How.DEFERRED, doing)


async def complete_option(desk: Desk, interaction: Interaction) -> None:
    """Answer autocomplete, with nothing where anything goes wrong. What was typed goes nowhere but to the completer."""
    command = interaction.command
    name = command.qualified_name if isinstance(command, app_commands.Command) else ""
    doing = f"autocomplete of /{name}"
    lines: list[app_commands.Choice[str]] = []
    try:
        if command is not None:
            lines = _choices(desk, interaction, name)
    except Exception as error:
        log_unexpected(error, doing)
    try:
        await interaction.response.autocomplete(lines)
    except UNDELIVERED as error:
        log_undelivered(error, doing)


def _choices(desk: Desk, interaction: Interaction, name: str) -> list[app_commands.Choice[str]]:
    values = dict(iter(interaction.namespace))
    focused = focused_option(interaction.data)
    typed = str(values.pop(focused, ""))[:MAX_QUERY]
    found = desk.registry.complete(name, focused, typed, options_of(values), desk.context(interaction))
    return [
        app_commands.Choice(name=cut(choice.name, _CHOICE), value=choice.value)
        for choice in found
        if choice.name.strip() and 1 <= len(choice.value) <= _CHOICE
    ]


def focused_option(data: object) -> str:
    """The name of the option that is being typed in, through groups; empty where there is none."""
    options = data.get("options", []) if isinstance(data, dict) else []
    for option in options:
        if option.get("focused"):
            return str(option["name"])
        if "options" in option:
            return focused_option(option)
    return ""


def refused(desk: Desk, interaction: Interaction) -> Reply | None:
    """Why this interaction is not taken on, for the asker alone; None where it is."""
    if desk.flight.closing:
        return RESTARTING
    server = interaction.guild_id or 0
    wait = desk.cooldown.wait(interaction.user.id, server, desk.settings(interaction).every)
    if wait:
        return Reply(text=f"Slow down: try again in {math.ceil(wait)} s.", private=True, fresh=True)
    return None


async def replied(desk: Desk, work: Awaitable[Reply], doing: str, limit: float | None) -> Reply:
    """The reply that the work comes to, or what its exception becomes. `limit` is in seconds."""
    try:
        async with asyncio.timeout(limit):
            return await work
    except asyncio.CancelledError:
        if not desk.flight.closing:
            raise
        return STOPPED  # the bot is being stopped: say so, then end
    except TimeoutError:
        return explain(ReadTooSlow("That took too long to look up. Narrow it down: fewer or rarer words."), doing)
    except Exception as error:
        return explain(error, doing)


async def deferred(interaction: Interaction, doing: str, *, thinking: bool) -> bool:
    """Ask Discord for more time, for the asker alone; False where it did not give any (logged)."""
    try:
        await interaction.response.defer(ephemeral=True, thinking=thinking)
    except UNDELIVERED as error:
        if isinstance(error, discord.HTTPException) and error.code == _ACKNOWLEDGED:
            return True  # the first request did it, and its answer was lost on the way back
        log_undelivered(error, doing)
        return False
    return True
