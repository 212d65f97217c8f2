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
THIS_VIDEO = "this video"  # where it has no title of its own: its pages' titles name them, not it
_SPECIAL = re.compile(r"[\\*_`~|<>\[\]]|:(?=\w{1,40}:)|@(?=everyone|here)")
_LINE_START = re.compile(r"^(\s*(?:\d{1,9}(?=[.)])|(?=[-+#])))")  # before what would begin a list or a heading
_CODE = re.compile(r"(`[^`\n]*`)")  # a command or an option in one of our own messages
_LINE_ENDS = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would turn around what stands after the text
_LEAD_CONTEXT = 60  # code points shown before the first asked word of a long text


def escape(text: str) -> str:
    """Text from a file or a member as exactly these characters on one line: no markup, mention, link or emoji."""
    return _LINE_START.sub(r"\1\\", _inline(text))


def _inline(text: str) -> str:
    """As `escape`, for a part that does not start a line."""
    line = _OVERRIDES.sub("", _LINE_ENDS.sub(" ", text)).replace("://", ":\u200b//")
    return _SPECIAL.sub(r"\\\g<0>", line)


def message(text: str) -> str:
    """What an error says, which may name a file: commands in backticks stay code, the rest is escaped."""
    parts = _CODE.split(text)  # every other one is code
    return "".join(
        part if place % 2 else (_inline(part) if place else escape(part)) for place, part in enumerate(parts)
    )


def snippet(words: str, marked: Spans, limit: int, since: int = 0) -> str:
    """At most `limit` code points of words, escaped, around the first asked word from `since` on; those in bold."""
    start = 0
    first = next((begin for begin, _ in marked if begin >= since), marked[0][0] if marked else 0)
    if len(words) > limit and first > limit - _LEAD_CONTEXT:
        edge = max(first - _LEAD_CONTEXT, 0)
        start = max(words.rfind(" ", 0, edge) + 1, edge - _LEAD_CONTEXT)  # some scripts have no spaces
    shown = cut(words[start:], limit)
    kept = len(shown) if shown == words[start:] else len(shown.removesuffix("…").rstrip())
    parts = ["… " if start else ""]
    position = 0
    for begin, end in ((begin - start, end - start) for begin, end in _joined(words, marked)):
        if begin < position or end > kept:
            continue
        parts += [_inline(shown[position:begin]), "**", _inline(shown[begin:end]), "**"]
        position = end
    return _LINE_START.sub(r"\1\\", "".join([*parts, _inline(shown[position:])]))


def _joined(words: str, marked: Spans) -> list[tuple[int, int]]:
    """Spans with nothing but spaces or a hyphen between them as one: a phrase in bold, not its words one by one."""
    found: list[tuple[int, int]] = []
    for begin, end in marked:
        if found and not words[found[-1][1] : begin].strip(" -"):
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


def retold(also: Sequence[DocumentRef]) -> str:
    """How many other pages say the same, to end a line with; empty where none does."""
    return f" · told by {plural(len(also), 'more page')}" if also else ""


def part(first: int, shown: int, total: int, *, best: bool = False) -> str:
    """Which of `total` a view shows, from `first` (counted from 0) on; empty where it shows all.

    `best` says that there are more than `total`.
    """
    return f"{first + 1}–{first + shown} of {'the best ' if best else ''}{total:,}" if shown < total else ""


def found(count: int, one: str, *, best: bool = False) -> str:
    """`70 passages`, or `The best 70 passages` where there are more than were ranked."""
    if not best:
        return plural(count, one)
    return f"The best {plural(count, one) if count > 1 else one}"


def where(video: str, source: str) -> tuple[str, str]:
    """Where was looked, for a footer: in the video of this title, from this source; empty where not given."""
    return f"in {video}" if video else "", f"from {source}" if source else ""


def joined(*parts: str) -> str:
    """The parts of a line that there are, a dot between them."""
    return " · ".join(filter(None, parts))


def plural(count: int, one: str, many: str = "") -> str:
    """`1 moment`, `2 moments`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
