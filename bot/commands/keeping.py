"""What a reply needs before any surface shows it: its buttons' long requests kept, and Discord's limits held."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.commands.actions import EXPIRED, custom_id, stored_bodies, stored_hash
from bot.errors import ButtonExpired, StoreError
from bot.log import get_logger
from bot.render import limits
from bot.render.reply import Button, Menu, MenuItem, Reply
from bot.store.database import Store
from bot.store.state import find_payload, keep_payloads

KEEP_WITHIN = 0.5  # seconds for keeping the buttons' requests; the reply took up to 2 of the 3 that Discord waits

log = get_logger(__name__)


def sound(reply: Reply, doing: str) -> Reply:
    """The reply without repeated buttons, and within Discord's limits; a breach is an error of ours and logged so."""
    reply = limits.distinct(reply)
    problems = limits.check(reply)
    if problems:
        log.error("%s: the reply breaks Discord's limits and was trimmed: %s", doing, "; ".join(problems))
        reply = limits.trim(reply)
    return reply


async def with_kept_bodies(state: Store, reply: Reply) -> Reply:
    """The reply once its buttons' long requests are kept; without those buttons where they cannot be."""
    bodies = stored_bodies(reply)
    if not bodies:
        return reply
    try:
        async with asyncio.timeout(KEEP_WITHIN):
            await keep_payloads(state, bodies)
    except (StoreError, TimeoutError) as error:
        log.warning("requests of buttons could not be kept (%s); the reply goes without them", type(error).__name__)
        return _without_stored(reply)
    return reply


async def find_body(state: Store, carried: str) -> str:
    """A request in full. Raises ButtonExpired for what this bot does not remember (any more), StoreError."""
    key = stored_hash(carried)
    body = await find_payload(state, key) if key else carried
    if not body:
        raise ButtonExpired(EXPIRED)
    return body


def _without_stored(reply: Reply) -> Reply:
    """The reply without buttons and menu items whose request is only in state.db."""

    def carried(item: Button | MenuItem) -> bool:
        return item.action is None or not stored_hash(custom_id(item.action))

    rows: list[tuple[Button, ...] | Menu] = []
    for row in reply.rows:
        if isinstance(row, Menu):
            rows.append(replace(row, items=tuple(item for item in row.items if carried(item))))
        else:
            rows.append(tuple(button for button in row if carried(button)))
    return replace(reply, rows=tuple(rows))
