"""Reading documents, sections, passages, moments and takes. Rows become dataclasses; nothing is ranked here."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from bot.models import DocumentRef, Kind, Moment, SectionRef, TakeRef, Trust
from bot.store.database import Reader, Row, marks

DOCUMENT = (
    "document.key, document.title, document.kind, document.path, document.source, document.video, document.guest,"
    " document.author, document.published, document.duration"
)
_MOMENT = (
    "moment.id AS moment, moment.passage, moment.document AS document_id, moment.video AS moment_video, moment.start,"
    " moment.until, CASE moment.written WHEN '' THEN moment.label ELSE moment.written END AS written, moment.trust,"
    " moment.span_start, moment.span_end"
)
_PASSAGE = (
    "SELECT passage.*, section.heading FROM passage LEFT JOIN section"
    " ON section.document = passage.document AND section.ordinal = passage.section"
)


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage as it is shown, with its row ids and the heading that it stands under."""

    id: int
    document: int
    section: int
    is_item: bool
    text: str
    heading: str = ""
    references: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MomentRow:
    """A moment with its row ids and its span in its passage's text."""

    id: int
    passage: int
    document: int
    video: str
    start: int | None
    end: int | None
    written: str
    trust: Trust
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A document as the catalogue in memory knows it: `names` are its aliases and its file's name."""

    document: DocumentRef
    names: tuple[str, ...]


def document_ref(row: Row) -> DocumentRef:
    """The document columns of a row."""
    return DocumentRef(
        key=row["key"],
        title=row["title"],
        kind=Kind(row["kind"]),
        path=row["path"],
        source=row["source"],
        video=row["video"],
        guest=row["guest"],
        author=row["author"],
        published=row["published"],
        duration=row["duration"],
    )


async def catalogue(reader: Reader) -> AsyncIterator[list[CatalogueEntry]]:
    """Every document, by title, some at a time."""
    names = (
        "SELECT json_group_array(shown) FROM"
        " (SELECT shown FROM name WHERE name.document = document.id AND rank > 0 ORDER BY rank)"
    )
    async for rows in reader.batches(f"SELECT {DOCUMENT}, ({names}) AS names FROM document ORDER BY title, path"):
        yield [CatalogueEntry(document_ref(row), tuple(json.loads(row["names"]))) for row in rows]


async def unwritten_topics(reader: Reader) -> AsyncIterator[list[tuple[str, str]]]:
    """Link targets that no document is called by, some at a time: (slug, as a link writes it), by slug."""
    sql = (
        "SELECT slug, min(target) FROM link WHERE slug != ''"
        " AND NOT EXISTS (SELECT 1 FROM name WHERE name.slug = link.slug) GROUP BY slug"
    )
    async for rows in reader.batches(sql):
        yield [(row[0], row[1]) for row in rows]


async def video_titles(reader: Reader) -> dict[str, str]:
    """What index pages call the videos, else YouTube."""
    own = await reader.fetch("SELECT id, title FROM video WHERE title != ''")
    listed = await reader.fetch("SELECT video, min(title) FROM video_title GROUP BY video")
    return {row[0]: row[1] for row in (*own, *listed)}


async def take_labels(reader: Reader) -> list[tuple[str, int]]:
    """Every take's label as written, with how often it occurs, most frequent first."""
    rows = await reader.fetch(
        "SELECT label, count(*) FROM take WHERE label != '' GROUP BY label ORDER BY count(*) DESC, label"
    )
    return [(row[0], row[1]) for row in rows]


async def document_id(reader: Reader, key: str) -> int:
    """The row id of a document by its key; 0 where it is gone."""
    row = await reader.one("SELECT id FROM document WHERE key = ?", (key,))
    return int(row[0]) if row else 0


async def documents(reader: Reader, ids: Iterable[int]) -> dict[int, DocumentRef]:
    """Documents by row id."""
    wanted = list(set(ids))
    rows = await reader.fetch(f"SELECT id, {DOCUMENT} FROM document WHERE id IN ({marks(wanted)})", wanted)
    return {row["id"]: document_ref(row) for row in rows}


async def references(reader: Reader, document: int) -> tuple[tuple[int, str], ...]:
    """An article's numbered references."""
    row = await reader.one("SELECT reference_list FROM document WHERE id = ?", (document,))
    return tuple((number, text) for number, text in json.loads(row[0])) if row else ()


