"""How well a passage answers a question: BM25 over text, headings and title, and words that stand together.

Pure. The index finds candidates by its own bm25; this ranks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf, log

from bot.corpus.words import index_tokens
from bot.search.matching import Hit, Matcher
from bot.search.query import Query


@dataclass(frozen=True, slots=True)
class Weighing:
    """What length and completeness count: how much long passages lose, what one with all of the question's weight
    gains, and the lengths, in averages, that shorter and longer ones are taken for.
    """

    length: float
    coverage: float
    shortest: float = 0.0
    longest: float = inf


# Chosen together by benchmarks/retrieval.py, for Cranfield and XQuAD in five languages, and benchmarks/moments.py.
SHOWN = Weighing(length=0.75, coverage=0.2)
# Passages with moments have anything from three words to two hundred, and a scrap of three is no better a place to
# start a video for being short: what has all of the question is. Chosen with 286 questions on the pages of real videos.
CITED = Weighing(length=0.6, coverage=1.5, shortest=0.6, longest=3.0)
K1 = 1.6  # how soon more of the same word stops to count
TITLE, HEADING = 4.0, 1.0  # a word there, in words of the text
RARITY = 1.2  # power of a word's idf: above 1, rare words count more than BM25 has it
_TIMES = (1.0, HEADING, TITLE)  # how often a word counts in the text, the headings, the title
ADJACENT, NEAR = 0.6, 0.3  # of the rarer word's weight, where two words of the question stand together, or nearly so
NEAR_WORDS = 3  # the distance of words that stand nearly together
ANNOUNCING = 0.6  # what a passage keeps that only announces what follows, where it is shown alone
UNSAID = 0.5  # and one of which only the title and the headings have words of the question
PHRASE = 1.0  # a phrase, in weights of its words


def weigh(passages: int, counts: Sequence[int], query: Query) -> list[float]:
    """What the words and then the phrases of a question weigh; `counts` are the passages that have each word."""
    weights = [rarity(passages, count) if count else 0.0 for count in counts]
    of_form = {word.forms[0]: weight for word, weight in zip(query.words, weights, strict=True)}
    return weights + [PHRASE * sum(of_form.get((token,), 0.0) for token in phrase) for phrase in query.phrases]


def rarity(passages: int, count: int) -> float:
    """What a word that `count` of the passages have weighs."""
    weight: float = log(1 + (max(passages, count) - count + 0.5) / (count + 0.5)) ** RARITY
    return weight


_Read = tuple[list[Hit], list[Hit], list[Hit], int]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a passage's score is made of: the parts add up to it.

    `words` are (weight, places in the text, in the headings, in the title, what it brings) for each word and then each
    phrase of the question; the next three say what the words bring by where they stand; `covered` is the gain for
    having much of the question, `together` the one for words that stand together.
    """

    words: tuple[tuple[float, int, int, int, float], ...]
    text: float
    heading: float
    title: float
    covered: float
    together: float

    @property
    def score(self) -> float:
        """What `score` gives for the passage, but for rounding."""
        return self.text + self.heading + self.title + self.covered + self.together

    def kept(self, share: float) -> Parts:
        """The same for a passage that keeps a share of its score."""
        return Parts(
            tuple((*word[:-1], share * word[-1]) for word in self.words),
            share * self.text,
            share * self.heading,
            share * self.title,
            share * self.covered,
            share * self.together,
        )


def score(
    texts: Sequence[tuple[str, str, str]], matcher: Matcher, weights: Sequence[float], *, alone: bool = True
) -> list[float]:
    """Scores of (words, heading, title), as indexed; `weights` are those of what the matcher looks for.

    `alone` says that a passage is shown by itself, and not for where its video begins to tell what follows.
    """
    read, average = _read(texts, matcher)
    weighing = SHOWN if alone else CITED
    gain = weighing.coverage / (sum(weights) or 1)
    scores = [
        _score((hits, heading, title), _norm(weighing, length / average), weights, gain)
        + _together(hits, weights, matcher.parts)
        for hits, heading, title, length in read
    ]
    return [value * kept for value, kept in zip(scores, _kept(texts, read), strict=True)] if alone else scores


