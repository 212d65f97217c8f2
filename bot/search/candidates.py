"""Which passages are worth ranking: all that match where few do or few are there, else those with the rarest words.

bm25 costs about two microseconds for each passage that an expression matches, and counting its words a thirtieth of one
for each passage that has them (measured with benchmarks/scale.py); so that number is what is bounded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.search import expressions
from bot.store import searching
from bot.store.database import Reader

WANTED = 50  # candidates: so many passages are read and ranked in full, 70 microseconds each
SMALL = 6_000  # passages of a library in which every question may match all of them,
WANTED_OF_SMALL = 70  # and more candidates are read: few lie far apart there
FREE = 3_000  # passages that may be matched without a thought in any other
RARE = 3_000  # passages that the rare words may match together
COUNTED = 100_000  # passages with the common words that an expression may name
FEW = 50  # candidates that a combination of common words should bring
MATCHED = 3_000  # passages that one expression may match before it is cut

Best = Callable[[str], Awaitable[list[int]]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A word as an expression, and how many passages have it."""

    expression: str
    count: int


async def find_candidates(
    reader: Reader,
    words: Sequence[Counted],
    insisting: Callable[[str], str],
    documents: Sequence[int] | None,
    *,
    passages: int,
    cited: bool,
) -> tuple[list[int], bool]:
    """Passages worth ranking, at most about twice as many as are wanted, and whether more match.

    `insisting` adds to an expression what every passage has to be; the library has so many `passages`; with `cited`,
    each has a moment.
    """
    most, wanted = (max(SMALL, MATCHED), WANTED_OF_SMALL) if passages <= SMALL else (MATCHED, WANTED)

    async def best(expression: str) -> list[int]:
        return await searching.best_passages(reader, insisting(expression), wanted, documents, most, cited=cited)

    known = sorted((word for word in words if word.count), key=lambda word: word.count)
    if not known:
        return [], False
    if passages <= SMALL or sum(word.count for word in known) <= FREE:
        found = await best(_any_of(known))
        return found, len(found) == wanted
    split = _within(RARE, known)
    rare, common = known[:split], known[split:]
    found = []
    if rare:
        named = common[: max(1, _within(COUNTED, common))]
        found = await best(expressions.all_of([_any_of(rare), _any_of(named)])) if named else []
        if len(found) < wanted:
            found += await best(_any_of(rare))
    if common and len(found) < wanted:
        found += await _with_common(best, common)
    return list(dict.fromkeys(found)), True


async def _with_common(best: Best, common: Sequence[Counted]) -> list[int]:
    """Passages with as many of the common words as enough passages have; of one alone, where a heading has it too."""
    for size in range(len(common), 1, -1):
        found = await best(expressions.all_of(word.expression for word in common[:size]))
        if len(found) >= FEW:
            return found
    alone = common[0].expression
    found = await best(expressions.in_title_too(alone))
    if len(found) >= FEW:
        return found
    return await best(expressions.in_heading_too(alone)) or await best(alone)


def _within(budget: int, words: Sequence[Counted]) -> int:
    """How many of the words, from the first, match no more passages than the budget together."""
    return sum(total <= budget for total in accumulate(word.count for word in words))


def _any_of(words: Sequence[Counted]) -> str:
    return expressions.any_of(word.expression for word in words)
