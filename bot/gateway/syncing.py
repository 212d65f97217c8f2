"""Registering commands with Discord, only where they changed since this bot last did. Declares none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands

from bot.errors import StoreFailure
from bot.log import get_logger
from bot.render.text import plural
from bot.store.database import Store
from bot.store.state import get_fact, set_fact

log = get_logger(__name__)
Tree = app_commands.CommandTree[Any]
_EVERYWHERE = "everywhere"


def payload_hash(payload: Sequence[object]) -> str:
    """A hash of everything that would be sent, whatever the order of its keys."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


async def sync_members(tree: Tree, state: Store) -> None:
    """Register the member commands everywhere if they changed. Raises discord.HTTPException."""
    await _sync(tree, state, None)


async def sync_home(tree: Tree, state: Store, home_server: int, *, forget: bool = False) -> None:
    """Register the moderators' commands in the home server if they changed, and clear them where home was before.

    `forget` registers in any case: Discord drops a server's commands with the bot's membership. Raises
    discord.HTTPException.
    """
    former = await _fact(state, _home(tree))
    if former and former != str(home_server):
        await _clear(tree, state, discord.Object(int(former)))
    if not home_server:
        return
    await _keep(state, _home(tree), str(home_server))  # before registering: what may be there can be cleared later
    if tree.client.get_guild(home_server) is None:
        log.error("HOME_GUILD_ID names a server that this bot is not in: /corpus is not available until it is invited")
        return
    await _sync(tree, state, discord.Object(home_server), forget=forget)


async def _clear(tree: Tree, state: Store, server: discord.Object) -> None:
    try:
        await _sync(tree, state, server, forget=True)
    except (discord.Forbidden, discord.NotFound):
        log.info("this bot has left its former home server; nothing to clear there")
    await _keep(state, _scope(tree, server), "")
    await _keep(state, _home(tree), "")


async def _sync(tree: Tree, state: Store, server: discord.Object | None, *, forget: bool = False) -> None:
    commands = tree.get_commands(guild=server)
    current = payload_hash([command.to_dict(tree) for command in commands])
    scope = _scope(tree, server)
    if not forget and await _fact(state, scope) == current:
        return
    await tree.sync(guild=server)
    log.info("registered %s %s", plural(len(commands), "command"), "in the home server" if server else "everywhere")
    await _keep(state, scope, current)


def _scope(tree: Tree, server: discord.Object | None) -> str:
    return f"commands:{tree.client.application_id}:{server.id if server else _EVERYWHERE}"


def _home(tree: Tree) -> str:
    return f"home:{tree.client.application_id}"


async def _fact(state: Store, name: str) -> str:
    try:
        return await get_fact(state, name)
    except StoreFailure:
        return ""  # not known: registering once more does no harm


async def _keep(state: Store, name: str, value: str) -> None:
    try:
        await set_fact(state, name, value)
    except StoreFailure as error:
        log.warning("%s could not be kept (%s): commands are registered again at the next start", name, error)
