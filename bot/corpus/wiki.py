"""Wiki pages and plain Markdown: blocks to sections, passages and takes. Not for front matter or clipped articles."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any

import pyromark

from bot.corpus.inline import Mark, Piece, Words, is_anchor, read_words
from bot.models import Passage, Section, Stamp, Take

_OPTIONS = pyromark.Options.ENABLE_WIKILINKS | pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH
_TAKES = re.compile(
    r"\b(?:quick|rapid|lightning)(?:[ -]?fire)?[ -]?(?:takes?|rounds?|insights?|questions?|answers?|fire)\b"
)
_TAKEAWAYS = re.compile(r"\b(?:key )?take-?aways\b|\btl;?dr\b")
_LABEL_COLON = 60  # code points: a longer "label" before a colon is a sentence
_FROM = "From:"
_YOUTUBE = re.compile(r"https://(?:www\.youtube\.com/watch\?v=|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")
_BLOCKS = frozenset({"Paragraph", "Heading", "TableCell", "CodeBlock", "HtmlBlock", "DefinitionListTitle"})


@dataclass(frozen=True, slots=True)
class Body:
    """What a page's Markdown says. `source` is the target of its `From:` line; `problems` are (line, code, message)."""

    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    takes: tuple[Take, ...]
    source: str = ""
    videos: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[int, str, str], ...] = ()
    has_links: bool = False


@dataclass(slots=True)
class _Block:
    """A run of inline pieces: a heading (level 1-6), an item or a paragraph (level 0)."""

    line: int
    level: int = 0
    depth: int = 0  # how many lists it stands in
    video: str = ""
    pieces: list[Piece] = field(default_factory=list)


def read_body(text: str, first_line: int, *, stamps: bool) -> Body:
    """Read Markdown whose line ends are `\\n`; `stamps` says whether the page has a video that times belong to."""
    reader = _Reader(stamps=stamps)
    for block in _blocks(text, first_line):
        reader.add(block)
    return reader.finish()


def _blocks(text: str, first_line: int) -> Iterator[_Block]:
    """Cut the parser's events into blocks. Its ranges are UTF-8 byte offsets."""
    starts = [0, *accumulate(len(line) + 1 for line in text.encode().split(b"\n"))]
    block = _Block(first_line)
    lists = 0
    ends: list[Mark | None] = []  # what each open link or bold run closes with
    for event, span in pyromark.events_with_range(text, options=_OPTIONS):
        line = first_line + bisect_right(starts, span["start"]) - 1
        name, value = event if isinstance(event, tuple) else _named(event)
        if name == "Text" or name == "Code":
            block.pieces.append(Piece(Mark.TEXT, value, line))
        elif name == "Start":
            kind, details = _named(value)
            if kind == "Link":
                wiki = isinstance(details["link_type"], Mapping) and "WikiLink" in details["link_type"]
                if wiki:
                    block.pieces.append(Piece(Mark.LINK, details["dest_url"].strip(), line))
                elif match := _YOUTUBE.match(details["dest_url"]):
                    block.video = match[1]
                ends.append(Mark.LINK_END if wiki else None)
            elif kind == "Strong":
                block.pieces.append(Piece(Mark.BOLD))
                ends.append(Mark.BOLD_END)
            elif kind == "List":
                lists += 1
            elif kind in _BLOCKS or kind == "Item":
                if block.pieces:
                    yield block
                level = int(details["level"][1]) if kind == "Heading" else 0
                block = _Block(line, level, lists)
        elif name == "End":
            kind, _ = _named(value)
            if kind in ("Link", "Strong"):
                end = ends.pop()
                if end is not None:
                    block.pieces.append(Piece(end))
            elif kind == "List":
                lists -= 1
                if block.pieces:
                    yield block
                block = _Block(line, 0, lists)
            elif kind in _BLOCKS or kind == "Item":
                if block.pieces:
                    yield block
                block = _Block(line, 0, lists)
        elif name in ("SoftBreak", "HardBreak"):
            block.pieces.append(Piece(Mark.TEXT, " ", line))
        elif name in ("InlineHtml", "Html"):
            block.pieces.extend(_html(value, line, whole=name == "Html"))
    if block.pieces:
        yield block


def _named(event: Any) -> tuple[str, Any]:
    """An event is a bare name or a mapping of one name to its details."""
    if isinstance(event, str):
        return event, None
    ((name, details),) = event.items()
    return name, details


def _html(tag: str, line: int, *, whole: bool) -> Iterator[Piece]:
    """Anchors are kept; `<br>` is a space; a block of HTML is scanned as text; other tags are dropped."""
    if whole:
        yield Piece(Mark.TEXT, tag, line)
    elif tag[:3].lower() == "</a":
        yield Piece(Mark.ANCHOR_END)
    elif is_anchor(tag):
        yield Piece(Mark.ANCHOR, tag, line)
    elif tag[:3].lower() == "<br":
        yield Piece(Mark.TEXT, " ", line)


