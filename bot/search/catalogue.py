"""What is kept in memory: every topic, video, source and take label by name. Built anew after each reload.

A library of 21,000 pages names 200,000 topics, most of them by links alone: so names are packed (packed.py), and what
describes a document is taken apart only when it is asked for.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from itertools import islice, takewhile

from bot.corpus.words import slug
from bot.models import DocumentRef, Kind, Topic
from bot.search.packed import Texts, in_order
from bot.search.titles import Title, TitleIndex, fold
from bot.store import reading
from bot.store.database import Reader
from bot.store.layout import document_key

_MAX_LABELS = 300  # labels that one question about takes may gather
COLUMNS = [column.name for column in fields(DocumentRef)]
_WRITTEN, _UNWRITTEN = 0, 1  # ranks of topics: with a page of their own, named by links only


@dataclass(frozen=True, slots=True)
class Named:
    """Everything that a catalogue is built of, packed as it comes from the store.

    `documents` are rows by title, and `names` their further names; `targets` the link targets that have no page, as
    written; `odd_slugs` the slugs of those targets whose readable form has another one.
    """

    documents: Texts = field(default_factory=Texts)
    names: Texts = field(default_factory=Texts)
    targets: Texts = field(default_factory=Texts)
    odd_slugs: dict[str, str] = field(default_factory=dict)
    video_titles: dict[str, str] = field(default_factory=dict)
    labels: list[tuple[str, int]] = field(default_factory=list)


class Documents(Mapping[str, DocumentRef]):
    """Documents by key, in the order of their titles; each is made where it is asked for.

    `numbers` knows the keys, and numbers documents as the rows are.
    """

    def __init__(self, rows: Texts, numbers: TitleIndex) -> None:
        self._rows = rows
        self._numbers = numbers

    def __getitem__(self, key: str) -> DocumentRef:
        number = self._numbers.number_of(key)
        if not 0 <= number < len(self._rows):
            raise KeyError(key)
        return self.at(number)

    def at(self, number: int) -> DocumentRef:
        """A document by its number."""
        key, title, kind, *others = json.loads(self._rows[number])
        return DocumentRef(key, title, Kind(kind), *others)

    def __iter__(self) -> Iterator[str]:
        return (document.key for document in self.values())

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and 0 <= self._numbers.number_of(key) < len(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def values(self) -> Iterator[DocumentRef]:  # type: ignore[override] # a view would make each one twice
        """Every document."""
        return map(self.at, range(len(self)))


class Catalogue:
    """Names to keys and back. Everything here answers at once, without I/O."""

    def __init__(self, named: Named | None = None) -> None:
        named = named or Named()
        self.topics = TitleIndex(_topics(named))
        self.documents = Documents(named.documents, self.topics)
        self._odd_slugs = {unwritten_key(own): own for own in named.odd_slugs.values()}
        documents = list(self.documents.values())
        times = Counter(fold(document.title) for document in documents)
        self._shared_titles = {title for title, count in times.items() if count > 1}
        self.videos = TitleIndex(_videos(documents, named.video_titles))
        spellings: dict[str, str] = {}
        self._sources_of = [spellings.setdefault(document.source, document.source) for document in documents]
        self.sources = Counter(filter(None, self._sources_of))
        self.source_index = TitleIndex([Title(source[:100], source) for source in sorted(self.sources)])
        self._newest = array("I", _newest(documents))
        self._by_path = array("I", sorted(range(len(documents)), key=lambda number: documents[number].path))
        self._labels = self._fold_labels(named.labels)
        self.label_index = TitleIndex([Title(label[:100], label) for label in self.labels()])

    @staticmethod
    def _fold_labels(labels: Sequence[tuple[str, int]]) -> dict[str, tuple[str, int, list[str]]]:
        """Labels that differ in case and punctuation only are one: folded to (as mostly written, uses, spellings)."""
        folded: dict[str, tuple[str, int, list[str]]] = {}
        for label, uses in labels:
            shown, before, spellings = folded.setdefault(fold(label), (label, 0, []))
            spellings.append(label)
            folded[fold(label)] = (shown, before + uses, spellings)
        return folded

    def labels(self) -> list[str]:
        """Every take label, most used first."""
        return [shown for shown, _, _ in sorted(self._labels.values(), key=lambda entry: -entry[1])]

    def labels_for(self, text: str) -> tuple[str, list[str]]:
        """What a take's question means: the label to show, and all spellings of all labels that have its words.

        A typo is repaired by taking the best-fitting label's words. ("", []) where nothing fits.
        """
        words = set(fold(text).split())
        spellings = self._spellings(words)
        if spellings:
            return self._labels.get(fold(text), (text, 0, []))[0], spellings
        best = next(iter(self.label_index.complete(text, 1)), None)
        return (best.title, self._spellings(set(fold(best.title).split()))) if best else ("", [])

    def _spellings(self, words: set[str]) -> list[str]:
        if not words:
            return []
        fitting = (spellings for key, (_, _, spellings) in self._labels.items() if words <= set(key.split()))
        return [spelling for spellings in fitting for spelling in spellings][:_MAX_LABELS]

    def newest(self, source: str, offset: int, limit: int) -> tuple[DocumentRef, ...]:
        """Documents of a source, or all: the newest first, then those without a date by title."""
        chosen = (number for number in self._newest if source in ("", self._sources_of[number]))
        return tuple(map(self.documents.at, islice(chosen, offset, offset + limit)))

    def at_path(self, path: str) -> DocumentRef | None:
        """The document of a corpus path."""
        return self.documents.get(document_key(path))

    def below(self, folder: str) -> Iterator[DocumentRef]:
        """The documents below a folder of the corpus, by path."""
        start = f"{folder}/"
        first = bisect_left(self._by_path, start, key=lambda number: self.documents.at(number).path)
        return takewhile(
            lambda document: document.path.startswith(start), map(self.documents.at, islice(self._by_path, first, None))
        )

    def topic(self, key: str) -> Topic | None:
        """A topic by its key."""
        title = self.topics.named(key)
        if title is None:
            return None
        if title.rank == _UNWRITTEN:
            return Topic(key, title.title, "no page of its own")
        twice = fold(title.title) in self._shared_titles
        return Topic(key, title.title, self.documents[key].source if twice else "")

    def slug_of(self, topic: Topic) -> str:
        """The slug by which links name a topic without a page."""
        return self._odd_slugs.get(topic.key) or slug(topic.title)

    def video_name(self, video: str) -> str:
        """What a video is called; empty where no page cites it."""
        title = self.videos.named(video)
        return title.title if title else ""

    def topics_named(self, titles: Iterable[Title]) -> list[Topic]:
        """Topics of an index's answer."""
        return [topic for title in titles if (topic := self.topic(title.key)) is not None]


