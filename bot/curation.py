"""Everything that changes the corpus: reload and check. One at a time, whole or not at all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from bot.corpus.durations import bring_together, read_durations
from bot.corpus.folder import FileStat, is_video_list, name_folders, read, scan
from bot.corpus.reading import KnownFile, is_unchanged, read_files
from bot.corpus.settling import settle
from bot.errors import ReloadBusy, ReloadRefused
from bot.log import get_logger
from bot.models import Finding, ReloadReport, Settled, Severity, VideoFacts
from bot.store import reports, videos, writing, youtube
from bot.store.database import Database, Writer

Progress = Callable[[str], Awaitable[None]]

_MOST_THAT_MAY_VANISH = 0.5  # of the documents, without `force`
_VIDEOS_AT_ONCE = 400
_NEVER_GUARDED = 3  # documents: losing one of two is an edit, not an accident; finding no file at all is one

log = get_logger(__name__)


class _DryRun(Exception):
    """Leaves the transaction of a check, so that it is rolled back."""


class Curator:
    """Changes the corpus. `on_change` runs after the first reload, and after each that finds another generation."""

    def __init__(self, database: Database, folders: Sequence[Path], on_change: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._folders = name_folders(folders)
        self._on_change = on_change
        self._taken_over = -1  # the generation that `on_change` last ran for
        self._busy = asyncio.Lock()

    async def reload(self, *, force: bool = False, progress: Progress | None = None) -> ReloadReport:
        """Bring the corpus up to date with its folders, in one transaction.

        `force` reads every file, whatever its time says, and allows most of the corpus to vanish. Raises ReloadBusy,
        ReloadRefused and StoreError; the corpus is then as it was.
        """
        report = await self._alone(force=force, dry=False, progress=progress)
        if report.is_change:
            await self._database.corpus.checkpoint()
        if report.generation != self._taken_over:
            await self._on_change()
            self._taken_over = report.generation
        return report

    async def check(self, *, force: bool = False, progress: Progress | None = None) -> ReloadReport:
        """What `reload` would do: the same work, rolled back."""
        return await self._alone(force=force, dry=True, progress=progress)

    async def _alone(self, *, force: bool, dry: bool, progress: Progress | None) -> ReloadReport:
        if self._busy.locked():
            raise ReloadBusy("A reload is already running. Wait for it to finish, then try again.")
        async with self._busy:
            started = time.monotonic()
            files, findings = await asyncio.to_thread(scan, self._present_folders())
            facts = await youtube.known_facts(self._database.state)
            report: ReloadReport | None = None
            try:
                async with self._database.corpus.write() as writer:
                    job = _Reload(writer, files, findings, facts, force=force, progress=progress or _silent)
                    report = await job.run(started, dry=dry)
                    if dry:
                        raise _DryRun
            except _DryRun:
                pass
            assert report is not None
            return report

    def _present_folders(self) -> dict[str, Path]:
        missing = [str(folder) for folder in self._folders.values() if not folder.is_dir()]
        if missing:
            raise ReloadRefused(
                f"Corpus folder not found: {', '.join(missing)}. Create it and put .md or .txt files in it, or "
                "correct CORPUS_DIRS. Nothing was changed."
            )
        return self._folders


async def _silent(_: str) -> None:
    """Progress that nobody watches."""


class _Reload:
    """One reload inside its transaction."""

    def __init__(
        self,
        writer: Writer,
        files: list[FileStat],
        findings: list[Finding],
        facts: Mapping[str, VideoFacts],
        *,
        force: bool,
        progress: Progress,
    ) -> None:
        self._writer = writer
        self._files = [file for file in files if not is_video_list(file.path)]
        self._lists = [file for file in files if is_video_list(file.path)]
        self._scan_findings = findings
        self._facts = facts
        self._force = force
        self._progress = progress
        self._added: list[str] = []
        self._changed: list[str] = []
        self._parsed = 0
        self._videos: set[str] = set()
        self._known_anew = 0

    async def run(self, started: float, *, dry: bool) -> ReloadReport:
        writer = self._writer
        known = await writing.known_files(writer)
        documents = await writing.document_paths(writer)
        removed = self._gone(documents)
        self._guard(removed, documents)
        self._videos |= await writing.remove_documents(writer, removed)
        here = {file.path for file in self._files}
        gone = [path for path in known if path not in here]
        await writing.forget_files(writer, gone)
        lengths, kept = await self._read_lists()
        await writing.replace_scan_findings(writer, self._scan_findings, kept=documents | kept)
        await self._read(known, documents)
        await self._know(lengths)
        await self._settle()
        generation = await self._finish(bool(removed))
        rejected = await reports.rejected_paths(writer)
        return ReloadReport(
            generation=generation,
            seconds=time.monotonic() - started,
            added=tuple(self._added),
            changed=tuple(self._changed),
            removed=tuple(removed),
            rejected=tuple(rejected),
            parsed=self._parsed,
            videos=self._known_anew,
            documents=len(documents) - len(removed) + len(self._added),
            counts=tuple(await reports.finding_counts(writer)),
            findings=tuple(await reports.findings(writer)),
            dry=dry,
        )

    def _gone(self, paths: set[str]) -> list[str]:
        """Those whose file is gone. One that is there but cannot be read keeps its last good version."""
        here = {file.path for file in (*self._files, *self._lists)}
        unreadable = tuple(finding.path for finding in self._scan_findings)
        folders = tuple(f"{path}/" for path in unreadable)
        return sorted(path for path in paths - here if path not in unreadable and not path.startswith(folders))

    def _guard(self, removed: Sequence[str], documents: set[str]) -> None:
        if self._force or (len(documents) < _NEVER_GUARDED and self._files):
            return
        if len(removed) > len(documents) * _MOST_THAT_MAY_VANISH:
            raise ReloadRefused(
                f"{len(removed)} of {len(documents)} documents would vanish, so nothing was changed. "
                "Check that the corpus folders are mounted and complete; if they are meant to shrink, use force."
            )

    async def _read_lists(self) -> tuple[dict[str, int], set[str]]:
        """What the lists of videos say now, and which of them keep what they said before, since they cannot be read.

        Lists are small: they are read each time, and of two that list one video the first in the order of paths counts.
        """
        before = await videos.listed_lengths(self._writer)
        gone = self._gone(set(before))
        now = {path: lengths for path, lengths in before.items() if path not in gone}
        kept = set()
        for file in self._lists:
            lengths, findings = await asyncio.to_thread(_read_list, file)
            self._scan_findings += findings
            if lengths is not None:
                now[file.path] = lengths
            elif file.path in before:
                kept.add(file.path)
        for path in before.keys() | now.keys():
            if before.get(path, {}) != now.get(path, {}):
                await videos.replace_list(self._writer, path, now.get(path, {}))
        listed: dict[str, int] = {}
        for path in sorted(now, reverse=True):
            listed |= now[path]
        return listed, kept

    async def _know(self, listed: Mapping[str, int]) -> None:
        """Bring together what is known of the videos; those with another length than before are settled again."""
        before = await videos.known_videos(self._writer)
        now = bring_together(await videos.cited_videos(self._writer), listed, self._facts)
        anew = {video: now.get(video) for video in before.keys() | now.keys() if before.get(video) != now.get(video)}
        await videos.know_videos(self._writer, anew)
        self._known_anew = len(anew)
        for video, facts in anew.items():
            if (before[video].seconds if video in before else None) != (facts.seconds if facts else None):
                self._videos.add(video)
        await videos.complete_pages(self._writer, self._videos | anew.keys())

    async def _read(self, known: Mapping[str, KnownFile], documents: set[str]) -> None:
        wanted = [file for file in self._files if self._force or not is_unchanged(file, known.get(file.path))]
        if not wanted:
            return
        rows = await writing.Rows.begin(self._writer)
        done = 0
        async for batch in read_files(wanted, known):
            same = [file.stat for file in batch if file.parsed is None]
            read = [file for file in batch if file.parsed is not None]
            accepted = [file.parsed.document for file in read if file.parsed and file.parsed.document]
            replaced = [document.path for document in accepted if document.path in documents]
            self._changed += replaced
            self._added += [document.path for document in accepted if document.path not in documents]
            self._parsed += len(read)
            self._videos |= await writing.remove_documents(self._writer, replaced)
            self._videos |= {document.video for document in accepted if document.video}
            await writing.touch_files(self._writer, same)
            await writing.drop_findings(self._writer, [file.stat.path for file in read])
            await writing.note_files(self._writer, read, kept=documents)
            for document in accepted:
                rows.add(document)
            await rows.write(self._writer)
            done += len(batch)
            await self._progress(f"Reading: {done:,} of {len(wanted):,} files")

    async def _settle(self) -> None:
        """Work out what every stamp means on each video whose pages or length are not what they were."""
        affected = sorted(self._videos)
        for start in range(0, len(affected), _VIDEOS_AT_ONCE):
            part = await writing.stamps_of(self._writer, affected[start : start + _VIDEOS_AT_ONCE])
            await writing.settle_moments(self._writer, await asyncio.to_thread(_settle_all, part))
            await self._progress(
                f"Checking times: {min(start + _VIDEOS_AT_ONCE, len(affected)):,} of {len(affected):,} videos"
            )

    async def _finish(self, removed: bool) -> int:
        generation = int(await reports.fact(self._writer, "generation") or 0)
        if removed or self._added or self._changed or self._known_anew:
            generation += 1
            await writing.set_meta(self._writer, generation=generation, loaded_at=int(time.time()))
        return generation


def _read_list(file: FileStat) -> tuple[dict[str, int] | None, list[Finding]]:
    try:
        data = read(file)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        return None, [Finding(file.path, 0, "file-unreadable", Severity.REJECTED, message, "check its permissions")]
    return read_durations(file.path, data)


def _settle_all(stamps: Sequence[writing.VideoStamps]) -> list[tuple[int, Settled]]:
    settled: list[tuple[int, Settled]] = []
    for video in stamps:
        for moments, outcomes in zip(video.moments, settle(video.pages, video.duration), strict=True):
            settled.extend(zip(moments, outcomes, strict=True))
    return settled
