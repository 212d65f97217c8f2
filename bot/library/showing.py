"""Rows as what replies show: moments with their words, passages cut into pieces by their moments. Ranks nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.models import DocumentRef, Excerpt, Moment, SearchResult
from bot.search.engine import PassageHit, highlight
from bot.search.query import Query
from bot.store import reading
from bot.store.database import Reader
from bot.store.reading import MomentRow, PassageRow


async def show_moments(
    reader: Reader,
    rows: Sequence[MomentRow],
    query: Query | None = None,
    also: Mapping[int, Sequence[int]] | None = None,
) -> tuple[Moment, ...]:
    """Rows as moments, with their words, and the question's words marked in them.

    `also` are other documents that tell the same, by moment: row ids.
    """
    also = also or {}
    passages = await reading.passages(reader, [row.passage for row in rows])
    others = [number for row in rows for number in also.get(row.id, ())]
    documents = await reading.documents(reader, [*(row.document for row in rows), *others])
    shown = []
    for row in rows:
        too = tuple(documents[number] for number in also.get(row.id, ()) if number in documents)
        shown.append(show_moment(row, passages[row.passage], documents[row.document], query, too))
    return tuple(shown)


def show_moment(
    row: MomentRow,
    passage: PassageRow,
    document: DocumentRef,
    query: Query | None = None,
    also: tuple[DocumentRef, ...] = (),
) -> Moment:
    """A moment of a passage, with its words, and the question's words marked in them."""
    words = passage.text[slice(*row.span)] or passage.text
    return Moment(
        video=row.video,
        start=row.start,
        written=row.written,
        words=words,
        trust=row.trust,
        document=document,
        section=passage.heading,
        end=row.end,
        highlights=highlight(words, query) if query else (),
        also=also,
    )


async def show_results(reader: Reader, hits: Sequence[PassageHit], query: Query) -> tuple[SearchResult, ...]:
    """Passages that were found, the question's words marked in them, each with the moment that they belong to."""
    ids = [hit.passage for hit in hits]
    passages = await reading.passages(reader, ids)
    documents = await reading.documents(reader, (number for hit in hits for number in (hit.document, *hit.also)))
    moments = await reading.moments_in(reader, ids)
    results = []
    for hit in hits:
        passage, document = passages[hit.passage], documents[hit.document]
        marked = highlight(passage.text, query)
        told = telling(moments.get(hit.passage, []), marked)
        shown = tuple(show_moment(row, passage, document) for row in told)
        told_from = told[0].span[0] if told else 0
        also = tuple(documents[number] for number in hit.also)
        results.append(SearchResult(document, passage.heading, passage.text, marked, shown, told_from, also))
    return tuple(results)


def telling(moments: Sequence[MomentRow], marked: Sequence[tuple[int, int]]) -> list[MomentRow]:
    """Of one passage's moments the one whose own words have most of what is marked in its text; none without moments.

    Of several, and where none has any, it is the first; of those that share their words, one whose time is sure.
    """

    def rank(row: MomentRow) -> tuple[int, int, bool]:
        held = sum(row.span[0] <= start and end <= row.span[1] for start, end in marked)
        return held, -row.span[0], row.start is not None

    return [max(moments, key=rank)] if moments else []


async def show_excerpts(reader: Reader, passages: Sequence[PassageRow], document: DocumentRef) -> tuple[Excerpt, ...]:
    """Passages cut at their moments' spans."""
    moments = await reading.moments_in(reader, [passage.id for passage in passages])
    return tuple(_excerpt(passage, moments.get(passage.id, []), document) for passage in passages)


def _excerpt(passage: PassageRow, moments: Sequence[MomentRow], document: DocumentRef) -> Excerpt:
    """Cut a passage at its moments' spans: each piece with the moments whose words it is."""
    spans: dict[tuple[int, int], list[Moment]] = defaultdict(list)
    for row in moments:
        words = passage.text[slice(*row.span)]
        moment = Moment(row.video, row.start, row.written, words, row.trust, document, end=row.end)
        spans[row.span].append(moment)
    if not spans:
        return Excerpt((((), passage.text),), passage.is_item, passage.references)
    starts = sorted(spans)
    pieces: list[tuple[tuple[Moment, ...], str]] = []
    for index, span in enumerate(starts):
        begin = 0 if index == 0 else span[0]
        end = starts[index + 1][0] if index + 1 < len(starts) else span[1]
        rest = passage.text[end:].lstrip(" .,;:!?)]}’”'\"") if index + 1 == len(starts) else ""
        if index + 1 == len(starts):
            end = len(passage.text) - len(rest)
        pieces.append((tuple(spans[span]), passage.text[begin:end].strip()))
        if rest:
            pieces.append(((), rest))
    return Excerpt(tuple(pieces), passage.is_item, passage.references)
