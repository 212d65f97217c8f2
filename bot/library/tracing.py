"""One video as a timeline: a track for each page that cites it, a mark for each moment. Settles and ranks nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bot.corpus.timecode import read
from bot.library.surveying import Survey
from bot.models import Trust
from bot.store import surveying
from bot.store.database import Reader
from bot.store.surveying import MarkRow

MOST_MARKS = 3_000  # of one video; the most that real pages have is 1,014


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment on a page's track.

    `start` is where it was settled to be, in seconds, None where it is doubtful; `stated` is what is written, taken as
    it stands, None where that is no time. `reason` is empty for a stated one.
    """

    start: int | None
    stated: int | None
    written: str
    trust: Trust
    reason: str
    words: str
    line: int


@dataclass(frozen=True, slots=True)
class Track:
    """A page that cites the video, its marks in the order of its text."""

    key: str
    title: str
    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class VideoAnswer:
    """A video with its tracks, most marks that were not taken as written first.

    `seconds` is its length and `origin` who says so, None and empty where nobody does. `is_cut` tells that it has more
    marks than are shown.
    """

    video: str
    title: str
    seconds: int | None
    origin: str
    tracks: tuple[Track, ...]
    is_cut: bool


async def trace(reader: Reader, survey: Survey, video: str, title: str) -> VideoAnswer | None:
    """A video's timeline; None for a video that nothing cites."""
    rows = await surveying.marks(reader, video, MOST_MARKS + 1)
    of_document: dict[int, list[Mark]] = defaultdict(list)
    for row in rows[:MOST_MARKS]:
        of_document[row.document].append(_mark(row))
    pages = [document for document in survey.documents if document.video == video]
    if not pages:
        return None
    tracks = [Track(document.key, document.title, document.path, tuple(of_document[document.id])) for document in pages]
    tracks.sort(key=lambda track: (-_not_as_written(track), track.title.casefold()))
    length = survey.lengths.get(video)
    return VideoAnswer(
        video=video,
        title=title or pages[0].title,
        seconds=length.seconds if length else None,
        origin=length.origin if length else "",
        tracks=tuple(tracks),
        is_cut=len(rows) > MOST_MARKS,
    )


def _mark(row: MarkRow) -> Mark:
    plain = read(row.written, row.label).plain
    return Mark(
        start=row.start,
        stated=plain.start if plain else None,
        written=row.written or row.label,
        trust=row.trust,
        reason=row.reason,
        words=row.words,
        line=row.line,
    )


def _not_as_written(track: Track) -> float:
    return sum(mark.trust is not Trust.STATED for mark in track.marks) / max(len(track.marks), 1)
