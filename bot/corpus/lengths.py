"""How long a video is by its pages alone, and what its pages look like if it is that long. Pure.

Readings past a video's end are wrong for certain, so its length settles more than anything else; but pages state it
only by where their stamps end, under one reading or another. So of all such ends the length is the one that makes all
pages together likeliest (habits.py), a stamp inside being worth 1/length and one outside next to nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from math import inf, log

from bot.corpus.citing import Moments, Seen, spread
from bot.corpus.habits import (
    PRIORS,
    SHIFTED,
    SOUND,
    Chances,
    Ending,
    Family,
    Left,
    as_shares,
    log_sum,
    weigh_lefts,
    weigh_stamps,
)
from bot.corpus.shapes import Shape, item_of
from bot.corpus.timecode import MAX_SECONDS

CERTAIN = 0.8  # from here on a page's habit is taken as known, and what it cites as evidence for the other pages

_USUAL_LENGTH, _LENGTH_SPREAD = 3300.0, 1.0  # seconds; in natural logs, so that neither a clip nor 3 h is a surprise
_SAME_LENGTH = 1.03  # candidates closer than this are one
_COMPARED = 3  # candidates that are compared once more, by what the pages cite together
_APART = 1.1  # how far those are from each other, at least,
_WORTH_COMPARING = 100.0  # and how far from the best, at most: what is told together has made up for 42
_ENDS = (1.0, 0.95, 0.8)  # where a page's stamps end: with all of them, and without the wildest


class Sheet:
    """One page's stamps on one video, ready to be weighed."""

    def __init__(self, stamps: Sequence[tuple[str, str]]) -> None:
        self.items = [item_of(written, "" if label == written else label) for written, label in stamps]
        self.plain = sorted([item.plain.start for item in self.items if item.plain is not None])
        self.readable = [item for item in self.items if item.starts]

    @cached_property
    def _lefts(self) -> tuple[list[tuple[list[int], list[Left]]], list[tuple[Sequence[int], list[Left]]]]:
        """What is left of the stamps by how many times lie inside: of all with one time at once, and of each other."""
        once: dict[Shape, list[int]] = defaultdict(list)
        for item in self.readable:
            if len(item.starts) == 1:
                once[item.shape].append(item.starts[0])
        return (
            [(sorted(starts), shape.lefts) for shape, starts in once.items()],
            [(item.starts, item.shape.lefts) for item in self.readable if len(item.starts) > 1],
        )

    def weigh(self, length: int) -> list[float]:
        """Log likelihoods of HABITS for a video of this length, where a page may cite any moment alike."""
        if not self.readable:
            return list(PRIORS)
        once, several = self._lefts
        counts = Counter([lefts[bisect_right(starts, length)] for starts, lefts in several])
        for starts, (outside, inside) in once:
            reached = bisect_right(starts, length)
            if reached:
                counts[inside] += reached
            if reached < len(starts):
                counts[outside] += len(starts) - reached
        return weigh_lefts(counts, length)

    def ends(self) -> set[int]:
        """Where the stamps may end, in seconds."""
        ends: set[int] = set()
        for family in (Family.WRITTEN, Family.SHIFTED, Family.HOUR):
            starts = sorted([item.starts[index] for item in self.readable for index in item.shape.at[family]])
            del starts[bisect_right(starts, MAX_SECONDS) :]
            if starts:
                ends.update([starts[int((len(starts) - 1) * share)] for share in _ENDS])
        return ends


class Page:
    """A sheet as one length makes it look: the shares of HABITS, and how likely it cites which moment."""

    def __init__(self, sheet: Sheet, habits: Sequence[float], moments: Moments) -> None:
        self.sheet = sheet
        self.habits = habits
        self.moments = moments

    @cached_property
    def seen(self) -> list[Seen]:
        """Of each stamp what it is weighed by."""
        return self.moments.see(self.sheet.items)

    @cached_property
    def logs(self) -> list[float]:
        """Log likelihoods of HABITS where the moments that other pages cite are likelier."""
        stamps: dict[Ending, list[tuple[Chances, int]]] = defaultdict(list)
        for (shape, cited), count in Counter(self.seen).items():
            if shape.kinds:
                stamps[shape.ending].append((self.moments.by_family(shape, cited), count))
        return weigh_stamps(stamps)


