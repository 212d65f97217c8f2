"""What one stamp can mean, by time, each way with its chance among those of its family (habits.py). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from operator import itemgetter

from bot.corpus.habits import Ending, Family, left_of
from bot.corpus.timecode import Form, Reading, read
from bot.models import Settled, Trust

_CACHED_STAMPS = 1 << 14  # about 12 MB; two thirds of a large corpus's stamps occur in it before
_SHAPES = 1 << 12  # far more than occur
_LOST_TEN, _LOST_TENS = 60, 600  # seconds: a lost digit counts minutes, and is one of ten
_ONE_HOUR_MORE = 0.5  # each further hour too many halves the chance
_START = itemgetter(0)

Way = tuple[Family, float]


class Kind:
    """The ways to take a stamp that mean one time: each as its family and its chance in that.

    Two of the same ways are equal only if they are one, which makes them quick to look up: stamps share them.
    """

    __slots__ = ("ways",)

    def __init__(self, *ways: Way) -> None:
        self.ways = ways


# Within their family, how likely a form is: where there is no plain reading, and where there is one beside it.
_ALONE = {
    Form.LABEL: Kind((Family.WRITTEN, 1.0)),
    Form.FIRST_PARTS: Kind((Family.WRITTEN, 0.8)),
    Form.LAST_PARTS: Kind((Family.WRITTEN, 0.05)),
    Form.CARRIED: Kind((Family.WRITTEN, 0.005)),  # a slip of the pen; hundredths after a shifted time are commoner
    Form.COUNT: Kind((Family.RARE, 0.4)),
    Form.DIGITS: Kind((Family.RARE, 0.4)),
}
_BESIDE = {
    Form.LABEL: Kind((Family.RARE, 0.08)),  # where both are well-formed, `data-t` is right more often than the label
    Form.HOURS_MINUTES: Kind((Family.RARE, 0.01)),
    Form.SHIFTED: Kind((Family.RARE, 0.02)),  # in four parts
}
_NEVER = Kind((Family.RARE, 0.0))
_WRITTEN = Kind((Family.WRITTEN, 1.0))
_SHIFTED = Kind((Family.SHIFTED, 1.0))
_TENS = Kind((Family.TENS, 1.0))


@lru_cache(maxsize=_SHAPES)
def _hours(more: int) -> Kind:
    return Kind((Family.HOUR, _ONE_HOUR_MORE**more))


@lru_cache(maxsize=_SHAPES)
def _either(*kinds: Kind) -> Kind:
    return Kind(*[way for kind in kinds for way in kind.ways])


class Shape:
    """What a stamp has in common with all that can be taken in the same ways, in the same order of time.

    `kinds` are those ways for each time, `at` says which of the times each Family gives, and `lefts` is what is left of
    the stamp by how many of its times lie inside the video.
    """

    __slots__ = ("at", "ending", "kinds", "lefts")

    def __init__(self, kinds: Sequence[Kind], ending: Ending) -> None:
        self.ending = ending
        self.kinds = kinds
        self.at: list[list[int]] = [[] for _ in Family]
        chances = [0.0] * len(Family)
        self.lefts = [left_of(tuple(chances), ending)]
        for index, kind in enumerate(kinds):
            for family, weight in kind.ways:
                self.at[family].append(index)
                chances[family] += weight
            self.lefts.append(left_of(tuple(chances), ending))


class Item:
    """One stamp with all that it can mean; `plain` where it can be taken at its word.

    `starts` are all times that it can mean, rising, and `readings` what means them: one for each way of a kind.
    `stated` is what it means if it is.
    """

    __slots__ = ("plain", "readings", "shape", "starts", "stated")

    def __init__(self, plain: Reading | None, starts: Sequence[int], readings: Sequence[Reading], shape: Shape) -> None:
        self.plain = plain
        self.stated = None if plain is None else Settled(plain.start, plain.end, Trust.STATED)
        self.starts = starts
        self.readings = readings
        self.shape = shape

    def readings_at(self, index: int) -> Sequence[Reading]:
        """Those that mean one of the times."""
        if len(self.readings) == len(self.starts):
            return self.readings[index : index + 1]
        ways = [len(kind.ways) for kind in self.shape.kinds]
        first = sum(ways[:index])
        return self.readings[first : first + ways[index]]


@lru_cache(maxsize=_SHAPES)
def _shape(kinds: tuple[Kind, ...], ending: Ending) -> Shape:
    return Shape(kinds, ending)


@lru_cache(maxsize=_CACHED_STAMPS)
def item_of(written: str, label: str = "") -> Item:
    """Read one stamp and list all that it can mean by time. A label that says the same says nothing."""
    readings = read(written, label)
    plain, last = readings.plain, readings.last
    ending = _ending(plain, last)
    found = [] if plain is None else [(plain.start, _WRITTEN, plain)]
    kind_of = _ALONE if plain is None else _BESIDE
    for reading in readings.others:
        form, start, _ = reading
        if form is Form.TENS:
            found += zip(range(start, start + _LOST_TENS, _LOST_TEN), repeat(_TENS), repeat(reading), strict=False)
        elif form is Form.SHIFTED and last is not None:
            found.append((start, _SHIFTED, reading))
        elif form is Form.HOUR and plain is not None:
            found.append((start, _hours((plain.start - start) // 3600), reading))
        else:
            found.append((start, kind_of.get(form, _NEVER), reading))
    if not found:
        return Item(plain, (), (), _shape((), ending))
    found.sort(key=_START)
    starts, kinds, meant = zip(*found, strict=True)
    if len(set(starts)) < len(starts):
        alike = {start: [kind for at, kind, _ in found if at == start] for start in starts}
        starts, kinds = tuple(alike), tuple([_either(*of_start) for of_start in alike.values()])
    return Item(plain, starts, meant, _shape(kinds, ending))


def _ending(plain: Reading | None, last: int | None) -> Ending:
    if last == 0:
        return Ending.ZERO
    return Ending.REPEATED if plain is not None and plain.start // 60 % 60 == last else Ending.ANY
