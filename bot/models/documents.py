"""What a file says and what its stamps mean: corpus/ makes it, store/ keeps it. No behaviour, no I/O.

Offsets count code points of the text they belong to; times are whole seconds.
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