async def same_video(reader: Reader, video: str) -> list[DocumentRef]:
    """All pages on a video, by title."""
    if not video:
        return []
    rows = await reader.fetch(
        f"SELECT {DOCUMENT} FROM document WHERE video = ? AND video != '' ORDER BY title",  # the index leaves out ''
        (video,),
    )
    return [document_ref(row) for row in rows]


async def sections(reader: Reader, document: int) -> list[tuple[SectionRef, tuple[str, ...]]]:
    """The sections that say something, in order, each with its path of headings."""
    rows = await reader.fetch(
        "SELECT section.ordinal, heading, path, level, count(passage.id) AS passages FROM section"
        " LEFT JOIN passage ON passage.document = section.document AND passage.section = section.ordinal"
        " WHERE section.document = ? GROUP BY section.ordinal ORDER BY section.ordinal",
        (document,),
    )
    found = []
    for row in rows:
        path = tuple(row["path"].split("\n")) if row["path"] else ()
        found.append((SectionRef(row["ordinal"], row["heading"], max(len(path) - 1, 0), row["passages"]), path))
    return [entry for entry in found if entry[0].passages]


async def passages_of(reader: Reader, document: int, section: int | None = None, limit: int = 1000) -> list[PassageRow]:
    """A document's passages in order, or those of one section."""
    where = "passage.document = ?" + ("" if section is None else " AND passage.section = ?")
    values = (document, limit) if section is None else (document, section, limit)
    rows = await reader.fetch(f"{_PASSAGE} WHERE {where} ORDER BY passage.id LIMIT ?", values)
    return [_passage(row) for row in rows]


async def passages(reader: Reader, ids: Sequence[int]) -> dict[int, PassageRow]:
    """Passages by row id."""
    rows = await reader.fetch(f"{_PASSAGE} WHERE passage.id IN ({marks(ids)}) ORDER BY passage.id", list(ids))
    return {row["id"]: _passage(row) for row in rows}


def _passage(row: Row) -> PassageRow:
    numbers = tuple(json.loads(row["reference_list"])) if row["reference_list"] else ()
    return PassageRow(
        row["id"], row["document"], row["section"], bool(row["is_item"]), row["text"], row["heading"] or "", numbers
    )


async def moments_in(reader: Reader, passage_ids: Sequence[int]) -> dict[int, list[MomentRow]]:
    """The moments of passages, in the order of the text."""
    rows = await reader.fetch(
        f"SELECT {_MOMENT} FROM moment WHERE passage IN ({marks(passage_ids)}) ORDER BY moment.id", list(passage_ids)
    )
    found: dict[int, list[MomentRow]] = defaultdict(list)
    for row in rows:
        found[row["passage"]].append(_moment(row))
    return found


async def moments_by_id(reader: Reader, ids: Sequence[int]) -> dict[int, MomentRow]:
    """Moments by row id."""
    rows = await reader.fetch(f"SELECT {_MOMENT} FROM moment WHERE id IN ({marks(ids)})", list(ids))
    return {row["moment"]: _moment(row) for row in rows}


async def moment_count(reader: Reader, document: int) -> int:
    """How many different moments a page gives: stamps that share a second count once."""
    row = await reader.one("SELECT count(DISTINCT ifnull(start, -id)) FROM moment WHERE document = ?", (document,))
    return int(row[0]) if row else 0


async def moments_of(reader: Reader, document: int, limit: int, offset: int = 0) -> list[MomentRow]:
    """A page's moments by their time, one a second; doubtful ones last."""
    rows = await reader.fetch(
        f"SELECT {_MOMENT} FROM moment WHERE document = ? GROUP BY ifnull(start, -id)"
        " ORDER BY start IS NULL, start, id LIMIT ? OFFSET ?",
        (document, limit, offset),
    )
    return [_moment(row) for row in rows]


async def moments_around(reader: Reader, video: str, second: int, reach: int) -> list[MomentRow]:
    """All pages' moments of a video within `reach` seconds of a second, by time."""
    rows = await reader.fetch(
        f"SELECT {_MOMENT} FROM moment WHERE video = ? AND start BETWEEN ? AND ? ORDER BY start, id",
        (video, second - reach, second + reach),
    )
    return [_moment(row) for row in rows]


