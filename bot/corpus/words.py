"""What counts as a word: how text is cut for the index where that differs from what is shown, and how words are compared.

SQLite's tokenizer takes a run of Chinese, Japanese or Thai for one word; cut into overlapping pairs it can be found.
The same rules are repeated here for the shown text, so that what matched can be marked in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from snowballstemmer.porter_stemmer import PorterStemmer  # type: ignore[import-untyped]

_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003134f"  # kana, Han
)
# Accents, Hebrew points and Arabic vowel signs. Marks of other scripts are letters in their own right and stay.
_DIACRITICS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_MARKS_END = 0x3100  # the combining marks of living scripts lie below, but for a few that are listed
_MARKS = (
    "".join(chr(code) for code in range(0x300, _MARKS_END) if unicodedata.category(chr(code)) in ("Mn", "Mc"))
    + "\ua802-\ua8c5\uabe3-\uabed\ufe20-\ufe2f"
)
_PLAIN = str.maketrans(
    dict(
        zip(
            "øØłŁđĐıæÆœŒþÞðß",
            ("o", "O", "l", "L", "d", "D", "i", "ae", "AE", "oe", "OE", "th", "TH", "d", "ss"),
            strict=True,
        )
    )
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}])+")
_CODE_NAMES = re.compile(r"\b(?:([CcGgJj])\+\+|([CcFfJj])#)")
SHORTEST_SPELT, LONGEST_SPELT = 3, 40  # letters
_SPELT = re.compile(rf"\b[a-z]{{{SHORTEST_SPELT},{LONGEST_SPELT}}}\b")
_UNSPELT = re.compile(f"[{_UNSPACED}]")
_NOT_WORD = re.compile(r"[\W_]+")
_MAX_SLUG = 200
_SHORTEST_STEMMED = 3  # letters; FTS5's porter leaves shorter words alone
_LONGEST_STEMMED = 64
_stemmer = PorterStemmer()


def index_text(text: str) -> str:
    """The text as it is indexed and as queries are cut.

    Diacritics go and compatibility forms become plain ones; unspaced runs become pairs of characters and their last one
    alone, with spaces; C++ and C# become words of letters.
    """
    if "++" in text or "#" in text:
        text = _CODE_NAMES.sub(_spelled_out, text)
    if text.isascii():
        return text
    text = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text)).translate(_PLAIN)
    return _RUN.sub(lambda match: f" {_pairs(match[0])} ", unicodedata.normalize("NFC", text))


def _spelled_out(match: re.Match[str]) -> str:
    return f"{match[1]}plusplus" if match[1] else f"{match[2]}sharp"


def _pairs(run: str) -> str:
    return " ".join(run[index : index + 2] for index in range(len(run)))


def is_unspaced(word: str) -> bool:
    """Whether a word begins in a script that is written without spaces."""
    return _RUN.match(word) is not None


def tokens_of(text: str) -> list[str]:
    """The words of a text as the index has them, in order: folded, not stemmed."""
    return _WORD.findall(index_text(text).lower())


def spelt_words(text: str) -> set[str]:
    """The words of a text that a misspelt word may have meant: folded, of letters, not of unspaced scripts."""
    if text.isascii():
        return set(_SPELT.findall(text.lower()))
    words = _WORD.findall(_UNSPELT.sub(" ", index_text(text)).lower())
    return {word for word in words if SHORTEST_SPELT <= len(word) <= LONGEST_SPELT and word.isalpha()}


def spans_of(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a shown text, as `tokens_of` gives it, with the span that it has in the text."""
    position = 0
    for match in _CODE_NAMES.finditer(text):
        yield from _plain_spans(text, position, match.start())
        yield _spelled_out(match).casefold(), match.start(), match.end()
        position = match.end()
    yield from _plain_spans(text, position, len(text))


def _plain_spans(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    for match in _WORD.finditer(text, start, end):
        word, at = match[0], match.start()
        if word.isascii():
            yield word.lower(), at, match.end()
            continue
        done = 0
        for run in _RUN.finditer(word):
            if run.start() > done:
                yield fold(word[done : run.start()]), at + done, at + run.start()
            for index in range(run.start(), run.end()):
                pair_end = min(index + 2, run.end())
                yield fold(word[index:pair_end]), at + index, at + pair_end
            done = run.end()
        if done < len(word):
            yield fold(word[done:]), at + done, match.end()


def fold(text: str) -> str:
    """One word without case and diacritics: two words that fold alike are the same to the index."""
    if text.isascii():
        return text.lower()
    text = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text)).translate(_PLAIN)
    return unicodedata.normalize("NFC", text.lower())


@lru_cache(maxsize=50_000)
def stem(token: str) -> str:
    """What a folded word shares with its other forms (Porter's algorithm, as the index uses it)."""
    if not _SHORTEST_STEMMED <= len(token) <= _LONGEST_STEMMED or not token.isascii():
        return token
    return str(_stemmer.stemWord(token))


def slug(text: str) -> str:
    """Fold a name so that spelling variants of a link target meet: case, diacritics, spaces, punctuation go."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text[:_MAX_SLUG])
        text = "".join(char for char in text if not unicodedata.combining(char))
    return _NOT_WORD.sub("", text.casefold())[:_MAX_SLUG]
