"""Titles in memory: what autocomplete, topic lookup and the nearest topics of a miss ask. No SQL, no I/O, no passages.

A title is found by a prefix of itself, then by prefixes of its words in any order, then after repairing what was typed
word by word, then by some of the words. The vocabulary of titles is far smaller than their text, so typos are looked
for there (titlewords.py), and all work is bounded.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise, takewhile
from math import log
from operator import mul

from rapidfuzz import fuzz, process

from bot.search.packed import Texts, in_order
from bot.search.titlewords import POSTINGS_LIMIT, SHORT_WORD, Vocabulary, fold, is_spaceless, needle, tokens_of

__all__ = ["FUNCTION_WORDS", "GOOD_MATCH", "PLAUSIBLE_MATCH", "Title", "TitleIndex", "fold"]

# `lookup` scores. Measured by leaving titles out of the vault's 914 pages, benchmarks/autocomplete.py prints it.
GOOD_MATCH = 70.0  # from here on, answer with the best match; below, offer the nearest
CROWD = 4  # so many titles within CROWD_SPREAD of the best: the question names none of them
CROWD_SPREAD = 3.0
PLAUSIBLE_MATCH = 30.0  # below, the title shares too little with the query to be offered at all

ALIKE = 60.0  # of 100: letters that a text must share with the query when only some words do
RESCORED = 120  # candidates whose words or letters are compared one by one
REPAIRED_WORDS = 3  # words of one query that are repaired: about 0.5 ms each
VARIANTS = 10  # other ways to read a query that are tried
LOOKED_THROUGH = 3_000  # texts, for a query that begins within a word: 0.2 microseconds each
MANY = 8  # texts with a word, for one text that is looked through for it: to look through takes so much longer
RESPACED_PART = 0.85  # of a score: what is left of it where spaces had to be put elsewhere
REPAIRS = 4  # ways in which one word is repaired

# Words that say nothing about a topic weigh little: a small library's word counts cannot tell them from rare words.
_FUNCTION_WORDS = """
    a about an and are as at be by can did do does for from how i in is it me of on or say tell that the their they this
    to vs was we what when where which who why will with you
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
FUNCTION_WEIGHT = 0.15
TITLE_PART = 0.3  # of a score: the share of the title that the question names
_KEYS_PARTED_BY = 3  # characters; keys are hashes

UNFINISHED = 0.4  # of a likeness: lost with the share of a word's letters that were not typed


@dataclass(frozen=True, slots=True)
class Title:
    """Something with a name: `key` is what a choice carries. `rank` 0 comes before 1 where both fit as well.

    Those that an index returns come without their aliases.
    """

    key: str
    title: str
    aliases: tuple[str, ...] = field(default=(), compare=False)
    rank: int = 0


