"""A question's words as FTS5 expressions. Every token is quoted, so none can be syntax."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.corpus.words import is_unspaced
from bot.search.query import Query, Word


def phrase(tokens: Sequence[str]) -> str:
    """These tokens one after the other. One character of an unspaced script stands for every pair that it begins."""
    text = '"' + " ".join(token.replace('"', "") for token in tokens) + '"'
    return f"{text} *" if len(tokens) == 1 and len(tokens[0]) == 1 and is_unspaced(tokens[0]) else text


def word(meant: Word) -> str:
    """A word in any of its forms."""
    return any_of(map(phrase, meant.forms))


def any_of(expressions: Iterable[str]) -> str:
    """One or more of these."""
    return _joined(" OR ", expressions)


def all_of(expressions: Iterable[str]) -> str:
    """Every one of these."""
    return _joined(" AND ", expressions)


def _joined(operator: str, expressions: Iterable[str]) -> str:
    parts = list(expressions)
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"


def in_text(expression: str) -> str:
    """Where a passage's own words match, not only a heading over it or its page's title."""
    return f"{{words}} : {expression}"


def below_title(expression: str) -> str:
    """Where a passage's own words or a heading over it match, not only its page's title."""
    return f"{{words heading}} : {expression}"


def in_heading_too(expression: str) -> str:
    """Where both the passage and a heading over it, or its page's title, match."""
    return f"{in_text(expression)} AND {{heading title}} : {expression}"


def in_title_too(expression: str) -> str:
    """Where both the passage and its page's title match."""
    return f"{in_text(expression)} AND {{title}} : {expression}"


def insisting(expression: str, query: Query) -> str:
    """An expression within what the question insists on: not what it excludes."""
    return f"{expression} NOT {any_of(map(phrase, query.excluded))}" if query.excluded else expression
