"""Moderators' actions: each is noted before it is done, and its outcome after. Tells who listens; decides nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from bot.errors import ButtonExpired, CuepointError, NotAllowed, StoreError, StoreFailure
from bot.log import get_logger
from bot.models import AuditEntry, Outcome
from bot.store import audit
from bot.store.database import Store

CHANGES = ("reload", "reload with force", "upload", "remove", "undo")  # of the corpus

log = get_logger(__name__)
Listener = Callable[[AuditEntry], Awaitable[None]]


def outcome_of(error: BaseException) -> Outcome:
    """What an action came to that raised this: refused with words for whoever asked, or failed."""
    refused = isinstance(error, CuepointError) and not isinstance(error, StoreError)
    return Outcome.REFUSED if refused else Outcome.FAILED


class Act:
    """One action under way: who does it sets what came of it."""

    def __init__(self) -> None:
        self.outcome = Outcome.DONE
        self.note = ""


class Audit:
    """Notes actions in state.db; `listener` is told of each one when it has ended."""

    def __init__(self, state: Store) -> None:
        self._state = state
        self.listener: Listener | None = None

    @asynccontextmanager
    async def acting(self, who: int, action: str, subject: str = "") -> AsyncIterator[Act]:
        """Note an action while the block does it. What the block raises is its outcome, and raised.

        `who` is a Discord user id; 0 is the bot itself or the host's terminal. Raises StoreError before the block where
        nothing can be noted.
        """
        entry = await audit.begin(self._state, who, action, subject)
        act = Act()
        try:
            yield act
        except BaseException as error:
            words = str(error) if isinstance(error, CuepointError) else type(error).__name__
            await self._end(entry, outcome_of(error), words)
            raise
        await self._end(entry, act.outcome, act.note)

    async def refused(self, who: int, action: str, error: NotAllowed | ButtonExpired) -> None:
        """Note what somebody tried and may not do. Never raises: they are refused all the same."""
        try:
            entry = await audit.begin(self._state, who, action, "")
        except StoreFailure as failure:
            log.warning("a refusal could not be noted: %s", failure)
            return
        await self._end(entry, Outcome.REFUSED, str(error))

    async def last_change(self) -> AuditEntry | None:
        """The last change of the corpus that somebody asked for."""
        return await audit.last_done(self._state, CHANGES)

    async def close_open(self, *, done: bool) -> None:
        """Give what the last stop cut off an outcome: whether its plan was found fulfilled."""
        outcome = Outcome.DONE if done else Outcome.FAILED
        await audit.close_open(self._state, outcome, "finished at the next start" if done else "cut off by a stop")

    async def _end(self, entry: AuditEntry, outcome: Outcome, note: str) -> None:
        ended = replace(entry, outcome=outcome, note=note)
        try:
            await audit.finish(self._state, entry.number, outcome, note)
        except StoreFailure as error:
            log.warning("the outcome of an action could not be noted: %s", error)
        if self.listener is not None:
            await self.listener(ended)
