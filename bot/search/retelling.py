"""What says the same in other words: pages on one video retell it, and members want each thing once. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from functools import cache

from bot.corpus.stems import stem
from bot.corpus.words import index_tokens, tokens_of
from bot.search.query import STOP_WORDS
from bot.store.searching import Candidate

# Chosen by reading pairs of results for 286 questions on the pages of real videos: from here on nearly all say the
# same, at half of the words every other pair does. A few words are soon shared by chance.
ALIKE = 0.6
FEWEST = 6


def telling_words(text: str) -> frozenset[str]:
    """The words of a shown text that tell what it is about, as stems."""
    return _telling(tokens_of(text))


def _telling(tokens: Sequence[str]) -> frozenset[str]:
    return frozenset(stem(token) for token in tokens if token not in STOP_WORDS)


def shared(one: Set[str], other: Set[str]) -> float:
    """The share of the words of the text with fewer that the other has too, 0 to 1."""
    return len(one & other) / max(min(len(one), len(other)), 1)


def told_once(candidates: Sequence[Candidate]) -> list[tuple[Candidate, tuple[int, ...]]]:
    """Each thing once: where pages on one video say the same the first passage, with the other pages' documents.

    What the first one's own page says again stays, and so does what pages on no video say.
    """
    telling = cache(lambda candidate: _telling(index_tokens(candidate.words)))
    groups: list[list[Candidate]] = []
    of_video: dict[str, list[list[Candidate]]] = defaultdict(list)

    def is_told(candidate: Candidate, first: Candidate) -> bool:
        return candidate.document != first.document and _is_alike(telling(candidate), telling(first))

    for candidate in candidates:
        told = of_video[candidate.video] if candidate.video else []
        group = next((group for group in told if is_told(candidate, group[0])), None)
        if group is None:
            groups.append([candidate])
            told.append(groups[-1])
        else:
            group.append(candidate)
    return [(first, tuple(dict.fromkeys(other.document for other in others))) for first, *others in groups]


def _is_alike(one: Set[str], other: Set[str]) -> bool:
    return min(len(one), len(other)) >= FEWEST and shared(one, other) >= ALIKE
