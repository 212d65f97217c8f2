"""Cutting text that Discord is to show, at a place where a reader would. Counts no limits: those are in limits.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

ELLIPSIS = "…"
_LONG_WORD = 40  # code points; text without a space for longer than that (Chinese, a URL) is cut inside the word
_BOLD = "**"
# What a cut must not divide. Every alternative is linear: none may run over the character that another starts with.
_ATOM = re.compile(
    r"\\."  # an escaped character
    r"|\[(?:\\.|[^\[\]\\])*\]\([^()\s]{0,600}\)"  # a masked link
    r"|<[^<>\n]{1,200}>"  # a mention, a time, a custom emoji, a bare address
    r"|\*\*",
    re.DOTALL,
)
_REGIONAL = range(0x1F1E6, 0x1F200)  # two of these make a flag
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINER = "\u200d"
_MAX_CLUSTER = 32  # code points; a longer heap of marks is not worth keeping whole


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` code points, cut after a word, with an ellipsis.

    Never cuts inside a masked link, a mention or a cluster of code points; closes bold that the cut leaves open.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    window = text[: limit + 1000]  # atoms that begin before the limit and end after it are seen whole
    atoms = [(match.start(), match.end()) for match in _ATOM.finditer(window)]
    marks = [start for start, end in atoms if text[start:end] == _BOLD]
    room = limit - len(ELLIPSIS) - (len(_BOLD) if any(start < limit for start in marks) else 0)
    if room < 1:
        return ELLIPSIS
    edge = _word_end(text, _whole(text, room, atoms), atoms)
    opened = [start for start in marks if start < edge]
    kept = text[:edge].rstrip()
    if len(opened) % 2 and kept.endswith(_BOLD):
        return kept.removesuffix(_BOLD).rstrip() + ELLIPSIS
    return kept + ELLIPSIS + (_BOLD if len(opened) % 2 else "")


def whole_lines(lines: Iterable[str], limit: int) -> tuple[str, int]:
    """As many whole lines as `limit` code points hold, joined, and how many they are."""
    kept: list[str] = []
    room = limit
    for line in lines:
        room -= len(line) + (1 if kept else 0)
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept), len(kept)


def _whole(text: str, edge: int, atoms: Sequence[tuple[int, int]]) -> int:
    """The last place up to `edge` that divides no atom and no cluster."""
    for start, end in atoms:
        if start < edge < end:
            return start
    lowest = max(edge - _MAX_CLUSTER, 1)
    place = edge
    while place > lowest and _joined(text, place):
        place -= 1
    return edge if _joined(text, place) else place


def _joined(text: str, place: int) -> bool:
    """Whether the code points before and at `place` are one character to a reader."""
    after, before = text[place], text[place - 1]
    if before == _JOINER or after == _JOINER or ord(after) in _SKIN_TONES or unicodedata.category(after)[0] == "M":
        return True
    if ord(after) not in _REGIONAL:
        return False
    flags = 0
    while flags < place and flags < _MAX_CLUSTER and ord(text[place - 1 - flags]) in _REGIONAL:
        flags += 1
    return flags % 2 == 1


def _word_end(text: str, edge: int, atoms: Sequence[tuple[int, int]]) -> int:
    """The end of the last whole word up to `edge`; `edge` itself where the word is too long to lose."""
    inside = {place for start, end in atoms if start < edge for place in range(start, min(end, edge))}
    for place in range(edge, max(edge - _LONG_WORD, 0), -1):
        if text[place].isspace() and place not in inside:
            return place
    return edge
