"""state.db: what moderators did to the corpus, when and with what outcome. User ids are here and nowhere else."""

from __future__ import annotations

import time

from bot.models import AuditEntry, Outcome
from bot.store.database import Store, marks

KEPT = 10_000  # entries, but for refusals
KEPT_REFUSED = 2_000  # anybody can be refused over and over: that is not to push out what was done
_MAX_TEXT = 500  # code points of a subject or note


async def begin(state: Store, who: int, action: str, subject: str) -> AuditEntry:
    """Note that something is about to be done. Raises StoreError."""
    entry = AuditEntry(0, int(time.time()), who, action, subject[:_MAX_TEXT], Outcome.OPEN)
    async with state.write() as writer:
        rows = await writer.fetch(
            "INSERT INTO audit (at, who, action, subject, outcome, note) VALUES (?, ?, ?, ?, ?, '') RETURNING id",
            (entry.at, who, action, entry.subject, entry.outcome.value),
        )
        for kept, which in ((KEPT, "!="), (KEPT_REFUSED, "=")):
            await writer.execute(
                f"DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE outcome {which} ?"
                " ORDER BY id DESC LIMIT -1 OFFSET ?)",
                (Outcome.REFUSED.value, kept),
            )
    return AuditEntry(rows[0][0], entry.at, who, action, entry.subject, entry.outcome)


async def finish(state: Store, number: int, outcome: Outcome, note: str) -> None:
    """Note what came of it. Raises StoreError."""
    async with state.write() as writer:
        await writer.execute(
            "UPDATE audit SET outcome = ?, note = ? WHERE id = ?", (outcome.value, note[:_MAX_TEXT], number)
        )


async def close_open(state: Store, outcome: Outcome, note: str) -> None:
    """Give what a stop cut off an outcome."""
    async with state.write() as writer:
        await writer.execute(
            "UPDATE audit SET outcome = ?, note = ? WHERE outcome = ?", (outcome.value, note, Outcome.OPEN.value)
        )


async def entries(state: Store, limit: int = 50) -> list[AuditEntry]:
    """The last entries, newest first."""
    async with state.read() as reader:
        rows = await reader.fetch(
            "SELECT id, at, who, action, subject, outcome, note FROM audit ORDER BY id DESC LIMIT ?", (limit,)
        )
    return [AuditEntry(row[0], row[1], row[2], row[3], row[4], Outcome(row[5]), row[6]) for row in rows]


async def last_done(state: Store, actions: tuple[str, ...]) -> AuditEntry | None:
    """The last of these actions that was done."""
    async with state.read() as reader:
        row = await reader.one(
            "SELECT id, at, who, action, subject, outcome, note FROM audit"
            f" WHERE outcome = ? AND action IN ({marks(actions)}) ORDER BY id DESC LIMIT 1",
            (Outcome.DONE.value, *actions),
        )
    return AuditEntry(row[0], row[1], row[2], row[3], row[4], Outcome(row[5]), row[6]) if row else None
