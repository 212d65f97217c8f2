"""Settles what every stamp on one video means: stated, repaired or doubtful. Pure; reading a stamp is timecode.py's.

A stamp has several readings and none shows by itself which one is right: `02:16:00` is right in a long video, 2:16 on
a page that writes minutes and seconds one place too high, and 2?:16 on one that writes the tens of minutes as hours.
So all stamps of a video are weighed together, by four kinds of evidence, each as a likelihood:

1. A video ends (lengths.py). Where its length is known, readings past it are out, whatever else speaks for them.
   Where it is not, it is estimated from where the pages' stamps end. Each stamp inside counts, so a few wild stamps,
   or one wild page among several that agree, do not stretch a video; and no video is longer than 12 hours.
2. A page has a habit (habits.py): what is wrong with most of its stamps is wrong with the next. That a page's stamps
   all end in 00 by chance is 60 times less likely with each of them.
3. Pages on one video cite the same moments: in real pages 56 % of the stamps stand to the second on another page too,
   many times what chance gives. Only this tells 21:16 from 27:16 where the digit was lost.
4. Text runs forward: after a stamp, the next one is usually the next minute. That is worth up to 50 to 1 for readings
   that follow each other, and takes at most a factor of 2.5 from those that do not, since pages also jump.

A page's readings are then weighed together (forward-backward over its stamps), and a stamp means the time that gets
the largest share, if that is enough; otherwise it is doubtful. What is enough is a choice, not a measurement: a lower
bar repairs more stamps and more of them wrongly. See `_SURE`.

A zero that stands after later times is doubtful whatever speaks for it: in real pages most are stamps that nobody
filled in, and a doubtful time's link starts the video at the beginning too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import exp, inf
from operator import mul, neg
from typing import NamedTuple

from bot.corpus.habits import HABITS, JUNK, SHARES, SOUND, Ending, as_shares
from bot.corpus.lengths import CERTAIN, Page, Sheet, estimate_length, pages_at
from bot.corpus.shapes import Item, Shape
from bot.corpus.timecode import Reading, format_time
from bot.models import PageStamps, Settled, Trust

# The share of all readings' weight that one time needs. Shifts and hours nearly always have 0.9 and more, so what the
# bar decides are lost digits, ten candidates each. Judged by the same words on other pages (benchmarks/timestamps.py),
# 57 % of the digits found with a third are right, 73 % of those with seven tenths, and 87 % of stamps as written; to
# read all of them as MM:SS would be right for next to none. Where a known length proves the stamp wrong as written, the
# bar is lower: the question is then only which of its readings holds.
_SURE = 0.33
_SURE_IF_PROVEN_WRONG = 0.22

_STRAY_AFTER = 60  # seconds: a zero after a later time than that is none

_FOLLOWS = 0.6  # of the stamps of sound pages come soon after the one before,
_SOON = 45.0  # this many seconds on average; the others stand anywhere
_NONE_LEFT = (inf, 0.0)
_NEGLIGIBLE = 1e-4  # options so much worse than a stamp's best are not followed along the page

# A video whose stamps raise no question at all is not weighed: nothing could come of it.
_LONGEST_UNQUESTIONED = 3 * 3600
_FEW_ZEROS = 0.1  # by chance 1 in 60
_NO_GAP = 1.25  # how far the last stamps may lie beyond the rest, and one page beyond the others
_SLACK = 60  # seconds on top, for short videos


def settle(pages: Sequence[PageStamps], duration: int | None = None) -> list[list[Settled]]:
    """Settle all pages on one video: for each page one Settled a stamp, in order. Never raises.

    `duration` is the video's known length in seconds; with it, no start or end lies past it.
    """
    sheets = [Sheet(page.stamps) for page in pages]
    if _unquestioned(sheets, duration):
        settled = [[_inside(item.stated, duration) for item in sheet.items if item.stated] for sheet in sheets]
    else:
        length, looked_at = estimate_length(sheets) if duration is None else (duration, pages_at(sheets, duration))
        end = _End(length, known=duration is not None)
        settled = [_settle_page(page, end) for page in looked_at]
    return [_without_stray_zeros(held) for held in settled]


def _without_stray_zeros(settled: list[Settled]) -> list[Settled]:
    """A page's stamps, the zeros among them doubtful that come after a later time."""
    found, latest = [], 0
    for one in settled:
        stray = one.start == 0 and one.trust is Trust.STATED and latest > _STRAY_AFTER
        found.append(Settled(None, None, Trust.DOUBTFUL, "a zero after later times") if stray else one)
        latest = max(latest, one.start or 0)
    return found


