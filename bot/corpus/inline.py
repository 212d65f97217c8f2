"""The words of one block: text without markup, its stamps with their spans, its links and reference marks.

A block arrives as pieces in order; what they mean for its text is decided here. Everything is linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.corpus.pieces import BARE_STAMP, Mark, Piece, split_anchors, split_stamps, written_in
from bot.corpus.spans import PlacedLink, PlacedStamp, shown_links, stamps_with_words
from bot.models import Link, Stamp

_REFERENCE = re.compile(r"[ \t]?\[([0-9]{1,3})\]")
_SEPARATOR = re.compile(r"[\s,;&/–—-]*(?:and[\s,]*)?\Z")  # what may stand between two anchors of the same words
_LONGEST_SEPARATOR = 8
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%’”'\"")
_AFTER_FIRST_STAMP = " -–—:,;."  # `[00:01] - Introduction`
_OPENING = "(["
_BRACKETS = {")": "(", "]": "["}
_MOST_IN_BRACKETS = 50  # stamps; the limit keeps brackets in brackets from costing time
_CELLS_APART = "| "

# Asked of every piece: a name of an enum costs ten times as much.
_TEXT, _CODE, _ANCHOR, _ANCHOR_END = Mark.TEXT, Mark.CODE, Mark.ANCHOR, Mark.ANCHOR_END
_LINK, _LINK_END, _BOLD, _BOLD_END = Mark.LINK, Mark.LINK_END, Mark.BOLD, Mark.BOLD_END


class Words(NamedTuple):
    """What a block says. `bold` is the length of the bold run that the text starts with, 0 without one."""

    text: str
    stamps: tuple[Stamp, ...] = ()
    links: tuple[Link, ...] = ()
    references: tuple[int, ...] = ()
    bold: int = 0
    broken: tuple[int, ...] = ()


def read_words(pieces: Sequence[Piece], *, stamps: bool, references: bool = False, is_item: bool = False) -> Words:
    """Assemble a block. `stamps` reads times (a page with a video), `references` reads `[1]` marks (an article).

    In a list's item, a bold label that runs into a sentence gets the colon that tells the two apart.
    """
    if len(pieces) == 1:
        mark, text, _ = pieces[0]
        if mark is _TEXT and "[" not in text and "<" not in text:  # every fourth block: nothing to be found in it
            return Words(" ".join(text.split()))
    builder = _Builder(stamps=stamps, references=references, is_item=is_item)
    builder.read(pieces)
    return builder.finish()


class _Builder:
    """Grows one block's text; anchors' labels go beside it, not into it."""

    def __init__(self, *, stamps: bool, references: bool, is_item: bool) -> None:
        self._read_stamps = stamps
        self._read_references = references
        self._is_item = is_item
        self._held: list[Piece] = []  # texts that are read as one: the parser cuts at line ends
        self._parts: list[str] = []
        self._length = 0
        self._space = False  # whether white space waits to be written before the next word
        self._cell = False  # whether the next word begins a table's cell
        self._stamps: list[PlacedStamp] = []
        self._stamp_part = 0  # how many parts there were at the last stamp
        self._links: list[PlacedLink] = []
        self._link: tuple[str, int] | None = None
        self._bold_from: int | None = None
        self._bold = 0
        self._anchor: Piece | None = None
        self._label: list[str] = []
        self._broken: list[int] = []
        self._references: list[int] = []

    def read(self, pieces: Sequence[Piece]) -> None:
        held = self._held
        for piece in pieces:
            mark = piece[0]
            if mark is _TEXT:
                held.append(piece)
                continue
            if held:
                if mark is _ANCHOR_END and self._is_label(held):
                    self._label.append(held.pop()[1])
                else:
                    self._read_held()
            if mark is _ANCHOR or mark is _ANCHOR_END:
                self._mark_anchor(piece)
            elif self._anchor is not None and not (mark is _LINK and self._label):
                if mark is _CODE:
                    self._label.append(piece[1])
            elif mark is _BOLD:
                self._bold_from = self._length
            elif mark is _BOLD_END:
                if self._bold_from == 0:
                    self._bold = self._bold or self._length
            elif mark is _LINK:
                if self._anchor is not None:
                    self._end_anchor(closed=False)  # no label has links: this one was never closed
                self._link = (piece[1], self._length)
            elif mark is _LINK_END:
                self._end_link()
            elif mark is _CODE:
                self._write(piece[1])
            else:
                self._cell = True

    def _is_label(self, held: list[Piece]) -> bool:
        """Whether what is held is all of an anchor's label: nearly every anchor's is one text without anchors in it."""
        return self._anchor is not None and len(held) == 1 and "<" not in held[0][1]

    def finish(self) -> Words:
        if self._held:
            self._read_held()
        if self._anchor is not None:
            self._end_anchor(closed=False)
        text = "".join(self._parts)
        links = tuple(shown_links(text, self._links)) if self._links else ()
        stamps = tuple(stamps_with_words(text, self._stamps)) if self._read_stamps and self._stamps else ()
        references = tuple(dict.fromkeys(self._references))
        return Words(text, stamps, links, references, min(self._bold, len(text)), tuple(self._broken))

    def _read_held(self) -> None:
        _, text, line = self._held[0] if len(self._held) == 1 else _joined(self._held)
        self._held.clear()
        if "<" not in text:
            self._read(text, line)
            return
        for part in split_anchors(text, line):
            if part[0] is _TEXT:
                self._read(part[1], part[2])
            else:
                self._mark_anchor(part)

    def _read(self, text: str, line: int) -> None:
        """A text without anchors is a label, or words with bare stamps and reference marks in them."""
        if self._anchor is not None:
            self._label.append(text)
        elif "[" not in text:
            self._write(text)
        elif self._read_stamps:
            for mark, part, at in split_stamps(text, line):
                if mark is _TEXT:
                    self._write(part)
                else:
                    self._add_stamp(part, "", at)
        elif self._read_references:
            self._references.extend(int(number) for number in _REFERENCE.findall(text))
            self._write(_REFERENCE.sub("", text))
        else:
            self._write(text)

    def _write(self, value: str) -> None:
        words = " ".join(value.split())
        spaced = self._space or value[:1].isspace()
        if self._stamps and self._stamps[-1][2] == self._length:
            words, spaced = self._after_stamp(words, spaced=spaced)
        if not words:
            self._space = self._space or bool(value)
            return
        if self._cell:
            self._cell = False
            if self._length:
                words, spaced = f"{_CELLS_APART}{words}", True
        if spaced and self._length:
            words = f": {words}" if self._runs_on(words) else f" {words}"
        if words[-1] in _OPENING:
            self._parts += _with_brackets_apart(words)
        else:
            self._parts.append(words)
        self._length += len(words)
        self._space = value[-1].isspace()

    def _after_stamp(self, words: str, *, spaced: bool) -> tuple[str, bool]:
        """The words that follow a stamp, without what belonged to it, and whether a space goes before them."""
        if not self._length:
            words = words.lstrip(_AFTER_FIRST_STAMP)
        if words[:1] in _BRACKETS:
            taken = 0
            while self._drop_bracket(_BRACKETS.get(words[taken : taken + 1])):
                taken += 1
                spaced = words[taken : taken + 1] == " "
                taken += spaced
            words = words[taken:]
        return words, spaced and words[:1] not in _NO_SPACE_BEFORE

    def _runs_on(self, words: str) -> bool:
        """Whether a sentence follows the label that an item starts with, and nothing tells where the label ends.

        In real pages, a capital letter after the bold run says so.
        """
        is_label = self._is_item and 0 < self._bold == self._length and self._link is None
        return is_label and words[0].isupper() and (self._parts[-1][-1].isalnum() or self._parts[-1][-1] == ")")

    def _drop_bracket(self, bracket: str | None) -> bool:
        """Take back an opening bracket that the text ends with: nothing but stamps stood in the brackets."""
        if bracket is None or not self._parts or self._parts[-1] not in (bracket, f" {bracket}"):
            return False
        length = self._length - len(self._parts[-1])
        inside = [stamp for stamp in self._stamps[-_MOST_IN_BRACKETS:] if stamp[2] > length]
        if len(inside) == _MOST_IN_BRACKETS:
            return False
        self._stamps[len(self._stamps) - len(inside) :] = [(stamp[0], stamp[1], length, stamp[3]) for stamp in inside]
        del self._parts[-1]
        self._take_back(length)
        self._stamp_part = len(self._parts)
        return True

    def _end_link(self) -> None:
        """A link without words is shown with its target; one without a target is no link."""
        if self._link is None:
            return
        target, start = self._link
        self._link = None
        if self._length == start and "<" not in target:
            self._write(target)
        if target and "<" not in target:
            self._links.append((target, start, self._length))
        self._space = False  # `[[target | words ]].`: the space inside is no space after

    def _mark_anchor(self, piece: Piece) -> None:
        begins = piece[0] is _ANCHOR
        if self._anchor is not None:
            self._end_anchor(closed=not begins)
        if begins:
            self._anchor = piece

    def _end_anchor(self, *, closed: bool) -> None:
        """Close the open anchor; text after one that was never closed goes back into the words."""
        if self._anchor is None:
            return
        _, tag, line = self._anchor
        label, rest = "".join(self._label), ""
        self._anchor, self._label = None, []
        if not closed:
            match = BARE_STAMP.match(label.lstrip())
            end = len(label) - len(label.lstrip()) + match.end() if match else 0
            label, rest = label[:end], label[end:]
        label = " ".join(label.split()).removeprefix("[").removesuffix("]").strip()
        written, whole = written_in(tag)
        if not (closed and whole):
            self._broken.append(line)
        if written or label:
            self._add_stamp(written, label, line)
        if rest:
            self._write(rest)

    def _add_stamp(self, written: str, label: str, line: int) -> None:
        """The words end with a stamp. With only a comma after the one before it, both have the same: the comma goes."""
        if self._stamps and self._length > (position := self._stamps[-1][2]) >= self._length - _LONGEST_SEPARATOR:
            between = "".join(self._parts[self._stamp_part :])
            if _SEPARATOR.match(between):
                del self._parts[self._stamp_part :]
                self._take_back(position)
        self._stamps.append((written, label, self._length, line))
        self._stamp_part = len(self._parts)

    def _take_back(self, length: int) -> None:
        """The text is only so long again: a link in what was dropped is none."""
        self._length = length
        while self._links and self._links[-1][2] > length:
            self._links.pop()


def _with_brackets_apart(words: str) -> list[str]:
    """Cut off the opening brackets at the end, which may have to be taken back, each with the space before it."""
    inner = words.rstrip(_OPENING)
    head = inner.rstrip()
    first = len(inner) + 1
    return [*([head] if head else []), words[len(head) : first], *words[first:]]


def _joined(texts: list[Piece]) -> Piece:
    """Texts that follow each other as one. Line ends between them have no line of their own, so it is counted back."""
    joined = "".join([text for _, text, _ in texts])
    before = 0
    for _, text, line in texts:
        if line:
            return _TEXT, joined, line - before
        before += text.count("\n")
    return _TEXT, joined, 0
