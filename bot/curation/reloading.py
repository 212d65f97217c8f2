"""One change inside its transaction: what changed is read, kept and settled. Neither begins nor commits it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.corpus.durations import bring_together, read_durations
from bot.corpus.folder import FileStat, is_video_list, read
from bot.corpus.reading import Keep, KnownFile, hash_of, is_unchanged, read_files
from bot.corpus.working import Workers
from bot.curation.history import Text
from bot.errors import ReloadRefused
from bot.models import Finding, ReloadReport, Severity, VideoFacts
from bot.store import naming, reports, videos, writing
from bot.store.common import count_common_words
from bot.store.database import Writer
from bot.store.layout import VideoStamps, lay_out, settled_anew

Progress = Callable[[str], Awaitable[None]]

_MOST_THAT_MAY_VANISH = 0.5  # of the documents, where the change is guarded
_VIDEOS_AT_ONCE = 20
_PROCESSES_FROM = 60  # videos; starting processes costs about as much as settling so many
_NEVER_GUARDED = 3  # documents: losing one of two is an edit, not an accident; finding no file at all is one


@dataclass(frozen=True, slots=True)
class Change:
    """What to bring the corpus up to date with.

    Where it is `whole`, `files` and `findings` are all that a walk found, and documents without a file go. Otherwise
    only `files` are looked at, and only the documents in `removed` go. `force` reads every file, whatever its time
    says; one that is `guarded` may not lose most of the corpus. Its report has the
    first `listed` findings of each code.
    """

    files: Sequence[FileStat]
    findings: Sequence[Finding] = ()
    force: bool = False
    guarded: bool = False
    whole: bool = True
    removed: Sequence[str] = ()
    listed: int = reports.PER_CODE


class Reload:
    """One reload inside its transaction."""

    def __init__(
        self,
        writer: Writer,
        change: Change,
        *,
        progress: Progress | None = None,
        keep: Keep | None = None,
        after: int = 0,
        serving: bool = False,
    ) -> None:
        """`keep` is given each text that is read; a new generation's number is higher than `after`.

        With `serving`, members are answered meanwhile: a core is left to that.
        """
        self._writer = writer
        self._change = change
        self._files = [file for file in change.files if not is_video_list(file.path)]
        self._lists = [file for file in change.files if is_video_list(file.path)]
        self._scan_findings = list(change.findings)
        self._facts: Mapping[str, VideoFacts] = {}
        self._progress = progress or _silent
        self._keep = keep
        self._after = after
        self._list_texts: dict[str, Text] = {}
        self._added: list[str] = []
        self._changed: list[str] = []
        self._parsed = 0
        self._videos: set[str] = set()
        self._known_anew = 0
        self._has_other_lists = False
        self._names_before: list[str] = []  # of the changed documents, as long as they are few
        self._workers = Workers(preload=[lay_out.__module__], spare=int(serving))

    async def run(self, facts: Mapping[str, VideoFacts], started: float, *, dry: bool) -> ReloadReport:
        """Do it. `facts` are what YouTube says, `started` is the monotonic time to count from.

        Raises ReloadRefused, and OSError where `keep` does.
        """
        try:
            return await self._run(facts, started, dry=dry)
        finally:
            self._workers.end()

    async def _run(self, facts: Mapping[str, VideoFacts], started: float, *, dry: bool) -> ReloadReport:
        self._facts = facts
        writer, whole = self._writer, self._change.whole
        known = await writing.known_files(writer)
        documents = await writing.document_paths(writer)
        removed = self._gone(documents)
        self._guard(removed, documents)
        self._videos |= await writing.remove_documents(writer, removed)
        here = {file.path for file in self._files}
        await writing.forget_files(writer, [path for path in known if path not in here] if whole else removed)
        lengths, kept = await self._read_lists()
        if whole:
            await writing.replace_scan_findings(writer, self._scan_findings, kept=documents | kept)
        await self._read(known, documents)
        await self._know(lengths)
        await self._settle()
        generation = await self._finish(bool(removed))
        rejected = await reports.rejected_paths(writer)
        counts = await reports.finding_counts(writer)
        findings = await self._findings()
        namesakes = () if whole else tuple(await reports.namesakes(writer, sorted(here)))
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
            counts=tuple(counts),
            findings=findings,
            dry=dry,
            namesakes=namesakes,
        )

    async def _findings(self) -> tuple[Finding, ...]:
        if self._change.whole:
            return tuple(await reports.findings(self._writer, limit=self._change.listed))
        return tuple(await reports.findings_in(self._writer, [file.path for file in self._files]))

    async def texts(self, before: Callable[[], Mapping[str, Text]]) -> dict[str, Text]:
        """The text of every document and list as the corpus now has it; `before` reads those of the last generation."""
        files = await writing.document_files(self._writer)
        lists = await videos.listed_lengths(self._writer)
        return await asyncio.to_thread(self._texts, files, lists, before)

    def _texts(
        self,
        files: Sequence[tuple[str, bytes | None, int, int]],
        lists: Iterable[str],
        before: Callable[[], Mapping[str, Text]],
    ) -> dict[str, Text]:
        texts = {path: Text(digest.hex(), size, mtime_ns) for path, digest, size, mtime_ns in files if digest}
        texts |= {path: self._list_texts[path] for path in lists if path in self._list_texts}
        left = {path for path, *_ in files}.union(lists).difference(texts)
        return texts | {path: text for path, text in before().items() if path in left} if left else texts

    def _gone(self, paths: set[str]) -> list[str]:
        """Those whose file is gone. One that is there but cannot be read keeps its last good version."""
        if not self._change.whole:
            return sorted(paths & set(self._change.removed))
        here = {file.path for file in (*self._files, *self._lists)}
        unreadable = tuple(finding.path for finding in self._scan_findings)
        folders = tuple(f"{path}/" for path in unreadable)
        return sorted(path for path in paths - here if path not in unreadable and not path.startswith(folders))

    def _guard(self, removed: Sequence[str], documents: set[str]) -> None:
        if not self._change.guarded or (len(documents) < _NEVER_GUARDED and self._files):
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
            lengths, findings, text = await asyncio.to_thread(_read_list, file, self._keep)
            self._scan_findings += findings
            if text is not None:
                self._list_texts[file.path] = text
            if lengths is not None:
                now[file.path] = lengths
            elif file.path in before:
                kept.add(file.path)
        for path in before.keys() | now.keys():
            if before.get(path, {}) != now.get(path, {}):
                await videos.replace_list(self._writer, path, now.get(path, {}))
                self._has_other_lists = True
        listed: dict[str, int] = {}
        for path in sorted(now, reverse=True):
            listed |= now[path]
        return listed, kept

    async def _know(self, listed: Mapping[str, int]) -> None:
        """Bring together what is known of the videos; those with another length than before are settled again."""
        before = await videos.known_videos(self._writer)
        cited = await videos.cited_videos(self._writer)
        now = await asyncio.to_thread(bring_together, cited, listed, self._facts)
        anew = {video: now.get(video) for video in before.keys() | now.keys() if before.get(video) != now.get(video)}
        await videos.know_videos(self._writer, anew)
        self._known_anew = len(anew)
        for video, facts in anew.items():
            if (before[video].seconds if video in before else None) != (facts.seconds if facts else None):
                self._videos.add(video)
        await videos.complete_pages(self._writer, self._videos | anew.keys())

    async def _read(self, known: Mapping[str, KnownFile], documents: set[str]) -> None:
        wanted = [file for file in self._files if self._change.force or not is_unchanged(file, known.get(file.path))]
        if not wanted:
            return
        loading = await writing.Loading.begin(self._writer)
        done = 0
        async for batch in read_files(wanted, known, lay_out, self._workers, self._keep):
            accepted = [file.stat.path for file in batch.noted if file.video is not None]
            replaced = [path for path in accepted if path in documents]
            if len(self._changed) + len(replaced) <= naming.COMPARED:
                self._names_before += await naming.names_in(self._writer, replaced)
            self._changed += replaced
            self._added += [path for path in accepted if path not in documents]
            self._parsed += len(batch.noted)
            self._videos |= await writing.remove_documents(self._writer, replaced)
            self._videos |= {file.video for file in batch.noted if file.video}
            await writing.touch_files(self._writer, batch.same)
            await writing.drop_findings(self._writer, [file.stat.path for file in batch.noted])
            await writing.note_files(self._writer, batch.noted, kept=documents)
            await loading.write(self._writer, batch)
            done += len(batch.same) + len(batch.noted)
            await self._progress(f"Reading: {done:,} of {len(wanted):,} files")

    async def _settle(self) -> None:
        """Work out what every stamp means on each video whose pages or length are not what they were."""
        affected = sorted(self._videos)
        done = 0

        async def parts() -> AsyncIterator[list[VideoStamps]]:
            for start in range(0, len(affected), _VIDEOS_AT_ONCE):
                yield await writing.stamps_of(self._writer, affected[start : start + _VIDEOS_AT_ONCE])

        many = len(affected) >= _PROCESSES_FROM
        async for settled in self._workers.run(settled_anew, parts(), many=many):
            await writing.settle_moments(self._writer, settled)
            done = min(done + _VIDEOS_AT_ONCE, len(affected))
            await self._progress(f"Checking times: {done:,} of {len(affected):,} videos")

    async def _finish(self, removed: bool) -> int:
        generation = int(await reports.fact(self._writer, "generation") or 0)
        is_rebuilt = generation < self._after  # also one that has nothing in it: numbers do not begin anew
        is_other = removed or self._added or self._changed or self._known_anew or self._has_other_lists
        if is_other or is_rebuilt:
            generation = max(generation, self._after) + 1
            await writing.set_meta(self._writer, generation=generation, loaded_at=int(time.time()))
            await count_common_words(self._writer)
            if is_rebuilt or removed or await self._has_other_names():
                await naming.mark_names(self._writer)
        return generation

    async def _has_other_names(self) -> bool:
        """Whether a catalogue of what there is now may differ from one of before."""
        if self._added or self._known_anew or self._has_other_lists or len(self._changed) > naming.COMPARED:
            return True
        if not await reports.fact(self._writer, "names"):
            return True
        return sorted(self._names_before) != await naming.names_in(self._writer, self._changed)


def _read_list(file: FileStat, keep: Keep | None) -> tuple[dict[str, int] | None, list[Finding], Text | None]:
    """What a list says, what is wrong in it, and its text; no lengths and no text where it cannot be read."""
    try:
        data = read(file)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        finding = Finding(file.path, 0, "file-unreadable", Severity.REJECTED, message, "check its permissions")
        return None, [finding], None
    lengths, findings = read_durations(file.path, data)
    if lengths is None:
        return None, findings, None
    if keep is not None:
        keep(data)
    return lengths, findings, Text(hash_of(data).hex(), file.size, file.mtime_ns)


async def _silent(_: str) -> None:
    """Progress that nobody watches."""
