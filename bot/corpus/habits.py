"""How pages write their stamps: the chances that settling.py decides by. Pure numbers, no decisions.

Everything here is a likelihood: how often a page with a habit would write just this stamp, if it meant a moment of the
video. The numbers were counted in real pages of many channels, and settled results hardly move with them: it is the
sum over a page's stamps that decides, not the second digit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from math import exp, log
from operator import mul
from typing import NamedTuple

from bot.corpus.timecode import Form, Reading, read

JUNK = 1 / (60 * 3600)  # the chance of one certain stamp among all of 00:00:00 to 59:59:59, where it means nothing

CITED_AGAIN = 0.56  # of the stamps of a sound page occur to the second on another sound page of the video
_HALF_KNOWN = 30  # moments that other pages must cite before they show half of what pages cite again
_EXACT, _NEAR = 0.8, 0.05  # of the moments cited again: to the second; one or two seconds off, for each of the four
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
    """One reading with the seconds it may start at, ten where a digit is lost. `weight` is its chance in the family."""

    family: Family
    starts: range
    weight: float
    reading: Reading


Chances = tuple[float, ...]  # how likely each Family makes a stamp, before any habit


class Left:
    """What a length leaves of a stamp: the chances of its readings inside, before it is known what pages cite.

    Stamps of which the same is left share one object, so that they are weighed once, and its logs are kept.
    """

    __slots__ = ("_logs", "_rows")

    def __init__(self, chances: Chances, ending: Ending) -> None:
        self._rows = list(_by_habit(chances, ending))
        self._logs: dict[int, tuple[float, ...]] = {}

    def logs(self, step: int) -> tuple[float, ...]:
        """The log of its chance for each of HABITS, times a length that is `step` steps (see `weigh_lefts`)."""
        logs = self._logs.get(step)
        if logs is None:
            length = exp(step * _STEP)
            logs = self._logs[step] = tuple(log(chance + junk * length) for chance, junk in self._rows)
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
        starts = sorted((start, option.family, option.weight) for option in self.options for start in option.starts)
        lefts = _lefts(tuple([(family, weight) for _, family, weight in starts]), self.ending)
        return [(start, above, below) for (start, _, _), above, below in zip(starts, lefts[1:], lefts, strict=False)]


@lru_cache(maxsize=_LEFTS)
def _lefts(readings: tuple[tuple[Family, float], ...], ending: Ending) -> list[Left]:
    """What is left below the first of these starts, and from each of them on."""
    chances = [0.0] * len(Family)
    lefts = [_left(tuple(chances), ending)]
    for family, weight in readings:
        chances[family] += weight
        lefts.append(_left(tuple(chances), ending))
    return lefts


@lru_cache(maxsize=_LEFTS)
def _left(chances: Chances, ending: Ending) -> Left:
    return Left(chances, ending)


@lru_cache(maxsize=_CACHED_STAMPS)
def item_of(stamp: tuple[str, str]) -> Item:
    """Read one (written, label) and list its readings by Family."""
    readings = read(*stamp)
    plain, last = readings.plain, readings.last
    options = [] if plain is None else [Option(Family.WRITTEN, _at(plain), 1.0, plain)]
    for reading in readings.others:
        if reading.form is Form.SHIFTED and last is not None:
            options.append(Option(Family.SHIFTED, _at(reading), 1.0, reading))
        elif reading.form is Form.TENS:
            starts = range(reading.start, reading.start + 600, 60)
            options.append(Option(Family.TENS, starts, 1.0, reading))
        elif reading.form is Form.HOUR and plain is not None:
            hours = (plain.start - reading.start) // 3600
            options.append(Option(Family.HOUR, _at(reading), _ONE_HOUR_MORE**hours, reading))
        else:
            family, weight = (_ALONE if plain is None else _BESIDE).get(reading.form, (Family.RARE, 0.0))
            options.append(Option(family, _at(reading), weight, reading))
    ending = Ending.ANY
    if last == 0:
        ending = Ending.ZERO
    elif plain is not None and plain.start // 60 % 60 == last:
        ending = Ending.REPEATED
    return Item(plain, ending, options)


def _at(reading: Reading) -> range:
    return range(reading.start, reading.start + 1)


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
    columns = zip(*(left.logs(step) for left in lefts), strict=True)
    return [prior - whole + sum(map(mul, counts, column)) for prior, column in zip(PRIORS, columns, strict=True)]


def weigh_stamps(stamps: Mapping[tuple[Chances, Ending], int]) -> list[float]:
    """The same where the chances of seconds differ and are in the stamps' chances already."""
    logs = list(PRIORS)
    for (chances, ending), count in stamps.items():
        for index, (chance, junk) in enumerate(_by_habit(chances, ending)):
            logs[index] += count * log(chance + junk)
    return logs


def log_sum(logs: Sequence[float]) -> float:
    """The log of the sum of what the logs stand for."""
    top = max(logs)
    return top + log(sum(exp(value - top) for value in logs))


def as_shares(logs: Sequence[float]) -> list[float]:
    """Log likelihoods as shares of 1."""
    whole = log_sum(logs)
    return [exp(value - whole) for value in logs]


def spread(moments: Iterable[int]) -> dict[int, float]:
    """Cited moments as weights by second: most of each on the second itself, some on its neighbours."""
    weights: dict[int, float] = {}
    for moment in moments:
        weights[moment] = weights.get(moment, 0.0) + _EXACT
        for second in (moment - 2, moment - 1, moment + 1, moment + 2):
            weights[second] = weights.get(second, 0.0) + _NEAR
    return weights


class Moments:
    """How likely a page cites each second of a video: any up to its length, and those more that other pages cite.

    `cited` are the weights (see `spread`) of `count` moments on all pages, `own` those that only this page cites.
    """

    def __init__(self, length: int, cited: Mapping[int, float], count: int, own: Mapping[int, float]) -> None:
        again = CITED_AGAIN * count / (count + _HALF_KNOWN)
        self._length = length
        self._anywhere = (1 - again) / max(length, 1)
        self._each = again / max(count, 1)
        self._cited = cited
        self._own = own

    def at(self, second: int) -> float:
        """The chance of one second; none past the video's end."""
        if second > self._length:
            return 0.0
        weight = self._cited.get(second)
        if weight is None:
            return self._anywhere
        return self._anywhere + self._each * max(0.0, weight - self._own.get(second, 0.0))

    def chances(self, item: Item) -> Chances:
        """How likely each Family makes a stamp."""
        sums = [0.0] * len(Family)
        for family, starts, weight, _ in item.options:
            sums[family] += weight * sum(map(self.at, starts))
        return tuple(sums)
