"""The pieces of a block, and the anchors among them: whole, broken, or times in brackets. Not for their words.

Real pages break anchors in every way, so text is scanned for those that the Markdown parser did not take for HTML.
Everything here is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto

_TIME = r"[0-9]{1,5}(?::[0-9]{1,4}){1,3}"
# A bare stamp: one time, or several with commas, bars or dashes between them, in square brackets.
BARE_STAMP = re.compile(rf"\[\s{{0,4}}({_TIME}(?:\s{{0,4}}[,;|&–—-]\s{{0,4}}{_TIME})*)\s{{0,4}}\]")
_BETWEEN_TIMES = re.compile("[,;|&]")
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


# A part of a block: what it is, its text, and the line in the file where a text or an anchor starts; 0 where nobody
# asks. A plain tuple: a page has hundreds, and no object is made as fast.
Piece = tuple[Mark, str, int]

ANCHOR_END: Piece = (Mark.ANCHOR_END, "", 0)


def is_anchor(tag: str) -> bool:
    """Whether an inline HTML tag opens a timestamp anchor, whole or broken."""
    if tag.startswith(_USUAL):
        return True
    head = tag[:200].lower()
    return head.startswith("<a") and head[2:3] in ("", " ", "\t", "\n", ">") and ("data-" in head or '"yt' in head)


def split_anchors(text: str, line: int) -> Iterator[Piece]:
    """Find the anchors in a text that the Markdown parser did not take for HTML."""
    position = 0
    for match in _ANCHOR_TAG.finditer(text):
        tag = match[0]
        if tag != "</a>" and not is_anchor(tag):
            continue
        if match.start() > position:
            yield Mark.TEXT, text[position : match.start()], line
        line += text.count("\n", position, match.start())
        yield ANCHOR_END if tag == "</a>" else (Mark.ANCHOR, tag, line)
        line += tag.count("\n")
        position = match.end()
    if position < len(text):
        yield Mark.TEXT, text[position:], line


def split_stamps(text: str, line: int) -> Iterator[Piece]:
    """Find bare stamps, anchors that need no end. `[00:01, 00:05]` is two with the same words, `[00:01-00:05]` one."""
    position = 0
    for match in BARE_STAMP.finditer(text):
        if match.start() > position:
            yield Mark.TEXT, text[position : match.start()], line
        line += text.count("\n", position, match.start())
        for time in _BETWEEN_TIMES.split(match[1]):
            yield Mark.ANCHOR, time.strip(), line
        line += match[0].count("\n")
        position = match.end()
    if position < len(text):
        yield Mark.TEXT, text[position:], line


def written_in(tag: str) -> tuple[str, bool]:
    """What an anchor's tag says, and whether it says so in its `data-t`."""
    if tag.startswith(_USUAL) and (end := tag.find('"', len(_USUAL))) > 0:
        return tag[len(_USUAL) : end].strip(), True
    match = _DATA_T.search(tag)
    if match:
        return (match[1] or match[2] or match[3] or "").strip(), True
    time = _ANY_TIME.search(tag[:200])
    return (time[0] if time else ""), False
