"""How pages write their stamps: the chances that settling.py decides by. Pure numbers, no decisions.

Everything here is a likelihood: how often a page with a habit would write just this stamp, if it meant a moment of the
video. The numbers were counted in real pages of many channels, and settled results hardly move with them: it is the
sum over a page's stamps that decides, not the second digit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from math import exp, log
from operator import mul
from typing import NamedTuple

from bot.corpus.timecode import MAX_SECONDS, Form, Reading, read

JUNK = 1 / (60 * 3600)  # the chance of one certain stamp among all of 00:00:00 to 59:59:59, where it means nothing

CITED_AGAIN = 0.56  # of the stamps of a sound page occur to the second on another sound page of the video
_HALF_KNOWN = 30  # moments that other pages must cite before they show half of what pages cite again
_EXACT, _NEAR = 0.8, 0.05  # of the moments cited again: to the second; one or two seconds off, for each of the four
_COMPARED = MAX_SECONDS + 10 * 60  # seconds that pages are compared in; only what runs on for days is longer
_ONE_HOUR_MORE = 0.5  # each further hour too many halves the chance
_CACHED_STAMPS = 1 << 14  # about 20 MB; two thirds of a large corpus's stamps occur in it before
_LEFTS = 1 << 12  # far more than occur
_STEP = log(1.03)  # of lengths that junk is told apart for


class Family(IntEnum):
    """The ways to take a stamp that a habit has a share for."""

    WRITTEN = 0
    SHIFTED = 1
    TENS = 2
    HOUR = 3
    RARE = 4


class Ending(IntEnum):
    """What a stamp's third part looks like: 00, the same as the second, or anything else (or there is none)."""

    ZERO = 0
    REPEATED = 1
    ANY = 2

    __hash__ = int.__hash__  # an Enum's own hashes its name, in Python


TENS = Family.TENS
LOST_TEN, LOST_TENS = 60, 600  # seconds: a lost digit counts minutes, and is one of ten


@dataclass(frozen=True, slots=True)
class Habit:
    """One way to write a page's stamps: which share of them is in which form; the shares add up to about 1.

    `prior` is the share of pages that have the habit. `rounded` stamps are as written, but to the minute. `junk` means
    nothing. `zeros` and `repeats` are how often the part that a shifted stamp has too many is 00 or repeats.
    """

    name: str
    prior: float
    written: float
    rounded: float
    shifted: float
    tens: float
    hour: float
    junk: float
    zeros: float = 0.9
    repeats: float = 0.03


# Most pages are sound. In the others one slip rules the page (real ones hold it for 80 % of their stamps and more), or
# all are mixed. Pages that round to the minute are rare: where all stamps end in 00, they are nearly always shifted.
HABITS = (
    Habit("sound", 0.80, 0.985, 0.003, 0.002, 0.001, 0.004, 0.005),
    Habit("shifted", 0.06, 0.10, 0.005, 0.85, 0.02, 0.01, 0.015),
    Habit("tens", 0.03, 0.10, 0.005, 0.03, 0.80, 0.02, 0.045),
    Habit("hour", 0.03, 0.30, 0.005, 0.02, 0.03, 0.60, 0.045),
    Habit("rounded", 0.003, 0.30, 0.60, 0.02, 0.0, 0.01, 0.07),
    Habit("shifted or tens, any ending", 0.02, 0.10, 0.0, 0.40, 0.40, 0.05, 0.05, zeros=0.05, repeats=0.3),
    Habit("mixed", 0.05, 0.42, 0.01, 0.20, 0.15, 0.15, 0.07),
)
SOUND, SHIFTED = 0, 1

_RARE_SHARE = 0.5
_OTHER_ENDINGS = 98  # of the hundred, without 00 and the second part's
# Within their family, how likely a form is: where there is no plain reading, and where there is one beside it.
_ALONE = {
    Form.LABEL: (Family.WRITTEN, 1.0),
    Form.FIRST_PARTS: (Family.WRITTEN, 0.8),
    Form.LAST_PARTS: (Family.WRITTEN, 0.05),
    Form.CARRIED: (Family.WRITTEN, 0.005),  # a slip of the pen; hundredths after a shifted time are commoner
    Form.COUNT: (Family.RARE, 0.4),
    Form.DIGITS: (Family.RARE, 0.4),
}
_BESIDE = {
    Form.LABEL: (Family.RARE, 0.08),  # where both are well-formed, `data-t` is right more often than the label
    Form.HOURS_MINUTES: (Family.RARE, 0.01),
    Form.SHIFTED: (Family.RARE, 0.02),  # in four parts
}


