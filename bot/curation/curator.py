"""The one who changes the corpus: reload, check, upload, remove, undo. One at a time, whole or not at all."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from bot.corpus import folder
from bot.corpus.folder import FileStat, scan
from bot.corpus.reading import KnownFile, hash_of
from bot.curation.aside import SetAside, fingerprint, folder_hashes, read_aside, read_generation
from bot.curation.audit import Audit, outcome_of
from bot.curation.committing import Committer, unwritten
from bot.curation.history import History
from bot.curation.offers import Offers
from bot.curation.reloading import Change, Progress
from bot.curation.uploads import Places, already_there, put_back
from bot.errors import InvalidRequest, ReloadBusy, ReloadRefused
from bot.log import get_logger
from bot.models import Outcome, ReloadReport
from bot.store import writing
from bot.store.database import Database
from bot.store.files import clear_scratch, scratch
from bot.store.reports import PER_CODE

_READ_FILES = 30.0  # seconds for the list of all files; nobody's reply waits for it

log = get_logger(__name__)


class Curator:
    """Changes the corpus. `on_change` runs after the first reload, and after each that finds another generation.

    `data` is the folder of uploads and history, where the databases are copies of what is used elsewhere: it is read
    then and never written, and only `check` and the loaded texts are of use. Without it, that is the databases' own
    folder. `attempted` is told of each change, by name, and of what came of it; rehearsals are a `check`.
    """

    def __init__(
        self,
        database: Database,
        folders: Sequence[Path],
        on_change: Callable[[], Awaitable[None]],
        data: Path | None = None,
        attempted: Callable[[str, Outcome], None] | None = None,
    ) -> None:
        self._is_copy = data is not None
        data = data or database.corpus.path.parent
        self.places = Places(folders, data / "uploads")
        self.uploads = self.places.uploads
        self.audit = Audit(database.state)
        self.offers = Offers()
        self._database = database
        self._history = History(data / "history")
        self._committer = Committer(database, self._history, self.uploads)
        self._data = data
        self._on_change = on_change
        self._attempted = attempted or (lambda change, outcome: None)
        self._taken_over = -1  # the generation that `on_change` last ran for
        self._busy = asyncio.Lock()
        self._settled = False

    async def reload(self, *, force: bool = False, progress: Progress | None = None) -> ReloadReport:
        """Bring the corpus up to date with its folders, in one transaction.

        `force` reads every file, whatever its time says, allows most of the corpus to vanish, and takes back what an
        undo set aside. Raises ReloadBusy, ReloadRefused and StoreError; the corpus is then as it was.
        """
        return await self._reload(force=force, dry=False, progress=progress)

    async def check(
        self, *, force: bool = False, progress: Progress | None = None, listed: int = PER_CODE
    ) -> ReloadReport:
        """What `reload` would do: the same work, rolled back. Of each code so many findings are `listed`."""
        return await self._reload(force=force, dry=True, progress=progress, listed=listed)

    async def try_upload(self, name: str, content: bytes) -> ReloadReport:
        """What an upload of that name and content would do; its findings are those in the file."""
        async with self._alone("check") as started:
            with self.scratch() as scratch:
                await asyncio.to_thread((scratch / "upload").write_bytes, content)
                file = FileStat(self.uploads.path(name), str(scratch / "upload"), len(content), 0)
                return await self._committer.rehearse(Change([file], whole=False), None, started)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for a while, where there is as much room as for the databases. Raises StoreError."""
        try:
            with scratch(self._data) as folder:
                yield folder
        except OSError as error:
            raise unwritten(error) from error

    async def upload(
        self, name: str, content: bytes, *, replace_it: bool, progress: Progress | None = None
    ) -> ReloadReport:
        """Keep a file among the uploads and load it alone. Raises InvalidRequest where it is there, or unreadable."""
        async with self._alone("upload") as started:
            there = await asyncio.to_thread(self.uploads.existing, name)
            if there and not replace_it:
                raise InvalidRequest(already_there(there))
            name = there or name
            try:
                file = await asyncio.to_thread(self.uploads.add, name, content)
                aside = await self._aside_with(self.uploads.path(name), hash_of(content).hex())
                report = await self._committer.make(
                    Change([file], whole=False),
                    aside,
                    started,
                    moves=((Path(file.location).name, name),),
                    progress=progress,
                )
            except OSError as error:
                raise unwritten(error) from error
            return await self._taken(report)

    async def remove(self, path: str) -> ReloadReport:
        """Take an uploaded document and its file away. Raises InvalidRequest for any other, saying where it is."""
        self.refuse_mounted(path)
        async with self._alone("remove") as started:
            aside = await self._aside_with(path, "")
            drops = (self.uploads.file_name(path),)
            report = await self._committer.make(Change([], whole=False, removed=(path,)), aside, started, drops=drops)
            return await self._taken(report)

    def refuse_mounted(self, path: str) -> None:
        """Raise InvalidRequest for a document that was not uploaded, saying where it is."""
        if not self.uploads.owns(path):
            raise InvalidRequest(
                f"That document was not uploaded: its file is {self.places.location(path)}. "
                "Delete it there, then /corpus reload."
            )

    async def undo(self, *, generation: int = 0, dry: bool = False, progress: Progress | None = None) -> ReloadReport:
        """Go back to the corpus before the last reload or upload; what the folders hold now stays set aside.

        `generation`, where it is given, is the only one that is undone. Raises InvalidRequest for another, where there
        is nothing to go back to, and where its texts are not kept any more; ReloadRefused where a folder is missing.
        """
        async with self._alone("check" if dry else "undo") as started:
            self._refuse_missing()  # what is set aside is known again by all that the folders hold
            known = await self._known()
            current = await read_generation(self._database.state)
            if generation and generation != current:
                raise InvalidRequest("The corpus has changed since you asked. Give /corpus undo again.")
            target = await asyncio.to_thread(self._history.before, current)
            virtual = await asyncio.to_thread(self._history.files, target, known) if target else None
            if target is None or virtual is None:
                raise InvalidRequest(
                    "There is nothing to undo: no earlier corpus is kept. Change the files, then /corpus reload."
                )
            files, _ = await asyncio.to_thread(scan, self.places.present())
            hashes = await asyncio.to_thread(folder_hashes, files, known)
            lacking = {path: text for path, text in target.texts.items() if self.uploads.owns(path)}
            lacking = {path: text for path, text in lacking.items() if path not in hashes}
            hashes |= {path: text.hash for path, text in lacking.items()}  # put back: nobody else has them
            loaded = {path: text for path, text in hashes.items() if path not in known or not known[path].rejected}
            aside = None if loaded == target.hashes else SetAside(fingerprint(hashes), int(time.time()))
            if dry:
                return await self._committer.rehearse(Change(virtual), aside, started, progress=progress)
            try:
                moves = await asyncio.to_thread(put_back, self.uploads, self._history, lacking)
            except OSError as error:
                raise unwritten(error) from error
            report = await self._committer.make(
                Change(virtual), aside, started, origin=target.origin, moves=moves, progress=progress
            )
            return await self._taken(report)

    async def set_aside(self) -> SetAside | None:
        """What an undo set aside and nobody has changed or forced since, as far as the last reload knew."""
        return await read_aside(self._database.state)

    async def text(self, path: str) -> bytes:
        """A document's file as it is; where it is gone, as it was loaded. Raises InvalidRequest without either."""
        file = FileStat(path, str(self.places.location(path)), 0, 0)
        with suppress(OSError):
            return await asyncio.to_thread(folder.read, file)
        known = (await self._known()).get(path)
        kept = await asyncio.to_thread(self._history.text, known.hash.hex()) if known else None
        if kept is None:
            raise InvalidRequest(f"The file is not where it was: {file.location}. Put it back, or /corpus reload.")
        return kept

    async def loaded_text(self, path: str) -> tuple[bytes, bool] | None:
        """A file's text as it was read for the corpus, else as it is now, and whether it is another one now.

        None for a path that is none of the corpus's files, and where nothing of it is left.
        """
        known = (await self._known()).get(path)
        if known is None:
            return None
        now: bytes | None = None
        with suppress(OSError):
            now = await asyncio.to_thread(folder.read, FileStat(path, str(self.places.location(path)), 0, 0))
        if now is not None and hash_of(now) == known.hash:
            return now, False
        kept = await asyncio.to_thread(self._history.text, known.hash.hex())
        text = now if kept is None else kept
        return None if text is None else (text, True)

    # How a change is made.

    def _refuse_missing(self) -> None:
        missing = self.places.missing()
        if missing:
            raise ReloadRefused(
                f"Corpus folder not found, or not readable by uid {os.geteuid()}: {', '.join(map(str, missing))}. "
                "Create it and put .md or .txt files in it, or correct CORPUS_DIRS. Nothing was changed."
            )

    async def _reload(
        self, *, force: bool, dry: bool, progress: Progress | None, listed: int = PER_CODE
    ) -> ReloadReport:
        async with self._alone("check" if dry else "reload") as started:
            self._refuse_missing()
            files, findings = await asyncio.to_thread(scan, self.places.present())
            change, aside, origin = Change(files, findings, force=force, guarded=not force), None, 0
            if not force:
                aside = await read_aside(self._database.state)
                undone = await self._undone(files, aside) if aside else None
                if undone is None:
                    aside = None
                else:
                    change, origin = undone
            if dry:
                return await self._committer.rehearse(replace(change, listed=listed), aside, started, progress=progress)
            report = await self._committer.make(change, aside, started, origin=origin, progress=progress)
            return await self._taken(report)

    @asynccontextmanager
    async def _alone(self, change: str) -> AsyncIterator[float]:
        """One change at a time, the last one settled before; gives the monotonic time at which this one starts."""
        try:
            if self._busy.locked():
                raise ReloadBusy("A reload is already running. Wait for it to finish, then try again.")
            async with self._busy:
                started = time.monotonic()
                if not self._is_copy:
                    await self._settle()
                yield started
        except BaseException as error:
            self._attempted(change, outcome_of(error))
            raise
        self._attempted(change, Outcome.DONE)

    async def _settle(self) -> None:
        done = await self._committer.settle()
        await asyncio.to_thread(self.uploads.clear)  # what a change that failed has left
        if not self._settled:
            await asyncio.to_thread(clear_scratch, self._data)
            await self.audit.close_open(done=done)
            self._settled = True

    async def _taken(self, report: ReloadReport) -> ReloadReport:
        """Let the rest of the bot know, and tidy up, before the next change: its texts are in no manifest yet."""
        if report.is_change:
            await self._database.corpus.checkpoint()
        if report.generation != self._taken_over:
            await self._on_change()
            self._taken_over = report.generation
            self._committer.serving = True
            try:
                await asyncio.to_thread(self._history.prune, report.generation)
            except OSError as error:
                log.warning("old texts could not be forgotten (%s)", error.strerror)
        return report

    async def _undone(self, files: Sequence[FileStat], aside: SetAside) -> tuple[Change, int] | None:
        """The corpus that an undo went back to and its origin, where the folders are as they were then; else None."""
        known = await self._known()
        if not await asyncio.to_thread(aside.holds, files, known):
            return None
        manifest = await asyncio.to_thread(self._history.manifest, await read_generation(self._database.state))
        kept = await asyncio.to_thread(self._history.files, manifest, known) if manifest else None
        if manifest is None or kept is None:
            log.warning("the texts that an undo went back to are gone: the folders are loaded as they are")
            return None
        return Change(kept), manifest.origin

    async def _aside_with(self, path: str, digest: str) -> SetAside | None:
        """What is set aside once an upload has that text, or with an empty hash none: the rest stays undone."""
        aside = await read_aside(self._database.state)
        if aside is None:
            return None
        files, _ = await asyncio.to_thread(scan, self.places.present())
        return await asyncio.to_thread(aside.changed, files, await self._known(), path, digest)

    async def _known(self) -> dict[str, KnownFile]:
        async with self._database.corpus.read(limit=_READ_FILES) as reader:
            return await writing.known_files(reader)