def _moment(row: Row) -> MomentRow:
    return MomentRow(
        row["moment"],
        row["passage"],
        row["document_id"],
        row["moment_video"],
        row["start"],
        row["until"],
        row["written"],
        Trust(row["trust"]),
        (row["span_start"], row["span_end"]),
    )


async def takes(
    reader: Reader, *, documents: Sequence[str] = (), labels: Sequence[str] = ()
) -> list[tuple[TakeRef, int]]:
    """The takes of documents by their keys, or those with one of these labels; each with its passage's row id."""
    where = f"document.key IN ({marks(documents)})" if documents else f"take.label IN ({marks(labels)})"
    rows = await reader.fetch(
        f"SELECT take.label, take.text, take.passage, take.document AS document_id, {DOCUMENT}, {_first_moment()}"
        f" FROM take JOIN document ON document.id = take.document LEFT JOIN moment ON moment.id ="
        " (SELECT min(id) FROM moment AS first WHERE first.passage = take.passage)"
        f" WHERE {where} ORDER BY document.published DESC, document.title, take.id",
        list(documents or labels),
    )
    found = []
    for row in rows:
        page = document_ref(row)
        moment = None
        if row["trust"] is not None:
            moment = Moment(row["moment_video"], row["start"], row["written"], row["text"], Trust(row["trust"]), page)
        found.append((TakeRef(row["label"], row["text"], page, moment), int(row["passage"])))
    return found


def _first_moment() -> str:
    return (
        "moment.video AS moment_video, moment.start, moment.trust,"
        " CASE moment.written WHEN '' THEN moment.label ELSE moment.written END AS written"
    )


async def linked_from(reader: Reader, document: int) -> list[tuple[str, str]]:
    """Where a document's links lead: (document key or empty, slug), most linked first."""
    rows = await reader.fetch(
        "SELECT coalesce(target_page.key, ''), link.slug FROM link"
        " LEFT JOIN name ON name.slug = link.slug LEFT JOIN document AS target_page ON target_page.id = name.document"
        " WHERE link.document = ? AND ifnull(name.document, 0) != link.document"
        " GROUP BY target_page.key, link.slug ORDER BY count(*) DESC, min(link.rowid)",
        (document,),
    )
    return [(row[0], row[1]) for row in rows]


async def linking_to(reader: Reader, document: int, limit: int) -> list[str]:
    """The keys of documents that link to this one, most links first."""
    rows = await reader.fetch(
        "SELECT origin.key, count(*) AS uses FROM name JOIN link ON link.slug = name.slug"
        " JOIN document AS origin ON origin.id = link.document"
        " WHERE name.document = ? AND link.document != ? GROUP BY origin.key ORDER BY uses DESC, origin.title LIMIT ?",
        (document, document, limit),
    )
    return [row[0] for row in rows]


async def passages_naming(reader: Reader, slug: str, limit: int) -> list[int]:
    """The row ids of passages that link to a topic by its slug; where a heading does, the first one below it.

    An item that is nothing but the link says nothing of the topic and is left out.
    """
    rows = await reader.fetch(
        "SELECT passage.id FROM link JOIN passage ON passage.id = link.passage WHERE slug = ? AND is_searched"
        " UNION SELECT min(passage.id) FROM link"
        " JOIN section ON section.document = link.document AND section.line = link.line"
        " JOIN passage ON passage.document = section.document AND passage.section = section.ordinal"
        " WHERE link.slug = ? AND link.passage IS NULL GROUP BY section.document, section.ordinal"
        " ORDER BY 1 LIMIT ?",
        (slug, slug, limit),
    )
    return [row[0] for row in rows]


async def documents_naming(reader: Reader, slug: str, limit: int) -> list[int]:
    """The row ids of documents that link to a topic by its slug."""
    rows = await reader.fetch("SELECT DISTINCT document FROM link WHERE slug = ? ORDER BY 1 LIMIT ?", (slug, limit))
    return [row[0] for row in rows]


async def naming_count(reader: Reader, slug: str) -> int:
    """How many documents link to a topic by its slug."""
    row = await reader.one("SELECT count(DISTINCT document) FROM link WHERE slug = ?", (slug,))
    return int(row[0]) if row else 0