class Option(NamedTuple):
    """One reading and where it starts; in the family TENS that is the first of ten. `weight` is its chance in it."""

    family: Family
    start: int
    weight: float
    reading: Reading


Chances = tuple[float, ...]  # how likely each Family makes a stamp, before any habit


class Left:
    """What a length leaves of a stamp: the chances of its readings inside, before it is known what pages cite.

    Stamps of which the same is left share one object, so that they are weighed once, and its logs are kept.
    """

    __slots__ = ("_rows", "logs")

    def __init__(self, chances: Chances, ending: Ending) -> None:
        self._rows = list(_by_habit(chances, ending))
        self.logs: dict[int, tuple[float, ...]] = {}  # those of `weigh` that were asked for

    def weigh(self, step: int) -> tuple[float, ...]:
        """The log of its chance for each of HABITS, times a length that is `step` steps (see `weigh_lefts`)."""
        length = exp(step * _STEP)
        logs = self.logs[step] = tuple([log(chance + junk * length) for chance, junk in self._rows])
        return logs


class Item:
    """One stamp with all that it can mean; `plain` where it can be taken at its word."""

    def __init__(self, plain: Reading | None, ending: Ending, options: Sequence[Option]) -> None:
        self.plain = plain
        self.ending = ending
        self.options = options

    @cached_property
    def falls(self) -> list[tuple[int, Left, Left]]:
        """Every start, rising, with what is left of the item from that length on, and what is left below it."""
        starts = []
        for family, start, weight, _ in self.options:
            if family is TENS:
                starts += [(second, family, weight) for second in range(start, start + LOST_TENS, LOST_TEN)]
            else:
                starts.append((start, family, weight))
        starts.sort()
        above, below = _lefts(tuple([found[1:] for found in starts]), self.ending)
        return list(zip([found[0] for found in starts], above, below, strict=True))


@lru_cache(maxsize=_LEFTS)
def _lefts(readings: tuple[tuple[Family, float], ...], ending: Ending) -> tuple[list[Left], list[Left]]:
    """What is left from each of these starts on, and below each of them."""
    chances = [0.0] * len(Family)
    lefts = [_left(tuple(chances), ending)]
    for family, weight in readings:
        chances[family] += weight
        lefts.append(_left(tuple(chances), ending))
    return lefts[1:], lefts[:-1]


@lru_cache(maxsize=_LEFTS)
def _left(chances: Chances, ending: Ending) -> Left:
    return Left(chances, ending)


@lru_cache(maxsize=_CACHED_STAMPS)
def item_of(stamp: tuple[str, str]) -> Item:
    """Read one (written, label) and list its readings by Family."""
    readings = read(*stamp)
    plain, last = readings.plain, readings.last
    options = [] if plain is None else [Option(Family.WRITTEN, plain.start, 1.0, plain)]
    for reading in readings.others:
        if reading.form is Form.SHIFTED and last is not None:
            options.append(Option(Family.SHIFTED, reading.start, 1.0, reading))
        elif reading.form is Form.TENS:
            options.append(Option(TENS, reading.start, 1.0, reading))
        elif reading.form is Form.HOUR and plain is not None:
            hours = (plain.start - reading.start) // 3600
            options.append(Option(Family.HOUR, reading.start, _ONE_HOUR_MORE**hours, reading))
        else:
            family, weight = (_ALONE if plain is None else _BESIDE).get(reading.form, (Family.RARE, 0.0))
            options.append(Option(family, reading.start, weight, reading))
    ending = Ending.ANY
    if last == 0:
        ending = Ending.ZERO
    elif plain is not None and plain.start // 60 % 60 == last:
        ending = Ending.REPEATED
    return Item(plain, ending, options)


def shares(habit: Habit, ending: Ending) -> tuple[float, ...]:
    """What a habit gives to each Family in a stamp with this ending. A rounded minute stands for its 60 seconds."""
    other = (1 - habit.zeros - habit.repeats) / _OTHER_ENDINGS
    chance = (habit.zeros, habit.repeats, other)[ending]
    written = habit.written + (60 * habit.rounded if ending is Ending.ZERO else 0.0)
    return written, habit.shifted * chance, habit.tens * chance, habit.hour, _RARE_SHARE


