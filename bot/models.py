"""What passes between the layers: frozen dataclasses in the design's words. No behaviour, no I/O.

The first half is what a file says (corpus/ makes it, store/ keeps it); the second is what the library answers
(library.py makes it, render/ shows it). Offsets count code points of the text they belong to; times are whole seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a document is: a wiki page that cites a video, or a text without one."""

    PAGE = "page"
    ARTICLE = "article"


class Severity(StrEnum):
    """How bad a finding is: the file is out, something was left out, or worth knowing."""

    REJECTED = "rejected"
    WARNING = "warning"
    NOTE = "note"


class Trust(StrEnum):
    """How far a moment's time can be believed: taken as written, reinterpreted, or not to be linked."""

    STATED = "stated"
    REPAIRED = "repaired"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a file. `line` counts from 1, 0 is the file as a whole; `action` is what was done about it."""

    path: str
    line: int
    code: str
    severity: Severity
    message: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as a file states it, raw: what `data-t` (or a bare bracket) says, what its label says, and its words.

    `text[start:end]` of the passage is the stamp's own span: from the anchor before it (or the passage's start) to its
    anchor. Anchors that follow each other share one span.
    """

    written: str
    label: str
    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A wikilink as written: `text[start:end]` of the passage are the words it is shown with."""

    target: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its place: `path` is the headings from the top down to this one. Section 0 has no heading.

    `links` are the wikilinks in the heading itself, with offsets in it.
    """

    heading: str
    level: int
    path: tuple[str, ...]
    line: int
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph or list item, without markup. `section` indexes the document's sections.

    `references` are the numbers of the reference marks in it. `is_item` tells a list item from a paragraph.
    """

    text: str
    section: int
    line: int
    is_item: bool = False
    stamps: tuple[Stamp, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Take:
    """A quick take, or (with an empty label) a key takeaway. `passage` indexes the document's passages."""

    label: str
    text: str
    passage: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file, as it was understood. `path` is the corpus folder's name and the path in it, with forward slashes.

    `published` is an ISO date or empty, `duration` whole seconds; `videos` are the (id, title) pairs that an index page
    lists, `references` the numbered sources of an article.
    """

    path: str
    kind: Kind
    title: str
    source: str = ""
    video: str = ""
    guest: str = ""
    author: str = ""
    published: str = ""
    duration: int | None = None
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    passages: tuple[Passage, ...] = ()
    takes: tuple[Take, ...] = ()
    references: tuple[tuple[int, str], ...] = ()
    videos: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed:
    """What came of one file: a document, or None where it was rejected, and what was found wrong in it."""

    document: Document | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PageStamps:
    """One page's stamps on one video, as (written, label) in the order of the text: what settling looks at."""

    document: str
    stamps: tuple[tuple[str, str], ...]


class LengthOrigin(StrEnum):
    """Who says how long a video lasts, most believed first, as findings name them."""

    YOUTUBE = "YouTube"
    LISTED = "videos.csv"
    PAGE = "another page"


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is known of a video. `published` is an ISO date or empty; `seconds` its length, None if nobody says it."""

    title: str = ""
    channel: str = ""
    published: str = ""
    seconds: int | None = None
    origin: LengthOrigin | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What one stamp means. `start` is None exactly where the time is doubtful; `reason` is empty for a stated one."""

    start: int | None
    end: int | None
    trust: Trust
    reason: str = ""