async def load_names(reader: Reader) -> Named:
    """Everything that a catalogue is built of."""
    named = Named(video_titles=await reading.video_titles(reader), labels=await reading.take_labels(reader))
    async for entries in reading.catalogue(reader):
        for entry in entries:
            named.documents.append(_row_of(entry.document))
            named.names.append(json.dumps(entry.names, ensure_ascii=False))
    async for targets in reading.unwritten_topics(reader):
        for target_slug, target in targets:
            named.targets.append(target)
            if slug(readable(target)) != target_slug:
                named.odd_slugs[target] = target_slug
    return named


def _row_of(document: DocumentRef) -> str:
    """A document as `Documents` keeps it."""
    return json.dumps([getattr(document, name) for name in COLUMNS], ensure_ascii=False)


def _topics(named: Named) -> Iterator[Title]:
    """The titles of all topics: documents in their order, then what only links name. Empties what it has read."""
    for row, names in zip(named.documents, named.names, strict=True):
        key, title, *_ = json.loads(row)
        yield Title(key, title, tuple(json.loads(names)), _WRITTEN)
    for target in named.targets:
        title = readable(target)
        yield Title(unwritten_key(named.odd_slugs.get(target) or slug(title)), title, (), _UNWRITTEN)
    named.names.clear()
    named.targets.clear()


def _videos(documents: Iterable[DocumentRef], titles: Mapping[str, str]) -> Iterator[Title]:
    """Each video by what an index page calls it, else by its pages' first title; its pages' titles find it too."""
    pages: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        if document.video:
            pages[document.video].append(document.title)
    for video, own in pages.items():
        yield Title(video, titles.get(video, own[0]), tuple(own))


def _newest(documents: Sequence[DocumentRef]) -> list[int]:
    """The numbers of documents, the newest first, those without a date last, by title."""
    by_title = in_order(range(len(documents)), lambda number: documents[number].title.casefold())
    return sorted(by_title, key=lambda number: documents[number].published, reverse=True)


def readable(target: str) -> str:
    """A link target as a title: underscores are spaces, the first letter is large."""
    words = " ".join(target.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def unwritten_key(slug: str) -> str:
    """The stable key of a topic without a page: no document's key starts with a t."""
    return "t" + blake2b(slug.encode(), digest_size=8).hexdigest()


def video_title(catalogue: Catalogue, document: DocumentRef) -> str:
    """What to call the video that a page cites."""
    return catalogue.video_name(document.video) or document.title