_SHARES = [[(*shares(habit, ending), habit.junk * JUNK) for habit in HABITS] for ending in Ending]
PRIORS = [log(habit.prior) for habit in HABITS]


def _by_habit(chances: Chances, ending: Ending) -> Iterator[tuple[float, float]]:
    """For each of HABITS how likely it makes a stamp by one of its readings, and how likely by none."""
    written, shifted, tens, hour, rare = chances
    for a, b, c, d, e, junk in _SHARES[ending]:
        yield a * written + b * shifted + c * tens + d * hour + e * rare, junk


def weigh_lefts(lefts: Mapping[Left, int], length: int) -> list[float]:
    """The log likelihood of a page for each of HABITS in a video of this length, any second of it being as likely.

    `lefts` says of how many stamps the same is left, with at least one entry. Junk is as likely in a short video as in
    a long one: only this part depends on the length, and is taken for the nearest of steps of 3 %.
    """
    step = round(log(length) / _STEP)
    counts = lefts.values()
    whole = sum(counts) * log(length)
    columns = zip(*[left.logs.get(step) or left.weigh(step) for left in lefts], strict=True)
    return [prior - whole + sum(map(mul, counts, column)) for prior, column in zip(PRIORS, columns, strict=True)]


def weigh_stamps(stamps: Mapping[tuple[Chances, Ending], int]) -> list[float]:
    """The same where the chances of seconds differ and are in the stamps' chances already."""
    logs = []
    for habit, whole in enumerate(PRIORS):
        of_habit = [by_ending[habit] for by_ending in _SHARES]
        for ((written, shifted, tens, hour, rare), ending), count in stamps.items():
            a, b, c, d, e, junk = of_habit[ending]
            whole += count * log(a * written + b * shifted + c * tens + d * hour + e * rare + junk)
        logs.append(whole)
    return logs


def log_sum(logs: Sequence[float]) -> float:
    """The log of the sum of what the logs stand for."""
    top = max(logs)
    return top + log(sum(exp(value - top) for value in logs))


def as_shares(logs: Sequence[float]) -> list[float]:
    """Log likelihoods as shares of 1."""
    whole = log_sum(logs)
    return [exp(value - whole) for value in logs]


def spread(moments: Collection[int], length: int) -> list[float]:
    """Cited moments as weights of the seconds up to a length: most on the second itself, some on its neighbours."""
    weights = [0.0] * (min(length, _COMPARED) + 1)
    _cite(weights, moments, 1)
    return weights


def _cite(weights: list[float], moments: Collection[int], times: int) -> None:
    last = len(weights) - 1
    for moment in moments:
        if moment <= last:
            weights[moment] += times * _EXACT
        for second in (moment - 2, moment - 1, moment + 1, moment + 2):
            if 0 <= second <= last:
                weights[second] += times * _NEAR


class Moments:
    """How likely a page cites each second of a video: any up to its length, and those more that other pages cite.

    The chance of a second is `anywhere + each * weights[second]`, or just `anywhere` where there is no such weight;
    those past the video's `length` have none.
    """

    def __init__(self, length: int, cited: list[float], count: int, own: Collection[int]) -> None:
        """`cited` are the weights (see `spread`) of `count` moments on other pages, and of `own` on this one only."""
        again = CITED_AGAIN * count / (count + _HALF_KNOWN)
        self.length = length
        self.anywhere = (1 - again) / max(length, 1)
        self.each = again / max(count, 1)
        self.weights = cited
        if own and count:
            self.weights = cited.copy()
            _cite(self.weights, own, -1)

    def chances(self, item: Item) -> Chances:
        """How likely each Family makes a stamp."""
        anywhere, each, weights, length = self.anywhere, self.each, self.weights, self.length
        sums = [0.0] * len(Family)
        for family, start, weight, _ in item.options:
            if start >= len(weights):
                sums[family] += weight * anywhere if start <= length else 0.0
            elif family is TENS:
                cited = weights[start : start + LOST_TENS : LOST_TEN]
                sums[family] += weight * (len(cited) * anywhere + each * sum(cited))
            else:
                sums[family] += weight * (anywhere + each * weights[start])
        return tuple(sums)