class _Reader:
    """Puts blocks into sections and passages, and tells takes from other items."""

    def __init__(self, *, stamps: bool) -> None:
        self._stamps = stamps
        self._sections: list[Section] = [Section("", 0, (), 0)]
        self._open: list[Section] = []  # the headings that the next block stands under, outermost first
        self._passages: list[Passage] = []
        self._takes: list[Take] = []
        self._problems: list[tuple[int, str, str]] = []
        self._videos: dict[str, str] = {}
        self._source = ""
        self._has_links = False
        self._label = ""  # of an item that is nothing but its bold label: the items nested in it carry it
        self._label_depth = 0

    def add(self, block: _Block) -> None:
        if not self._passages and len(self._sections) == 1 and not self._source:
            self._take_source(block)
        words = read_words(block.pieces, stamps=self._stamps)
        for line in words.broken:
            self._problems.append((line, "broken-anchor", "a timestamp anchor is broken"))
        self._has_links = self._has_links or bool(words.links)
        if block.level:
            self._heading(block, words)
        elif words.text:
            self._passage(block, words)
        elif words.stamps:
            self._wordless(block.line, words)

    def finish(self) -> Body:
        return Body(
            tuple(self._sections),
            tuple(self._passages),
            tuple(self._takes),
            self._source,
            tuple(self._videos.items()),
            tuple(self._problems),
            self._has_links,
        )

    def _take_source(self, block: _Block) -> None:
        """Take `From: [[channel]] <br/>` off the first block; what follows on the next line is text."""
        pieces = block.pieces
        if block.level or len(pieces) < 3 or pieces[0].value.strip() != _FROM or pieces[1].mark is not Mark.LINK:
            return
        end = next((index for index, piece in enumerate(pieces) if piece.mark is Mark.LINK_END), len(pieces) - 1)
        shown = "".join(piece.value for piece in pieces[2:end] if piece.mark is Mark.TEXT).strip()
        self._source = shown or pieces[1].value
        block.pieces = pieces[end + 1 :]

    def _heading(self, block: _Block, words: Words) -> None:
        self._label = ""
        if not words.text:
            return
        while self._open and self._open[-1].level >= block.level:
            self._open.pop()
        path = (*(section.heading for section in self._open), words.text)
        section = Section(words.text, block.level, path, block.line, words.links)
        self._open.append(section)
        self._sections.append(section)
        if block.video:
            self._videos.setdefault(block.video, words.text)
        if words.stamps:
            self._append(block, words)

    def _append(self, block: _Block, words: Words) -> None:
        self._passages.append(
            Passage(
                words.text,
                len(self._sections) - 1,
                block.line,
                is_item=block.depth > 0,
                stamps=words.stamps,
                links=words.links,
            )
        )

    def _passage(self, block: _Block, words: Words) -> None:
        self._append(block, words)
        section = self._sections[-1]
        place = [heading.lower() for heading in section.path]
        if any(_TAKES.search(heading) for heading in place):
            self._take(block, words, section)
        elif block.depth and place and _TAKEAWAYS.search(place[-1]):
            self._takes.append(Take("", words.text, len(self._passages) - 1))

    def _take(self, block: _Block, words: Words, section: Section) -> None:
        """`**Overhyped**: text`, `Overhyped: text`, or text under a heading or an item that is the label."""
        label, text = _label(words)
        if block.depth and label and not text:
            self._label, self._label_depth = label, block.depth
            return
        if not label and self._label and block.depth > self._label_depth:
            label = self._label
        elif block.depth <= self._label_depth:
            self._label = ""
        if not label and len(section.path) > 1 and _TAKES.search(section.path[-2].lower()):
            label, text = section.heading.rstrip(":?").strip(), words.text
        if label and text:
            self._takes.append(Take(label, text, len(self._passages) - 1))

    def _wordless(self, line: int, words: Words) -> None:
        """Stamps alone in a block belong to the passage before them, or else to their heading."""
        last = self._passages[-1] if self._passages else None
        if last is not None and last.section == len(self._sections) - 1:
            start = last.stamps[-1].start if last.stamps else 0
            more = tuple(replace(stamp, start=start, end=len(last.text)) for stamp in words.stamps)
            self._passages[-1] = replace(last, stamps=last.stamps + more)
            return
        heading = self._sections[-1].heading
        if heading:
            stamps = tuple(Stamp(s.written, s.label, 0, len(heading), s.line) for s in words.stamps)
            self._passages.append(Passage(heading, len(self._sections) - 1, line, stamps=stamps))
        else:
            self._problems.append((line, "stamp-without-words", "a timestamp has no words that it belongs to"))


def _label(words: Words) -> tuple[str, str]:
    """Split a take into its label and its text; no label gives an empty one."""
    if words.bold:
        label, text = words.text[: words.bold], words.text[words.bold :]
        return label.strip().rstrip(":.–—-").rstrip(), text.lstrip(" :.–—-").strip()
    label, colon, text = words.text.partition(":")
    if colon and len(label) <= _LABEL_COLON and not words.text[len(label) - 1 : len(label) + 2].isdigit():
        return label.strip(), text.strip()
    return "", words.text
