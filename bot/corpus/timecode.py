"""Reads one stamp: what it says as it stands and what else it could mean. Which of them holds is settling's question.

The forms are those that occur in real pages. ASCII digits only; every pattern has bounded repeats, so time is linear.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

MAX_SECONDS = 12 * 3600  # YouTube takes no longer videos (support.google.com/youtube/answer/71673)
LONGEST_RANGE = 300  # seconds; in real pages a label that is later than its `data-t` by less is where the words end
MOST_TENS = 9  # one digit

_LONGEST_STAMP = 200  # characters that are looked at; a watch URL with its time fits
_TIME = re.compile(r"(?<![0-9:])[0-9]{1,5}(?::[0-9]{1,4}){1,3}(?!:?\d)")
_NUMBER = re.compile(r"[\[(]?([0-9]{1,6})[\])]?")
_IN_URL = re.compile(r"[?&#](?:t|start)=(?:([0-9]{1,2})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})(?![0-9hm]))?")
_DASH = re.compile(r"[\s\])]{0,4}(?:-|–|—|to)[\s\[(]{0,4}")

_Parts = tuple[int, ...]


class Form(StrEnum):
    """How a reading takes what is written. The value is what a person is told of it."""

    WRITTEN = "as written"
    SHIFTED = "minutes and seconds, written one place too high"
    TENS = "tens of minutes and seconds, the digit between them lost"
    HOUR = "minutes and seconds, with hours that are not there"
    HOURS_MINUTES = "hours and minutes without seconds"
    CARRIED = "more than 59 minutes or seconds, carried over"
    FIRST_PARTS = "the first three of four parts"
    LAST_PARTS = "the last three of four parts"
    COUNT = "a count of seconds"
    DIGITS = "a time without its colons"
    LABEL = "the label instead of `data-t`"

    __hash__ = str.__hash__  # an Enum's own hashes its name, in Python


class Reading(NamedTuple):
    """One meaning, in seconds. In the form TENS it stands for ten: `start`, and that second of nine more minutes."""

    form: Form
    start: int
    end: int | None = None


class Readings(NamedTuple):
    """All that a stamp can mean. `plain` is what it says, where it is well-formed; `others` are at most 12 hours each.

    `last` is the third part of a stamp that has three: 00 is what rounding leaves, and a shift by one place too.
    """

    plain: Reading | None = None
    others: tuple[Reading, ...] = ()
    last: int | None = None


def read(written: str, label: str = "") -> Readings:
    """Read what `data-t` (or a bare bracket) says, and its label. Never raises; what is no time has no readings."""
    times = _times(written[:_LONGEST_STAMP])
    labels = times if label == written else _times(label[:_LONGEST_STAMP]) if label else []
    if not times:
        said = _readings(labels[0]) if labels else Readings()
        return _by_label(said) if written.strip() else said
    readings = _readings(times[0])
    if len(times) > 1:
        return _with_ends(readings, _readings(times[1]), longest=MAX_SECONDS)
    if not labels or labels[-1] == times[0]:
        return readings
    last = _readings(labels[-1])
    if _is_range(readings, last):
        return _with_ends(readings, last, longest=LONGEST_RANGE)
    rival = _readings(labels[0])
    if rival.plain is not None and readings.plain is not None and rival.plain.start == readings.plain.start:
        return readings
    return readings._replace(others=readings.others + _by_label(rival).others)


def format_time(seconds: int) -> str:
    """Write `12:01`, and `1:02:03` from an hour on, as players do."""
    minutes, second = divmod(max(0, seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _times(text: str) -> list[_Parts]:
    """Find the time in a text, as its parts; two of them where a dash makes them a range."""
    if "=" in text and (in_url := _IN_URL.search(text)) and any(in_url.groups()):
        hours, minutes, seconds = (int(group or 0) for group in in_url.groups())
        total = hours * 3600 + minutes * 60 + seconds
        return [(total // 60, total % 60)]
    first = _TIME.search(text)
    if first is None:
        number = _NUMBER.fullmatch(text.strip())
        return [(int(number[1]),)] if number else []
    times = [tuple(map(int, first[0].split(":")))]
    end = first.end()
    if end < len(text) and (dash := _DASH.match(text, end)) and (second := _TIME.match(text, dash.end())):
        times.append(tuple(map(int, second[0].split(":"))))
    return times


def _readings(parts: _Parts) -> Readings:
    """All that a time's parts can mean, the first as it stands."""
    last = None
    if len(parts) == 3:
        found, last = _of_three(*parts), parts[2]
    elif len(parts) == 2:
        found = _of_two(*parts)
    elif len(parts) == 1:
        found = _of_number(parts[0])
    else:
        found = _of_four(*parts)
    plain = found.pop(0) if found and found[0].form is Form.WRITTEN else None
    return Readings(plain, tuple([reading for reading in found if reading.start <= MAX_SECONDS]), last)


