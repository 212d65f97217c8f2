"""Misspelt words of a question: those that the index does not have, replaced by the likeliest that it has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from bot.corpus.stems import stem
from bot.search import expressions
from bot.search.query import Query, Word, words_of
from bot.store import searching
from bot.store.database import Reader

SHORTEST = 4  # letters; of shorter words too many lie one letter apart
LONG = 8  # letters from which two edits are forgiven
TWO = 2
_LONGEST = 40
_ENDING = 3  # letters that another form of a word may have more
_WEIGHED = 24  # candidates that the index is asked about
_BLOCK_BITS = 8  # of a code point: scripts begin at multiples of 256, about


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
    return len(word.forms[0]) == 1 and SHORTEST <= len(token) <= _LONGEST and token.isalpha()


async def _nearest(reader: Reader, token: str) -> str:
    """The known word that was likely meant, or nothing: by distance, then the same first letter, then how common."""
    letters = await _letters(reader, token)
    edited = set(one_edit(token, letters))
    known = await searching.known_words(reader, edited)
    if not known:
        known = await _inflected(reader, token, edited)
    if not known and len(token) >= LONG:
        known = await _two_edits(reader, token, letters)
    ranked = sorted((OSA.distance(token, word), word[0] != token[0], word) for word in known)[:_WEIGHED]
    counts = await searching.match_counts(reader, [expressions.phrase((word,)) for *_, word in ranked])
    likely = [(*rank[:2], -count, rank[2]) for rank, count in zip(ranked, counts, strict=True) if count]
    return min(likely)[-1] if likely else ""


async def _inflected(reader: Reader, token: str, edited: set[str]) -> list[str]:
    """Known words that are another form of a text one edit away: bever, where there are only beavers."""
    stems = {stem(word) for word in edited}
    near = await searching.words_starting(reader, edited, len(token), len(token) + _ENDING)
    return [word for word in near if stem(word) in stems]


async def _two_edits(reader: Reader, token: str, letters: Sequence[str]) -> list[str]:
    """Known words two edits away, at most one of them in the first half."""
    half = len(token) // 2
    starts = {token[:half], *(start for start in one_edit(token[:half], letters) if len(start) >= half)}
    near = await searching.words_starting(reader, starts, len(token) - TWO, len(token) + TWO)
    return [word for word in near if OSA.distance(token, word, score_cutoff=TWO) <= TWO]


async def _letters(reader: Reader, token: str) -> list[str]:
    """The letters of the alphabets that a word is written in."""
    known = {*ascii_lowercase, *await searching.first_letters(reader)}
    blocks = {ord(char) >> _BLOCK_BITS for char in token}
    return sorted(letter for letter in known if ord(letter) >> _BLOCK_BITS in blocks)


def one_edit(word: str, letters: Sequence[str]) -> Iterator[str]:
    """Every text one edit away: a letter left out, two swapped, one replaced, one more."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in letters:
            if after:
                yield before + letter + after[1:]
            yield before + letter + after
