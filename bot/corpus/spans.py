"""Which words of a block's text each of its stamps and links has. Not for how the text came together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models import Link, Stamp

_LEADING = ".,;:!?)]}| \t\n–—-"  # what a stamp's words do not start with

PlacedStamp = tuple[str, str, int, int]  # written, label, position in the text, line
PlacedLink = tuple[str, int, int]  # target, start, end


def shown_links(text: str, links: Sequence[PlacedLink]) -> Iterator[Link]:
    """The links that have words."""
    for target, start, end in links:
        while start < end and text[start].isspace():
            start += 1
        if start < end <= len(text):
            yield Link(target, start, end)


def stamps_with_words(text: str, stamps: Sequence[PlacedStamp]) -> Iterator[Stamp]:
    """Give each stamp its words: from the stamp before it, or, where a block starts with its stamp, up to the next."""
    if stamps[0][2] == 0:
        yield from _ahead_of_words(text, stamps)
        return
    before, span = 0, (0, 0)
    for written, label, position, line in stamps:
        if position > before:
            before, span = position, _trimmed(text, before, position)
        yield Stamp(written, label, *span, line)


def _ahead_of_words(text: str, stamps: Sequence[PlacedStamp]) -> Iterator[Stamp]:
    positions = list(dict.fromkeys([stamp[2] for stamp in stamps]))
    ends = [*positions[1:], len(text)]
    spans = {start: _trimmed(text, start, end) for start, end in zip(positions, ends, strict=True)}
    if len(positions) > 1 and positions[-1] == len(text):
        spans[positions[-1]] = spans[positions[-2]]  # the last words have a stamp on either side
    for written, label, position, line in stamps:
        yield Stamp(written, label, *spans[position], line)


def span_of_rest(text: str, stamps: tuple[Stamp, ...]) -> tuple[int, int]:
    """The span that one more stamp at the end of a text has: what follows its last stamp, or else that one's words."""
    if not stamps:
        return 0, len(text)
    start, end = _trimmed(text, stamps[-1].end, len(text))
    return (start, end) if start < end else (stamps[-1].start, stamps[-1].end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end].lstrip(_LEADING)
    start = end - len(words)
    return start, start + len(words.rstrip())