def explain(texts: Sequence[tuple[str, str, str]], matcher: Matcher, weights: Sequence[float]) -> list[Parts]:
    """What the scores of the same texts are made of, each shown alone."""
    read, average = _read(texts, matcher)
    gain = SHOWN.coverage / (sum(weights) or 1)
    parts = [_parts(one, _norm(SHOWN, one[-1] / average), weights, gain, matcher.parts) for one in read]
    return [one.kept(kept) for one, kept in zip(parts, _kept(texts, read), strict=True)]


def _kept(texts: Sequence[tuple[str, str, str]], read: Sequence[_Read]) -> list[float]:
    """The share of its score that each passage keeps where it is shown alone."""
    return [
        (ANNOUNCING if _announces(words) else 1.0) * (1.0 if hits else UNSAID)
        for (words, _, _), (hits, *_) in zip(texts, read, strict=True)
    ]


def _read(texts: Sequence[tuple[str, str, str]], matcher: Matcher) -> tuple[list[_Read], float]:
    """Where the question's words stand in each text, headings and title, the text's length, and the average length."""
    find = cache(lambda text: matcher.find(index_tokens(text)))  # passages of one page share headings and title
    read = [
        (matcher.find(tokens), find(heading), find(title), len(tokens))
        for tokens, heading, title in ((index_tokens(words), heading, title) for words, heading, title in texts)
    ]
    return read, sum(length for *_, length in read) / max(len(read), 1) or 1


def _parts(read: _Read, norm: float, weights: Sequence[float], gain: float, parts: frozenset[int]) -> Parts:
    fields = read[:3]
    places = [[sum(hit.word == word for hit in hits) for hits in fields] for word in range(len(weights))]
    words: list[tuple[float, int, int, int, float]] = []
    by_field = [0.0, 0.0, 0.0]
    for word, (weight, counts) in enumerate(zip(weights, places, strict=True)):
        alone = [weight if number == word else 0.0 for number in range(len(weights))]
        value = _score(fields, norm, alone, 0.0)
        words.append((weight, counts[0], counts[1], counts[2], value))
        counted = [count * times for count, times in zip(counts, _TIMES, strict=True)]
        for field, count in enumerate(counted):
            by_field[field] += value * count / (sum(counted) or 1)
    covered = _score(fields, norm, weights, gain) - sum(by_field)
    text, heading, title = by_field
    return Parts(tuple(words), text, heading, title, covered, _together(read[0], weights, parts))


def _announces(words: str) -> bool:
    """Whether a passage only announces what follows it: "It does three things:"."""
    return words.endswith((":", "："))


def _norm(weighing: Weighing, length: float) -> float:
    """What a passage's length, in averages, is worth in BM25."""
    length = min(max(length, weighing.shortest), weighing.longest)
    return K1 * (1 - weighing.length + weighing.length * length)


def _score(fields: tuple[list[Hit], list[Hit], list[Hit]], norm: float, weights: Sequence[float], gain: float) -> float:
    counts = [0.0] * len(weights)
    for found, times in zip(fields, _TIMES, strict=True):
        for hit in found:
            counts[hit.word] += times
    value = covered = 0.0
    for weight, count in zip(weights, counts, strict=True):
        if count:
            value += weight * count * (K1 + 1) / (count + norm)
            covered += weight
    return value * (1 + gain * covered)


def _together(hits: list[Hit], weights: Sequence[float], parts: frozenset[int]) -> float:
    """The gain for words of the question that stand together, each pair once: in its order the more."""
    next_to: set[tuple[int, int]] = set()
    near: set[tuple[int, int]] = set()
    for one, other in pairwise(hits):
        pair = (one.word, other.word)
        if one.word in parts:
            continue
        if other.first == one.last + 1 and other.word == one.word + 1:
            next_to.add(pair)
        if one.word != other.word and other.first - one.last <= NEAR_WORDS:
            near.add(pair)
    return sum(
        gain * min(weights[one], weights[other])
        for gain, pairs in ((ADJACENT, next_to), (NEAR, near))
        for one, other in pairs
    )
