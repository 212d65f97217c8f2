"""How pages write their stamps: the chances that settling.py decides by. Pure numbers, no decisions.

Everything here is a likelihood: how often a page with a habit would write just this stamp, if it meant a moment of the
video. The numbers were counted in real pages of many channels, and settled results hardly move with them: it is the
sum over a page's stamps that decides, not the second digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from math import exp, log
from operator import mul

JUNK = 1 / (60 * 3600)  # the chance of one certain stamp among all of 00:00:00 to 59:59:59, where it means nothing
_LEFTS = 1 << 12  # far more than occur
_STEP = log(1.03)  # of lengths that junk is told apart for


class Family(IntEnum):
    """The ways to take a stamp that a habit has a share for."""

    WRITTEN = 0
    SHIFTED = 1
    TENS = 2
    HOUR = 3
    RARE = 4

    __hash__ = int.__hash__  # an Enum's own hashes its name, in Python


class Ending(IntEnum):
    """What a stamp's third part looks like: 00, the same as the second, or anything else (or there is none)."""

    ZERO = 0
    REPEATED = 1
    ANY = 2

    __hash__ = int.__hash__


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

Chances = Sequence[float]  # how likely each Family makes a stamp, before any habit


def _shares(habit: Habit, ending: Ending) -> tuple[float, ...]:
    """What a habit gives to each Family in a stamp with this ending. A rounded minute stands for its 60 seconds."""
    other = (1 - habit.zeros - habit.repeats) / _OTHER_ENDINGS
    chance = (habit.zeros, habit.repeats, other)[ending]
    written = habit.written + (60 * habit.rounded if ending is Ending.ZERO else 0.0)
    return written, habit.shifted * chance, habit.tens * chance, habit.hour, _RARE_SHARE


# By Ending, what each of HABITS gives to each Family, and to junk.
SHARES = [[(*_shares(habit, ending), habit.junk * JUNK) for habit in HABITS] for ending in Ending]
PRIORS = [log(habit.prior) for habit in HABITS]


def _by_habit(chances: Chances, ending: Ending) -> Iterator[tuple[float, float]]:
    """For each of HABITS how likely it makes a stamp by one of its readings, and how likely by none."""
    written, shifted, tens, hour, rare = chances
    for a, b, c, d, e, junk in SHARES[ending]:
        yield a * written + b * shifted + c * tens + d * hour + e * rare, junk


class Left:
    """What a length leaves of a stamp: the chances of its readings inside, before it is known what pages cite.

    Stamps of which the same is left share one object, so that they are weighed once, and its logs are kept.
    """

    __slots__ = ("_rows", "chances", "logs")

    def __init__(self, chances: Chances, ending: Ending) -> None:
        self.chances = chances
        self._rows = list(_by_habit(chances, ending))
        self.logs: dict[int, tuple[float, ...]] = {}  # those of `weigh` that were asked for

    def weigh(self, step: int) -> tuple[float, ...]:
        """The log of its chance for each of HABITS, times a length that is `step` steps (see `weigh_lefts`)."""
        length = exp(step * _STEP)
        logs = self.logs[step] = tuple([log(chance + junk * length) for chance, junk in self._rows])
        return logs


@lru_cache(maxsize=_LEFTS)
def left_of(chances: tuple[float, ...], ending: Ending) -> Left:
    """The one Left of these."""
    return Left(chances, ending)


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


def weigh_stamps(stamps: Mapping[Ending, Sequence[tuple[Chances, int]]]) -> list[float]:
    """The same where the chances of seconds differ: for each ending (the chances of each Family, how many stamps)."""
    logs = list(PRIORS)
    for ending, of_ending in stamps.items():
        for habit, (a, b, c, d, e, junk) in enumerate(SHARES[ending]):
            logs[habit] += sum(
                [
                    count * log(a * written + b * shifted + c * tens + d * hour + e * rare + junk)
                    for (written, shifted, tens, hour, rare), count in of_ending
                ]
            )
    return logs


def log_sum(logs: Sequence[float]) -> float:
    """The log of the sum of what the logs stand for."""
    top = max(logs)
    return top + log(sum(exp(value - top) for value in logs))


def as_shares(logs: Sequence[float]) -> list[float]:
    """Log likelihoods as shares of 1."""
    whole = log_sum(logs)
    return [exp(value - whole) for value in logs]
