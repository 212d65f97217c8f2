"""The lines of a file that findings are about, cut to what one reads at a glance. Pure; reads no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

AROUND = 1  # lines before and after
_BESIDE = 140  # code points shown of a line beside it
_NEAR = 100  # code points kept on both sides of the words that a finding is about
_UNMARKED = 420  # shown of a line in which no words are meant
_MOST = 40  # words marked in one line
_CUT = "…"
_ABOUT = re.compile(r"`([^`]{1,200})`")
_LINE_END = re.compile(r"\r\n|\r|\n")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quoted:
    """One line as (words, whether a finding is about them). `number` counts from 1."""

    number: int
    is_it: bool
    pieces: tuple[tuple[str, bool], ...]


class Text:
    """A file's text by lines."""

    def __init__(self, data: bytes) -> None:
        self._lines = _LINE_END.split(data.decode("utf-8-sig", "replace"))

    def quote(self, line: int, messages: Iterable[str]) -> tuple[Quoted, ...]:
        """The line that findings name and those around it, what their messages quote marked; none for a whole file."""
        if not 0 < line <= len(self._lines):
            return ()
        first, last = max(line - AROUND, 1), min(line + AROUND, len(self._lines))
        text = self._lines[line - 1]
        spans = _found(text, [about[1] for about in map(_ABOUT.search, messages) if about])
        return tuple(
            Quoted(number, True, tuple(_pieces(text, spans)))
            if number == line
            else Quoted(number, False, ((_cut(self._lines[number - 1], _BESIDE), False),))
            for number in range(first, last + 1)
        )


def _found(text: str, words: Sequence[str]) -> list[Span]:
    """Where the words stand, in order and apart: the same word again is looked for behind where it was."""
    spans: list[Span] = []
    behind: dict[str, int] = {}
    for word in words[:_MOST]:
        at = text.find(word, behind.get(word, 0))
        if at >= 0:
            behind[word] = at + len(word)
            spans.append((at, at + len(word)))
    kept: list[Span] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    if not spans:
        yield _cut(text, _UNMARKED), False
        return
    at = 0
    for start, end in spans:
        yield from _plain(text, at, start)
        yield text[start:end], True
        at = end
    yield from _plain(text, at, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[tuple[str, bool]]:
    """What stands between marked words, its middle cut out between two words where it is long."""
    words = text[start:end]
    before = _NEAR if start else 0
    after = _NEAR if end < len(text) else 0
    if len(words) > before + after + _NEAR:
        head, tail = words[:before], words[len(words) - after :]
        words = f"{head.rpartition(' ')[0] or head} {_CUT} {tail.partition(' ')[2] or tail}".strip()
    if words:
        yield words, False


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + _CUT
