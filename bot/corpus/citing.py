"""Which moments of a video its pages cite, and how much likelier others cite them again. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from bot.corpus.shapes import Item, Shape

CITED_AGAIN = 0.56  # of the stamps of a sound page occur to the second on another sound page of the video
_HALF_KNOWN = 30  # moments that other pages must cite before they show half of what pages cite again
_EXACT, _NEAR = 0.8, 0.05  # of the moments cited again: to the second; one or two seconds off, for each of the four

Cited = tuple[float | None, ...]  # of a stamp's starts inside the video the weights, None where no page cites near it
Seen = tuple[Shape, Cited]


def spread(moments: Iterable[int]) -> defaultdict[int, float]:
    """Cited moments as weights of seconds: most on the second itself, some on its neighbours."""
    weights: defaultdict[int, float] = defaultdict(float)
    _cite(weights, moments, 1)
    return weights


def _cite(weights: defaultdict[int, float], moments: Iterable[int], times: int) -> None:
    exact, near = times * _EXACT, times * _NEAR
    for moment in moments:
        weights[moment] += exact
        weights[moment - 2] += near
        weights[moment - 1] += near
        weights[moment + 1] += near
        weights[moment + 2] += near


class Moments:
    """How likely a page cites each second of a video: any up to its length, and those more that other pages cite."""

    def __init__(self, length: int, cited: defaultdict[int, float], count: int, own: Collection[int]) -> None:
        """`cited` are the weights (see `spread`) of `count` moments on other pages, and of `own` on this one only."""
        again = CITED_AGAIN * count / (count + _HALF_KNOWN)
        self._length = length
        self._anywhere = (1 - again) / max(length, 1)
        self._each = again / max(count, 1)
        self._weights = cited
        if not count:
            self._weights = defaultdict(float)
        elif own:
            self._weights = cited.copy()
            _cite(self._weights, own, -1)

    def see(self, items: Sequence[Item]) -> list[Seen]:
        """What stamps are weighed by: those of which it is the same mean each of their times to the same share."""
        length, weight_of = self._length, self._weights.get
        seen = []
        for item in items:
            starts = item.starts
            if starts and starts[-1] > length:
                starts = starts[: bisect_right(starts, length)]
            seen.append((item.shape, tuple(map(weight_of, starts))))
        return seen

    def by_second(self, cited: Cited) -> list[float]:
        """How likely the page cites each of a stamp's times."""
        anywhere, each = self._anywhere, self._each
        return [anywhere if weight is None else anywhere + each * weight for weight in cited]

    def by_family(self, shape: Shape, cited: Cited) -> list[float]:
        """How likely each Family makes a stamp."""
        anywhere, each = self._anywhere, self._each
        chances = [anywhere * chance for chance in shape.lefts[len(cited)].chances]
        for weight, kind in zip(cited, shape.kinds, strict=False):
            if weight is not None:
                for family, chance in kind.ways:
                    chances[family] += each * weight * chance
        return chances
