"""How long videos last: `videos.csv` read, and brought together with what YouTube and the pages say. Pure.

Not for what follows from a length: that is settling.py's.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite

from bot.corpus.parse import VIDEO_ID
from bot.models import Finding, LengthOrigin, Severity, VideoFacts

_ID, _SECONDS = "video_id", "duration_seconds"
_LONGEST = 10_000_000  # seconds, 115 days; more is a mistake. The longest video on YouTube runs for 25
_MOST_SHOWN = 20  # bad lines listed of one file; the rest is counted


def read_durations(path: str, data: bytes) -> tuple[dict[str, int] | None, list[Finding]]:
    """The lengths that a `videos.csv` lists, in seconds by video id; None where it cannot be read at all.

    Fractions of a second are cut off: a length too long would let a link past the end. Of two lengths of one video the
    first counts. Never raises.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [_rejected(path, "not-utf8", "the text is not UTF-8", "save it as CSV UTF-8")]
    lines = csv.reader(io.StringIO(text, newline=""))
    lengths: dict[str, int] = {}
    problems: list[tuple[int, str]] = []
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        if _ID not in header or _SECONDS not in header:
            message = f"the first line is not `{_ID},{_SECONDS}`"
            return None, [_rejected(path, "video-list", message, "name the columns so, separated by commas", line=1)]
        columns = header.index(_ID), header.index(_SECONDS)
        for row in lines:
            if not any(cell.strip() for cell in row):
                continue
            problem = _take(row, columns, lengths)
            if problem:
                problems.append((lines.line_num, problem))
    except csv.Error as error:
        problems.append((lines.line_num, f"not a line of CSV ({error}); nothing after it was read"))
    return lengths, _findings(path, problems)


def _take(row: list[str], columns: tuple[int, int], lengths: dict[str, int]) -> str:
    """Add one row to the lengths; return what is wrong with it, or an empty string."""
    if len(row) <= max(columns):
        return "too few columns"
    video, written = (row[column].strip() for column in columns)
    if not VIDEO_ID.fullmatch(video):
        return f"`{video[:40]}` is not a YouTube video id"
    seconds = _seconds(written)
    if seconds is None:
        return f"`{written[:40]}` is not a length in seconds"
    if lengths.setdefault(video, seconds) != seconds:
        return f"`{video}` is listed before with {lengths[video]} seconds"
    return ""


def _seconds(written: str) -> int | None:
    if not written.isascii() or len(written) > 40:
        return None
    try:
        seconds = float(written)
    except ValueError:
        return None
    return int(seconds) if isfinite(seconds) and 1 <= seconds <= _LONGEST else None


def _findings(path: str, problems: list[tuple[int, str]]) -> list[Finding]:
    found = [
        Finding(path, line, "video-list", Severity.WARNING, message, "line left out")
        for line, message in problems[:_MOST_SHOWN]
    ]
    if len(problems) > _MOST_SHOWN:
        message = f"{len(problems) - _MOST_SHOWN:,} more lines that cannot be used"
        found.append(Finding(path, 0, "video-list", Severity.WARNING, message, "lines left out"))
    return found


def _rejected(path: str, code: str, message: str, action: str, line: int = 0) -> Finding:
    return Finding(path, line, code, Severity.REJECTED, message, action)


def bring_together(
    cited: Mapping[str, int | None], listed: Mapping[str, int], youtube: Mapping[str, VideoFacts]
) -> dict[str, VideoFacts]:
    """What is known of each video that pages cite, where anything is.

    `cited` are those videos, each with the length that its pages state. YouTube's word on a length counts most: it has
    the video. Then comes `videos.csv`: who writes it does so to correct pages.
    """
    known: dict[str, VideoFacts] = {}
    for video, stated in cited.items():
        facts = youtube.get(video, VideoFacts())
        if facts.seconds is None and video in listed:
            facts = replace(facts, seconds=listed[video], origin=LengthOrigin.LISTED)
        elif facts.seconds is None and stated:
            facts = replace(facts, seconds=stated, origin=LengthOrigin.PAGE)
        if facts != VideoFacts():
            known[video] = facts
    return known