def _of_number(number: int) -> list[Reading]:
    """`2241`: 37:21 counted in seconds, or 22:41 without its colon."""
    found = [Reading(Form.COUNT, number)]
    rest, seconds = divmod(number, 100)
    hours, minutes = divmod(rest, 100)
    if rest and minutes < 60 and seconds < 60:
        found.append(Reading(Form.DIGITS, hours * 3600 + minutes * 60 + seconds))
    return found


def _of_two(minutes: int, seconds: int) -> list[Reading]:
    if seconds >= 60:
        return [Reading(Form.CARRIED, minutes * 60 + seconds)]
    return [
        Reading(Form.WRITTEN, minutes * 60 + seconds),
        Reading(Form.HOURS_MINUTES, minutes * 3600 + seconds * 60),
    ]


def _of_three(hours: int, minutes: int, seconds: int) -> list[Reading]:
    fits = minutes < 60 and seconds < 60
    found = [Reading(Form.WRITTEN if fits else Form.CARRIED, hours * 3600 + minutes * 60 + seconds)]
    if minutes < 60 and (hours or not seconds):
        found.append(Reading(Form.SHIFTED, hours * 60 + minutes))
    if fits and 0 < hours <= MOST_TENS:
        found.append(Reading(Form.TENS, hours * 600 + minutes))
    if fits and hours:
        found.append(Reading(Form.HOUR, minutes * 60 + seconds))
        if hours > 1:
            found.append(Reading(Form.HOUR, (hours - 1) * 3600 + minutes * 60 + seconds))
    return found


def _of_four(first: int, second: int, third: int, fourth: int) -> list[Reading]:
    """`01:00:47:00`, with frames or hundredths after the seconds; `00:01:00:47`, with days before the hours."""
    found = [
        Reading(form, hours * 3600 + minutes * 60 + seconds)
        for form, (hours, minutes, seconds) in (
            (Form.FIRST_PARTS, (first, second, third)),
            (Form.LAST_PARTS, (second, third, fourth)),
        )
        if minutes < 60 and seconds < 60
    ]
    if second < 60:
        found.append(Reading(Form.SHIFTED, first * 60 + second))
    return found


def _start(readings: Readings, form: Form) -> int | None:
    if form is Form.WRITTEN and readings.plain is not None:
        return readings.plain.start
    return next((reading.start for reading in readings.others if reading.form is form), None)


def _is_range(readings: Readings, last: Readings) -> bool:
    """Whether a label is where the words end: a little later than `data-t`, as both are written or both shifted."""
    gaps = []
    if readings.plain is not None and last.plain is not None:
        gaps.append(last.plain.start - readings.plain.start)
    first_shifted, last_shifted = _start(readings, Form.SHIFTED), _start(last, Form.SHIFTED)
    if readings.last == 0 == last.last and first_shifted and last_shifted and first_shifted >= 60:
        gaps.append(last_shifted - first_shifted)
    return any(0 < gap <= LONGEST_RANGE for gap in gaps)


def _with_ends(readings: Readings, last: Readings, *, longest: int) -> Readings:
    """Give each reading the end that the same form reads in `last`, where it comes after its start."""

    def ended(reading: Reading) -> Reading:
        end = None if reading.form is Form.TENS else _start(last, reading.form)
        return reading._replace(end=end) if end is not None and 0 < end - reading.start <= longest else reading

    plain = None if readings.plain is None else ended(readings.plain)
    return readings._replace(plain=plain, others=tuple(map(ended, readings.others)))


def _by_label(label: Readings) -> Readings:
    """What a label says where `data-t` says something else, or nothing: never taken at its word."""
    if label.plain is None:
        return label
    plain = (label.plain._replace(form=Form.LABEL),) if label.plain.start <= MAX_SECONDS else ()
    return Readings(None, (*plain, *label.others), label.last)
