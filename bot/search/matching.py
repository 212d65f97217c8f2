"""Where a question's words stand in a text: for scoring what the index found, and for marking it in what is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from typing import NamedTuple

from bot.corpus.stems import stem, stem_in
from bot.corpus.words import is_unspaced, spans_of, tokens_of
from bot.search.query import Query

_SAME_START = 2  # letters that a word shares with all its forms; only words that do are stemmed


class Hit(NamedTuple):
    """Word `word` of the question stands at token `first` to `last` of the text."""

    word: int
    first: int
    last: int


class Matcher:
    """Finds a question's words in texts; phrases count as words after the words. Remembers the words that it has seen.

    `parts` are the words that are pairs of characters: that these stand together says nothing new.
    """

    def __init__(self, query: Query) -> None:
        runs = [(number, form) for number, word in enumerate(query.words) for form in word.forms]
        runs += [(len(query.words) + number, phrase) for number, phrase in enumerate(query.phrases)]
        self._runs: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for number, tokens in runs:
            keys = tuple(map(stem, tokens))
            self._runs.setdefault(keys[0], []).append((number, keys))
        self._keys = _Keys(self._runs, {token[:_SAME_START] for _, run in runs for token in run}, query.languages)
        self.parts = frozenset(number for number, tokens in runs if is_unspaced(tokens[0]))
        self._is_of_words = all(len(run) == 1 for found in self._runs.values() for _, run in found)

    def find(self, tokens: Sequence[str]) -> list[Hit]:
        """Every place of the question's words in a text of these tokens."""
        runs = self._runs
        return [
            Hit(number, place, place + len(run) - 1)
            for place, key in enumerate(map(self._keys.__getitem__, tokens))
            if key
            for number, run in runs[key]
            if len(run) == 1 or self._follows(tokens, place, run)
        ]

    def is_in(self, tokens: Sequence[str]) -> bool:
        """Whether a text of these tokens has any of the question's words."""
        return any(map(self._keys.__getitem__, tokens)) and (self._is_of_words or bool(self.find(tokens)))

    def _follows(self, tokens: Sequence[str], place: int, run: tuple[str, ...]) -> bool:
        return len(tokens) >= place + len(run) and all(
            stem(tokens[place + offset]) == key for offset, key in enumerate(run) if offset
        )

    def words_in(self, text: str) -> set[int]:
        """Which of the question's words a shown text has."""
        tokens = tokens_of(text)
        if not self._is_of_words:
            return {hit.word for hit in self.find(tokens)}
        return {number for key in set(map(self._keys.__getitem__, tokens)) if key for number, _ in self._runs[key]}


class _Keys(dict[str, str]):
    """For each token the stem of the question's word that it may begin, else nothing; worked out when it is seen."""

    def __init__(self, runs: Collection[str], prefixes: Set[str], languages: Sequence[str]) -> None:
        self._runs = runs
        self._prefixes = prefixes
        self._languages = languages

    def __missing__(self, token: str) -> str:
        key = self[token] = self._key(token)
        return key

    def _key(self, token: str) -> str:
        if token[:_SAME_START] in self._prefixes:
            stems = (stem(token), *(stem(stem_in(language, token)) for language in self._languages if token.isascii()))
            return next((key for key in stems if key in self._runs), "")
        return token[0] if token[0] in self._runs and is_unspaced(token) else ""


def highlight(text: str, query: Query) -> tuple[tuple[int, int], ...]:
    """The spans of a shown text that answer the question, in order and apart. Offsets count code points."""
    spans = list(spans_of(text))
    hits = Matcher(query).find([token for token, _, _ in spans])
    return merged((spans[hit.first][1], spans[hit.last][2]) for hit in hits if _is_marked(spans[hit.first][0]))


def _is_marked(token: str) -> bool:
    """Whether a word is worth marking: one character of an unspaced script is a part of most words."""
    return len(token) > 1 or not is_unspaced(token)


def merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch as one."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)
