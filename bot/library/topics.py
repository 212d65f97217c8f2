"""What a topic's first view says: its lead, moments, sections, and related topics with the reason. One snapshot."""

from __future__ import annotations

from collections.abc import Sequence

from bot.library.showing import show_excerpts, show_moments
from bot.library.takes import siblings_of, takes_of
from bot.models import DocumentRef, Excerpt, Topic, TopicAnswer
from bot.search.catalogue import Catalogue, unwritten_key
from bot.search.engine import search_passages
from bot.store import reading
from bot.store.database import Reader
from bot.store.reading import PassageRow

MOMENTS = 4
_LEAD = 450  # code points, over all passages of a lead
_NAMING = 2  # passages that a topic without a page is shown by
_PASSAGES_NAMING = 20  # whose moments are counted
_PAGES_NAMING = 20  # that are listed; all are counted
_RELATED = 5
_ALIKE = 100  # passages that are looked at for pages that say the like: the first are often all of one video


async def document_topic(reader: Reader, catalogue: Catalogue, topic: Topic, number: int) -> TopicAnswer:
    """A document's first view; `number` is its row id."""
    document = (await reading.documents(reader, [number]))[number]
    sections = await reading.sections(reader, number)
    passages = await reading.passages_of(reader, number, limit=20)
    lead = await show_excerpts(reader, _lead(passages), document)
    told = {moment.start for excerpt in lead for moments, _ in excerpt.pieces for moment in moments}
    rows = await reading.moments_of(reader, number, MOMENTS + len(told))
    siblings = await siblings_of(reader, document)
    takes = [take for take, _ in await takes_of(reader, document, siblings)]
    return TopicAnswer(
        topic=topic,
        document=document,
        lead=lead,
        sections=tuple(section for section, _ in sections),
        moments=await show_moments(reader, [row for row in rows if row.start not in told][:MOMENTS]),
        moment_count=await reading.moment_count(reader, number),
        takeaways=tuple(take.text for take in takes if not take.label),
        related=await _related(reader, catalogue, number, document),
        siblings=tuple(siblings),
        named_in=(),
        take_count=sum(1 for take in takes if take.label),
    )


async def unwritten_topic(reader: Reader, catalogue: Catalogue, topic: Topic) -> TopicAnswer | None:
    """What pages say where they link to a topic that has no page; None where none does (any more)."""
    slug = catalogue.slug_of(topic)
    numbers = await reading.documents_naming(reader, slug, _PAGES_NAMING)
    if not numbers:
        return None
    ids = await reading.passages_naming(reader, slug, _PASSAGES_NAMING)
    rows = await reading.passages(reader, ids)
    documents = await reading.documents(reader, {*numbers, *(row.document for row in rows.values())})
    moments = [row for found in (await reading.moments_in(reader, ids)).values() for row in found[:1]]
    excerpts: list[Excerpt] = []
    for row in list(rows.values())[:_NAMING]:
        excerpts.extend(await show_excerpts(reader, [row], documents[row.document]))
    return TopicAnswer(
        topic=topic,
        document=None,
        lead=tuple(excerpts),
        sections=(),
        moments=await show_moments(reader, moments[:MOMENTS]),
        moment_count=len(moments),
        takeaways=(),
        related=(),
        siblings=(),
        named_in=tuple(documents[number] for number in numbers),
        take_count=0,
        naming=await reading.naming_count(reader, slug),
    )


async def _related(reader: Reader, catalogue: Catalogue, number: int, document: DocumentRef) -> tuple[Topic, ...]:
    """Where its links lead and who links to it, both at once first; then pages that say the like; then unwritten ones.

    Pages on the same video are left out: they are named beside.
    """
    here = [key or unwritten_key(slug) for key, slug in await reading.linked_from(reader, number)]
    back = await reading.linking_to(reader, number, _RELATED)
    reasons = {key: "linked both ways" for key in here if key in back}
    for keys, reason in ((here, "linked"), (back, "links here")):
        for key in keys:
            reasons.setdefault(key, reason)
    pages = {key: catalogue.documents.get(key) for key in reasons}
    if sum(page is not None for page in pages.values()) < _RELATED:
        for key in await _alike(reader, document):
            reasons.setdefault(key, "says the like")
            pages[key] = catalogue.documents.get(key)
    order = {"linked both ways": 0, "linked": 1, "links here": 1, "says the like": 2}
    ranked = sorted(reasons, key=lambda key: (pages[key] is None, order[reasons[key]]))
    found: list[Topic] = []
    for key in ranked:
        page = pages[key]
        if key == document.key or (page and page.video == document.video != ""):
            continue
        topic = catalogue.topic(key)
        if topic is not None:
            found.append(Topic(topic.key, topic.title, reasons[key]))
        if len(found) == _RELATED:
            break
    return tuple(found)


async def _alike(reader: Reader, document: DocumentRef) -> list[str]:
    """The keys of documents whose passages answer to this one's title."""
    found = await search_passages(reader, document.title, limit=_ALIKE)
    numbers = [number for hit in found.hits for number in (hit.document, *hit.also)]
    documents = await reading.documents(reader, numbers)
    return list(dict.fromkeys(documents[number].key for number in numbers))


def _lead(passages: Sequence[PassageRow]) -> list[PassageRow]:
    """The first paragraphs that stand for themselves: a list item or "It does three things:" does not."""
    paragraphs = [passage for passage in passages if not passage.is_item and not passage.text.endswith(":")]
    lead: list[PassageRow] = []
    room = _LEAD
    for passage in paragraphs or passages:
        room -= len(passage.text)
        if lead and room < 0:
            break
        lead.append(passage)
    return lead
