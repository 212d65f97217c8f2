"""How well a passage answers a question: BM25 over its text, its headings and its page's title, and what words it has of it.

Pure. The index finds candidates by its own bm25; this ranks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from bot.corpus.words import index_tokens
from bot.search.matching import Hit, Matcher

# Chosen by benchmarks/retrieval.py and benchmarks/moments.py.
K1 = 1.2  # how soon more of the same word stops to count
B = 0.75  # how much long passages lose
TITLE, HEADING = 1.0, 1.0  # a word there, in words of the text
COVERAGE = 0.5
ADJACENT = 0.3


@dataclass(frozen=True, slots=True)
class Score:
    """A candidate's rank: `value` orders; `coverage` is the share of the question's weight that it has, 0 to 1."""

    value: float
    coverage: float


def idf(passages: int, count: int) -> float:
    """What a word that is in `count` of the passages weighs."""
    return log(1 + (max(passages, count) - count + 0.5) / (count + 0.5))


def score(texts: Sequence[tuple[str, str, str]], matcher: Matcher, weights: Sequence[float]) -> list[Score]:
    """Scores of (words, heading, title) for the words that the matcher looks for; `weights` are their idf."""
    read = [
        (matcher.find(words), matcher.find(heading), matcher.find(title), len(words))
        for words, heading, title in (map(index_tokens, text) for text in texts)
    ]
    average = sum(length for *_, length in read) / max(len(read), 1) or 1
    whole = sum(weights) or 1
    return [_score(hits, heading, title, length / average, weights, whole) for hits, heading, title, length in read]


def _score(
    hits: list[Hit], heading: list[Hit], title: list[Hit], length: float, weights: Sequence[float], whole: float
) -> Score:
    counts = [0.0] * len(weights)
    for found, weight in ((hits, 1.0), (heading, HEADING), (title, TITLE)):
        for hit in found:
            counts[hit.word] += weight
    norm = K1 * (1 - B + B * length)
    value = sum(
        weight * count * (K1 + 1) / (count + norm) for weight, count in zip(weights, counts, strict=True) if count
    )
    coverage = sum(weight for weight, count in zip(weights, counts, strict=True) if count) / whole
    value *= 1 + COVERAGE * coverage
    value += ADJACENT * sum(
        min(weights[a.word], weights[b.word])
        for a, b in zip(hits, hits[1:], strict=False)
        if b.first == a.last + 1 and b.word == a.word + 1
    )
    return Score(value, coverage)
