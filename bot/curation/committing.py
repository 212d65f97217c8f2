"""A change of corpus.db, state.db and the data folder's files as one. Decides nothing about what changes.

The history and the plan are written first, then corpus.db is committed with its new generation, then the plan is
fulfilled: state.db says what is set aside now, and files get their names. What a stop cut off is settled before the
next change.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.curation.aside import (
    Plan,
    SetAside,
    drop_plan,
    fulfil_plan,
    read_aside,
    read_generation,
    read_plan,
    write_plan,
)
from bot.curation.history import History, Manifest
from bot.curation.reloading import Change, Progress, Reload
from bot.curation.uploads import Uploads
from bot.errors import InvalidRequest, StoreError, StoreFailure
from bot.log import get_logger
from bot.models import ReloadReport
from bot.store import reports, youtube
from bot.store.database import Database

_READ = 30.0  # seconds for one number: what is committed waits for it, and members may have all connections

log = get_logger(__name__)


class _DryRun(Exception):
    """Leaves the transaction of a check, so that it is rolled back."""


class Committer:
    """Makes changes, one at a time: whoever calls it sees to that. `serving`: members are answered meanwhile."""

    def __init__(self, database: Database, history: History, uploads: Uploads) -> None:
        self._database = database
        self._history = history
        self._uploads = uploads
        self.serving = False

    async def make(
        self,
        change: Change,
        aside: SetAside | None,
        started: float,
        *,
        origin: int = 0,
        moves: Sequence[tuple[str, str]] = (),
        drops: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> ReloadReport:
        """Make a change whole or not at all; from then on `aside` is set aside.

        `started` is the monotonic time that the report counts from; `origin` is the generation that an undo goes back
        to; `moves` and `drops` are those of Plan. Raises ReloadRefused, InvalidRequest and StoreError.
        """
        state = self._database.state
        before = await read_generation(state)
        try:
            async with self._database.corpus.write() as writer:
                job = Reload(
                    writer, change, progress=progress, keep=self._history.keep, after=before, serving=self.serving
                )
                report = await self._run(job, change, aside, started)
                if not change.whole and any(file.path in report.rejected for file in change.files):
                    raise InvalidRequest("That file cannot be read as a document; nothing was changed.")
                if report.generation != before:
                    texts = await job.texts(lambda: self._history.texts(before))
                    made = Manifest(report.generation, origin or report.generation, texts)
                    await asyncio.to_thread(self._history.write, made)
                if report.generation != before or moves or drops or aside != await read_aside(state):
                    await write_plan(state, Plan(report.generation, aside, tuple(moves), tuple(drops)))
        except OSError as error:
            await self._settle_or_later()
            raise unwritten(error) from error
        except BaseException:
            await self._settle_or_later()
            raise
        await self._settle_or_later()
        return report

    async def rehearse(
        self, change: Change, aside: SetAside | None, started: float, *, progress: Progress | None = None
    ) -> ReloadReport:
        """What `make` would report: the same work, rolled back. Keeps no text."""
        after = await read_generation(self._database.state)
        report: ReloadReport | None = None
        try:
            async with self._database.corpus.write() as writer:
                job = Reload(writer, change, progress=progress, after=after, serving=self.serving)
                report = await self._run(job, change, aside, started, dry=True)
                raise _DryRun
        except _DryRun:
            assert report is not None
            return report

    async def _run(
        self, job: Reload, change: Change, aside: SetAside | None, started: float, *, dry: bool = False
    ) -> ReloadReport:
        report = await job.run(await youtube.known_facts(self._database.state), started, dry=dry)
        return replace(report, set_aside=aside is not None and change.whole)

    async def settle(self) -> bool:
        """Finish the plan of a change that was cut off, where the corpus has it, or drop it; whether it was finished.

        Raises StoreFailure.
        """
        state = self._database.state
        plan = await read_plan(state)
        if plan is None:
            return False
        async with self._database.corpus.read(limit=_READ) as reader:
            done = int(await reports.fact(reader, "generation") or 0) == plan.generation
        try:
            if done:
                await asyncio.to_thread(self._uploads.move, plan.moves, plan.drops)
            else:
                await asyncio.to_thread(self._history.forget, plan.generation)
        except OSError as error:
            raise unwritten(error) from error
        await (fulfil_plan(state, plan) if done else drop_plan(state))
        return done

    async def _settle_or_later(self) -> None:
        try:
            await self.settle()
        except StoreFailure as error:
            log.warning("a change is settled before the next one: %s", error)


def unwritten(error: OSError) -> StoreError:
    """What to say where the data folder's files could not be written."""
    return StoreError(
        f"The data folder could not be written ({error.strerror or type(error).__name__}); nothing was changed. "
        "Make room, or give the bot write access to it."
    )
