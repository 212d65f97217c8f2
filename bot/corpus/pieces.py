"""The pieces of a block, and the anchors among them: whole, broken, or times in brackets. Not for their words.

Real pages break anchors in every way, so text is scanned for those that the Markdown parser did not take for HTML.
Everything here is linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import partial
from typing import NamedTuple

_TIME = r"[0-9]{1,5}(?::[0-9]{1,4}){1,3}"
# A bare stamp: one time, or several with commas, bars or dashes between them, in square brackets.
BARE_STAMP = re.compile(rf"\[\s{{0,4}}({_TIME}(?:\s{{0,4}}[,;|&–—-]\s{{0,4}}{_TIME})*)\s{{0,4}}\]")
_ANCHOR_TAG = re.compile(r"<a\s[^<>]{0,200}>|</a>")
_USUAL = '<a class="yt-timestamp" data-t="'
_DATA_T = re.compile(r"""data-t\s{0,4}=\s{0,4}(?:"([^"]{0,200})"|'([^']{0,200})'|([^\s">]{1,200}))""", re.IGNORECASE)
_ANY_TIME = re.compile(rf"(?<![0-9:]){_TIME}")


class Mark(Enum):
    """What a piece is."""

    TEXT = auto()
    CODE = auto()  # text that is taken as it stands
    ANCHOR = auto()  # value: the raw tag, or the time of a bare stamp
    ANCHOR_END = auto()
    LINK = auto()  # value: the target
    LINK_END = auto()
    BOLD = auto()
    BOLD_END = auto()
    CELL = auto()  # a cell of a table's row begins


class Piece(NamedTuple):
    """A part of a block. `line` is where a text or an anchor starts in the file; 0 where nobody asks."""

    mark: Mark
    value: str = ""
    line: int = 0


make_piece: Callable[[tuple[Mark, str, int]], Piece] = partial(tuple.__new__, Piece)  # three times as fast as Piece()
ANCHOR_END = Piece(Mark.ANCHOR_END)


def is_anchor(tag: str) -> bool:
    """Whether an inline HTML tag opens a timestamp anchor, whole or broken."""
    if tag.startswith(_USUAL):
        return True
    head = tag[:200].lower()
    return head.startswith("<a") and head[2:3] in ("", " ", "\t", "\n", ">") and ("data-" in head or '"yt' in head)


def split_anchors(piece: Piece) -> Iterator[Piece]:
    """Find the anchors in a text that the Markdown parser did not take for HTML."""
    position, line = 0, piece.line
    for match in _ANCHOR_TAG.finditer(piece.value):
        tag = match[0]
        if tag != "</a>" and not is_anchor(tag):
            continue
        if match.start() > position:
            yield Piece(Mark.TEXT, piece.value[position : match.start()], line)
        line += piece.value.count("\n", position, match.start())
        yield ANCHOR_END if tag == "</a>" else Piece(Mark.ANCHOR, tag, line)
        line += tag.count("\n")
        position = match.end()
    if position < len(piece.value):
        yield Piece(Mark.TEXT, piece.value[position:], line)


def split_stamps(piece: Piece) -> Iterator[Piece]:
    """`[00:01, 00:05]` is two stamps with the same words; `[00:01-00:05]` is one with an end."""
    position, line = 0, piece.line
    for match in BARE_STAMP.finditer(piece.value):
        if match.start() > position:
            yield Piece(Mark.TEXT, piece.value[position : match.start()], line)
        line += piece.value.count("\n", position, match.start())
        for time in re.split("[,;|&]", match[1]):
            yield Piece(Mark.ANCHOR, time.strip(), line)
            yield ANCHOR_END
        line += match[0].count("\n")
        position = match.end()
    if position < len(piece.value):
        yield Piece(Mark.TEXT, piece.value[position:], line)


def written_in(tag: str) -> tuple[str, bool]:
    """What an anchor's tag says, and whether it says so in its `data-t`. A bare stamp is its own tag."""
    if not tag.startswith("<"):
        return tag, True
    if tag.startswith(_USUAL) and (end := tag.find('"', len(_USUAL))) > 0:
        return tag[len(_USUAL) : end].strip(), True
    match = _DATA_T.search(tag)
    if match:
        return (match[1] or match[2] or match[3] or "").strip(), True
    time = _ANY_TIME.search(tag[:200])
    return (time[0] if time else ""), False
