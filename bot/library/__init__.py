"""The loaded corpus as something to ask: topics, moments and takes. Reads only; knows no Discord.

Every question is one snapshot of the corpus: a reload in between is not seen half.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from bot.library.asking import ask
from bot.library.showing import show_excerpts, show_moments, show_results
from bot.library.takes import group_takes, merge_takes, siblings_of, takes_of
from bot.library.topics import document_topic, unwritten_topic
from bot.models import (
    CorpusSizes,
    CorpusStatus,
    Finding,
    LibraryAnswer,
    Miss,
    MomentsAnswer,
    SearchAnswer,
    SectionAnswer,
    TakesAnswer,
    Topic,
    TopicAnswer,
)
from bot.search import snapshot
from bot.search.catalogue import Catalogue
from bot.search.engine import Scope, search_moments, search_passages
from bot.search.indexing import READ, catalogue_of
from bot.search.meaning import Meaning
from bot.search.titles import GOOD_MATCH, fold
from bot.store import reading, reports
from bot.store.database import Database, Reader
from bot.store.reading import MomentRow

PAGE = 5  # moments in one view: with their words about twelve lines
PAGE_MOMENTS = 10  # of a page's own moments: one line each
DOCUMENTS_PAGE = 10
ABOUT = 3  # moments shown for a message
_MESSAGE = 300  # code points of a message that are looked at
TAKES_PAGE = 10
AROUND = 90  # seconds before and after a moment that "More around" shows
_AROUND_LIMIT = 12
_NEAREST = 5
_COMPLETED = 100  # topics that are looked through for documents to suggest
_LABELS_SHOWN = 24


class Library:
    """What every surface talks to. `refresh` after each reload; `sizes` is None before the first."""

    def __init__(self, database: Database, meaning: Meaning | None = None) -> None:
        self._database = database
        self._names = b""  # the key of what the catalogue was made of
        self.meaning = meaning
        self.catalogue = Catalogue()
        self.sizes: CorpusSizes | None = None

    async def refresh(self) -> None:
        """Take over what the last reload brought. Names that it left as they were are not indexed anew."""
        corpus, serving = self._database.corpus, self.sizes is not None
        async with corpus.read(limit=READ) as reader:
            sizes, key = await reports.sizes(reader), await snapshot.key_of(reader)
        if not key or key != self._names:
            documents = sum(count for _, count in sizes.documents)
            self._names, self.catalogue = await catalogue_of(corpus, key, documents, serving=serving)
        self.sizes = sizes
        if self.meaning is not None:
            self.meaning.changed.set()

    def reading(self, limit: float | None = None) -> AbstractAsyncContextManager[Reader]:
        """A snapshot for what else is asked of the corpus: see `Store.read`."""
        return self._database.corpus.read(limit)

    # Autocomplete: from memory, at once.

    def complete_topics(self, text: str) -> list[Topic]:
        """Topics for what is typed so far, documents first."""
        return self.catalogue.topics_named(self.catalogue.topics.complete(text))

    def complete_documents(self, text: str) -> list[Topic]:
        """Documents for what is typed so far: topics that have a page of their own."""
        titles = self.catalogue.topics.complete(text, _COMPLETED)
        return self.catalogue.topics_named(title for title in titles if title.key in self.catalogue.documents)

    def complete_videos(self, text: str) -> list[Topic]:
        """Videos by their own title or a page's; the key is the video id."""
        return [Topic(title.key, title.title) for title in self.catalogue.videos.complete(text)]

    def complete_labels(self, text: str) -> list[Topic]:
        """Take labels; the key is the label."""
        if not text.strip():
            return [Topic(label[:100], label) for label in self.catalogue.labels()[:25]]
        return [Topic(title.key, title.title) for title in self.catalogue.label_index.complete(text)]

    def complete_sources(self, text: str) -> list[Topic]:
        """Channels and publications by name; the key is the name."""
        return [Topic(title.key, title.title) for title in self.catalogue.source_index.complete(text)]

    def browse(self, source: str = "", offset: int = 0) -> LibraryAnswer:
        """Documents, newest first, those without a date last: of one source, or all. From memory."""
        catalogue = self.catalogue
        shown = catalogue.newest(source, offset, DOCUMENTS_PAGE)
        total = catalogue.sources[source] if source else len(catalogue.documents)
        return LibraryAnswer(source, shown, total, tuple(catalogue.sources.most_common()), offset)

    # Topics.

    async def topic(self, query: str) -> TopicAnswer | Miss:
        """A document by key, name or free words; else a topic that documents only link to; else a miss."""
        topic = self._find_topic(query)
        async with self._database.corpus.read() as reader:
            if topic is None:
                return Miss(query, await self._nearest(reader, query))
            if topic.key in self.catalogue.documents:
                number = await reading.document_id(reader, topic.key)
                if not number:
                    return Miss(topic.title, await self._nearest(reader, topic.title))
                return await document_topic(reader, self.catalogue, topic, number)
            named = await unwritten_topic(reader, self.catalogue, topic)
            return named or Miss(topic.title, await self._nearest(reader, topic.title))

    def _find_topic(self, query: str) -> Topic | None:
        """What a query names: the same name first, then words that fit well enough to answer without asking back.

        Of those, documents come before topics without a page, and titles that start so before the others.
        """
        index = self.catalogue.topics
        exact = index.exact(query)
        if exact is not None:
            return self.catalogue.topic(exact.key)
        good = [title for title, score in index.lookup(query) if score >= GOOD_MATCH]
        start = fold(query)
        good.sort(key=lambda title: (title.rank, not fold(title.title).startswith(start)))  # keeps the better first
        return self.catalogue.topic(good[0].key) if good else None

    async def section(self, key: str, ordinal: int) -> SectionAnswer | Miss:
        """One section of a document, whole."""
        async with self._database.corpus.read() as reader:
            number = await reading.document_id(reader, key)
            sections = await reading.sections(reader, number) if number else []
            chosen = next(((section, path) for section, path in sections if section.ordinal == ordinal), None)
            if chosen is None:
                return Miss("", ())
            document = (await reading.documents(reader, [number]))[number]
            passages = await reading.passages_of(reader, number, ordinal)
            return SectionAnswer(
                document=document,
                section=chosen[0],
                path=chosen[1],
                excerpts=await show_excerpts(reader, passages, document),
                sections=tuple(section for section, _ in sections),
                references=await reading.references(reader, number),
            )

    # Moments.

    async def moments(
        self, query: str, *, video: str = "", source: str = "", offset: int = 0, literal: bool = False
    ) -> MomentsAnswer | Miss:
        """The moments that say it, best first. `video` is an id, `source` a name; `literal` repairs no words."""
        scope = Scope(video, source)
        async with self._database.corpus.read() as reader:
            found = await search_moments(
                reader,
                query,
                scope=scope,
                limit=PAGE,
                offset=offset,
                literal=literal,
                meaning=self.meaning,
            )
            if not found.total:
                said = await search_passages(reader, query, scope=scope, limit=1, literal=literal)
                return Miss(query, await self._nearest(reader, query), said_elsewhere=said.total > 0)
            rows = await reading.moments_by_id(reader, [hit.moment for hit in found.hits])
            also = {hit.moment: hit.also for hit in found.hits}
            moments = await show_moments(
                reader, [rows[hit.moment] for hit in found.hits if hit.moment in rows], found.query, also
            )
            title = await self._video_title(reader, video)
        return MomentsAnswer(query, moments, found.total, offset, found.repaired, title, found.cut_short, found.unknown)

    async def moments_about(self, text: str) -> MomentsAnswer | Miss:
        """The few moments that a longer text, such as somebody's message, is about."""
        async with self._database.corpus.read() as reader:
            found = await search_moments(reader, text, limit=ABOUT, clamp=_MESSAGE, meaning=self.meaning)
            rows = await reading.moments_by_id(reader, [hit.moment for hit in found.hits])
            moments = await show_moments(
                reader, [rows[hit.moment] for hit in found.hits if hit.moment in rows], found.query
            )
            if not moments:
                return Miss(text[:100], await self._nearest(reader, text))
        return MomentsAnswer("", moments, found.total)

    async def page_moments(self, key: str, offset: int = 0) -> MomentsAnswer | Miss:
        """All moments of a page, by time."""
        async with self._database.corpus.read() as reader:
            number = await reading.document_id(reader, key)
            if not number:
                return Miss("", ())
            document = (await reading.documents(reader, [number]))[number]
            total = await reading.moment_count(reader, number)
            rows = await reading.moments_of(reader, number, PAGE_MOMENTS, offset)
            return MomentsAnswer("", await show_moments(reader, rows), total, offset, "", document.title)

    async def around(self, video: str, second: int) -> MomentsAnswer | Miss:
        """What else is said within a minute and a half of a moment, on any page, by time."""
        async with self._database.corpus.read() as reader:
            rows = await reading.moments_around(reader, video, second, AROUND)
            seen: dict[tuple[int | None, int], MomentRow] = {}
            for row in rows:  # each second once; at the one that was asked for all, since it was one of these
                seen.setdefault((row.start, row.id if row.start == second else 0), row)
            nearest = sorted(seen.values(), key=lambda row: abs((row.start or 0) - second))[:_AROUND_LIMIT]
            moments = await show_moments(reader, sorted(nearest, key=lambda row: row.start or 0))
            title = await self._video_title(reader, video)
        if not moments:
            return Miss("", ())
        return MomentsAnswer("", moments, len(moments), 0, "", title)

    # Passages of every kind of document.

    async def search(
        self, query: str, *, source: str = "", video: str = "", offset: int = 0, literal: bool = False
    ) -> SearchAnswer | Miss:
        """The passages that say it, best first. `source` is a name, `video` an id; `literal` repairs no words."""
        async with self._database.corpus.read() as reader:
            found = await search_passages(
                reader,
                query,
                scope=Scope(video, source),
                limit=PAGE,
                offset=offset,
                literal=literal,
                meaning=self.meaning,
            )
            if not found.total:
                return Miss(query, await self._nearest(reader, query))
            results = await show_results(reader, found.hits, found.query)
            title = await self._video_title(reader, video)
        return SearchAnswer(query, results, found.total, offset, found.repaired, title, found.cut_short, found.unknown)

    async def ask(self, question: str) -> SearchAnswer | Miss:
        """The sentences that answer a question, best first; a miss where nothing in the library does."""
        async with self._database.corpus.read() as reader:
            answer = await ask(reader, question)
            return answer or Miss(question, await self._nearest(reader, question), of_answer=True)

    # Takes.

    async def takes(self, *, topic: str = "", label: str = "", offset: int = 0) -> TakesAnswer | Miss:
        """Quick takes of a topic's video, or all answers to one question; without either, which questions there are."""
        labels = tuple(self.catalogue.labels()[:_LABELS_SHOWN])
        shown, spellings = self.catalogue.labels_for(label) if label else ("", [])
        page = self._find_topic(topic) if topic else None
        if label and not spellings:
            return self._takes_miss(label, label)
        if topic and page is None:
            async with self._database.corpus.read() as reader:
                return Miss(topic, await self._nearest(reader, topic))
        if page and page.key not in self.catalogue.documents:  # no page of its own, so no list of takes either
            return self._takes_miss(page.title, label)
        if not label and not topic:
            return TakesAnswer("", None, (), 0, 0, labels)
        async with self._database.corpus.read() as reader:
            if page:
                document = self.catalogue.documents[page.key]
                found = await takes_of(reader, document, await siblings_of(reader, document))
            else:
                found = await reading.takes(reader, labels=spellings)
        wanted = set(spellings)
        merged = merge_takes([take for take, _ in found if not label or take.label in wanted])
        if not merged:
            return self._takes_miss(page.title if page else label, label)
        videos = len({take.document.video or take.document.key for take in merged})
        groups = group_takes(merged[offset : offset + TAKES_PAGE], self.catalogue)
        return TakesAnswer(shown, page, groups, len(merged), videos, labels, offset)

    def _takes_miss(self, query: str, label: str) -> Miss:
        """No take answers; offered are questions that resemble this one, else the most answered."""
        titles = self.catalogue.label_index.nearest(label, _NEAREST) if label else []
        shown = [title.title for title in titles] or self.catalogue.labels()[:_NEAREST]
        offered = tuple(Topic(name[:100], name) for name in shown)
        return Miss(query, offered, of_takes=True, most_answered=bool(offered) and not titles)

    # Shared.

    async def _video_title(self, reader: Reader, video: str) -> str:
        """A video's own title; empty where only the pages on it have one."""
        name = self.catalogue.video_name(video) if video else ""
        return "" if any(page.title == name for page in await reading.same_video(reader, video)) else name

    async def _nearest(self, reader: Reader, query: str) -> tuple[Topic, ...]:
        """Topics to offer for a miss: by name, then the pages whose passages come closest."""
        topics = self.catalogue.topics_named(self.catalogue.topics.nearest(query, _NEAREST))
        if len(topics) < _NEAREST:
            found = await search_passages(reader, query, limit=_NEAREST)
            pages = await reading.documents(reader, (hit.document for hit in found.hits))
            for hit in found.hits:
                topic = self.catalogue.topic(pages[hit.document].key) if hit.document in pages else None
                if topic is not None and all(topic.key != known.key for known in topics):
                    topics.append(topic)
        return tuple(topics[:_NEAREST])

    # For moderators.

    async def status(self) -> CorpusStatus:
        """What is loaded, counted."""
        store = self._database.corpus
        async with store.read(limit=10) as reader:
            status = await reports.status(reader, store.size())
        return replace(status, meaning=await self.meaning.progress() if self.meaning is not None else None)

    async def findings(self, code: str = "") -> list[Finding]:
        """What is wrong in the files, worst first."""
        async with self._database.corpus.read(limit=10) as reader:
            return await reports.findings(reader, code)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is loaded."""
        return not self.catalogue.documents
