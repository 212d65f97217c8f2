"""state.db: facts about this installation, and the requests of buttons that are too long for a custom_id."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from bot.errors import StoreFailure
from bot.log import get_logger
from bot.store import gaps
from bot.store.database import Store

KEPT_DAYS = 90  # since last used
MAX_PAYLOADS = 100_000
_DAY = 86_400
_READ = 10.0  # seconds for a fact: nobody whose answer is waited for asks for one

log = get_logger(__name__)


async def get_fact(state: Store, name: str) -> str:
    """A fact by name; empty where it was never set. Raises StoreFailure."""
    async with state.read(_READ) as reader:
        row = await reader.one("SELECT value FROM meta WHERE name = ?", (name,))
    return str(row[0]) if row else ""


async def set_fact(state: Store, name: str, value: str) -> None:
    """Set a fact."""
    async with state.write() as writer:
        await writer.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


async def set_facts(state: Store, facts: Mapping[str, str]) -> None:
    """Set several facts at once; an empty value is as good as none."""
    async with state.write() as writer:
        await writer.many("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(facts.items()))


async def keep_payloads(state: Store, bodies: Mapping[str, str]) -> None:
    """Keep bodies by hash; one that is there already counts as used today."""
    today = int(time.time()) // _DAY
    async with state.write() as writer:
        await writer.many(
            "INSERT INTO payload VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET used_at = excluded.used_at",
            [(key, body, today) for key, body in bodies.items()],
        )


async def find_payload(state: Store, key: str) -> str:
    """The body of a hash, empty where it is not kept (any more)."""
    oldest = int(time.time()) // _DAY - KEPT_DAYS
    async with state.read() as reader:
        row = await reader.one("SELECT body FROM payload WHERE hash = ? AND used_at >= ?", (key, oldest))
    return str(row[0]) if row else ""


async def prune_daily(state: Store) -> None:
    """Prune the payloads and the gaps now and every day, until cancelled."""
    while True:
        try:
            await prune_payloads(state)
            await gaps.prune(state)
        except StoreFailure as error:
            log.warning("what is too old could not be forgotten: %s", error)
        await asyncio.sleep(_DAY)


async def prune_payloads(state: Store) -> None:
    """Forget what was not used for 90 days, and the least recently used above the limit."""
    oldest = int(time.time()) // _DAY - KEPT_DAYS
    async with state.write() as writer:
        await writer.execute("DELETE FROM payload WHERE used_at < ?", (oldest,))
        await writer.execute(
            "DELETE FROM payload WHERE hash IN (SELECT hash FROM payload ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
            (MAX_PAYLOADS,),
        )
