"""Misspelt words of a question: those that the index does not have, replaced by the likeliest that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from bot.search.query import Query, Word, words_of
from bot.store import searching
from bot.store.database import Reader

SHORTEST = 4  # letters; of shorter words too many lie one letter apart
LONG = 8  # letters from which two edits are forgiven
_LONGEST = 40


async def repair(reader: Reader, query: Query, counts: Sequence[int]) -> Query:
    """The question with its unknown words replaced, `text` too; the same object where nothing could be.

    `counts` are the passages that have each word: only words that hit nothing are touched.
    """
    words = list(query.words)
    text = query.text
    for number, (word, count) in enumerate(zip(query.words, counts, strict=True)):
        if count or not _is_repairable(word):
            continue
        better = await _nearest(reader, word.forms[0][0])
        if better:
            words[number] = replace(words_of(better)[0], glued=word.glued)
            text = text.replace(word.text, better, 1)
    return query if words == list(query.words) else replace(query, words=tuple(words), text=text)


def _is_repairable(word: Word) -> bool:
    token = word.forms[0][0]
    return len(word.forms) == 1 and SHORTEST <= len(token) <= _LONGEST and token.isalpha()


async def _nearest(reader: Reader, token: str) -> str:
    """The known word that was likely meant, or nothing: by distance, then the same first letter, then how common."""
    edits = 2 if len(token) >= LONG else 1
    known = await searching.spellings(reader, _starts(token))
    ranked = [
        (distance, word[0] != token[0], -count, word)
        for word, count in known
        if (distance := OSA.distance(token, word, score_cutoff=edits)) <= edits
    ]
    return min(ranked)[-1] if ranked else ""
