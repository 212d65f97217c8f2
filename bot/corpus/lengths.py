"""How long a video is by its pages alone, and what its pages look like if it is that long. Pure.

Readings past a video's end are wrong for certain, so its length settles more than anything else; but pages state it
only by where their stamps end, under one reading or another. So every such end is tried: the length is the one that
makes all pages together likeliest (habits.py), a stamp inside being worth 1/length and one outside next to nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from bot.corpus.habits import (
    SHIFTED,
    SOUND,
    Ending,
    Family,
    Item,
    Moments,
    as_shares,
    item_of,
    log_sum,
    spread,
    weigh_habits,
)
from bot.corpus.timecode import MAX_SECONDS

CERTAIN = 0.8  # from here on a page's habit is taken as known, and what it cites as evidence for the other pages

_USUAL_LENGTH, _LENGTH_SPREAD = 3300.0, 1.0  # seconds; in natural logs, so that neither a clip nor 3 h is a surprise
_SAME_LENGTH = 1.03  # candidates closer than this are one
_COMPARED = 3  # candidates that are compared once more, by what the pages cite together
_APART = 1.1  # and how far those are from each other, at least
_ENDS = (1.0, 0.95, 0.8)  # where a page's stamps end: with all of them, and without the wildest

_INSIDE, _OUTSIDE = (1.0, 0.0, 0.0, 0.0, 0.0), (0.0,) * len(Family)  # a stamp that means one thing only


class Sheet:
    """One page's stamps on one video, ready to be weighed."""

    def __init__(self, stamps: Sequence[tuple[str, str]]) -> None:
        self.items = [item_of(stamp) for stamp in stamps]
        self.plain = sorted(item.plain.start for item in self.items if item.plain is not None)
        # Most stamps mean one thing only, so they are counted instead of weighed one by one.
        self._single: list[int] = []
        self._several: list[Item] = []
        for item in self.items:
            if item.plain is not None and len(item.options) == 1 and item.ending is not Ending.ZERO:
                self._single.append(item.plain.start)
            elif item.options:
                self._several.append(item)
        self._single.sort()

    def weigh_at(self, lengths: Sequence[int]) -> list[list[float]]:
        """Log likelihoods of HABITS for each length, the longest first, where a page may cite any moment alike.

        Going down, only the readings that fall out are looked at again.
        """
        sums = [[0.0] * len(Family) for _ in self._several]
        falling: list[tuple[int, int, Family, float]] = []
        for index, item in enumerate(self._several):
            for family, starts, weight, _ in item.options:
                for start in starts:
                    sums[index][family] += weight
                    falling.append((start, index, family, weight))
        falling.sort()
        alike = Counter((tuple(held), item.ending) for held, item in zip(sums, self._several, strict=True))
        logs = []
        for length in lengths:
            while falling and falling[-1][0] > length:
                _, index, family, weight = falling.pop()
                ending = self._several[index].ending
                alike[tuple(sums[index]), ending] -= 1
                sums[index][family] -= weight
                alike[tuple(sums[index]), ending] += 1
            inside = bisect_right(self._single, length)
            stamps = [(_INSIDE, Ending.ANY, inside), (_OUTSIDE, Ending.ANY, len(self._single) - inside)]
            stamps += [(held, ending, count) for (held, ending), count in alike.items() if count]
            logs.append(weigh_habits(stamps, 1 / length))
        return logs

    def weigh_with(self, moments: Moments) -> list[float]:
        """Log likelihoods of HABITS where the moments that other pages cite are likelier."""
        return weigh_habits((moments.chances(item), item.ending, 1) for item in self.items if item.options)

    def ends(self) -> set[int]:
        """Where the stamps may end, in seconds."""
        found: set[int] = set()
        for family in (Family.WRITTEN, Family.SHIFTED, Family.HOUR):
            of_family = (option for item in self.items for option in item.options if option.family is family)
            starts = sorted(option.starts[0] for option in of_family)
            del starts[bisect_right(starts, MAX_SECONDS) :]
            if starts:
                found.update(starts[int((len(starts) - 1) * share)] for share in _ENDS)
        return found


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet as one length makes it look: the shares of HABITS, and how likely it cites which moment."""

    sheet: Sheet
    habits: list[float]
    moments: Moments


def pages_at(sheets: Sequence[Sheet], length: int) -> list[Page]:
    """Look at all pages of a video of one length: which are sound, and what those cite."""
    habits = [as_shares(sheet.weigh_at((max(length, 1),))[0]) for sheet in sheets]
    cited = [_cited(sheet, held, length) for sheet, held in zip(sheets, habits, strict=True)]
    counts = Counter(moment for moments in cited for moment in moments)
    weights = spread(counts)
    pages = []
    for sheet, held, moments in zip(sheets, habits, cited, strict=True):
        own = [moment for moment in moments if counts[moment] == 1]
        pages.append(Page(sheet, held, Moments(length, weights, len(counts) - len(own), spread(own))))
    return pages


def _cited(sheet: Sheet, habits: Sequence[float], length: int) -> set[int]:
    if habits[SOUND] >= CERTAIN:
        return set(sheet.plain[: bisect_right(sheet.plain, length)])
    if habits[SHIFTED] >= CERTAIN:
        shifted = (option for item in sheet.items if item.ending is Ending.ZERO for option in item.options)
        starts = {option.reading.start for option in shifted if option.family is Family.SHIFTED}
        return {start for start in starts if start <= length}
    return set()


def estimate_length(sheets: Sequence[Sheet]) -> int:
    """The likeliest length in seconds, at least 1: the last moment that is worth believing."""
    earliest = sorted(
        min(option.reading.start for option in item.options) for s in sheets for item in s.items if item.options
    )
    half = earliest[len(earliest) // 2] if earliest else 0  # at least so many stamps lie inside, surely
    shortest = min(max(half, 1), MAX_SECONDS)
    ends = {shortest}.union(*(sheet.ends() for sheet in sheets))
    lengths = _thinned(sorted((end for end in ends if end >= shortest), reverse=True), _SAME_LENGTH)
    scores = [_log_prior(length) for length in lengths]
    for sheet in sheets:
        scores = [score + log_sum(logs) for score, logs in zip(scores, sheet.weigh_at(lengths), strict=True)]
    ranked = [length for _, length in sorted(zip(scores, lengths, strict=True), reverse=True)]
    if len(sheets) == 1:
        return ranked[0]
    best: list[int] = []
    for length in ranked:
        if len(best) < _COMPARED and all(max(length, other) > _APART * min(length, other) for other in best):
            best.append(length)
    return max(best, key=lambda length: _score_together(sheets, length))


def _score_together(sheets: Sequence[Sheet], length: int) -> float:
    pages = pages_at(sheets, length)
    return _log_prior(length) + sum(log_sum(page.sheet.weigh_with(page.moments)) for page in pages)


def _log_prior(length: int) -> float:
    return -0.5 * ((log(length) - log(_USUAL_LENGTH)) / _LENGTH_SPREAD) ** 2


def _thinned(lengths: Sequence[int], ratio: float) -> list[int]:
    """Of lengths in falling order, those that are further apart than the ratio; the longer one of two stays."""
    kept: list[int] = []
    for length in lengths:
        if not kept or length * ratio < kept[-1]:
            kept.append(length)
    return kept
