"""Wiki pages and plain Markdown: blocks to sections, passages and takes. Not for front matter or clipped articles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.corpus.blocks import BREAK, Block, read_blocks
from bot.corpus.inline import Words, read_words
from bot.corpus.pieces import Mark, Piece
from bot.corpus.spans import span_of_rest
from bot.models import Passage, Section, Stamp, Take

_TAKES = re.compile(
    r"\b(?:quick|rapid|lightning)(?:[ -]?fire)?[ -]?(?:takes?|rounds?|insights?|questions?|answers?|fire)\b"
)
_TAKEAWAYS = re.compile(r"\b(?:key )?take-?aways\b|\btl;?dr\b")
_LABEL_END = re.compile(r":(?=\s|\Z)|：")
_LONGEST_LABEL = 60  # code points: a longer "label" before a colon is a sentence
_LONGEST_BOLD_LABEL = 150  # bold says that it is meant as one
_LONGEST_HEADING = 300  # code points: a longer "heading" is a paragraph with a line of dashes below it
_AFTER_LABEL = " :：.|–—-"
_CALLOUT = re.compile(r"\s{0,4}\[![A-Za-z]{1,20}(?:\|([^\[\]\n]{0,100}))?\][+-]?\s{0,4}")
_FROM = "From:"


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


def read_body(text: str, first_line: int, *, stamps: bool) -> Body:
    """Read Markdown whose line ends are `\\n`; `stamps` says whether the page has a video that times belong to."""
    reader = _Reader(stamps=stamps)
    for block in read_blocks(text, first_line):
        reader.add(block)
    return reader.finish()


class _Reader:
    """Puts blocks into sections and passages, and tells takes from other items."""

    def __init__(self, *, stamps: bool) -> None:
        self._stamps = stamps
        self._sections: list[Section] = [Section("", 0, (), 0)]
        self._open: list[tuple[Section, bool]] = []  # the headings above, outermost first; whether each is of takes
        self._loose: list[Stamp] = []  # stamps without words, which the last passage gets
        self._passages: list[Passage] = []
        self._takes: list[Take] = []
        self._problems: list[tuple[int, str, str]] = []
        self._videos: dict[str, str] = {}
        self._source = ""
        self._has_links = False
        self._in_takes = False
        self._in_takeaways = False
        self._label = ""  # of an item that is nothing but its label: the items nested in it carry it
        self._label_depth = 0
        self._take_depth = 0  # of the last take's item: items nested in it are its details

    def add(self, block: Block) -> None:
        if not self._passages and len(self._sections) == 1 and not self._source:
            self._take_source(block)
        if block.pieces and block.pieces[0][1].lstrip().startswith("[!"):
            block.pieces = _without_callout(block.pieces)
        words = read_words(block.pieces, stamps=self._stamps, is_item=block.depth > 0)
        for line in words.broken:
            self._problems.append((line, "broken-anchor", "a timestamp anchor is broken"))
        self._has_links = self._has_links or bool(words.links)
        if block.level and 0 < len(words.text) <= _LONGEST_HEADING:
            self._heading(block, words)
        elif words.text:
            self._passage(block, words)
        elif words.stamps:
            self._wordless(block.line, words)

    def finish(self) -> Body:
        self._give_loose_stamps()
        return Body(
            tuple(self._sections),
            tuple(self._passages),
            tuple(self._takes),
            self._source,
            tuple(self._videos.items()),
            tuple(self._problems),
            self._has_links,
        )

    def _take_source(self, block: Block) -> None:
        """Take `From: [[channel]] <br/>` off the first block; what follows on the next line is text."""
        pieces = block.pieces
        if block.level or len(pieces) < 3:
            return
        (_, start, _), (mark, target, _) = pieces[:2]
        if start.strip() != _FROM or mark is not Mark.LINK:
            return
        end = next((index for index, (mark, _, _) in enumerate(pieces) if mark is Mark.LINK_END), len(pieces) - 1)
        shown = "".join(text for mark, text, _ in pieces[2:end] if mark is Mark.TEXT).strip()
        self._source = shown or target
        block.pieces = pieces[end + 1 :]

    def _heading(self, block: Block, words: Words) -> None:
        while self._open and self._open[-1][0].level >= block.level:
            self._open.pop()
        path = (*(above.heading for above, _ in self._open), words.text)
        section = Section(words.text, block.level, path, block.line, words.links)
        self._open.append((section, _TAKES.search(words.text.lower()) is not None))
        self._sections.append(section)
        self._in_takes = any(is_takes for _, is_takes in self._open)
        self._in_takeaways = _TAKEAWAYS.search(words.text.lower()) is not None
        self._label, self._label_depth, self._take_depth = "", 0, 0
        if block.video:
            self._videos.setdefault(block.video, words.text)
        if words.stamps:
            self._append(block, words)

    def _append(self, block: Block, words: Words) -> None:
        self._give_loose_stamps()
        section = len(self._sections) - 1
        is_item = block.depth > 0
        self._passages.append(
            Passage(words.text, section, block.line, is_item=is_item, stamps=words.stamps, links=words.links)
        )

    def _passage(self, block: Block, words: Words) -> None:
        self._append(block, words)
        if self._in_takes:
            if not block.is_table_head:
                self._take(block, words)
        elif self._in_takeaways and block.depth:
            self._takes.append(Take("", words.text, len(self._passages) - 1))

    def _take(self, block: Block, words: Words) -> None:
        """`**Overhyped**: text`, `Overhyped: text`, or text under a heading or an item that is the label."""
        if block.depth > self._take_depth > 0:
            return
        self._take_depth = 0
        if block.depth <= self._label_depth:
            self._label, self._label_depth = "", 0
        label, text = _label(words)
        if block.depth and not text:
            self._label, self._label_depth = label, block.depth
            return
        if not label and self._label and block.depth > self._label_depth:
            label = self._label
        if not label and len(self._open) > 1 and self._open[-2][1]:
            label = self._open[-1][0].heading.rstrip(":?").strip()
        if label and text:
            self._takes.append(Take(label, text, len(self._passages) - 1))
            self._take_depth = block.depth if label != self._label else 0
        elif block.depth and len(text) <= _LONGEST_LABEL:
            self._label, self._label_depth = text.rstrip(":?").strip(), block.depth

    def _wordless(self, line: int, words: Words) -> None:
        """Stamps alone in a block belong to the passage before them, or else to their heading."""
        if self._passages and self._passages[-1].section == len(self._sections) - 1:
            self._loose += words.stamps
            return
        heading = self._sections[-1].heading
        if heading:
            self._give_loose_stamps()
            self._passages.append(Passage(heading, len(self._sections) - 1, line))
            self._loose += words.stamps
        else:
            self._problems.append((line, "stamp-without-words", "a timestamp has no words that it belongs to"))

    def _give_loose_stamps(self) -> None:
        if self._loose:
            last = self._passages[-1]
            start, end = span_of_rest(last.text, last.stamps)
            more = (replace(stamp, start=start, end=end) for stamp in self._loose)
            self._passages[-1] = replace(last, stamps=(*last.stamps, *more))
            self._loose = []


def _without_callout(pieces: list[Piece]) -> list[Piece]:
    """Drop the mark of a callout (`[!NOTE] Title`), and tell its title from the text on the next line by a colon."""
    (_, first, line), *rest = pieces
    match = _CALLOUT.match(first)
    if match is None:
        return pieces
    words = [text for text in (match[1], first[match.end() :]) if text]
    end = next((index for index, piece in enumerate(rest) if piece is BREAK), len(rest))
    title = [(Mark.TEXT, " ".join(words), line), *rest[:end]]
    last = next((text.rstrip()[-1:] for mark, text, _ in reversed(title) if mark is Mark.TEXT), "")
    colon = [(Mark.TEXT, ":", 0)] if end < len(rest) and (last.isalnum() or last == ")") else []
    return [*title, *colon, *rest[end:]]


def _label(words: Words) -> tuple[str, str]:
    """Split a take into its label and its text; no label gives an empty one."""
    if 0 < words.bold <= _LONGEST_BOLD_LABEL:
        label, text = words.text[: words.bold], words.text[words.bold :]
        return label.strip().rstrip(_AFTER_LABEL), text.lstrip(_AFTER_LABEL).strip()
    end = _LABEL_END.search(words.text, 0, _LONGEST_LABEL + 1)
    if end:
        return words.text[: end.start()].strip(), words.text[end.end() :].strip()
    label, bar, text = words.text.partition(" | ")  # a row of a table
    return (label, text) if bar else ("", words.text)
