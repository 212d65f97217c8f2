"""Markdown to blocks: headings, paragraphs, list items and table rows as runs of inline pieces. Not for what they say.

Code is left as it stands. What only looks like code or HTML to a Markdown parser is read once more as Markdown: an
indented block (a list that lost its parent), a fence that is called markdown (whole pages come in one) and the text
between the tags of an HTML block (callouts). Once only, so that nothing nests.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import pyromark

from bot.corpus.pieces import ANCHOR_END, Mark, Piece, is_anchor

_PARSER = pyromark.Markdown(
    options=pyromark.Options.ENABLE_WIKILINKS
    | pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
)
_YOUTUBE = re.compile(r"https://(?:www\.youtube\.com/watch\?v=|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")
_BLOCKS = frozenset({"Paragraph", "Heading", "Item", "TableHead", "TableRow", "CodeBlock", "HtmlBlock"})
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]{0,20})[^<>]*>")
_WITHIN_WORDS = re.compile(r"abbr|b|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|su[bp]|u")
_NOT_WORDS = ("<script", "<style", "<svg")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")  # what `&#27;` comes to; the text itself has none any more

_TEXT, _CODE, _ANCHOR = Mark.TEXT, Mark.CODE, Mark.ANCHOR
BREAK: Piece = (_TEXT, "\n", 0)
_SPACE: Piece = (_TEXT, " ", 0)
_BOLD: Piece = (Mark.BOLD, "", 0)
_BOLD_END: Piece = (Mark.BOLD_END, "", 0)
_LINK_END: Piece = (Mark.LINK_END, "", 0)
_CELL: Piece = (Mark.CELL, "", 0)


@dataclass(slots=True)
class Block:
    """A run of inline pieces: a heading (`level` 1-6), else a paragraph, an item or a table's row (level 0).

    `depth` counts the lists that it stands in. `video` is the YouTube id that the block links to, `is_table_head`
    tells the row of a table that names its columns.
    """

    line: int
    level: int = 0
    depth: int = 0
    video: str = ""
    is_table_head: bool = False
    pieces: list[Piece] = field(default_factory=list)


def read_blocks(text: str, first_line: int) -> list[Block]:
    """Cut Markdown whose line ends are `\\n` into blocks that have pieces."""
    return _Cutter(text, first_line, 0, again=False).cut()


class _Cutter:
    """Turns the parser's events into blocks. `again`: this text was in a block itself, and is not to be cut deeper."""

    def __init__(self, text: str, first_line: int, lists: int, *, again: bool) -> None:
        self._text = text
        # Where each line ends: the parser's ranges are UTF-8 byte offsets.
        self._line_ends = list(accumulate(map(len, text.encode().splitlines(keepends=True))))
        self._first_line = first_line
        self._again = again
        self._lists = lists
        self._blocks: list[Block] = []
        self._block = Block(first_line, depth=lists)
        self._ends: list[Piece | None] = []  # what each open link or bold run closes with
        self._mark: Mark | None = _TEXT  # what text is now; None where it is not words
        self._disguise = ""  # what the open block only looks like: `html`, `indented`, `fence` or nothing
        self._disguised: list[str] = []

    def cut(self) -> list[Block]:
        event: Any  # a name, or a name and its details, which may be such an event again
        pieces = self._block.pieces
        has_references = "&#" in self._text
        for event, span in _PARSER.events_with_range(self._text, merge_text=True):
            if isinstance(event, str):  # SoftBreak, HardBreak or Rule
                if event != "Rule":
                    pieces.append(BREAK)
                continue
            name, value = event.popitem()
            if name == "Text" or name == "Html":
                if has_references:
                    value = _CONTROLS.sub(" ", value)
                if self._disguise:
                    self._disguised.append(value)
                elif self._mark is not None:
                    line = self._line(span["start"]) if "[" in value or "<" in value else 0
                    pieces.append((self._mark, value, line))
            elif name == "InlineHtml":  # anchors are kept, `<br>` is a space, other tags go
                if value == "</a>":
                    pieces.append(ANCHOR_END)
                elif is_anchor(value):
                    pieces.append((_ANCHOR, value, self._line(span["start"])))
                elif value[:3].lower() == "<br":
                    pieces.append(_SPACE)
            elif name == "Start" or name == "End":
                kind, details = (value, None) if isinstance(value, str) else value.popitem()
                if name == "Start":
                    self._start(kind, details, span["start"])
                else:
                    self._end(kind, span["start"])
                pieces = self._block.pieces
            elif name == "Code":
                pieces.append((_CODE, value, 0))
        self._close()
        return self._blocks

    def _line(self, offset: int) -> int:
        return self._first_line + bisect_right(self._line_ends, offset)

    def _close(self) -> None:
        """Keep the open block, if there is anything in it, and open another."""
        block = self._block
        if block.pieces:
            self._blocks.append(block)
            self._block = Block(block.line, depth=self._lists)
        else:
            block.level, block.depth, block.video, block.is_table_head = 0, self._lists, "", False
        self._mark = _TEXT

    def _start(self, kind: str, details: Any, offset: int) -> None:
        if kind == "Link":
            self._ends.append(self._link(details))
        elif kind == "Strong":
            self._block.pieces.append(_BOLD)
            self._ends.append(_BOLD_END)
        elif kind in _BLOCKS:
            self._close()
            self._block.line = self._line(offset)
            self._block.is_table_head = kind == "TableHead"
            if kind == "Heading":
                self._block.level = int(details["level"][1])
            elif kind == "CodeBlock":
                self._mark = _CODE
                self._disguise = "" if self._again else _disguise(details)
            elif kind == "HtmlBlock" and not self._again:
                self._disguise = "html"
        elif kind == "List":
            self._lists += 1
        elif kind == "TableCell":
            self._block.pieces.append(_CELL)
        elif kind == "Image" and "WikiLink" in details["link_type"]:
            self._mark = None  # an embedded file

    def _end(self, kind: str, offset: int) -> None:
        if kind == "Link" or kind == "Strong":
            end = self._ends.pop()
            if end is not None:
                self._block.pieces.append(end)
        elif kind in _BLOCKS or kind == "List":
            self._lists -= kind == "List"
            self._close()
            if self._disguise:
                self._read_again(self._line(offset))
        elif kind == "Image":
            self._mark = _TEXT

    def _link(self, details: Any) -> Piece | None:
        """Begin a wikilink and return its end; of other links only the words count, and the video that one leads to."""
        if "WikiLink" in details["link_type"]:
            self._block.pieces.append((Mark.LINK, details["dest_url"].strip(), 0))
            return _LINK_END
        if match := _YOUTUBE.match(details["dest_url"]):
            self._block.video = match[1]
        return None

    def _read_again(self, line: int) -> None:
        text = "".join(self._disguised)
        if self._disguise == "fence":
            line += 1
        parts = _between_tags(text, line) if self._disguise == "html" else ((text, line),)
        self._disguise, self._disguised = "", []
        for part, part_line in parts:
            if part.strip():
                self._blocks += _Cutter(part, part_line, self._lists, again=True).cut()