# What the library answers.


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
    the first of `naming` pages.
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
    """One section of a document, whole; `previous` and `next` are the ordinals beside it, None at the ends."""

    document: DocumentRef
    section: SectionRef
    path: tuple[str, ...]
    excerpts: tuple[Excerpt, ...]
    sections: tuple[SectionRef, ...]
    references: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class MomentsAnswer:
    """Moments for a question, best first, from `offset`; `total` counts them all.

    `repaired` is the question as it was searched where words were repaired, else empty. `scope` is the video's or
    page's title where the question was asked of one only. An empty `moments` with `total` 0 is a miss.
    """

    query: str
    moments: tuple[Moment, ...]
    total: int
    offset: int = 0
    repaired: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A passage that answers a question, with its first moments where it cites a video."""

    document: DocumentRef
    section: str
    words: str
    highlights: tuple[tuple[int, int], ...]
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Passages of every kind of document, best first, from `offset`; `repaired` and `scope` as in MomentsAnswer."""

    query: str
    results: tuple[SearchResult, ...]
    total: int
    offset: int = 0
    repaired: str = ""
    scope: str = ""


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
    """Nothing was found; `nearest` are what comes closest: topics, or with `of_takes` labels of takes.

    An empty `query` means that what was asked for is not in the corpus any more; `of_answer` that a question has words
    in the library and no answer.
    """

    query: str
    nearest: tuple[Topic, ...] = ()
    of_takes: bool = False
    of_answer: bool = False


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What a reload did, or (`dry`) would do. Paths are corpus paths.

    `counts` says how many findings of each code the whole corpus has; `findings` are the first of each code, worst
    first; of an upload alone, the findings in it, and in `namesakes` the documents whose title it takes too. `videos`
    counts those of which something else is known than before. `generation` is the corpus's number after it.
    `set_aside`: an undo set aside what the folders hold, so that they were not loaded.
    """

    generation: int
    seconds: float
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    parsed: int = 0
    videos: int = 0
    documents: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    dry: bool = False
    namesakes: tuple[str, ...] = ()
    set_aside: bool = False

    @property
    def is_change(self) -> bool:
        """Whether the corpus is another one than before."""
        return bool(self.added or self.changed or self.removed or self.videos)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What `videos` did. Of the corpus's `videos`, `fetched` were asked about now and `waiting` are still to be.

    `missing` are the ids that YouTube does not know, also from earlier runs; `stopped` says why it ended before the
    last one, and what to do then.
    """

    videos: int
    fetched: int
    waiting: int
    missing: tuple[str, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """What is loaded now. `loaded_at` is Unix time of the last reload that changed something, 0 before the first.

    `moments` counts by trust, `findings` by code; `bytes` is the size of the databases. `meaning` is how many of the
    different passages are ready to be ranked by meaning, and how many there are; None where that is off.
    """

    generation: int
    loaded_at: int
    pages: int
    articles: int
    videos: int
    passages: int
    takes: int
    moments: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, int], ...]
    bytes: int
    meaning: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class CorpusSizes:
    """How much is loaded. `documents` by kind, `moments` by trust; `loaded_at` as in CorpusStatus."""

    generation: int
    loaded_at: int
    documents: tuple[tuple[str, int], ...]
    videos: int
    passages: int
    takes: int
    moments: tuple[tuple[str, int], ...]


class Outcome(StrEnum):
    """What came of a moderator's action."""

    OPEN = "open"
    ASKED = "asked to confirm"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What somebody did to the corpus. `at` is Unix time, `who` a Discord user id, 0 for the bot itself."""

    number: int
    at: int
    who: int
    action: str
    subject: str
    outcome: Outcome
    note: str = ""


class GapKind(StrEnum):
    """How the library fell short of a question: nothing found, found after a repair, or reported by a member."""

    MISSED = "missed"
    REPAIRED = "repaired"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions alike that the library has no good answer to. `wordings` are most asked first, and lower case.

    The numbers say how often each kind was met in the last 90 days; `became` is what a repair made of the words.
    """

    key: str
    wordings: tuple[str, ...]
    missed: int
    repaired: int
    reported: int
    became: str = ""

    @property
    def times(self) -> int:
        """How often it was met in any way."""
        return self.missed + self.repaired + self.reported


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a Discord server has set for itself. `channels` are where replies may be public; empty means all.

    `every` is the cooldown: seconds for each request of a member beyond the first few.
    """

    private: bool = False
    channels: tuple[int, ...] = ()
    every: int = 2
