"""Presses of buttons and menus: from a custom_id, which is input from outside, to an action and its reply."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import discord

from bot.commands.actions import parse_body, stored_hash
from bot.commands.keeping import find_body
from bot.errors import StoreError
from bot.gateway.answering import ANSWER_WITHIN, deferred, refused, replied
from bot.gateway.delivering import How, deliver
from bot.gateway.desk import Desk, Interaction, may_be_public
from bot.gateway.errors import explain
from bot.gateway.progress import Progress
from bot.render.reply import Action, Reply
from bot.store.state import keep_payloads

_MENU = re.compile(r"v1:menu:[0-4]")


async def answer_press(desk: Desk, interaction: Interaction) -> None:
    """Run what a component asks for and deliver its reply. Every exception becomes a reply or a log line."""
    began = time.monotonic()
    with desk.flight.answering():
        refusal = refused(desk, interaction)
        if refusal is not None:
            await deliver(desk.state, interaction, refusal, How.PRIVATE, "a press")
            return
        carried = carried_by(interaction.data)
        try:
            body = await find_body(desk.state, carried)
            action = parse_body(body)
        except Exception as error:
            await deliver(desk.state, interaction, explain(error, "a press"), How.PRIVATE, "a press")
            return
        await _answer(desk, interaction, action, ANSWER_WITHIN - (time.monotonic() - began))
        if body != carried:
            with suppress(StoreError):  # used today: kept for another 90 days
                await keep_payloads(desk.state, {stored_hash(carried): body})


async def _answer(desk: Desk, interaction: Interaction, action: Action, limit: float) -> None:
    """Answer within `limit` seconds, what a moderator set off whenever it is done."""
    doing = f"a press of {action.verb}"
    progress = Progress(interaction, doing)
    context = desk.context(interaction, progress)
    long = desk.is_for_moderators(action.verb) and context.is_moderator
    if long and not await deferred(interaction, doing, thinking=not is_own(interaction)):
        return
    reply = await replied(desk, desk.registry.run_action(action, context), doing, None if long else limit)
    await progress.finish()
    if long:
        how = How.FOLLOWUP if reply.fresh and is_own(interaction) else How.DEFERRED
        if how is How.FOLLOWUP:
            await progress.clear()
    else:
        how = how_to_answer(interaction, reply)
        if how is How.OPEN and not may_be_public(interaction, desk.settings(interaction)):
            how = How.PRIVATE
    await deliver(desk.state, interaction, reply, how, doing)


def carried_by(data: object) -> str:
    """The request that a component carries: a button's custom_id, a menu's chosen value; empty for neither."""
    if not isinstance(data, dict):
        return ""
    carried = str(data.get("custom_id", ""))
    if data.get("component_type") == discord.ComponentType.button.value:
        return carried
    chosen = data.get("values") or [""]
    return str(chosen[0]) if _MENU.fullmatch(carried) else ""


def is_own(interaction: Interaction) -> bool:
    """Whether the pressed message is the presser's own: they asked for it, or nobody else can see it."""
    message = interaction.message
    if message is None:
        return False
    asked = message.interaction_metadata
    return message.flags.ephemeral or (asked is not None and asked.user.id == interaction.user.id)


def how_to_answer(interaction: Interaction, reply: Reply) -> How:
    """In place for the one who asked; for anybody else, and for what is not everybody's business, a private message."""
    ephemeral = interaction.message is not None and interaction.message.flags.ephemeral
    if not is_own(interaction) or (reply.private and not ephemeral):
        return How.PRIVATE
    if reply.fresh:
        return How.PRIVATE if ephemeral else How.OPEN
    return How.UPDATE
