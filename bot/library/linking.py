"""The topics' links as a graph that can be looked at: one topic with its neighbours, or the most linked ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from bot.library.surveying import Survey
from bot.search.catalogue import readable, unwritten_key
from bot.store import surveying
from bot.store.database import Reader
from bot.store.surveying import LinkRow

MOST_LINKED = 36  # topics in the overview: with their names about as many as one can read at once
NEIGHBOURS = 200  # listed of each direction; index pages link to hundreds
TOGETHER = 2  # documents that have to name both of two topics before they count as named together


@dataclass(frozen=True, slots=True)
class Node:
    """A topic. `kind` is a document's, or empty for one without a page. `uses` is how many documents link to it in an
    overview, and how many links there are between the two in a neighbourhood.
    """

    key: str
    title: str
    kind: str
    uses: int


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A topic, what links to it and what it links to, most links first, NEIGHBOURS of each; the totals count all."""

    topic: Node
    linking: tuple[Node, ...]
    linked: tuple[Node, ...]
    linking_total: int
    linked_total: int


@dataclass(frozen=True, slots=True)
class LinkMap:
    """The most linked topics. `links` and `together` are (place in `nodes`, place in `nodes`, how many).

    A link leads from the first to the second; two are together where so many documents name both.
    """

    nodes: tuple[Node, ...]
    links: tuple[tuple[int, int, int], ...]
    together: tuple[tuple[int, int, int], ...]
    total: int


async def neighbourhood(reader: Reader, survey: Survey, slug: str, document: int, title: str) -> Neighbourhood:
    """What a document (by its row id), or else a topic without a page (by its slug), is linked with."""
    slugs = list(await surveying.slugs_of(reader, [document])) if document else [slug]
    uses: Counter[int] = Counter()
    for _, origin, count in await surveying.links_to(reader, slugs) if slugs else []:
        if origin != document:
            uses[origin] += count
    linking = [_document_node(survey, origin, count) for origin, count in uses.most_common() if origin in survey.by_id]
    linked = [_node(survey, row) for row in await surveying.links_of(reader, document)] if document else []
    topic = _document_node(survey, document, len(linking)) if document else Node(unwritten_key(slug), title, "", 0)
    return Neighbourhood(topic, tuple(linking[:NEIGHBOURS]), tuple(linked[:NEIGHBOURS]), len(linking), len(linked))


async def link_map(reader: Reader, survey: Survey, total: int) -> LinkMap:
    """The topics that most documents link to, and how they are linked. `total` is how many topics there are.

    Where there are few, the documents that link to them stand among them; those that do not make two topics `together`.
    """
    rows = await surveying.most_linked(reader, MOST_LINKED)
    place_of = {row.document or row.slug: place for place, row in enumerate(rows)}
    slugs: dict[str, int | str] = {row.slug: row.slug for row in rows if not row.document}
    slugs.update(await surveying.slugs_of(reader, [row.document for row in rows if row.document]))
    named_in: dict[int, Counter[int]] = defaultdict(Counter)
    for slug, origin, count in await surveying.links_to(reader, list(slugs)) if slugs else []:
        named_in[origin][place_of[slugs[slug]]] += count
    others = sorted((one for one in named_in if one not in place_of), key=lambda one: (-len(named_in[one]), one))
    added = [one for one in others if one in survey.by_id][: MOST_LINKED - len(rows)]
    place_of.update((origin, place) for place, origin in enumerate(added, len(rows)))
    return LinkMap(
        nodes=(*(_node(survey, row) for row in rows), *(_document_node(survey, origin, 0) for origin in added)),
        links=tuple(
            (place_of[origin], target, count)
            for origin, targets in named_in.items()
            if origin in place_of
            for target, count in targets.items()
            if target != place_of[origin]
        ),
        together=_together(targets for origin, targets in named_in.items() if origin not in place_of),
        total=total,
    )


def _together(named: Iterable[Counter[int]]) -> tuple[tuple[int, int, int], ...]:
    pairs: Counter[tuple[int, int]] = Counter()
    for targets in named:
        pairs.update(combinations(sorted(targets), 2))
    return tuple((one, other, count) for (one, other), count in pairs.most_common() if count >= TOGETHER)


def _node(survey: Survey, row: LinkRow) -> Node:
    if row.document in survey.by_id:
        return _document_node(survey, row.document, row.uses)
    return Node(unwritten_key(row.slug), readable(row.target), "", row.uses)


def _document_node(survey: Survey, number: int, uses: int) -> Node:
    document = survey.by_id[number]
    return Node(document.key, document.title, document.kind.value, uses)
