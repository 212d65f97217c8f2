"""Writing the corpus: files, documents, settled stamps, findings. All inside the caller's transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

from bot.corpus.folder import FileStat
from bot.corpus.reading import KnownFile
from bot.models import Finding
from bot.store.database import Reader, Writer, marks
from bot.store.layout import LaidOut, Noted, Row, VideoStamps

_BY_DOCUMENT = ("name", "section", "passage", "moment", "take", "link", "video_title")
_MAX_PARAMETERS = 500  # in one IN (...); SQLite's own limit is far higher
# The columns that hold row ids, by their place, and of what: a batch counts its own from 1.
_PLACES = {
    "document": {0: "document"},
    "name": {1: "document"},
    "section": {0: "document"},
    "passage": {0: "passage", 1: "document"},
    "moment": {0: "moment", 1: "passage", 2: "document"},
    "take": {1: "document", 2: "passage"},
    "link": {0: "document", 1: "passage"},
    "video_title": {1: "document"},
}


async def known_files(reader: Reader | Writer) -> dict[str, KnownFile]:
    """Every file of the last reload by its path."""
    rows = await reader.fetch("SELECT path, size, mtime_ns, hash, parser_version, rejected FROM file")

    def by_path() -> dict[str, KnownFile]:
        return {row[0]: KnownFile(row[1], row[2], row[3], row[4], bool(row[5])) for row in rows}

    return await asyncio.to_thread(by_path)  # of many files: too long for the event loop


async def document_files(writer: Writer) -> list[tuple[str, bytes | None, int, int]]:
    """Each document's path, and the hash, size and time of its file; no hash where the file is rejected or gone."""
    rows = await writer.fetch(
        "SELECT document.path, iif(file.rejected, NULL, file.hash), file.size, file.mtime_ns"
        " FROM document LEFT JOIN file ON file.path = document.path"
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


async def document_paths(writer: Writer) -> set[str]:
    """The paths of all documents."""
    return {row[0] for row in await writer.fetch("SELECT path FROM document")}


async def remove_documents(writer: Writer, paths: Sequence[str]) -> set[str]:
    """Take documents and their findings out; return the videos that they cited. File rows stay."""
    videos: set[str] = set()
    for start in range(0, len(paths), _MAX_PARAMETERS):
        part = paths[start : start + _MAX_PARAMETERS]
        rows = await writer.fetch(f"SELECT id, video FROM document WHERE path IN ({marks(part)})", part)
        ids = [row[0] for row in rows]
        videos.update(row[1] for row in rows if row[1])
        await writer.execute(
            "INSERT INTO passage_index (passage_index, rowid, words, heading, title) "
            f"SELECT 'delete', id, words, heading, title FROM passage_text WHERE document IN ({marks(ids)})",
            ids,
        )
        for table in _BY_DOCUMENT:
            await writer.execute(f"DELETE FROM {table} WHERE document IN ({marks(ids)})", ids)
        await writer.execute(f"DELETE FROM document WHERE id IN ({marks(ids)})", ids)
        await writer.execute(f"DELETE FROM finding WHERE path IN ({marks(part)})", part)
    return videos


async def forget_files(writer: Writer, paths: Sequence[str]) -> None:
    """Take file rows out, of files that are gone."""
    await writer.many("DELETE FROM file WHERE path = ?", [(path,) for path in paths])


async def note_files(writer: Writer, files: Sequence[Noted], *, kept: Collection[str]) -> None:
    """Remember how each file was when it was parsed, and its findings.

    Of a rejected file whose path is in `kept` the last good document stays; its finding says so.
    """
    rows: list[tuple[object, ...]] = []
    found: list[Finding] = []
    for file in files:
        rejected = file.video is None
        rows.append((file.stat.path, file.stat.size, file.stat.mtime_ns, file.hash, file.parser_version, rejected))
        found += _saying_kept(file.findings, kept) if rejected else file.findings
    await writer.many("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)", rows)
    await _add_findings(writer, found)


async def replace_scan_findings(writer: Writer, findings: Sequence[Finding], *, kept: Collection[str]) -> None:
    """Keep what the folder walk found wrong: it walks everything each time, so what it found before is forgotten."""
    await writer.execute("DELETE FROM finding WHERE path NOT IN (SELECT path FROM file)")
    await _add_findings(writer, _saying_kept(findings, kept))


def _saying_kept(findings: Sequence[Finding], kept: Collection[str]) -> list[Finding]:
    """Of a file that was read before, say that what was read then is still shown."""
    until = "the version from before stays until then"
    return [
        replace(finding, action=f"{finding.action}; {until}") if finding.path in kept else finding
        for finding in findings
    ]


async def _add_findings(writer: Writer, findings: Sequence[Finding]) -> None:
    rows = [(f.path, f.line, f.code, f.severity.value, f.message, f.action) for f in findings]
    await writer.many("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)", rows)


async def drop_findings(writer: Writer, paths: Sequence[str]) -> None:
    """Forget the findings of files that are read again."""
    await writer.many("DELETE FROM finding WHERE path = ?", [(path,) for path in paths])


async def touch_files(writer: Writer, files: Sequence[FileStat]) -> None:
    """Remember new times of files whose content is as it was."""
    rows = [(file.size, file.mtime_ns, file.path) for file in files]
    await writer.many("UPDATE file SET size = ?, mtime_ns = ? WHERE path = ?", rows)


class Loading:
    """Writes batches, each table with one statement. Ids go on from the highest that are taken."""

    def __init__(self, document: int, passage: int, moment: int) -> None:
        self._taken = {"document": document, "passage": passage, "moment": moment}
        self._spelt: set[Row] = set()

    @classmethod
    async def begin(cls, writer: Writer) -> Loading:
        """Start after the ids that are taken."""
        rows = await writer.fetch(
            "SELECT (SELECT max(id) FROM document), (SELECT max(id) FROM passage), (SELECT max(id) FROM moment)"
        )
        return cls(*(highest or 0 for highest in rows[0]))

    async def write(self, writer: Writer, batch: LaidOut) -> None:
        """Write a batch's rows, and index its passages."""
        tables = batch.rows()
        new = set(tables.pop("spelling")) - self._spelt
        self._spelt |= new
        for table, rows in tables.items():
            if rows:
                places = _PLACES[table]
                values = (f"? + {self._taken[places[at]]}" if at in places else "?" for at in range(len(rows[0])))
                await writer.many(f"INSERT INTO {table} VALUES ({', '.join(values)})", rows)
        first = self._taken["passage"] + 1
        for table, count in zip(self._taken, batch.counts, strict=True):
            self._taken[table] += count
        await writer.execute(
            "INSERT INTO passage_index (rowid, words, heading, title) "
            "SELECT id, words, heading, title FROM passage_text WHERE id BETWEEN ? AND ?",
            (first, self._taken["passage"]),
        )
        await writer.many("INSERT OR IGNORE INTO spelling VALUES (?)", sorted(new))


async def stamps_of(writer: Writer, videos: Sequence[str]) -> list[VideoStamps]:
    """Every stamp on these videos, as the files state them and as they are settled now; at most _MAX_PARAMETERS."""
    rows = await writer.fetch(
        "SELECT document.video, video.seconds, document.path,"
        " (SELECT json_group_array(json_array(id, written, label, start, until, trust, reason))"
        "   FROM moment WHERE moment.document = document.id)"
        " FROM document LEFT JOIN video ON video.id = document.video"
        f" WHERE document.video IN ({marks(videos)}) AND document.video != '' ORDER BY document.video, document.path",
        videos,
    )
    return [
        VideoStamps(video, seconds, tuple((row[2], row[3]) for row in of_video))
        for (video, seconds), of_video in groupby(rows, key=lambda row: (row[0], row[1]))
    ]


async def settle_moments(writer: Writer, settled: Sequence[Row]) -> None:
    """Write what stamps mean, as layout.settled_anew says it."""
    await writer.many("UPDATE moment SET start = ?, until = ?, trust = ?, reason = ? WHERE id = ?", settled)


async def set_meta(writer: Writer, **facts: object) -> None:
    """Set facts about the corpus as a whole."""
    await writer.many(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(name, str(value)) for name, value in facts.items()]
    )
