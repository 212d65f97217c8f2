"""The words of one block: text without markup, its stamps with their spans, its links and reference marks.

A block arrives as pieces (text, anchors, links, bold) in order. Real pages break anchors in every way, so text is
scanned once more for stamps that the Markdown parser did not take for HTML. Everything here is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from bot.models import Link, Stamp

_TIME = r"[0-9]{1,5}(?::[0-9]{1,4}){1,3}"
# A bare stamp: one time, or several with commas or dashes between them, in square brackets (a stray one may be open).
_BARE = re.compile(rf"\[[ \t]{{0,4}}({_TIME}(?:[ \t]{{0,4}}[,;–—-][ \t]{{0,4}}{_TIME}){{0,7}})[ \t]{{0,4}}\]")
_BROKEN_ANCHOR = re.compile(r"<a[ \t][^<>\n]{0,200}>|</a>")
_DATA_T = re.compile(r"""data-t\s{0,4}=\s{0,4}(?:"([^"]{0,200})"|'([^']{0,200})'|([^\s">]{1,200}))""", re.IGNORECASE)
_ANY_TIME = re.compile(rf"(?<![0-9:]){_TIME}")
_REFERENCE = re.compile(r"[ \t]?\[([0-9]{1,3})\]")
_SEPARATOR = re.compile(r"[\s,;&/–—-]*(?:and[\s,]*)?\Z")  # what may stand between two anchors of the same words
_LONGEST_SEPARATOR = 8
_LEADING = ".,;:!?)]} \t\n–—-"  # what a span does not start with
_CLOSING = ".,;:!?)]}%’”'\""  # what no space goes before
_AFTER_FIRST_STAMP = " -–—:,;."  # `[00:01] - Introduction`


class Mark(Enum):
    """What a piece is."""

    TEXT = auto()
    ANCHOR = auto()  # value: the raw tag
    ANCHOR_END = auto()
    LINK = auto()  # value: the target
    LINK_END = auto()
    BOLD = auto()
    BOLD_END = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a block, with the line of the file that it stands on."""

    mark: Mark
    value: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """What a block says. `bold` is the length of the bold run that the text starts with, 0 without one."""

    text: str
    stamps: tuple[Stamp, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[int, ...] = ()
    bold: int = 0
    broken: tuple[int, ...] = ()


def is_anchor(tag: str) -> bool:
    """Whether an inline HTML tag opens a timestamp anchor, whole or broken."""
    head = tag[:200].lower()
    return head.startswith("<a") and head[2:3] in ("", " ", "\t", "\n", ">") and ("data-" in head or '"yt' in head)


def read_words(pieces: Iterable[Piece], *, stamps: bool, references: bool = False) -> Words:
    """Assemble a block. `stamps` reads times (a page with a video), `references` reads `[1]` marks (an article)."""
    builder = _Builder(references=references)
    for piece in _with_bare_stamps(_merged(pieces), enabled=stamps):
        builder.add(piece)
    return builder.finish()


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Join neighbouring texts, which the Markdown parser splits at every bracket."""
    held: list[str] = []
    line = 0
    for piece in pieces:
        if piece.mark is Mark.TEXT:
            line = line if held else piece.line
            held.append(piece.value)
            continue
        if held:
            yield Piece(Mark.TEXT, "".join(held), line)
            held = []
        yield piece
    if held:
        yield Piece(Mark.TEXT, "".join(held), line)


def _with_bare_stamps(pieces: Iterable[Piece], *, enabled: bool) -> Iterator[Piece]:
    """Turn `[00:00:21]` outside anchors, and anchors that are not HTML, into anchor pieces."""
    inside = False
    for piece in pieces:
        if piece.mark is Mark.ANCHOR:
            inside = True
        elif piece.mark is Mark.ANCHOR_END:
            inside = False
        elif piece.mark is Mark.TEXT and enabled:
            for part in _split(piece, _BROKEN_ANCHOR) if "<" in piece.value else (piece,):
                if part.mark is Mark.ANCHOR:
                    inside = True
                elif part.mark is Mark.ANCHOR_END:
                    inside = False
                elif not inside and "[" in part.value:
                    yield from _split_bare(part)
                    continue
                yield part
            continue
        if enabled or piece.mark not in (Mark.ANCHOR, Mark.ANCHOR_END):
            yield piece


def _split(piece: Piece, pattern: re.Pattern[str]) -> Iterator[Piece]:
    position = 0
    for match in pattern.finditer(piece.value):
        tag = match[0]
        if tag == "</a>":
            mark = Mark.ANCHOR_END
        elif is_anchor(tag):
            mark = Mark.ANCHOR
        else:
            continue
        if match.start() > position:
            yield Piece(Mark.TEXT, piece.value[position : match.start()], piece.line)
        yield Piece(mark, tag, piece.line)
        position = match.end()
    if position < len(piece.value):
        yield Piece(Mark.TEXT, piece.value[position:], piece.line)


def _split_bare(piece: Piece) -> Iterator[Piece]:
    """`[00:01, 00:05]` is two stamps with the same words; `[00:01-00:05]` is one with an end."""
    position = 0
    for match in _BARE.finditer(piece.value):
        if match.start() > position:
            yield Piece(Mark.TEXT, piece.value[position : match.start()], piece.line)
        for time in re.split("[,;]", match[1]):
            yield Piece(Mark.ANCHOR, time.strip(), piece.line)
            yield Piece(Mark.ANCHOR_END)
        position = match.end()
    if position < len(piece.value):
        yield Piece(Mark.TEXT, piece.value[position:], piece.line)


class _Builder:
    """Grows one block's text; anchors' labels go beside it, not into it."""

    def __init__(self, *, references: bool) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._space = False  # whether white space waits to be written before the next word
        self._stamps: list[tuple[str, str, int, int]] = []  # written, label, position in the text, line
        self._stamp_part = 0  # how many parts there were at the last stamp
        self._links: list[tuple[str, int, int]] = []
        self._link: tuple[str, int] | None = None
        self._bold_from: int | None = None
        self._bold = 0
        self._anchor: Piece | None = None
        self._label: list[str] = []
        self._broken: list[int] = []
        self._read_references = references
        self._references: list[int] = []

    def add(self, piece: Piece) -> None:
        if piece.mark is Mark.ANCHOR:
            self._end_anchor(closed=False)
            self._anchor = piece
        elif piece.mark is Mark.ANCHOR_END:
            self._end_anchor(closed=True)
        elif self._anchor is not None:
            if piece.mark is Mark.TEXT:
                self._label.append(piece.value)
        elif piece.mark is Mark.TEXT:
            self._text(piece.value)
        elif piece.mark is Mark.LINK:
            self._link = (piece.value, self._length)
        elif piece.mark is Mark.LINK_END and self._link is not None:
            self._links.append((*self._link, self._length))
            self._link = None
            self._space = False  # `[[target | words ]].`: the space inside is no space after
        elif piece.mark is Mark.BOLD:
            self._bold_from = self._length
        elif piece.mark is Mark.BOLD_END and self._bold_from == 0:
            self._bold = self._bold or self._length

    def finish(self) -> Words:
        self._end_anchor(closed=False)
        text = "".join(self._parts)
        links = []
        for target, start, end in self._links:
            lead = len(text[start:end]) - len(text[start:end].lstrip())
            links.append(Link(target, start + lead, end))
        references = tuple(dict.fromkeys(self._references))
        return Words(text, tuple(_spans(text, self._stamps)), tuple(links), references, self._bold, tuple(self._broken))

    def _text(self, value: str) -> None:
        if self._read_references and "[" in value:
            self._references.extend(int(number) for number in _REFERENCE.findall(value))
            value = _REFERENCE.sub("", value)
        words = " ".join(value.split())
        after_stamp = bool(self._stamps) and self._stamps[-1][2] == self._length
        spaced = self._space or value[:1].isspace()
        if after_stamp and not self._length:
            words = words.lstrip(_AFTER_FIRST_STAMP)
        if after_stamp and words.startswith(")") and self._parts and self._parts[-1].endswith("("):
            self._drop_bracket()
            words, spaced = words[1:].lstrip(), words[1:2] == " "
        if not words:
            self._space = self._space or bool(value)
            return
        if self._length and spaced and not (after_stamp and words[0] in _CLOSING):
            words = f" {words}"
        self._parts.append(words)
        self._length += len(words)
        self._space = value[-1].isspace()

    def _drop_bracket(self) -> None:
        """Take back an opening bracket: what stood in the brackets was nothing but stamps."""
        last = self._parts[-1]
        self._parts[-1] = last[:-1].rstrip()
        self._length -= len(last) - len(self._parts[-1])
        for index in range(len(self._stamps) - 1, -1, -1):
            written, label, position, line = self._stamps[index]
            if position <= self._length:
                break
            self._stamps[index] = (written, label, self._length, line)

    def _end_anchor(self, *, closed: bool) -> None:
        """Close the open anchor; text after one that was never closed goes back into the words."""
        anchor, self._anchor = self._anchor, None
        label, self._label = " ".join("".join(self._label).split()), []
        if anchor is None:
            return
        rest = ""
        if not closed:
            match = _BARE.match(label)
            label, rest = (label[: match.end()], label[match.end() :]) if match else ("", label)
        label = label.removeprefix("[").removesuffix("]").strip()
        written, whole = _written(anchor.value)
        if not (closed and whole):
            self._broken.append(anchor.line)
        if written or label:
            self._join_neighbours()
            self._stamps.append((written, label, self._length, anchor.line))
            self._stamp_part = len(self._parts)
        if rest:
            self._text(rest)

    def _join_neighbours(self) -> None:
        """Drop the comma between two anchors: they share their words."""
        if not self._stamps or self._length == self._stamps[-1][2]:
            return
        position = self._stamps[-1][2]
        if self._length - position <= _LONGEST_SEPARATOR and _SEPARATOR.match("".join(self._parts[self._stamp_part :])):
            del self._parts[self._stamp_part :]
            self._length = position


def _written(tag: str) -> tuple[str, bool]:
    """What an anchor's tag says, and whether it says so in its `data-t`. A bare stamp is its own tag."""
    if not tag.startswith("<"):
        return tag, True
    match = _DATA_T.search(tag)
    if match:
        return (match[1] or match[2] or match[3] or "").strip(), True
    time = _ANY_TIME.search(tag[:200])
    return (time[0] if time else ""), False


def _spans(text: str, stamps: list[tuple[str, str, int, int]]) -> Iterator[Stamp]:
    """Give each stamp its words: from the stamp before it, or, where a block starts with its stamp, up to the next."""
    ahead = bool(stamps) and stamps[0][2] == 0 and bool(text)
    positions = list(dict.fromkeys(position for _, _, position, _ in stamps))
    bounds = dict(zip(positions, [*positions[1:], len(text)] if ahead else [0, *positions], strict=False))
    for written, label, position, line in stamps:
        start, end = (position, bounds[position]) if ahead else (bounds[position], position)
        while start < end and text[start] in _LEADING:
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        yield Stamp(written, label, start, end, line)
