"""The library as those who keep it look at it: counted, searched with reasons, each video and link. Reads only.

Not for members: `Library` answers them. What it counts is kept until the corpus changes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.library import Library
from bot.library.linking import LinkMap, Neighbourhood, link_map, neighbourhood
from bot.library.showing import show_results
from bot.library.surveying import (
    FilesAnswer,
    SourceCounts,
    Survey,
    VideoOrder,
    VideosAnswer,
    files,
    load_survey,
    sources,
    videos,
)
from bot.library.tracing import VideoAnswer, trace
from bot.models import Finding, SearchResult
from bot.search.engine import Scope
from bot.search.explaining import explain_passages
from bot.search.scoring import Parts
from bot.store import reading, reports
from bot.store.database import Reader

RESULTS_PAGE = 10
FINDINGS_PAGE = 50
_PATIENCE = 10.0  # seconds for a read: one person waits for it, and no member's reply


@dataclass(frozen=True, slots=True)
class Summary:
    """What is loaded: the corpus's number, when it last changed (Unix time, 0 for never), and each source."""

    generation: int
    loaded_at: int
    sources: tuple[SourceCounts, ...]
    videos: int
    topics: int


@dataclass(frozen=True, slots=True)
class FindingsAnswer:
    """What is wrong in one file, by line, from `offset` on; `total` counts all that was asked for.

    `video` is the one that its document cites, empty where there is none.
    """

    path: str
    video: str
    findings: tuple[Finding, ...]
    total: int
    offset: int


@dataclass(frozen=True, slots=True)
class ExplainedAnswer:
    """What `/search` finds, with what each result's score is made of.

    `words` are the question's: as written, what each weighs, how many of the corpus's `passages` have it. `cut_short`
    tells that more passages matched than were ranked, `by_meaning` that the best were put in order by meaning besides.
    """

    query: str
    repaired: str
    results: tuple[SearchResult, ...]
    parts: tuple[Parts, ...]
    words: tuple[tuple[str, float, int | None], ...]
    passages: int
    total: int
    offset: int
    cut_short: bool
    by_meaning: bool


class Inspector:
    """Answers what the corpus page asks."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._survey: Survey | None = None
        self._map: tuple[Survey, LinkMap] | None = None
        self._counting = asyncio.Lock()

    async def summary(self) -> Summary:
        """What is loaded."""
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
        return Summary(
            generation=survey.generation,
            loaded_at=survey.loaded_at,
            sources=sources(survey),
            videos=len({document.video for document in survey.documents} - {""}),
            topics=len(self._library.catalogue.topics),
        )

    async def files(self, *, code: str = "", severity: str = "", words: str = "", offset: int = 0) -> FilesAnswer:
        """The files with findings, worst first."""
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
        return files(survey, code=code, severity=severity, words=words, offset=offset)

    async def findings(self, path: str, *, code: str = "", severity: str = "", offset: int = 0) -> FindingsAnswer:
        """What is wrong in one file."""
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
            found, total = await reports.findings_of(reader, path, code, severity, FINDINGS_PAGE, offset)
        video = next((document.video for document in survey.documents if document.path == path), "")
        return FindingsAnswer(path, video, tuple(found), total, offset)

    async def videos(self, *, words: str = "", order: VideoOrder = VideoOrder.WORST, offset: int = 0) -> VideosAnswer:
        """The videos, by how far their moments can be trusted."""
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
        return videos(survey, self._library.catalogue.video_name, words=words, order=order, offset=offset)

    async def video(self, video: str) -> VideoAnswer | None:
        """One video's timeline; None where nothing cites it."""
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
            return await trace(reader, survey, video, self._library.catalogue.video_name(video))

    async def links(self, key: str) -> Neighbourhood | None:
        """A topic with its neighbours; None where it is gone."""
        catalogue = self._library.catalogue
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
            document = await reading.document_id(reader, key)
            if document in survey.by_id:
                return await neighbourhood(reader, survey, "", document, "")
            topic = catalogue.topic(key)
            return await neighbourhood(reader, survey, catalogue.slug_of(topic), 0, topic.title) if topic else None

    async def link_map(self) -> LinkMap:
        """The most linked topics, and how they are linked."""
        async with self._library.reading(_PATIENCE) as reader:
            survey = await self._counted(reader)
            if self._map is None or self._map[0] is not survey:
                self._map = survey, await link_map(reader, survey, len(self._library.catalogue.topics))
            return self._map[1]

    async def search(self, query: str, *, source: str = "", offset: int = 0, literal: bool = False) -> ExplainedAnswer:
        """What `/search` finds, and why it ranks so."""
        library = self._library
        async with library.reading(_PATIENCE) as reader:
            explained = await explain_passages(
                reader,
                query,
                scope=Scope(source=source),
                limit=RESULTS_PAGE,
                offset=offset,
                literal=literal,
                meaning=library.meaning,
            )
            results = await show_results(reader, explained.found.hits, explained.found.query)
        return ExplainedAnswer(
            query=query,
            repaired=explained.found.repaired,
            results=results,
            parts=explained.parts,
            words=explained.words,
            passages=explained.passages,
            total=explained.found.total,
            offset=offset,
            cut_short=explained.found.cut_short,
            by_meaning=library.meaning is not None,
        )

    async def _counted(self, reader: Reader) -> Survey:
        """The survey of what this reader sees."""
        generation = int(await reports.fact(reader, "generation") or 0)
        async with self._counting:
            if self._survey is None or self._survey.generation != generation:
                self._survey = await load_survey(reader, generation)
            return self._survey
