"""Writing the corpus: files, documents, settled stamps, findings. All inside the caller's transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import PurePosixPath

from bot.corpus.folder import FileStat
from bot.corpus.reading import KnownFile, ReadFile
from bot.corpus.stems import language_of
from bot.corpus.words import index_text, plain, raw_words, slug, spelt
from bot.models import Document, Finding, PageStamps, Passage, Settled, Trust
from bot.store.database import Reader, Writer

_BY_DOCUMENT = ("name", "section", "passage", "moment", "take", "link", "video_title")
_SAMPLED = 8  # passages that tell a document's language
_MAX_PARAMETERS = 500  # in one IN (...); SQLite's own limit is far higher


@dataclass(frozen=True, slots=True)
class VideoStamps:
    """All stamps on one video, by page in the order of paths; `moments` are their row ids in the same shape.

    `duration` is the video's length in seconds, None where it is not known.
    """

    video: str
    duration: int | None
    pages: tuple[PageStamps, ...]
    moments: tuple[tuple[int, ...], ...]


def document_key(path: str) -> str:
    """A document's stable key: 64 bits of its path's hash, as 16 hex digits."""
    return hashlib.blake2b(path.encode(), digest_size=8).hexdigest()


async def known_files(reader: Reader | Writer) -> dict[str, KnownFile]:
    """Every file of the last reload by its path."""
    rows = await reader.fetch("SELECT path, size, mtime_ns, hash, parser_version, rejected FROM file")
    return {row[0]: KnownFile(row[1], row[2], row[3], row[4], bool(row[5])) for row in rows}


async def document_paths(writer: Writer) -> set[str]:
    """The paths of all documents."""
    return {row[0] for row in await writer.fetch("SELECT path FROM document")}


async def remove_documents(writer: Writer, paths: Sequence[str]) -> set[str]:
    """Take documents and their findings out; return the videos that they cited. File rows stay."""
    videos: set[str] = set()
    for start in range(0, len(paths), _MAX_PARAMETERS):
        part = paths[start : start + _MAX_PARAMETERS]
        rows = await writer.fetch(f"SELECT id, video FROM document WHERE path IN ({_marks(part)})", part)
        ids = [row[0] for row in rows]
        videos.update(row[1] for row in rows if row[1])
        await writer.execute(
            "INSERT INTO passage_index (passage_index, rowid, words, heading, title) "
            f"SELECT 'delete', id, words, heading, title FROM passage_text WHERE document IN ({_marks(ids)})",
            ids,
        )
        for table in _BY_DOCUMENT:
            await writer.execute(f"DELETE FROM {table} WHERE document IN ({_marks(ids)})", ids)
        await writer.execute(f"DELETE FROM document WHERE id IN ({_marks(ids)})", ids)
        await writer.execute(f"DELETE FROM finding WHERE path IN ({_marks(part)})", part)
    return videos


async def forget_files(writer: Writer, paths: Sequence[str]) -> None:
    """Take file rows out, of files that are gone."""
    await writer.many("DELETE FROM file WHERE path = ?", [(path,) for path in paths])


async def note_files(writer: Writer, files: Sequence[ReadFile], *, kept: Collection[str]) -> None:
    """Remember how each file was when it was parsed, and its findings.

    Of a rejected file whose path is in `kept` the last good document stays; its finding says so.
    """
    rows: list[tuple[object, ...]] = []
    found: list[Finding] = []
    for file in files:
        if file.parsed is None:
            continue
        rejected = file.parsed.document is None
        rows.append((file.stat.path, file.stat.size, file.stat.mtime_ns, file.hash, file.parser_version, rejected))
        found += _saying_kept(file.parsed.findings, kept) if rejected else file.parsed.findings
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


class Rows:
    """Collects the rows of documents, so that each table takes one statement a batch. Ids go on from the highest."""

    def __init__(self, document: int, passage: int, moment: int) -> None:
        self._document, self._passage, self._moment = document, passage, moment
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        self._seen_words: set[bytes] = set()
        self._language = ""  # of the document that is being laid out
        self._reset()

    @classmethod
    async def begin(cls, writer: Writer) -> Rows:
        """Start after the ids that are taken."""
        rows = await writer.fetch(
            "SELECT (SELECT max(id) FROM document), (SELECT max(id) FROM passage), (SELECT max(id) FROM moment)"
        )
        return cls(*(highest or 0 for highest in rows[0]))

    def _reset(self) -> None:
        self._rows = {table: [] for table in ("document", *_BY_DOCUMENT)}
        self._first = self._passage + 1
        self._spellings: set[str] = set()

    def add(self, document: Document) -> None:
        """Lay out one document's rows."""
        self._document += 1
        number = self._document
        rows = self._rows
        self._language = language_of(_sample(document), plain)
        rows["document"].append(
            (
                number,
                document_key(document.path),
                document.path,
                document.kind.value,
                document.title,
                document.source,
                document.video,
                document.guest,
                document.author,
                document.published,
                document.duration,
                json.dumps(document.references, ensure_ascii=False),
                self._indexed(document.title),
                document.source,
                document.published,
                document.duration,
                self._language,
            )
        )
        rows["name"].extend((folded, number, rank, shown) for folded, (rank, shown) in _names(document).items())
        rows["video_title"].extend((video, number, title) for video, title in document.videos)
        for ordinal, section in enumerate(document.sections):
            path = "\n".join(section.path)
            row = (number, ordinal, section.heading, section.level, path, section.line, self._indexed(path))
            rows["section"].append(row)
            rows["link"].extend((number, None, slug(link.target), link.target, section.line) for link in section.links)
        first = self._passage + 1
        for passage in document.passages:
            self._add_passage(number, document, passage)
        self._spell(document)
        rows["take"].extend((None, number, first + take.passage, take.label, take.text) for take in document.takes)

    def _add_passage(self, document: int, page: Document, passage: Passage) -> None:
        self._passage += 1
        rows = self._rows
        only_link = any(link.start == 0 and link.end == len(passage.text) for link in passage.links)
        rows["passage"].append(
            (
                self._passage,
                document,
                passage.section,
                passage.line,
                passage.is_item,
                not (only_link and not passage.stamps),
                passage.text,
                self._indexed(passage.text),
                json.dumps(passage.references) if passage.references else None,
            )
        )
        for stamp in passage.stamps:
            self._moment += 1
            rows["moment"].append(
                (
                    self._moment,
                    self._passage,
                    document,
                    page.video,
                    stamp.written,
                    stamp.label,
                    stamp.start,
                    stamp.end,
                    stamp.line,
                    None,
                    None,
                    Trust.DOUBTFUL.value,
                    "",
                )
            )
        for link in passage.links:
            rows["link"].append((document, self._passage, slug(link.target), link.target, passage.line))

    def _indexed(self, text: str) -> str | None:
        """The text as it is indexed, None where that is the text itself."""
        words = index_text(text, self._language)
        return None if words == text else words

    def _spell(self, document: Document) -> None:
        headings = (section.heading for section in document.sections)
        texts = (document.title, *headings, *(passage.text for passage in document.passages))
        new = raw_words("\n".join(texts)) - self._seen_words
        self._seen_words |= new
        self._spellings.update(word for raw in new for word in spelt(raw))

    async def write(self, writer: Writer) -> None:
        """Write what was added since the last call, and index it."""
        for table, rows in self._rows.items():
            if rows:
                await writer.many(f"INSERT INTO {table} VALUES ({_marks(rows[0])})", rows)
        await writer.execute(
            "INSERT INTO passage_index (rowid, words, heading, title) "
            "SELECT id, words, heading, title FROM passage_text WHERE id BETWEEN ? AND ?",
            (self._first, self._passage),
        )
        await writer.many("INSERT OR IGNORE INTO spelling VALUES (?)", [(word,) for word in sorted(self._spellings)])
        self._reset()