def pages_at(sheets: Sequence[Sheet], length: int) -> list[Page]:
    """Look at all pages of a video of one length: which are sound, and what those cite."""
    return _pages(sheets, length, [sheet.weigh(max(length, 1)) for sheet in sheets])


def _pages(sheets: Sequence[Sheet], length: int, logs: Sequence[Sequence[float]]) -> list[Page]:
    habits = [as_shares(of_page) for of_page in logs]
    cited = [_cited(sheet, held, length) for sheet, held in zip(sheets, habits, strict=True)]
    counts = Counter(moment for moments in cited for moment in moments)
    weights = spread(counts)
    pages = []
    for sheet, held, moments in zip(sheets, habits, cited, strict=True):
        own = [moment for moment in moments if counts[moment] == 1]
        pages.append(Page(sheet, held, Moments(length, weights, len(counts) - len(own), own)))
    return pages


def _cited(sheet: Sheet, habits: Sequence[float], length: int) -> set[int]:
    if habits[SOUND] >= CERTAIN:
        return set(sheet.plain[: bisect_right(sheet.plain, length)])
    if habits[SHIFTED] >= CERTAIN:
        zeros = [item for item in sheet.items if item.shape.ending is Ending.ZERO]
        starts = {item.starts[index] for item in zeros for index in item.shape.at[Family.SHIFTED]}
        return {start for start in starts if start <= length}
    return set()


def estimate_length(sheets: Sequence[Sheet]) -> tuple[int, list[Page]]:
    """The likeliest length in seconds, at least 1: the last moment that is worth believing. And the pages at it."""
    trial = _Trial(sheets)
    lengths = trial.lengths
    compared: list[tuple[int, list[Page]]] = []
    at_least = -inf
    apart = list(range(len(lengths)))
    while apart and len(compared) < (_COMPARED if len(sheets) > 1 else 1):
        best = trial.best(apart, at_least)
        if best is None:
            break
        length, of_pages = lengths[best], trial.logs[best]
        if not compared:
            at_least = trial.scores[best] - _WORTH_COMPARING
        compared.append((length, _pages(sheets, length, of_pages)))
        apart = [index for index in apart if max(lengths[index], length) > _APART * min(lengths[index], length)]
    if len(compared) == 1:
        return compared[0]
    return max(compared, key=lambda held: _log_prior(held[0]) + sum(log_sum(page.logs) for page in held[1]))


class _Trial:
    """The lengths that a video may have, the longest first, weighed only as far as it takes to find the best.

    A length's score is known but for what its stamps' readings inside are worth, and that is never more than in a
    longer video. So each length that was weighed bounds the scores of all shorter ones, and most are out unweighed.
    """

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self.lengths = _candidates(sheets)
        stamps = sum(len(sheet.readable) for sheet in sheets)
        self._known = [_log_prior(length) - stamps * log(length) for length in self.lengths]
        self.scores: dict[int, float] = {}  # of those weighed, by index
        self.logs: dict[int, list[list[float]]] = {}  # and those of their pages

    def best(self, among: Sequence[int], at_least: float) -> int | None:
        """The likeliest of these lengths (by index, rising), if its score is enough."""
        while True:
            best, highest, longer = 0, -inf, -1
            weighed, inside = -1, inf  # the last length that was weighed, and what the readings inside are worth in it
            for index, known in enumerate(self._known):
                if index in self.scores:
                    weighed, inside = index, self.scores[index] - known
                if index in among and known + inside > highest:
                    best, highest, longer = index, known + inside, weighed
            if highest < at_least:
                return None
            if best == longer:
                return best
            self._weigh((longer + best + 1) // 2)  # and so bound half of those between, too

    def _weigh(self, index: int) -> None:
        length = self.lengths[index]
        self.logs[index] = [sheet.weigh(length) for sheet in self._sheets]
        self.scores[index] = _log_prior(length) + sum(map(log_sum, self.logs[index]))


def _candidates(sheets: Sequence[Sheet]) -> list[int]:
    """The lengths to try, the longest first: where the stamps may end, if half of them lie inside."""
    earliest = sorted([item.starts[0] for sheet in sheets for item in sheet.items if item.starts])
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
