"""WATCH: reloads by itself when files in the corpus folders change, with a reload's own guards. Never ends the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from watchfiles import awatch

from bot.commands.explaining import log_unexpected
from bot.curation import Curator
from bot.errors import CuepointError, ReloadBusy
from bot.log import get_logger
from bot.render.corpus import changes

SETTLED = 3.0  # seconds without a change after which files are taken to be whole
_LONGEST = 60.0  # seconds of changes without a pause, after which they are taken as they are
_AGAIN = 5.0  # seconds until a folder that is gone, or a reload while one runs, is tried again
_LOOK = 5_000  # ms without a change after which the folders are looked at: a mount may have replaced them
_BOT = 0  # who acts, in the audit

Identity = tuple[int, int]

log = get_logger(__name__)


class Watcher:
    """Watches folders for a curator."""

    def __init__(self, curator: Curator, folders: Sequence[Path]) -> None:
        self._curator = curator
        self._folders = folders
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Reload after each settled change, until cancelled."""
        noticing = asyncio.create_task(self._notice())
        try:
            while True:
                await self._changed.wait()
                await self._settle()
                try:
                    await self._reload()
                except Exception as error:
                    log_unexpected(error, "a reload after files changed")
        finally:
            noticing.cancel()
            await asyncio.wait({noticing})

    async def _settle(self) -> None:
        """Wait until nothing has changed for a while."""
        end = asyncio.get_running_loop().time() + _LONGEST
        while self._changed.is_set() and asyncio.get_running_loop().time() < end:
            self._changed.clear()
            await asyncio.sleep(SETTLED)

    async def _reload(self) -> None:
        """One reload, once no other runs; in the log and the audit where it did or refused anything."""
        while True:
            try:
                report = await self._curator.reload()
            except ReloadBusy:
                await asyncio.sleep(_AGAIN)
                continue
            except CuepointError as error:
                log.warning("files changed, but were not loaded: %s", error)
                await self._note("", error)
                return
            if report.is_change or report.parsed:
                log.info("files changed; reloaded: %s", changes(report))
                await self._note(changes(report))
            return

    async def _note(self, words: str, error: CuepointError | None = None) -> None:
        with suppress(CuepointError):  # the error is noted by being raised
            async with self._curator.audit.acting(_BOT, "reload", "files changed") as act:
                act.note = words
                if error is not None:
                    raise error

    async def _notice(self) -> None:
        """Set the event whenever something changes, and once a folder that was gone is there."""
        while True:
            here = await asyncio.to_thread(identities, self._folders)
            if here is not None:
                self._changed.set()  # what changed while nobody watched is noticed too
                try:
                    await self._notice_in(here)
                except OSError as error:
                    log.warning("the corpus folders cannot be watched (%s); trying again", error.strerror or error)
                except Exception as error:
                    log_unexpected(error, "watching the corpus folders")
            await asyncio.sleep(_AGAIN)

    async def _notice_in(self, here: list[Identity]) -> None:
        """Notice changes until other folders have taken the place of these."""
        async for seen in awatch(*self._folders, rust_timeout=_LOOK, yield_on_timeout=True):
            if seen:
                self._changed.set()
            if await asyncio.to_thread(identities, self._folders) != here:
                return


def identities(folders: Sequence[Path]) -> list[Identity] | None:
    """Which folders are at these paths now; None where one is not there."""
    try:
        return [(info.st_dev, info.st_ino) for info in (folder.stat() for folder in folders)]
    except OSError:
        return None
