"""Words as Discord shows them: escaped, cut, with the asked words in bold; times as links."""

from __future__ import annotations

import re
from collections.abc import Sequence

import discord

from bot.corpus.timecode import format_time
from bot.models import DocumentRef, Kind, Moment
from bot.render.cutting import cut

Spans = Sequence[tuple[int, int]]

COLOURS = {Kind.PAGE: discord.Colour(0x3B7DD8), Kind.ARTICLE: discord.Colour(0x2E9E6B)}
QUIET = discord.Colour(0x80848E)  # misses, help, moderators' reports
PLAY = "▶"
_SPECIAL = re.compile(r"[\\*_`~|<>\[\]]|:(?=\w{1,40}:)|@(?=everyone|here)")
_LINE_START = re.compile(r"^(\s*)([-+#]|\d{1,9}(?=[.)]))")
_LEAD_CONTEXT = 60  # code points shown before the first asked word of a long text


def escape(text: str) -> str:
    """Text from a file or a member as exactly these characters: no markup, mention, link or emoji."""
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\g<0>", text.replace("\n", " ").replace("://", ":\u200b//")))


def snippet(words: str, marked: Spans, limit: int) -> str:
    """At most `limit` code points of words, escaped, around the first asked word, asked words in bold."""
    start = 0
    if len(words) > limit and marked and marked[0][0] > limit - _LEAD_CONTEXT:
        start = words.rfind(" ", 0, max(marked[0][0] - _LEAD_CONTEXT, 1)) + 1
    shown = cut(words[start:], limit)
    kept = len(shown) if shown == words[start:] else len(shown.removesuffix("…").rstrip())
    parts = ["… " if start else ""]
    position = 0
    for begin, end in ((begin - start, end - start) for begin, end in _joined(words, marked)):
        if begin < position or end > kept:
            continue
        parts += [escape(shown[position:begin]), "**", escape(shown[begin:end]), "**"]
        position = end
    return "".join(parts) + escape(shown[position:])


def _joined(words: str, marked: Spans) -> list[tuple[int, int]]:
    """Spans with nothing but spaces between them as one: a phrase in bold, not its words one by one."""
    found: list[tuple[int, int]] = []
    for begin, end in marked:
        if found and not words[found[-1][1] : begin].strip():
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def video_url(video: str, start: int | None = None) -> str:
    """Where a video plays, from a second on where one is given."""
    return f"https://youtu.be/{video}" if start is None else f"https://youtu.be/{video}?t={start}"


def thumbnail_url(video: str) -> str:
    """A picture of a video."""
    return f"https://i.ytimg.com/vi/{video}/hqdefault.jpg"


def time_link(moment: Moment) -> str:
    """A moment's time as a link; of a doubtful one the video's link, and the stamp as plain text."""
    if moment.start is None:
        return f"[{PLAY} video]({video_url(moment.video)}) (time unverified: {escape(moment.written[:20])})"
    return f"[{PLAY} {format_time(moment.start)}]({video_url(moment.video, moment.start)})"


def origin(document: DocumentRef) -> str:
    """Where a document comes from, in one line: people, source, date, length. Not escaped."""
    people = (
        f"Interview with {document.guest}" if document.guest else (f"by {document.author}" if document.author else "")
    )
    length = format_time(document.duration) if document.duration else ""
    return " · ".join(part for part in (people, document.source, document.published, length) if part)


def plural(count: int, one: str, many: str = "") -> str:
    """`1 moment`, `2 moments`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