def _disguise(code: Any) -> str:
    """What a block of code really is: indented Markdown, Markdown in a fence, or (empty) code."""
    if code == "Indented":
        return "indented"
    return "fence" if code["Fenced"].strip().lower() in ("markdown", "md") else ""


def _between_tags(html: str, line: int) -> Iterator[tuple[str, int]]:
    """The texts of an HTML block with the lines that they start on. Anchors stay in them, other tags go."""
    if html.lstrip()[:7].lower().startswith(_NOT_WORDS):
        return
    html = _without_comments(html)
    held: list[str] = []
    position = 0
    held_line = line
    for match in _TAG.finditer(html):
        name = match[1].lower()
        if name == "a":
            continue
        held.append(html[position : match.start()])
        line += html.count("\n", position, match.end())
        position = match.end()
        if name == "br":
            held.append(" ")
        elif not _WITHIN_WORDS.fullmatch(name):
            yield _unindented(held), held_line
            held, held_line = [], line
    yield _unindented([*held, html[position:]]), held_line


def _unindented(parts: list[str]) -> str:
    return "\n".join(line.strip() for line in "".join(parts).split("\n"))


def _without_comments(html: str) -> str:
    """Drop comments but not their line ends, so that lines can be counted."""
    first, *others = html.split("<!--")
    if not others:
        return html
    kept = [first]
    for other in others:
        comment, _, rest = other.partition("-->")
        kept += ("\n" * comment.count("\n"), rest)
    return "".join(kept)
