"""An answer to a question in the corpus's own words: sentences that cover it and do not repeat each other, or none.

Which sentences; not what a reply says around them, nor which moments they belong to. SEMANTIC=on changes nothing here:
in another order the same passages gave the same number of right and wrong answers (benchmarks/moments.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.search.engine import EVERYWHERE, Ranked, Scope, rank
from bot.search.matching import Matcher
from bot.search.query import CLAMP, Query, is_stop, parse_query
from bot.search.retelling import shared, telling_words
from bot.search.scoring import rarity, weigh
from bot.store import reading
from bot.store.database import Reader

# Chosen by benchmarks/moments.py.
ENOUGH = 0.6  # of the question's weight: what sentences of one document and their headings must have to answer it
SENTENCES = 3
PASSAGES = 15  # the best; sentences are picked from these
CONTEXT = 0.5  # what a word counts that only the heading or the page's title has
REPAIRED = 0.7  # what a word counts that was repaired
WORTH = 0.35  # of the first sentence's value: what a further one must add
KNOWN = 0.2  # what a word counts that a sentence before has already
ALIKE = 0.5  # share of the shorter sentence's words that another has: it would say the same

_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[^\sa-z])|[。！？]|\n")
_SHORTEST = 20  # characters; what is shorter is an abbreviation or a remark and stays with the next sentence


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that answers: `text[start:end]` of the shown passage; row ids of it and its document."""

    passage: int
    document: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The sentences of an answer, in the order to be read; none where nothing in the library answers the question.

    `support` is the share of the question's weight that one document's sentences have, 0 to 1; `repaired` as in
    engine.Found.
    """

    sentences: tuple[Sentence, ...]
    support: float
    query: Query
    repaired: str = ""


@dataclass(frozen=True, slots=True)
class _Choice:
    """A sentence with what it has of the question: words in it, words over it, and what it says besides."""

    sentence: Sentence
    words: frozenset[int]
    above: frozenset[int]
    stems: frozenset[str]
    passage_score: float  # of the best passage's: 0 to 1


async def answer(
    reader: Reader, text: str, *, scope: Scope = EVERYWHERE, literal: bool = False, clamp: int = CLAMP
) -> Answered:
    """Answer a question; the sentences come best first."""
    asked = parse_query(text, clamp)
    ranked = await rank(reader, asked, scope, None, literal=literal)
    if not ranked.candidates or all(map(is_stop, asked.words)):
        return Answered((), 0.0, ranked.query, ranked.repaired)
    weights, trusted = _weights(asked, ranked)
    choices = await _choices(reader, ranked)
    chosen = _chosen(choices, trusted)
    support = _supported(choices, trusted) / (sum(weights) or 1)
    sentences = tuple(choice.sentence for choice in chosen) if support >= ENOUGH else ()
    return Answered(sentences, support, ranked.query, ranked.repaired)


def _weights(asked: Query, ranked: Ranked) -> tuple[list[float], list[float]]:
    """What each word of the question weighs, unknown ones the most, and how far having it can be trusted."""
    meant = ranked.query.words
    weights = [
        weight or rarity(ranked.passages, 0)
        for weight in weigh(ranked.passages, ranked.counts, ranked.query)[: len(meant)]
    ]
    typed = {word.forms[0] for word in asked.words}
    trusted = [
        weight * (1 if word.forms[0] in typed else REPAIRED) for weight, word in zip(weights, meant, strict=True)
    ]
    return weights, trusted


async def _choices(reader: Reader, ranked: Ranked) -> list[_Choice]:
    """The sentences of the best passages that have words of the question."""
    matcher = Matcher(replace(ranked.query, phrases=()))
    best = ranked.candidates[:PASSAGES]
    shown = await reading.passages(reader, [candidate.passage for candidate in best])
    choices: list[_Choice] = []
    for candidate, score in zip(best, ranked.scores, strict=False):
        text = shown[candidate.passage].text
        above = frozenset(matcher.words_in(f"{candidate.heading}\n{candidate.title}"))
        for start, end in sentences_of(text):
            words = frozenset(matcher.words_in(text[start:end]))
            stems = telling_words(text[start:end])
            if words:
                sentence = Sentence(candidate.passage, candidate.document, start, end)
                choices.append(_Choice(sentence, words, above, stems, score / ranked.scores[0]))
    return choices


def _chosen(choices: list[_Choice], weights: list[float]) -> list[_Choice]:
    """The sentences that add most, one after the other, while they add enough."""
    chosen: list[_Choice] = []
    first = 0.0
    while len(chosen) < SENTENCES:
        left = [choice for choice in choices if not any(_alike(choice, other) for other in chosen)]
        best = max(left, key=lambda choice: _value(choice, chosen, weights), default=None)
        if best is None:
            break
        value = _value(best, chosen, weights)
        if value < WORTH * first:
            break
        first = first or value
        chosen.append(best)
    return chosen


def _supported(choices: list[_Choice], weights: list[float]) -> float:
    """The most of the question that one document's sentences have: in a large library, each word is said somewhere."""
    of_document: dict[int, list[_Choice]] = defaultdict(list)
    for choice in choices:
        of_document[choice.sentence.document].append(choice)
    return max((_covered(_chosen(own, weights), weights) for own in of_document.values()), default=0.0)


def _value(choice: _Choice, chosen: list[_Choice], weights: list[float]) -> float:
    known = {word for other in chosen for word in other.words}
    own = sum(weights[word] * (KNOWN if word in known else 1) for word in choice.words)
    above = CONTEXT * sum(weights[word] for word in choice.above - choice.words - known)
    return (own + above) * (1 + choice.passage_score)


def _alike(one: _Choice, other: _Choice) -> bool:
    if one.sentence == other.sentence:
        return True
    return shared(one.stems, other.stems) >= ALIKE


def _covered(chosen: list[_Choice], weights: list[float]) -> float:
    words = {word for choice in chosen for word in choice.words}
    above = {word for choice in chosen for word in choice.above} - words
    return sum(weights[word] for word in words) + CONTEXT * sum(weights[word] for word in above)


def sentences_of(text: str) -> Iterator[tuple[int, int]]:
    """The spans of a text's sentences, without the space between them."""
    start = 0
    for match in _END.finditer(text):
        end = match.end()
        if end - start >= _SHORTEST:
            yield start, start + len(text[start:end].rstrip())
            start = end
    if text[start:].strip():
        yield start, len(text.rstrip())
