"""What is kept in memory: every topic, video, source and take label by name. Built anew after each reload."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.models import DocumentRef, Topic
from bot.search.titles import Title, TitleIndex, fold
from bot.store import reading
from bot.store.database import Reader

_MAX_LABELS = 300  # labels that one question about takes may gather


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A link target that has no page: its slug, and its name as links write it."""

    slug: str
    title: str


class Catalogue:
    """Names to keys and back. Everything here answers at once, without I/O."""

    def __init__(
        self,
        entries: Sequence[reading.CatalogueEntry] = (),
        unwritten: Iterable[tuple[str, str]] = (),
        video_titles: dict[str, str] | None = None,
        labels: Sequence[tuple[str, int]] = (),
    ) -> None:
        self.documents = {entry.document.key: entry.document for entry in entries}
        self.unwritten = {unwritten_key(slug): Unwritten(slug, readable(target)) for slug, target in unwritten}
        self._same_title = Counter(fold(entry.document.title) for entry in entries)
        self.topics = TitleIndex(
            [
                *(Title(entry.document.key, entry.document.title, entry.names) for entry in entries),
                *(Title(key, topic.title, (), 1) for key, topic in self.unwritten.items()),
            ]
        )
        self.videos = self._videos(video_titles or {})
        pages: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            if entry.document.video:
                pages[entry.document.video].append(entry.document.title)
        self.video_index = TitleIndex([Title(video, name, tuple(pages[video])) for video, name in self.videos.items()])
        self.sources = Counter(entry.document.source for entry in entries if entry.document.source)
        self.source_index = TitleIndex([Title(source[:100], source) for source in sorted(self.sources)])
        self._labels = self._fold_labels(labels)
        self.label_index = TitleIndex([Title(label[:100], label) for label in self.labels()])

    def _videos(self, titles: dict[str, str]) -> dict[str, str]:
        """Each video's name: what an index page calls it, else its pages' first title."""
        names: dict[str, str] = {}
        for document in self.documents.values():
            if document.video and document.video not in names:
                names[document.video] = titles.get(document.video, document.title)
        return names

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

    def newest(self, source: str = "") -> list[DocumentRef]:
        """Documents of a source, or all: the newest first, then those without a date by title."""
        chosen = (document for document in self.documents.values() if source in ("", document.source))
        by_title = sorted(chosen, key=lambda document: document.title.casefold())
        return sorted(by_title, key=lambda document: document.published, reverse=True)

    def topic(self, key: str) -> Topic | None:
        """A topic by its key."""
        if key in self.documents:
            document = self.documents[key]
            twice = self._same_title[fold(document.title)] > 1
            return Topic(key, document.title, document.source if twice else "")
        if key in self.unwritten:
            return Topic(key, self.unwritten[key].title, "no page of its own")
        return None

    def topics_named(self, titles: Iterable[Title]) -> list[Topic]:
        """Topics of an index's answer."""
        return [topic for title in titles if (topic := self.topic(title.key)) is not None]


async def load_catalogue(reader: Reader) -> list[object]:
    """Everything that a catalogue is built of, as the arguments of `Catalogue`."""
    return [
        await reading.catalogue(reader),
        await reading.unwritten_topics(reader),
        await reading.video_titles(reader),
        await reading.take_labels(reader),
    ]


def readable(target: str) -> str:
    """A link target as a title: underscores are spaces, the first letter is large."""
    words = " ".join(target.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def unwritten_key(slug: str) -> str:
    """The stable key of a topic without a page: no document's key starts with a t."""
    return "t" + blake2b(slug.encode(), digest_size=8).hexdigest()


def video_title(catalogue: Catalogue, document: DocumentRef) -> str:
    """What to call the video that a page cites."""
    return catalogue.videos.get(document.video, document.title)
