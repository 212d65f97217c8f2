"""The lines of a file that a finding is about, cut to what one reads at a glance. Pure; reads no file."""

from __future__ import annotations

import re
from dataclasses import dataclass

AROUND = 1  # lines before and after
_LONGEST = 420  # code points of the finding's own line: a paragraph is one line
_BESIDE = 140  # of a line beside it
_BEFORE = 160  # kept before the words that it is about
_CUT = "…"
_ABOUT = re.compile(r"`([^`]{1,200})`")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Quoted:
    """One line as (words, whether the finding is about them). `number` counts from 1."""

    number: int
    is_it: bool
    pieces: tuple[tuple[str, bool], ...]


class Text:
    """A file's text by lines."""

    def __init__(self, data: bytes) -> None:
        self._lines = _LINE_END.split(data.decode("utf-8-sig", "replace"))

    def quote(self, line: int, message: str) -> tuple[Quoted, ...]:
        """The line that a finding names and those around it, its words marked; none for a file as a whole."""
        if not 0 < line <= len(self._lines):
            return ()
        first, last = max(line - AROUND, 1), min(line + AROUND, len(self._lines))
        about = _ABOUT.search(message)
        return tuple(
            Quoted(number, True, _marked(self._lines[number - 1], about[1] if about else ""))
            if number == line
            else Quoted(number, False, ((_cut(self._lines[number - 1]), False),))
            for number in range(first, last + 1)
        )


def _marked(text: str, about: str) -> tuple[tuple[str, bool], ...]:
    at = text.find(about) if about else -1
    if at < 0:
        return ((text[:_LONGEST] + (_CUT if len(text) > _LONGEST else ""), False),)
    start = max(at - _BEFORE, 0)
    end = min(max(start + _LONGEST, at + len(about)), len(text))
    pieces = (
        ((_CUT if start else "") + text[start:at], False),
        (about, True),
        (text[at + len(about) : end] + (_CUT if end < len(text) else ""), False),
    )
    return tuple(piece for piece in pieces if piece[0])


def _cut(text: str) -> str:
    return text if len(text) <= _BESIDE else text[:_BESIDE] + _CUT
