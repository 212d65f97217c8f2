"""Misspelt words of a question: those that the index does not have, replaced by the likeliest that it has.

A misspelt word may stand for many known ones; which it is, the other words of the question tell: in "slep deprivation"
sleep is likelier than step, for it stands in passages on deprivation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from string import ascii_lowercase

from rapidfuzz.distance import OSA

from bot.corpus.stems import stem
from bot.corpus.words import plain
from bot.search import expressions
from bot.search.query import Query, Word, spoken, words_of
from bot.store import searching
from bot.store.database import Reader

SHORTEST = 4  # letters; of shorter words too many lie one letter apart
LONG = 8  # letters from which two edits are forgiven
ALONE = 5  # letters from which a word needs no other of the question beside it
TWO = 2
_LONGEST = 40
_ENDING = 4  # letters that another form of a word may have more
_SHORTEST_STEM = 5  # letters of what an ending was cut off; knit(ting) lies one letter from unit(s)
_WEIGHED = 24  # candidates that the index is asked about
_BLOCK_BITS = 8  # of a code point: scripts begin at multiples of 256, about

_Likely = dict[str, Word]  # what a word may have meant: as it is spelt, and as it is looked for


async def repair(reader: Reader, query: Query, counts: Sequence[int]) -> Query:
    """The question with its unknown words replaced, `text` too; the same object where nothing could be.

    `counts` are the passages that have each word: only words that hit nothing are touched.
    """
    meant = {
        number: likely
        for number, (word, count) in enumerate(zip(query.words, counts, strict=True))
        if not count and _is_repairable(word) and (likely := await _nearest(reader, word, query.languages))
    }
    words, text = list(query.words), query.text
    for number, likely in meant.items():
        others = [word for at, word in enumerate(query.words) if counts[at]]
        others += [word for at, found in meant.items() if at != number for word in found.values()]
        better = await _likeliest(reader, _spelt(words[number]), likely, others)
        if not better:
            continue
        words[number] = replace(likely[better], glued=words[number].glued)
        asked = re.escape(query.words[number].text)
        text = re.sub(rf"(?<!\w){asked}(?!\w)", better, text, count=1)
    return query if words == list(query.words) else replace(query, words=tuple(words), text=text)


def _is_repairable(word: Word) -> bool:
    token = word.forms[0][0]
    return len(word.forms[0]) == 1 and SHORTEST <= len(token) <= _LONGEST and token.isalpha()


async def _nearest(reader: Reader, word: Word, languages: Sequence[str]) -> _Likely:
    """The known words that may have been meant, all of them as near as the nearest."""
    token = _spelt(word)
    letters = await _letters(reader, token)
    known = await searching.known_words(reader, set(one_edit(token, letters)))
    if not known:
        known = await _inflected(reader, word, letters, languages)
    if not known and len(token) >= LONG:
        known = await _two_edits(reader, token, letters)
    ranked = sorted((OSA.distance(token, found), found[0] != token[0], found) for found in known)[:_WEIGHED]
    words = [(distance, found, spoken(words_of(found)[0], languages)) for distance, _, found in ranked]
    counts = await searching.match_counts(reader, [expressions.word(meant) for *_, meant in words])
    there = [row for row, count in zip(words, counts, strict=True) if count]
    return {found: meant for distance, found, meant in there if distance == there[0][0]}


def _spelt(word: Word) -> str:
    """A word as `spelling` has it: folded, not stemmed."""
    token = word.forms[0][0]
    return token if token.isascii() else plain(word.text).lower()


async def _likeliest(reader: Reader, token: str, likely: _Likely, others: Sequence[Word]) -> str:
    """Which of some words was meant, or nothing: one that stands with others of the question, then the commonest.

    Where none does, it is most likely another word, which the library does not have: only what is long and nearly the
    same is still taken for it.
    """
    alone = [expressions.word(word) for word in likely.values()]
    counts = await searching.match_counts(reader, alone)
    beside = expressions.any_of(map(expressions.word, others)) if others else ""
    both = [expressions.all_of((one, beside)) for one in alone] if beside else alone
    found = [
        (not together, word[0] != token[0], -together, -count, word)
        for word, count, together in zip(likely, counts, await searching.match_counts(reader, both), strict=True)
        if together or (len(token) >= ALONE and OSA.distance(token, word) < TWO)
    ]
    return min(found)[-1] if found else ""


async def _inflected(reader: Reader, word: Word, letters: Sequence[str], languages: Sequence[str]) -> list[str]:
    """Known words that are another form of one whose stem is an edit away: bever, where there are only beavers."""
    token = word.forms[0][0]
    roots = {stem(token), *(form[0] for form in word.forms if len(form) == 1)}
    telling = [root for root in roots if len(root) >= _SHORTEST_STEM or root == token]
    edited = {edit for root in telling for edit in one_edit(root, letters)}
    stems = await searching.indexed_terms(reader, edited)
    # A stem may end in another letter than the word: happi, happy.
    starts = {known[:-1] for known in stems}
    near = await searching.words_starting(reader, starts, SHORTEST, len(word.text) + _ENDING)
    forms = {known: _stems(known, languages) for known in near}
    spelt = [known for known, found in forms.items() if found & stems]
    return spelt or sorted(stems - {known for known in stems if known.isascii()})


def _stems(known: str, languages: Sequence[str]) -> set[str]:
    return {stem(form[0]) for form in spoken(words_of(known)[0], languages).forms}


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