def _sample(document: Document) -> str:
    """Enough of the document to tell its language."""
    return " ".join(passage.text for passage in document.passages[:_SAMPLED])


def _names(document: Document) -> dict[str, tuple[int, str]]:
    """What links may call a document by: folded name to (rank, as written); the first of equal ones counts."""
    stem = PurePosixPath(document.path).stem
    names: dict[str, tuple[int, str]] = {}
    for rank, shown in ((0, document.title), *((1, alias) for alias in document.aliases), (2, stem)):
        folded = slug(shown)
        if folded:
            names.setdefault(folded, (rank, shown))
    return names


async def stamps_of(writer: Writer, videos: Sequence[str]) -> list[VideoStamps]:
    """Every stamp on these videos, as the files state them."""
    found: list[VideoStamps] = []
    for start in range(0, len(videos), _MAX_PARAMETERS):
        part = videos[start : start + _MAX_PARAMETERS]
        known = await writer.fetch(f"SELECT id, seconds FROM video WHERE id IN ({_marks(part)})", part)
        lengths: dict[str, int | None] = {row[0]: row[1] for row in known}
        rows = await writer.fetch(
            "SELECT moment.video, document.path, moment.id, written, label FROM moment "
            f"JOIN document ON document.id = moment.document WHERE moment.video IN ({_marks(part)}) "
            "ORDER BY moment.video, document.path, moment.id",
            part,
        )
        for video, of_video in groupby(rows, key=lambda row: str(row[0])):
            pages: list[PageStamps] = []
            moments: list[tuple[int, ...]] = []
            for path, of_page in groupby(of_video, key=lambda row: str(row[1])):
                stamps = list(of_page)
                pages.append(PageStamps(path, tuple((row[3], row[4]) for row in stamps)))
                moments.append(tuple(row[2] for row in stamps))
            found.append(VideoStamps(video, lengths.get(video), tuple(pages), tuple(moments)))
    return found


async def settle_moments(writer: Writer, settled: Sequence[tuple[int, Settled]]) -> None:
    """Write what stamps mean, by moment id."""
    rows = [(s.start, s.end, s.trust.value, s.reason, moment) for moment, s in settled]
    await writer.many("UPDATE moment SET start = ?, until = ?, trust = ?, reason = ? WHERE id = ?", rows)


async def set_meta(writer: Writer, **facts: object) -> None:
    """Set facts about the corpus as a whole."""
    await writer.many(
        "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(name, str(value)) for name, value in facts.items()]
    )


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
