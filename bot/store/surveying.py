"""What the corpus page counts and draws: documents with what they cite, a video's moments, links. Reads only.

Not for what members ask; `reports.py` has the findings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models import Kind, Trust
from bot.store.database import Reader

# Several documents may be called the same: a link leads to the one whose title it is, else the first. 0: to none.
_PAGE = "ifnull((SELECT document FROM name WHERE name.slug = link.slug ORDER BY rank, document LIMIT 1), 0)"


@dataclass(frozen=True, slots=True)
class DocumentCounts:
    """A document with how much it says. `video` is empty where it cites none, `last` the last second that it cites."""

    id: int
    key: str
    path: str
    title: str
    kind: Kind
    source: str
    video: str
    passages: int
    stated: int
    repaired: int
    doubtful: int
    last: int


@dataclass(frozen=True, slots=True)
class VideoLength:
    """How long a video is, in seconds, and who says so."""

    seconds: int
    origin: str


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One moment as a file states it and as it was settled. `start` is None where it is doubtful."""

    document: int
    line: int
    start: int | None
    written: str
    label: str
    trust: Trust
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A topic beside another: its slug and name as written, the document it leads to or comes from (0: none)."""

    slug: str
    target: str
    document: int
    uses: int


async def documents(reader: Reader) -> list[DocumentCounts]:
    """Every document with what it cites, by row id."""
    rows = await reader.fetch(
        "SELECT id, key, path, title, kind, source, video, ifnull(passages, 0), ifnull(stated, 0), ifnull(repaired, 0),"
        " ifnull(doubtful, 0), ifnull(last, 0) FROM document"
        " LEFT JOIN (SELECT document, count(*) AS passages FROM passage GROUP BY document) AS said"
        " ON said.document = document.id"
        " LEFT JOIN (SELECT document, sum(trust = 'stated') AS stated, sum(trust = 'repaired') AS repaired,"
        " sum(trust = 'doubtful') AS doubtful, max(start) AS last FROM moment GROUP BY document) AS cited"
        " ON cited.document = document.id ORDER BY id"
    )
    return [DocumentCounts(row[0], row[1], row[2], row[3], Kind(row[4]), *row[5:]) for row in rows]


async def lengths(reader: Reader) -> dict[str, VideoLength]:
    """The videos whose length is known."""
    rows = await reader.fetch("SELECT id, seconds, ifnull(origin, '') FROM video WHERE seconds IS NOT NULL")
    return {row[0]: VideoLength(row[1], row[2]) for row in rows}


async def marks(reader: Reader, video: str, limit: int) -> list[MarkRow]:
    """The moments of a video, page by page in the order of the text."""
    rows = await reader.fetch(
        "SELECT moment.document, moment.line, moment.start, moment.written, moment.label, moment.trust, moment.reason,"
        " passage.text, moment.span_start, moment.span_end"
        " FROM moment JOIN passage ON passage.id = moment.passage WHERE moment.video = ?"
        " ORDER BY moment.document, moment.id LIMIT ?",
        (video, limit),
    )
    return [
        MarkRow(row[0], row[1], row[2], row[3], row[4], Trust(row[5]), row[6], row[7][row[8] : row[9]] or row[7])
        for row in rows
    ]


async def most_linked(reader: Reader, limit: int) -> list[LinkRow]:
    """The topics that most documents link to; `uses` counts those documents. A document's links to itself do not."""
    rows = await reader.fetch(
        "SELECT slug, min(target), page, count(DISTINCT document) AS uses"
        f" FROM (SELECT slug, target, document, {_PAGE} AS page FROM link WHERE slug != '') WHERE page != document"
        " GROUP BY CASE page WHEN 0 THEN slug ELSE page END ORDER BY uses DESC, slug LIMIT ?",
        (limit,),
    )
    return [LinkRow(*row) for row in rows]


async def links_of(reader: Reader, document: int) -> list[LinkRow]:
    """The topics that a document links to, most often first; `uses` counts its links to each."""
    rows = await reader.fetch(
        "SELECT slug, min(target), page, count(*) AS uses"
        f" FROM (SELECT rowid AS place, slug, target, {_PAGE} AS page FROM link WHERE document = ? AND slug != '')"
        " WHERE page != ? GROUP BY CASE page WHEN 0 THEN slug ELSE page END ORDER BY uses DESC, min(place)",
        (document, document),
    )
    return [LinkRow(*row) for row in rows]


async def links_to(reader: Reader, slugs: Sequence[str]) -> list[tuple[str, int, int]]:
    """Who links to these: (slug, the document that does, how often), most often first."""
    rows = await reader.fetch(
        f"SELECT slug, document, count(*) AS uses FROM link WHERE slug IN ({', '.join('?' * len(slugs))})"
        " GROUP BY slug, document ORDER BY uses DESC, document",
        slugs,
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def slugs_of(reader: Reader, documents: Sequence[int]) -> dict[str, int]:
    """The names that links lead to these documents by."""
    rows = await reader.fetch(
        "SELECT link.slug AS slug, link.document AS document FROM name AS link"
        f" WHERE link.document IN ({', '.join('?' * len(documents))}) AND link.document = {_PAGE}",
        documents,
    )
    return {row[0]: row[1] for row in rows}
