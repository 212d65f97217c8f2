"""Words that are written together here and apart there: opensource, open-source and open source are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.search import expressions
from bot.search.query import STOP_WORDS, Query, Word
from bot.store import searching
from bot.store.database import Reader

SHORTEST_PART, SHORTEST_WHOLE = 3, 7  # letters of a word's parts, and of one that is taken apart
FEW_WORDS = 6  # in longer questions, the other words say enough
RARE = 20  # passages: a word that more of them have is written as it should be

_Form = tuple[str, ...]
_Places = tuple[int, ...]  # of the words that a form stands for


async def with_compounds(reader: Reader, query: Query, counts: Sequence[int]) -> Query:
    """The question with its words also as the library has them: joined with the next one, or taken apart.

    `counts` are the passages that have each word.
    """
    if query.is_quoted:
        return query
    wanted = [*_joined(query), *await _parted(reader, query, counts)]
    found = await searching.match_counts(reader, [expressions.phrase(form) for _, form in wanted])
    more: dict[int, list[_Form]] = defaultdict(list)
    for (places, form), count in zip(wanted, found, strict=True):
        for place in places if count else ():
            more[place].append(form)
    if not more:
        return query
    words = list(query.words)
    for place, forms in more.items():
        words[place] = replace(words[place], forms=tuple(dict.fromkeys((*words[place].forms, *forms))))
    return replace(query, words=tuple(words))


def _joined(query: Query) -> Iterator[tuple[_Places, _Form]]:
    """Words that stand side by side in a short question, written as one."""
    if len(query.words) > FEW_WORDS:
        return
    for number, (one, other) in enumerate(pairwise(query.words)):
        beside = f"{one.text} {other.text}" in query.text or f"{one.text}-{other.text}" in query.text
        if beside and _letters(one) and _letters(other):
            yield (number, number + 1), (_letters(one) + _letters(other),)


async def _parted(reader: Reader, query: Query, counts: Sequence[int]) -> list[tuple[_Places, _Form]]:
    """Rare words as two that the library has."""
    forms = [
        ((number,), form)
        for number, (word, count) in enumerate(zip(query.words, counts, strict=True))
        if count <= RARE
        for form in _apart(_letters(word))
    ]
    known = set(await searching.known_words(reader, {part for _, form in forms for part in form})) if forms else set()
    return [(places, form) for places, form in forms if known.issuperset(form)]


def _letters(word: Word) -> str:
    """A word that may be a part of another, or have parts; else nothing."""
    token = word.forms[0][0]
    return token if len(word.forms[0]) == 1 and token.isascii() and token.isalnum() and len(token) > 1 else ""


def _apart(token: str) -> Iterator[_Form]:
    if len(token) >= SHORTEST_WHOLE and token.isalpha():
        for cut in range(SHORTEST_PART, len(token) - SHORTEST_PART + 1):
            if not STOP_WORDS & {token[:cut], token[cut:]}:
                yield token[:cut], token[cut:]