class _End:
    """Where a video ends, and what that says against a stamp that lies past it as written."""

    def __init__(self, seconds: int, *, known: bool) -> None:
        self.seconds = seconds
        self.known = known
        past = format_time(seconds)
        where = f"the video's end at {past}" if known else f"{past}, where the other stamps end"
        self._past = f"; as written it lies past {where}"

    def against(self, plain: Reading | None) -> str:
        """What speaks against a stamp as written."""
        if plain is None:
            return ""
        return self._past if plain.start > self.seconds else "; as written it does not fit the stamps around it"


class _Times(NamedTuple):
    """The times that stamps seen alike may mean, rising, as indexes of their starts.

    There is one weight more than times: the last is that of none of its readings.
    """

    indexes: list[int]
    weights: list[float]


def _unquestioned(sheets: Sequence[Sheet], duration: int | None) -> bool:
    """Whether all stamps are plain, end anywhere, and lie where the others are: all can be taken at their word."""
    lasts = []
    for sheet in sheets:
        count = len(sheet.items)
        zeros = sum(item.shape.ending is Ending.ZERO for item in sheet.items)
        if len(sheet.plain) < count or zeros > 1 + count * _FEW_ZEROS:
            return False
        if count:
            lasts.append(sheet.plain[-1])
            if sheet.plain[-1] > sheet.plain[(count - 1) * 9 // 10] * _NO_GAP + _SLACK:
                return False
    if not lasts:
        return True
    longest = max(lasts)
    return longest <= (_LONGEST_UNQUESTIONED if duration is None else duration) and (
        longest <= sorted(lasts)[(len(lasts) - 1) // 2] * _NO_GAP + _SLACK
    )


def _settle_page(page: Page, end: _End) -> list[Settled]:
    items = page.sheet.items
    if page.habits[SOUND] >= CERTAIN and all(item.plain and item.plain.start <= end.seconds for item in items):
        return [_inside(item.stated, end.seconds) for item in items if item.stated]
    habits = as_shares(page.logs)
    mixed = [[sum(map(mul, habits, of_family)) for of_family in zip(*rows, strict=True)] for rows in SHARES]
    junk = JUNK * sum(held * habit.junk for held, habit in zip(habits, HABITS, strict=True))
    chances = _by_shape({item.shape for item in items}, mixed)
    times = {seen: _times(chances[seen[0]], page.moments.by_second(seen[1]), junk) for seen in set(page.seen)}
    held = [times[seen] for seen in page.seen]
    starts = [[item.starts[index] for index in of_item.indexes] for item, of_item in zip(items, held, strict=True)]
    along = _along(starts, [of_item.weights for of_item in held], end.seconds)
    return [
        _settled(item, of_item, mixed[item.shape.ending], shares, end)
        for item, of_item, shares in zip(items, held, along, strict=True)
    ]


def _by_shape(shapes: Collection[Shape], mixed: Sequence[Sequence[float]]) -> dict[Shape, list[float]]:
    """How likely a page takes stamps of each shape to mean each of their times.

    `mixed` is by Ending what the page's habits together give to each Family.
    """
    kinds = {kind for shape in shapes for kind in shape.kinds}
    chance_of = {
        ending: {
            kind: sum([mixed[ending][family] * weight for family, weight in kind.ways]) for kind in kinds
        }.__getitem__
        for ending in Ending
    }
    return {shape: list(map(chance_of[shape.ending], shape.kinds)) for shape in shapes}


def _times(chances: Sequence[float], seconds: Sequence[float], junk: float) -> _Times:
    """The times inside the video that a stamp may mean, with what its readings give to each."""
    weights = list(map(mul, chances, seconds))
    negligible = max([junk, *weights]) * _NEGLIGIBLE
    indexes = [index for index, weight in enumerate(weights) if weight > negligible]
    return _Times(indexes, [*[weights[index] for index in indexes], junk])


def _along(starts: Sequence[Sequence[int]], weights: Sequence[list[float]], length: int) -> list[list[float]]:
    """Each time's share among its stamp's, given the stamps before and after: forward-backward."""
    peak = _FOLLOWS * max(length, 1) / _SOON
    before = _passed_on(starts, weights, peak)
    mirrored = [list(map(neg, reversed(times))) for times in reversed(starts)]
    after = _passed_on(mirrored, [_mirrored(held) for held in reversed(weights)], peak)
    return [
        _scaled(list(map(mul, map(mul, held, forward), _mirrored(backward))))
        for held, forward, backward in zip(weights, before, reversed(after), strict=True)
    ]


def _passed_on(starts: Sequence[Sequence[int]], weights: Sequence[list[float]], peak: float) -> list[list[float]]:
    """For each stamp, how likely the stamps before it make each of its times."""
    passed = [[1.0] * len(held) for held in weights[:1]]
    for times, held, targets in zip(starts, weights, starts[1:], strict=False):
        passed.append(_reached(times, _scaled(list(map(mul, held, passed[-1]))), targets, peak))
    return passed


def _reached(starts: Sequence[int], shares: list[float], targets: Sequence[int], peak: float) -> list[float]:
    """How likely one stamp makes each time of the next. Both rise, so what is near is summed up in passing."""
    anywhere = shares[-1] + (1 - _FOLLOWS) * (1 - shares[-1])
    reached = []
    near, last = 0.0, -inf
    coming = zip(starts, shares, strict=False)
    start, share = next(coming, _NONE_LEFT)
    for target in targets:
        while start <= target:
            near = near * exp((last - start) / _SOON) + share
            last = start
            start, share = next(coming, _NONE_LEFT)
        reached.append(anywhere + peak * near * exp((last - target) / _SOON) if near else anywhere)
    reached.append(1.0)
    return reached


def _mirrored(weights: list[float]) -> list[float]:
    """The same for times in the opposite order."""
    return [*weights[-2::-1], weights[-1]]


def _scaled(weights: list[float]) -> list[float]:
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _settled(item: Item, times: _Times, mixed: Sequence[float], shares: list[float], end: _End) -> Settled:
    if not times.indexes:
        why = "no reading of it lies inside the video" if item.starts else "no time can be read from it"
        return Settled(None, None, Trust.DOUBTFUL, why)
    plain = item.plain
    share = max(shares[:-1])
    proven = end.known and plain is not None and plain.start > end.seconds
    if share < (_SURE_IF_PROVEN_WRONG if proven else _SURE):
        return Settled(None, None, Trust.DOUBTFUL, f"none of its readings is likely enough{end.against(plain)}")
    index = times.indexes[shares.index(share)]
    start = item.starts[index]
    if item.stated and item.stated.start == start:
        return _inside(item.stated, end.seconds)
    ways = zip(item.shape.kinds[index].ways, item.readings_at(index), strict=True)
    _, reading = max(ways, key=lambda way: mixed[way[0][0]] * way[0][1])
    reason = f"{reading.form.value}{end.against(plain)}"
    return _inside(Settled(start, reading.end, Trust.REPAIRED, reason), end.seconds)


def _inside(settled: Settled, length: int | None) -> Settled:
    """The same without an end that lies past the video's."""
    if settled.end is None or length is None or settled.end <= length:
        return settled
    return replace(settled, end=None)