class TitleIndex:
    """Titles ready to be asked on every key press. Never changes; a reload builds another one."""

    def __init__(self, titles: Iterable[Title]) -> None:
        self._keys, self._names, self._ranks = Texts(), Texts(), array("B")
        texts, owners = Texts(), array("I")
        for number, title in enumerate(titles):
            self._keys.append(title.key)
            self._names.append(title.title)
            self._ranks.append(title.rank)
            for text in dict.fromkeys(map(fold, (title.title, *title.aliases))):
                texts.append(" " + text)
                owners.append(number)
        # Texts are numbered by rank, then name, so the lower number is the better one wherever two fit as well. Each
        # starts with a space: " x" in a text is then a word that starts with x.
        self._texts, self._owners = Texts(), array("I")
        bounds = [0]
        for rank in sorted(set(self._ranks)):
            for at in in_order(
                (at for at, owner in enumerate(owners) if self._ranks[owner] == rank), texts.__getitem__
            ):
                self._texts.append(texts[at])
                self._owners.append(owners[at])
            bounds.append(len(self._texts))
        self._segments = list(pairwise(bounds))
        self._by_key = array("I", in_order(range(len(self._keys)), self._keys.__getitem__, _KEYS_PARTED_BY))
        texts.clear()  # the rest needs room
        self._vocabulary = Vocabulary(self._texts)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return self.number_of(key) >= 0

    def number_of(self, key: str) -> int:
        """Return the place of a key's title in what the index was made of; -1 where there is none."""
        at = bisect_left(self._by_key, key, key=self._keys.__getitem__)
        return self._by_key[at] if at < len(self._by_key) and self._keys[self._by_key[at]] == key else -1

    def named(self, key: str) -> Title | None:
        """Return the title that has a key."""
        number = self.number_of(key)
        return self._title(number) if number >= 0 else None

    def keys(self) -> Iterator[str]:
        """Yield all keys, in the order that the index was made of."""
        yield from self._keys

    def _title(self, number: int) -> Title:
        return Title(self._keys[number], self._names[number], (), self._ranks[number])

    def complete(self, text: str, limit: int = 25) -> list[Title]:
        """Return at most `limit` titles for what is typed so far, best first; without text the first ones."""
        query = fold(text)
        return self._owned(self._completions(query) if query else range(len(self._texts)), limit)

    def exact(self, text: str) -> Title | None:
        """Return the title whose key, name or alias this is; of several, the one written the same."""
        found = self.named(text)
        if found is not None:
            return found
        wanted = " " + fold(text)
        same: list[Title] = []
        for low, high in self._segments if wanted.strip() else ():
            equal = takewhile(lambda number: self._texts[number] == wanted, self._between(wanted, low, high))
            same += (self._title(self._owners[number]) for number in equal)
        return max(same, key=lambda title: title.title.casefold() == text.casefold(), default=None)

    def lookup(self, text: str) -> list[tuple[Title, float]]:
        """Return titles that a free question may mean, best first, each with a score from PLAUSIBLE_MATCH to 100.

        The score is the share of the question's words that the title has, weighted by how rare they are, times a part
        for the share of the title that the question names. From GOOD_MATCH on the first one is the answer; where a
        crowd of titles fits as well ("ai"), none is, and their scores stay below.
        """
        words = fold(text).split()
        exact = self.exact(text)
        questions = {" ".join(words): 1.0}
        if not all(is_spaceless(word) or self._vocabulary.knows(word) for word in words):
            questions |= dict.fromkeys(islice(self._respaced(words), 1), RESPACED_PART)
        joined = self._joined(words)
        if joined:
            questions.setdefault(joined, 1.0)
        best: dict[int, float] = {}
        for question, part in questions.items():
            for number, score in self._scored(tokens_of(question)):
                owner = self._owners[number]
                best[owner] = max(part * score, best.get(owner, PLAUSIBLE_MATCH))
        plausible = [(self._title(owner), score) for owner, score in best.items() if score > PLAUSIBLE_MATCH]
        matches = [match for match in plausible if match[0] != exact]
        matches.sort(key=lambda match: (-match[1], match[0].rank, match[0].title))
        if len(matches) >= CROWD and matches[0][1] - matches[CROWD - 1][1] < CROWD_SPREAD:
            matches = [(title, min(score, GOOD_MATCH - 1)) for title, score in matches]
        return ([(exact, 100.0)] if exact else []) + matches

    def nearest(self, text: str, limit: int = 5) -> list[Title]:
        """Return what to offer for a miss, best first; nothing where no title resembles it."""
        return [title for title, _ in self.lookup(text)[:limit]]

    def _owned(self, numbers: Iterable[int], limit: int) -> list[Title]:
        """Return the titles of texts, each once."""
        owners: dict[int, None] = {}
        for number in numbers:
            if len(owners) >= limit:
                break
            owners[self._owners[number]] = None
        return [self._title(owner) for owner in owners]

    def _completions(self, query: str) -> Iterator[int]:
        """Yield texts for a folded query, best first; what comes later is not computed before it is asked for."""
        found = False
        for number in chain(self._starting(" " + query), self._holding(query), self._within(query)):
            found = True
            yield number
        words = query.split()
        joined = self._joined(words)
        if joined:
            for number in chain(self._starting(" " + joined), self._holding(joined)):
                found = True
                yield number
        if found:
            return  # words that titles have are not corrected away
        variants = list(islice(dict.fromkeys(chain(self._respaced(words), self._repaired(words))), VARIANTS))
        for variant in variants:
            yield from self._starting(" " + variant)
        for variant in variants:
            yield from self._holding(variant)
        yield from self._alike(query)

    def _starting(self, text: str) -> Iterator[int]:
        """Yield the texts that start with `text`."""
        for low, high in self._segments:
            yield from takewhile(lambda number: self._texts[number].startswith(text), self._between(text, low, high))

    def _between(self, text: str, low: int, high: int) -> range:
        """Return the texts of a segment from `text` on, in the order of the alphabet."""
        return range(bisect_left(self._texts, text, low, high), high)

    def _held(self, query: str) -> list[int]:
        """Return the texts in which a word starts with each word of `query`."""
        vocabulary = self._vocabulary
        ranges = {token: vocabulary.starting(token) for token in tokens_of(query)}
        rarest, *others = sorted(ranges, key=lambda token: vocabulary.uses(*ranges[token]))
        held = sorted(set(vocabulary.holders(*ranges[rarest])))
        for token in others:
            if vocabulary.uses(*ranges[token]) <= min(POSTINGS_LIMIT, MANY * len(held)):
                holders = set(vocabulary.holders(*ranges[token]))
                held = [number for number in held if number in holders]
            else:
                held = list(self._texts.having(held, needle(token)))
        return held

    def _holding(self, query: str) -> Iterator[int]:
        """Yield the texts that hold all words, at least begun: those with the words as typed come first."""
        held = self._held(query)
        as_typed = set()
        for number in self._texts.having(held, needle(query)):
            as_typed.add(number)
            yield number
        rest = [number for number in held if number not in as_typed]
        opened = dict.fromkeys(self._texts.opening(rest, " " + query.partition(" ")[0]))
        yield from opened
        yield from (number for number in rest if number not in opened)

    def _within(self, query: str) -> Iterator[int]:
        """Yield the texts that hold the query from the middle of a word on."""
        first, _, others = query.partition(" ")
        if others:
            yield from self._texts.having(self._held(others)[:LOOKED_THROUGH], query)
        elif len(first) >= SHORT_WORD and not is_spaceless(first):
            for whole in self._vocabulary.containing(first, REPAIRS):
                yield from self._holding(whole)

    def _joined(self, words: list[str]) -> str:
        """The query with words written together that titles have as one, founder led as founderled; else nothing."""
        parts: list[str] = []
        for word in words:
            if parts and self._vocabulary.count(parts[-1] + word):
                parts[-1] += word
            else:
                parts.append(word)
        return " ".join(parts) if len(parts) < len(words) else ""

    def _respaced(self, words: list[str]) -> Iterator[str]:
        """Yield the query with a space left out, put in, put in for a letter, or moved, where titles have the words."""
        vocabulary = self._vocabulary
        for at, (left, right) in enumerate(pairwise(words)):
            for parts in ([left + right], [left[:-1], left[-1] + right], [left + right[0], right[1:]]):
                if all(map(vocabulary.knows, parts)) and (len(parts) == 1 or vocabulary.count(parts[0])):
                    yield " ".join([*words[:at], *parts, *words[at + 2 :]])
        for at, word in enumerate(words):
            if not vocabulary.knows(word):
                for cut in range(1, len(word)):
                    if vocabulary.count(word[:cut]):
                        for right in filter(vocabulary.knows, (word[cut:], word[cut + 1 :])):
                            yield " ".join([*words[:at], word[:cut], right, *words[at + 1 :]])

    def _repaired(self, words: list[str]) -> Iterator[str]:
        """Yield the query with its unknown words repaired; where it has none, with any one word repaired."""
        unknown = [at for at, word in enumerate(words) if not self._vocabulary.knows(word)]
        suspects = sorted(unknown or range(len(words)), key=lambda at: -len(words[at]))[:REPAIRED_WORDS]
        repairs = {at: [meant for meant, _ in self._repairs(words[at])] for at in suspects}
        best = {at: meant[0] for at, meant in repairs.items() if meant} if unknown else {}
        if best:
            yield " ".join(best.get(at, word) for at, word in enumerate(words))
        for position in range(1 if unknown else 0, REPAIRS):
            for at, meant in repairs.items():
                if position < len(meant):
                    changed = best | {at: meant[position]}
                    yield " ".join(changed.get(at, word) for at, word in enumerate(words))

    def _repairs(self, word: str) -> list[tuple[str, int]]:
        if len(word) < SHORT_WORD or is_spaceless(word):
            return []
        return self._vocabulary.resembling(word, REPAIRS)

    def _alike(self, query: str) -> Iterator[int]:
        """Yield texts that share some words with the query, in the order of how alike the letters are."""
        readings = [reading for _, reading in self._readings(tokens_of(query))]
        texts = {number: self._texts[number] for number in sorted(self._sharing(readings))}
        near = process.extract(query, texts, scorer=fuzz.partial_ratio, score_cutoff=ALIKE, limit=None)
        yield from (number for _, _, number in near)  # of two that are as alike the lower one first

    def _readings(self, tokens: list[str]) -> list[tuple[float, dict[str, float]]]:
        """Return for each word of a question its weight and what it may mean, each with its likeness, 0 to 1."""
        vocabulary = self._vocabulary
        distinct = list(dict.fromkeys(tokens))
        strange = sorted((t for t in distinct if not vocabulary.count(t)), key=lambda t: (vocabulary.knows(t), -len(t)))
        readings = []
        for token in distinct:
            meanings = {token: 1.0} if vocabulary.knows(token) else {}
            if token in strange[:REPAIRED_WORDS]:
                meanings |= {meant: 1 - edits / len(token) for meant, edits in self._repairs(token)}
            uses = max((vocabulary.uses(*vocabulary.starting(meant)) for meant in meanings), default=0)
            rarity = log(1 + len(self._texts) / (uses + 1))
            readings.append((rarity * _weight(token), meanings))
        return readings

    def _sharing(self, readings: list[dict[str, float]]) -> list[int]:
        """Return at most RESCORED texts that share most words; the rarest words choose, the others add to the count."""
        ranges = [[self._vocabulary.starting(meant) for meant in meanings] for meanings in readings if meanings]
        sizes = {at: sum(self._vocabulary.uses(*bounds) for bounds in each) for at, each in enumerate(ranges)}
        counts: Counter[int] = Counter()
        seen = 0
        for at in sorted(sizes, key=lambda at: sizes[at]):
            seen += sizes[at]
            if counts and seen > POSTINGS_LIMIT:
                break
            counts.update(set().union(*(self._vocabulary.holders(*bounds) for bounds in ranges[at])))
        return [number for number, _ in counts.most_common(RESCORED)]

    def _scored(self, tokens: list[str]) -> Iterator[tuple[int, float]]:
        """Yield texts with their score for a question (see `lookup`)."""
        readings = self._readings(tokens)
        whole = sum(weight for weight, _ in readings)
        weights = [_weight(token) for token in dict.fromkeys(tokens)]
        for number in self._sharing([meanings for _, meanings in readings]):
            text = self._texts[number]
            likenesses = [_likeness(meanings, text) for _, meanings in readings]
            asked = sum(weight * likeness for (weight, _), likeness in zip(readings, likenesses, strict=True)) / whole
            named = sum(map(mul, weights, likenesses)) / sum(map(_weight, tokens_of(text)))
            yield number, 100 * asked * (1 - TITLE_PART + TITLE_PART * min(1.0, named))


def _weight(word: str) -> float:
    return FUNCTION_WEIGHT if word in FUNCTION_WORDS else 1.0


def _likeness(meanings: dict[str, float], text: str) -> float:
    """Return how well a text holds one of the meanings, 0 to 1; the start of a longer word counts a little less."""
    best = 0.0
    for meant, likeness in meanings.items():
        at = text.find(needle(meant))
        if at < 0:
            continue
        if not is_spaceless(meant) and f" {meant} " not in f"{text} ":
            end = text.find(" ", at + 1)
            length = (end if end > 0 else len(text)) - at - 1
            likeness *= 1 - UNFINISHED * (1 - len(meant) / length)
        best = max(best, likeness)
    return best
