"""Quick takes: those of a video's pages, told once, grouped by who said them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import inf

from bot.models import DocumentRef, TakeGroup, TakeRef
from bot.search.catalogue import Catalogue, video_title
from bot.search.titles import fold
from bot.store import reading
from bot.store.database import Reader

_SAME_TAKE = 5  # seconds: takes of one video so close are the same answer, told by several pages


async def siblings_of(reader: Reader, document: DocumentRef) -> list[DocumentRef]:
    """The other pages on a page's video, by title."""
    return [page for page in await reading.same_video(reader, document.video) if page.key != document.key]


async def takes_of(reader: Reader, document: DocumentRef, siblings: Sequence[DocumentRef]) -> list[tuple[TakeRef, int]]:
    """The takes of a page and then of its `siblings`; takeaways only of the page itself."""
    places = {page.key: place for place, page in enumerate((document, *siblings))}
    found = await reading.takes(reader, documents=list(places))
    told = [(take, passage) for take, passage in found if take.label or take.document.key == document.key]
    return sorted(told, key=lambda entry: places[entry[0].document.key])


def merge_takes(takes: Sequence[TakeRef]) -> list[TakeRef]:
    """One answer that several pages on a video tell is shown once: the longest words, and the other pages named."""
    merged: list[list[TakeRef]] = []
    of_video: dict[str, list[list[TakeRef]]] = defaultdict(list)
    for take in takes:
        told = of_video[take.document.video]
        same = min(
            (group for group in told if _is_told(take, group)), key=lambda group: _apart(take, group), default=None
        )
        if same is not None:
            same.append(take)
        else:
            merged.append([take])
            told.append(merged[-1])
    found: list[TakeRef] = []
    for group in merged:
        best = max(group, key=lambda take: len(take.text))
        others = tuple(take.document for take in group if take is not best)
        found.append(TakeRef(best.label, best.text, best.document, best.moment, others))
    return found


def _is_told(take: TakeRef, group: Sequence[TakeRef]) -> bool:
    """Whether other pages' takes are this answer: the same question, at the same place of the video."""
    asked, told = (set(fold(label).split()) for label in (take.label, group[0].label))
    return (
        take.document.video != ""
        and _apart(take, group) <= _SAME_TAKE
        and bool(asked) == bool(told)
        and (asked <= told or told <= asked)
        and all(other.document.key != take.document.key for other in group)
    )


def _apart(take: TakeRef, group: Sequence[TakeRef]) -> float:
    """Seconds between a take and a group's first; endless where one has no time."""
    moments = take.moment, group[0].moment
    starts = [moment.start for moment in moments if moment is not None and moment.start is not None]
    return abs(starts[0] - starts[1]) if len(starts) == 2 else inf


def group_takes(takes: Sequence[TakeRef], catalogue: Catalogue) -> tuple[TakeGroup, ...]:
    """Group by person where the page names one, else by video; in order of first appearance."""
    groups: dict[str, list[TakeRef]] = {}
    for take in takes:
        heading = take.document.guest or (
            video_title(catalogue, take.document) if take.document.video else take.document.title
        )
        groups.setdefault(heading, []).append(take)
    return tuple(TakeGroup(heading, tuple(group)) for heading, group in groups.items())
