"""state.db: what members asked that the library has no good answer to, counted by day and words. Never who asked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import GapKind
from bot.store.database import Store

KEPT_DAYS = 90
MAX_ROWS = 2_000  # of each kind; the least asked go first
_DAY = 86_400
_READ = 10.0  # seconds: for moderators, whose replies are deferred


@dataclass(frozen=True, slots=True)
class Asked:
    """Words as they were asked: how often each kind of gap was met, and what they were last repaired to, or empty."""

    words: str
    missed: int
    repaired: int
    reported: int
    became: str


async def count(state: Store, noted: Sequence[tuple[GapKind, str, str]]) -> None:
    """Count (kind, words, what they were repaired to) for today. Raises StoreError."""
    today = int(time.time()) // _DAY
    async with state.write() as writer:
        await writer.many(
            "INSERT INTO gap (kind, day, words, became, times) VALUES (?, ?, ?, ?, 1)"
            " ON CONFLICT (kind, day, words) DO UPDATE SET times = times + 1, became = excluded.became",
            [(kind.value, today, words, became) for kind, words, became in noted],
        )
        await writer.execute(
            "DELETE FROM gap WHERE id IN (SELECT id FROM (SELECT id,"
            " row_number() OVER (PARTITION BY kind ORDER BY times DESC, id DESC) AS place FROM gap) WHERE place > ?)",
            (MAX_ROWS,),
        )


async def asked(state: Store, limit: int) -> list[Asked]:
    """What was asked in the last 90 days, most asked first. Raises StoreFailure."""
    async with state.read(_READ) as reader:
        rows = await reader.fetch(
            "SELECT words, sum(times * (kind = 'missed')), sum(times * (kind = 'repaired')),"
            " sum(times * (kind = 'reported')), max(became) FROM gap WHERE day > ?"
            " GROUP BY words ORDER BY sum(times) DESC, words LIMIT ?",
            (int(time.time()) // _DAY - KEPT_DAYS, limit),
        )
    return [Asked(*row) for row in rows]


async def forget(state: Store, words: Sequence[str]) -> None:
    """Forget these words, whatever was counted of them. Raises StoreError."""
    async with state.write() as writer:
        await writer.many("DELETE FROM gap WHERE words = ?", [(one,) for one in words])


async def forget_all(state: Store) -> None:
    """Forget everything. Raises StoreError."""
    async with state.write() as writer:
        await writer.execute("DELETE FROM gap")


async def prune(state: Store) -> None:
    """Forget what was asked more than 90 days ago. Raises StoreError."""
    async with state.write() as writer:
        await writer.execute("DELETE FROM gap WHERE day <= ?", (int(time.time()) // _DAY - KEPT_DAYS,))
