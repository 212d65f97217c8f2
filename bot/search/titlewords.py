"""The words of titles: how text is folded before it is compared, and which words start with, hold or resemble what.

Knows nothing of titles, choices or scores: that is titles.py. No SQL, no I/O.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from heapq import nlargest
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.search.packed import Runs

TEXT_LIMIT = 100  # characters of folded text: Discord shows no more of a choice and takes no more of an option
RAW_LIMIT = 1000  # characters looked at before folding; marks and ignorables may fill most of them
POSTINGS_LIMIT = 5_000  # texts that one step looks at: about 0.6 ms
PARTS_LIMIT = 1_000  # words that one repair looks at: about 0.5 ms
LONG_WORD = 8  # letters from which two edits are forgiven instead of one
SHORT_WORD = 3  # letters below which nothing is repaired
TRIPLES_FROM = 6  # letters from which a word is looked up by three letters in a row instead of two
ABOVE_ALL = "\U0010ffff"  # sorts after every letter

# Han, kana, Thai, Lao, Myanmar and Khmer are written without spaces; their runs are indexed by pairs of letters.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACELESS_RUN = re.compile(f"[{_SPACELESS}]+")
# Accents, Hebrew points and Arabic vowel signs. Marks of other scripts are letters in their own right and stay.
_DIACRITICS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)


class _Letters(dict[int, str | None]):
    """For `str.translate`: letters, marks and digits stay, invisible characters vanish, all else parts words."""

    REMEMBERED = 0x3000  # scripts with small alphabets end here, so the memory that this takes has an end too

    def __missing__(self, code: int) -> str | None:
        category = unicodedata.category(chr(code))
        letter = None if category == "Cf" else chr(code) if category[0] in "LMN" else " "
        if code < self.REMEMBERED:
            self[code] = letter
        return letter


_LETTERS = _Letters(
    {ord(mark): None for mark in "'’‘ʼ`´\u0640"}  # it's = its; the last one only stretches Arabic words
    | dict(zip(map(ord, "øłđıæœþð"), ("o", "l", "d", "i", "ae", "oe", "th", "d"), strict=True))
)


def fold(text: str) -> str:
    """Return what of `text` counts in comparisons: words without case, accents and punctuation, single spaces between.

    At most TEXT_LIMIT characters. Text without any letter or digit is kept as it is, else it could never be found.
    """
    raw = text[:RAW_LIMIT]
    if raw.isascii():
        folded = raw.lower().translate(_LETTERS)
    else:
        decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", raw).casefold())
        letters = _DIACRITICS.sub("", decomposed).translate(_LETTERS)
        folded = _SPACELESS_RUN.sub(r" \g<0> ", unicodedata.normalize("NFC", letters))
    words = folded.split() or raw.casefold().split()
    return " ".join(words)[:TEXT_LIMIT].rstrip()


def is_spaceless(word: str) -> bool:
    """Return whether a folded word is a run of a script that is written without spaces."""
    return _SPACELESS_RUN.match(word) is not None


def needle(token: str) -> str:
    """Return what to look for in a text that holds a word starting with `token`."""
    return token if is_spaceless(token) else " " + token


def _pairs(text: str) -> list[str]:
    return list(map("".join, pairwise(text)))


def _triples(text: str) -> list[str]:
    return [text[at : at + 3] for at in range(len(text) - 2)]


def tokens_of(folded: str) -> list[str]:
    """Return the words of a folded query; runs without spaces as pairs of letters."""
    if folded.isascii():
        return folded.split()
    return [part for word in folded.split() for part in (_pairs(word) or [word] if is_spaceless(word) else [word])]


def _indexed_tokens(folded: str) -> set[str]:
    """Return `tokens_of`, and the last letters of runs without spaces, so that each letter starts a token."""
    if folded.isascii():
        return set(folded.split())
    return {*tokens_of(folded), *(word[-1] for word in folded.split() if is_spaceless(word))}


class Vocabulary:
    """The words of many texts: which texts hold the words that start with something, and which words look like it."""

    def __init__(self, texts: Iterable[str]) -> None:
        holders: dict[str, array[int]] = {}
        for number, text in enumerate(texts):
            for token in _indexed_tokens(text):
                if token not in holders:
                    holders[token] = array("I")
                holders[token].append(number)
        self._holders = Runs(holders)
        self.words = self._holders.names
        by_part: dict[str, array[int]] = {}
        for number, word in enumerate(self.words):
            if not is_spaceless(word):
                for part in {*_pairs(" " + word), *_triples(" " + word)}:
                    if part not in by_part:
                        by_part[part] = array("I")
                    by_part[part].append(number)
        self._by_part = Runs(by_part)

    def starting(self, prefix: str) -> tuple[int, int]:
        """Return the range of word numbers whose words start with `prefix`."""
        low = bisect_left(self.words, prefix)
        return low, bisect_left(self.words, prefix + ABOVE_ALL, low)

    def uses(self, low: int, high: int) -> int:
        """Return how many texts hold the words of a range, each word counted."""
        return self._holders.size(low, high)

    def holders(self, low: int, high: int) -> array[int]:
        """Return the texts that hold the words of a range, the first POSTINGS_LIMIT."""
        return self._holders.numbers(low, high, POSTINGS_LIMIT)

    def count(self, word: str) -> int:
        """Return how many texts hold this very word."""
        at = bisect_left(self.words, word)
        return self.uses(at, at + 1) if at < len(self.words) and self.words[at] == word else 0

    def knows(self, prefix: str) -> bool:
        """Return whether a word starts with `prefix`."""
        at = bisect_left(self.words, prefix)
        return bool(prefix) and at < len(self.words) and self.words[at].startswith(prefix)

    def containing(self, part: str, limit: int) -> list[str]:
        """Return words with `part` (at least three letters) inside or at their end, the most used first."""
        rarest = self._with_parts(_triples(part), PARTS_LIMIT)[0]
        words = [self.words[number] for number in rarest]
        return nlargest(limit, (word for word in words if part in word[1:]), key=self.count)

    def resembling(self, typed: str, limit: int) -> list[tuple[str, int]]:
        """Return what was probably meant by a mistyped word or start of a word, and the edits between, best first.

        One edit (a letter more, less, other, or two swapped) spoils at most three of a word's pairs of letters, and
        four of its triples: whatever is one edit away shares one of any four pairs, or of any five triples. So only
        the rarest are looked at, and of the words that have them PARTS_LIMIT.
        """
        length = len(typed)
        edits = 2 if length >= LONG_WORD else 1
        parts, spoilt = (_triples, 4) if length >= TRIPLES_FROM else (_pairs, 3)
        numbers: set[int] = set()
        for postings in self._with_parts(parts(" " + typed), PARTS_LIMIT)[: spoilt * edits + 1]:
            numbers.update(postings[: PARTS_LIMIT - len(numbers)])
        words = [self.words[number] for number in numbers]
        forms = {word[:end] for end in range(length - edits, length + edits + 1) for word in words} - {typed}
        near = process.extract(typed, list(forms), scorer=OSA.distance, score_cutoff=edits, limit=None)

        def order(match: tuple[str, float, int]) -> tuple[float, bool, bool, int, str]:
            meant, distance, _ = match
            return distance, meant[0] != typed[0], not self.count(meant), -self.uses(*self.starting(meant)), meant

        return [(meant, int(distance)) for meant, distance, _ in sorted(near, key=order)[:limit]]

    def _with_parts(self, parts: list[str], limit: int) -> list[array[int]]:
        """Return the numbers of the words that have each part, the first `limit`; the part with the fewest first."""
        runs = self._by_part
        found = []
        for part in parts:
            at = bisect_left(runs.names, part)
            is_known = at < len(runs.names) and runs.names[at] == part
            found.append((runs.size(at, at + 1), at) if is_known else (0, 0))
        return [runs.numbers(at, at + 1, limit) if size else array("I") for size, at in sorted(found)]
