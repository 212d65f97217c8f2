"""What the library answers: library/ makes it, render/ shows it. No behaviour, no I/O. Times are whole seconds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models.documents import Kind, Trust


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """A document as a reply names it. `key` is stable: a hash of its path."""

    key: str
    title: str
    kind: Kind
    path: str
    source: str = ""
    video: str = ""
    guest: str = ""
    author: str = ""
    published: str = ""
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A place in a video and its own words. `start` is None where the time is doubtful; then `written` is shown.

    `highlights` are the spans of `words` that answer the question; `also` are the other pages that tell the same.
    """

    video: str
    start: int | None
    written: str
    words: str
    trust: Trust
    document: DocumentRef
    section: str = ""
    end: int | None = None
    highlights: tuple[tuple[int, int], ...] = ()
    also: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """Something `/topic` can answer with, as autocomplete, misses and related topics name it."""

    key: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SectionRef:
    """A section as the menu names it; `ordinal` is its index in the document, `depth` its distance from the top."""

    ordinal: int
    heading: str
    depth: int
    passages: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage as a reply shows it: its words in pieces, each with the moments that belong to that piece."""

    pieces: tuple[tuple[tuple[Moment, ...], str], ...]
    is_item: bool = False
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """A topic's first view. `document` is None where no page has that title and `named_in` are those that name it,
    the first of `naming` pages. `take_count` counts the labelled takes of all pages on the video.
    """

    topic: Topic
    document: DocumentRef | None
    lead: tuple[Excerpt, ...]
    sections: tuple[SectionRef, ...]
    moments: tuple[Moment, ...]
    moment_count: int
    takeaways: tuple[str, ...]
    related: tuple[Topic, ...]
    siblings: tuple[DocumentRef, ...]
    named_in: tuple[DocumentRef, ...]
    take_count: int
    naming: int = 0


@dataclass(frozen=True, slots=True)
class SectionAnswer:
    """One section of a document, whole: `path` are the headings down to its own, `sections` all of the document."""

    document: DocumentRef
    section: SectionRef
    path: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    sections: tuple[SectionRef, ...]
    references: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class MomentsAnswer:
    """Moments for a question, best first, from `offset`; `total` counts them all, or with `cut_short` the best only.

    `repaired` is the question as it was searched where words were repaired, else empty. `scope` is the video's or
    page's title where the question was asked of one only, empty for a video without one. `unknown` are words of the
    question that nothing says. An empty `moments` with `total` 0 is a miss.
    """

    query: str
    moments: tuple[Moment, ...]
    total: int
    offset: int = 0
    repaired: str = ""
    scope: str = ""
    cut_short: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A passage that answers a question, with the moment of its asked words where it cites a video.

    `told_from` is where in `words` that moment's own begin; `also` are the other pages on the video that say the same.
    """

    document: DocumentRef
    section: str
    words: str
    highlights: tuple[tuple[int, int], ...]
    moments: tuple[Moment, ...]
    told_from: int = 0
    also: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Passages of every kind of document, best first, from `offset`; the other fields as in MomentsAnswer."""

    query: str
    results: tuple[SearchResult, ...]
    total: int
    offset: int = 0
    repaired: str = ""
    scope: str = ""
    cut_short: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LibraryAnswer:
    """What there is to read: documents newest first from `offset`, of one source or of all; and the sources."""

    source: str
    documents: tuple[DocumentRef, ...]
    total: int
    sources: tuple[tuple[str, int], ...]
    offset: int = 0


@dataclass(frozen=True, slots=True)
class TakeRef:
    """One take with where it comes from. `moment` is None where the list gives no time."""

    label: str
    text: str
    document: DocumentRef
    moment: Moment | None
    also: tuple[DocumentRef, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeGroup:
    """Takes under one heading: a person where the page names one, else the video's page."""

    heading: str
    takes: tuple[TakeRef, ...]


@dataclass(frozen=True, slots=True)
class TakesAnswer:
    """Takes asked by topic (`topic` is its document) or across all videos by label (`label`), or an overview.

    `labels` are the other questions that the library holds, most answered first.
    """

    label: str
    topic: Topic | None
    groups: tuple[TakeGroup, ...]
    total: int
    videos: int
    labels: tuple[str, ...]
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Miss:
    """Nothing was found; `nearest` are what comes closest: topics, or with `of_takes` labels of takes; with
    `most_answered` labels that are not near, but have most takes.

    An empty `query` means that what was asked for is not in the corpus any more; `of_answer` that a question has words
    in the library and no answer; `said_elsewhere` that no moment answers, but passages without one do.
    """

    query: str
    nearest: tuple[Topic, ...] = ()
    of_takes: bool = False
    of_answer: bool = False
    said_elsewhere: bool = False
    most_answered: bool = False
