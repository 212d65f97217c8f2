"""The corpus counted, for its page: by source, by file with findings, by video. Pure but for the loading of it.

Counting reads every moment once (about 0.1 s for 900 pages), so a survey is kept until the corpus changes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.models import Kind, Severity
from bot.search.titles import fold
from bot.store import reports, surveying
from bot.store.database import Reader
from bot.store.surveying import DocumentCounts, VideoLength

FILES_PAGE = 20
VIDEOS_PAGE = 25
_WORST_FIRST = tuple(Severity)  # in the order that they are declared in


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What one source brought; its name is empty for documents that name none."""

    source: str
    pages: int
    articles: int
    videos: int
    passages: int
    stated: int
    repaired: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class FileFindings:
    """A file with how many findings it has of each code, worst first. `key` is its document's, empty without one."""

    path: str
    key: str
    severity: Severity
    counts: tuple[tuple[str, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class FilesAnswer:
    """One view of the files with findings, worst first, then those with most. `files_total` counts all of them.

    `kinds` are all (code, severity, count) of the corpus, worst first, whatever was asked for.
    """

    files: tuple[FileFindings, ...]
    files_total: int
    findings_total: int
    offset: int
    kinds: tuple[tuple[str, Severity, int], ...]


@dataclass(frozen=True, slots=True)
class VideoCounts:
    """A video with how far its moments are trusted. `seconds` is its length where that is known."""

    video: str
    title: str
    source: str
    pages: int
    stated: int
    repaired: int
    doubtful: int
    seconds: int | None

    @property
    def moments(self) -> int:
        """How many moments its pages cite."""
        return self.stated + self.repaired + self.doubtful


@dataclass(frozen=True, slots=True)
class VideosAnswer:
    """One view of the videos; `total` counts all that were asked for."""

    videos: tuple[VideoCounts, ...]
    total: int
    offset: int


class VideoOrder(StrEnum):
    """How the videos are listed: by the share of moments not taken as written, by that of doubtful ones, and so on."""

    WORST = "worst"
    DOUBTFUL = "doubtful"
    MOMENTS = "moments"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class Survey:
    """The corpus of one generation, counted. `loaded_at` is Unix time, 0 before the first reload."""

    generation: int
    loaded_at: int
    documents: tuple[DocumentCounts, ...]
    by_id: Mapping[int, DocumentCounts]
    lengths: Mapping[str, VideoLength]
    findings: tuple[tuple[str, str, Severity, int], ...]


async def load_survey(reader: Reader, generation: int) -> Survey:
    """Count everything."""
    documents = await surveying.documents(reader)
    return Survey(
        generation=generation,
        loaded_at=int(await reports.fact(reader, "loaded_at") or 0),
        documents=tuple(documents),
        by_id={document.id: document for document in documents},
        lengths=await surveying.lengths(reader),
        findings=tuple(await reports.findings_by_file(reader)),
    )


def sources(survey: Survey) -> tuple[SourceCounts, ...]:
    """What each source brought, most documents first."""
    of_source: dict[str, list[DocumentCounts]] = defaultdict(list)
    for document in survey.documents:
        of_source[document.source].append(document)
    counted = [_source(name, documents) for name, documents in of_source.items()]
    return tuple(sorted(counted, key=lambda one: (-one.pages - one.articles, one.source.casefold())))


def _source(name: str, documents: list[DocumentCounts]) -> SourceCounts:
    pages = sum(document.kind is Kind.PAGE for document in documents)
    return SourceCounts(
        source=name,
        pages=pages,
        articles=len(documents) - pages,
        videos=len({document.video for document in documents} - {""}),
        passages=sum(document.passages for document in documents),
        stated=sum(document.stated for document in documents),
        repaired=sum(document.repaired for document in documents),
        doubtful=sum(document.doubtful for document in documents),
    )


def files(survey: Survey, *, code: str = "", severity: str = "", words: str = "", offset: int = 0) -> FilesAnswer:
    """The files with findings of one code or severity, where given, whose path has all of the words."""
    kinds: Counter[tuple[str, Severity]] = Counter()
    of_file: dict[str, list[tuple[str, Severity, int]]] = defaultdict(list)
    wanted = words.casefold().split()
    for path, its_code, its_severity, count in survey.findings:
        kinds[its_code, its_severity] += count
        if code in ("", its_code) and severity in ("", its_severity) and _has(path.casefold(), wanted):
            of_file[path].append((its_code, its_severity, count))
    keys = {document.path: document.key for document in survey.documents}
    found = [_file(path, keys.get(path, ""), counts) for path, counts in of_file.items()]
    found.sort(key=lambda one: (_WORST_FIRST.index(one.severity), -one.total, one.path))
    return FilesAnswer(
        files=tuple(found[offset : offset + FILES_PAGE]),
        files_total=len(found),
        findings_total=sum(one.total for one in found),
        offset=offset,
        kinds=tuple(
            (its_code, its_severity, count)
            for (its_code, its_severity), count in sorted(
                kinds.items(), key=lambda item: (_WORST_FIRST.index(item[0][1]), -item[1], item[0][0])
            )
        ),
    )


def _file(path: str, key: str, counts: list[tuple[str, Severity, int]]) -> FileFindings:
    worst = sorted(counts, key=lambda one: (_WORST_FIRST.index(one[1]), -one[2]))
    return FileFindings(
        path, key, worst[0][1], tuple((code, count) for code, _, count in worst), sum(count for *_, count in counts)
    )


def videos(
    survey: Survey,
    name_of: Callable[[str], str],
    *,
    words: str = "",
    order: VideoOrder = VideoOrder.WORST,
    offset: int = 0,
) -> VideosAnswer:
    """The videos whose title, pages, source or id have all of the words. `name_of` gives a video's title by its id."""
    pages: dict[str, list[DocumentCounts]] = defaultdict(list)
    for document in survey.documents:
        if document.video:
            pages[document.video].append(document)
    wanted = fold(words).split()
    found = [
        _video(video, name_of(video) or documents[0].title, documents, survey.lengths.get(video))
        for video, documents in pages.items()
        if not wanted or _has(_folded(video, name_of(video), documents), wanted)
    ]
    found.sort(key=_ORDERS[order])
    return VideosAnswer(tuple(found[offset : offset + VIDEOS_PAGE]), len(found), offset)


def _video(video: str, title: str, documents: list[DocumentCounts], length: VideoLength | None) -> VideoCounts:
    return VideoCounts(
        video=video,
        title=title,
        source=documents[0].source,
        pages=len(documents),
        stated=sum(document.stated for document in documents),
        repaired=sum(document.repaired for document in documents),
        doubtful=sum(document.doubtful for document in documents),
        seconds=length.seconds if length else None,
    )


def _folded(video: str, title: str, documents: list[DocumentCounts]) -> str:
    names = " ".join(f"{document.title} {document.source}" for document in documents)
    return f"{fold(f'{title} {names}')} {fold(video)}"


def _has(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _share(count: int, video: VideoCounts) -> float:
    return count / video.moments if video.moments else 0.0


_ORDERS: dict[VideoOrder, Callable[[VideoCounts], tuple[float | str, ...]]] = {
    VideoOrder.WORST: lambda one: (-_share(one.repaired + one.doubtful, one), -one.moments, one.video),
    VideoOrder.DOUBTFUL: lambda one: (-_share(one.doubtful, one), -one.doubtful, one.video),
    VideoOrder.MOMENTS: lambda one: (-one.moments, one.video),
    VideoOrder.TITLE: lambda one: (one.title.casefold(), one.video),
}
