"""How long a video is by its pages alone, and what its pages look like if it is that long. Pure.

Readings past a video's end are wrong for certain, so its length settles more than anything else; but pages state it
only by where their stamps end, under one reading or another. So every such end is tried: the length is the one that
makes all pages together likeliest (habits.py), a stamp inside being worth 1/length and one outside next to nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from math import log
from operator import itemgetter

from bot.corpus.habits import (
    PRIORS,
    SHIFTED,
    SOUND,
    Ending,
    Family,
    Moments,
    as_shares,
    item_of,
    log_sum,
    spread,
    weigh_lefts,
    weigh_stamps,
)
from bot.corpus.timecode import MAX_SECONDS

CERTAIN = 0.8  # from here on a page's habit is taken as known, and what it cites as evidence for the other pages

_USUAL_LENGTH, _LENGTH_SPREAD = 3300.0, 1.0  # seconds; in natural logs, so that neither a clip nor 3 h is a surprise
_SAME_LENGTH = 1.03  # candidates closer than this are one
_COMPARED = 3  # candidates that are compared once more, by what the pages cite together
_APART = 1.1  # how far those are from each other, at least,
_WORTH_COMPARING = 100.0  # and how far from the best, at most: what is told together has made up for 42
_ENDS = (1.0, 0.95, 0.8)  # where a page's stamps end: with all of them, and without the wildest

_START = itemgetter(0)  # of a fall


class Sheet:
    """One page's stamps on one video, ready to be weighed."""

    def __init__(self, stamps: Sequence[tuple[str, str]]) -> None:
        self.items = [item_of(stamp) for stamp in stamps]
        self.plain = sorted([item.plain.start for item in self.items if item.plain is not None])
        self._readable = [item for item in self.items if item.options]

    def weigh_at(self, lengths: Sequence[int]) -> list[list[float]]:
        """Log likelihoods of HABITS for each length, the longest first, where a page may cite any moment alike.

        Going down, only the readings that fall out are looked at again.
        """
        if not self._readable:
            return [list(PRIORS) for _ in lengths]
        shortest = lengths[-1]  # what lies inside every length never falls out
        falling = [fall for item in self._readable for fall in item.falls if fall[0] > shortest]
        falling.sort(key=_START)
        alike = Counter([item.falls[-1][1] for item in self._readable])
        logs = []
        for length in lengths:
            while falling and falling[-1][0] > length:
                _, above, below = falling.pop()
                alike[below] += 1
                alike[above] -= 1
                if not alike[above]:
                    del alike[above]
            logs.append(weigh_lefts(alike, length))
        return logs

    def ends(self) -> set[int]:
        """Where the stamps may end, in seconds."""
        ends: dict[Family, list[int]] = {Family.WRITTEN: [], Family.SHIFTED: [], Family.HOUR: []}
        for item in self._readable:
            for family, start, _, _ in item.options:
                if family in ends and start <= MAX_SECONDS:
                    ends[family].append(start)
        found: set[int] = set()
        for starts in filter(None, ends.values()):
            starts.sort()
            found.update(starts[int((len(starts) - 1) * share)] for share in _ENDS)
        return found


class Page:
    """A sheet as one length makes it look: the shares of HABITS, and how likely it cites which moment."""

    def __init__(self, sheet: Sheet, habits: Sequence[float], moments: Moments) -> None:
        self.sheet = sheet
        self.habits = habits
        self.moments = moments

    @cached_property
    def logs(self) -> list[float]:
        """Log likelihoods of HABITS where the moments that other pages cite are likelier."""
        readable = [item for item in self.sheet.items if item.options]
        return weigh_stamps(Counter([(self.moments.chances(item), item.ending) for item in readable]))


def pages_at(sheets: Sequence[Sheet], length: int) -> list[Page]:
    """Look at all pages of a video of one length: which are sound, and what those cite."""
    return _pages(sheets, length, [sheet.weigh_at((max(length, 1),))[0] for sheet in sheets])


def _pages(sheets: Sequence[Sheet], length: int, logs: Sequence[Sequence[float]]) -> list[Page]:
    habits = [as_shares(of_page) for of_page in logs]
    cited = [_cited(sheet, held, length) for sheet, held in zip(sheets, habits, strict=True)]
    counts = Counter(moment for moments in cited for moment in moments)
    weights = spread(counts, length)
    pages = []
    for sheet, held, moments in zip(sheets, habits, cited, strict=True):
        own = [moment for moment in moments if counts[moment] == 1]
        pages.append(Page(sheet, held, Moments(length, weights, len(counts) - len(own), own)))
    return pages


def _cited(sheet: Sheet, habits: Sequence[float], length: int) -> set[int]:
    if habits[SOUND] >= CERTAIN:
        return set(sheet.plain[: bisect_right(sheet.plain, length)])
    if habits[SHIFTED] >= CERTAIN:
        shifted = (option for item in sheet.items if item.ending is Ending.ZERO for option in item.options)
        starts = {option.reading.start for option in shifted if option.family is Family.SHIFTED}
        return {start for start in starts if start <= length}
    return set()


def estimate_length(sheets: Sequence[Sheet]) -> tuple[int, list[Page]]:
    """The likeliest length in seconds, at least 1: the last moment that is worth believing. And the pages at it."""
    lengths = _candidates(sheets)
    logs = list(zip(*(sheet.weigh_at(lengths) for sheet in sheets), strict=True))
    scores = [_log_prior(length) + sum(map(log_sum, of_pages)) for length, of_pages in zip(lengths, logs, strict=True)]
    ranked = sorted(zip(scores, lengths, logs, strict=True), reverse=True)
    compared: list[tuple[int, list[Page]]] = []
    for score, length, of_pages in ranked:
        if compared and (len(sheets) == 1 or len(compared) == _COMPARED or score < ranked[0][0] - _WORTH_COMPARING):
            break
        if all(max(length, other) > _APART * min(length, other) for other, _ in compared):
            compared.append((length, _pages(sheets, length, of_pages)))
    if len(compared) == 1:
        return compared[0]
    return max(compared, key=lambda held: _log_prior(held[0]) + sum(log_sum(page.logs) for page in held[1]))


def _candidates(sheets: Sequence[Sheet]) -> list[int]:
    """The lengths to try, the longest first: where the stamps may end, if half of them lie inside."""
    earliest = sorted(item.falls[0][0] for sheet in sheets for item in sheet.items if item.options)
    half = earliest[len(earliest) // 2] if earliest else 0
    shortest = min(max(half, 1), MAX_SECONDS)
    ends = {shortest}.union(*(sheet.ends() for sheet in sheets))
    return _thinned(sorted((end for end in ends if end >= shortest), reverse=True), _SAME_LENGTH)


def _log_prior(length: int) -> float:
    return -0.5 * ((log(length) - log(_USUAL_LENGTH)) / _LENGTH_SPREAD) ** 2


def _thinned(lengths: Sequence[int], ratio: float) -> list[int]:
    """Of lengths in falling order, those that are further apart than the ratio; the longer one of two stays."""
    kept: list[int] = []
    for length in lengths:
        if not kept or length * ratio < kept[-1]:
            kept.append(length)
    return kept
