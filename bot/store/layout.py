"""What documents come to as rows, and what settling makes of moments. Pure, for workers: writing.py writes the rows."""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.corpus.folder import FileStat
from bot.corpus.reading import ReadFile
from bot.corpus.settling import settle
from bot.corpus.stems import language_of
from bot.corpus.words import index_text, plain, raw_words, slug, spelt
from bot.models import Document, Finding, PageStamps, Passage, Trust

_SAMPLED = 8  # passages that tell a document's language
_UNSETTLED = (None, None, Trust.DOUBTFUL.value, "")  # what a moment means before its video is settled

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """A file that was read, and what was found in it. `video` is what its document cites; None where it is rejected."""

    stat: FileStat
    hash: bytes
    parser_version: int
    video: str | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A batch of files as rows. `same` are those whose content was known, `noted` the others.

    Ids of documents, passages and moments count from 1 here; `counts` says how many there are of each.
    """

    same: tuple[FileStat, ...]
    noted: tuple[Noted, ...]
    counts: tuple[int, int, int]
    packed: bytes

    def rows(self) -> dict[str, list[Row]]:
        """The rows by table, spellings among them."""
        rows: dict[str, list[Row]] = marshal.loads(self.packed)  # made by a process of ours a moment ago
        return rows


@dataclass(frozen=True, slots=True)
class VideoStamps:
    """All stamps on one video, by page in the order of paths: (path, stamps).

    A page's stamps are JSON, as the database makes it: [[id, written, label, start, until, trust, reason], ...].
    `duration` is the video's length in seconds, None where it is not known.
    """

    video: str
    duration: int | None
    pages: tuple[tuple[str, str], ...]


def document_key(path: str) -> str:
    """A document's stable key: 64 bits of its path's hash, as 16 hex digits."""
    return hashlib.blake2b(path.encode(), digest_size=8).hexdigest()


def lay_out(files: Sequence[ReadFile]) -> LaidOut:
    """Lay out a batch of files."""
    rows = _Rows()
    same: list[FileStat] = []
    noted: list[Noted] = []
    for file in files:
        if file.parsed is None:
            same.append(file.stat)
            continue
        document = file.parsed.document
        if document is not None:
            rows.add(document)
        video = None if document is None else document.video
        noted.append(Noted(file.stat, file.hash, file.parser_version, video, file.parsed.findings))
    return LaidOut(tuple(same), tuple(noted), rows.counts, rows.packed())


class _Rows:
    """Collects the rows of documents by table."""

    def __init__(self) -> None:
        self._document = self._passage = self._moment = 0
        self._rows: dict[str, list[Row]] = {
            table: []
            for table in ("document", "name", "section", "passage", "moment", "take", "link", "video_title", "spelling")
        }
        self._words: set[bytes] = set()
        self._language = ""  # of the document that is being laid out

    @property
    def counts(self) -> tuple[int, int, int]:
        return self._document, self._passage, self._moment

    def packed(self) -> bytes:
        self._rows["spelling"] = [(word,) for word in sorted(spelt(self._words))]
        return marshal.dumps(self._rows)

    def add(self, document: Document) -> None:
        self._document += 1
        number = self._document
        rows = self._rows
        self._language = language_of(" ".join(passage.text for passage in document.passages[:_SAMPLED]), plain)
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
        headings = (section.heading for section in document.sections)
        texts = (document.title, *headings, *(passage.text for passage in document.passages))
        self._words |= raw_words("\n".join(texts))
        rows["take"].extend((None, number, first + take.passage, take.label, take.text) for take in document.takes)

    def _add_passage(self, document: int, page: Document, passage: Passage) -> None:
        self._passage += 1
        number = self._passage
        text = passage.text
        only_link = any(link.start == 0 and link.end == len(text) for link in passage.links)
        self._rows["passage"].append(
            (
                number,
                document,
                passage.section,
                passage.line,
                passage.is_item,
                not (only_link and not passage.stamps),
                text,
                self._indexed(text),
                json.dumps(passage.references) if passage.references else None,
            )
        )
        for at, stamp in enumerate(passage.stamps, self._moment + 1):
            where = (at, number, document, page.video)
            self._rows["moment"].append(
                (*where, stamp.written, stamp.label, stamp.start, stamp.end, stamp.line, *_UNSETTLED)
            )
        self._moment += len(passage.stamps)
        for link in passage.links:
            self._rows["link"].append((document, number, slug(link.target), link.target, passage.line))

    def _indexed(self, text: str) -> str | None:
        """The text as it is indexed, None where that is the text itself."""
        words = index_text(text, self._language)
        return None if words == text else words


def _names(document: Document) -> dict[str, tuple[int, str]]:
    """What links may call a document by: folded name to (rank, as written); the first of equal ones counts."""
    stem = PurePosixPath(document.path).stem
    names: dict[str, tuple[int, str]] = {}
    for rank, shown in ((0, document.title), *((1, alias) for alias in document.aliases), (2, stem)):
        folded = slug(shown)
        if folded:
            names.setdefault(folded, (rank, shown))
    return names


def settled_anew(videos: Sequence[VideoStamps]) -> list[Row]:
    """What stamps mean, of those that mean something else than before: (start, until, trust, reason, id)."""
    changed: list[Row] = []
    for video in videos:
        pages = [(path, sorted(json.loads(stamps))) for path, stamps in video.pages]
        written = [PageStamps(path, tuple([(stamp[1], stamp[2]) for stamp in stamps])) for path, stamps in pages]
        for (_, stamps), settled in zip(pages, settle(written, video.duration), strict=True):
            for stamp, means in zip(stamps, settled, strict=True):
                now = [means.start, means.end, means.trust.value, means.reason]
                if now != stamp[3:]:
                    changed.append((*now, stamp[0]))
    return changed
