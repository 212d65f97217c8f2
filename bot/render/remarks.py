"""What a reply says before its results, where they do not answer the question as it was asked."""

from __future__ import annotations

from collections.abc import Callable

from bot.models import MomentsAnswer, SearchAnswer
from bot.render.text import escape
from bot.search.query import clean, unquoted


def _bold(word: str) -> str:
    return f"**{escape(word)}**"


def remarks(
    answer: MomentsAnswer | SearchAnswer,
    marked: Callable[[str], str] = _bold,
    plain: Callable[[str], str] = escape,
) -> list[str]:
    """A line for what was repaired or taken out of its quotes, and one for words that nothing says.

    `marked` and `plain` write words that stand out, or do not, so that they are safe where they are shown.
    """
    lines = []
    if answer.repaired and not is_only_unquoted(answer):
        lines.append(f"Showing {marked(answer.repaired)}")
    if answer.unknown:
        missing = " or ".join(map(marked, answer.unknown))
        lines.append(f"Nothing says {missing}; shown is what says the rest.")
    elif is_only_unquoted(answer):
        lines.append(f"Nothing says exactly {plain(clean(answer.query))}; shown is what has its words.")
    return lines


def is_only_unquoted(answer: MomentsAnswer | SearchAnswer) -> bool:
    """Whether nothing was repaired but the quotes around a phrase that nothing says."""
    return bool(answer.repaired) and answer.repaired == unquoted(clean(answer.query))
