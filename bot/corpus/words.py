"""What counts as a word: how text is cut for the index where that differs from what is shown, how words are compared.

SQLite's tokenizer takes a run of Chinese, Japanese or Thai for one word; cut into overlapping pairs it can be found.
The same rules are repeated here for the shown text, so that what matched can be marked in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from bot.corpus.stems import STEMMED_RUN, stem_all, stem_by_script

_UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    # kana, Han
    "\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003134f"
)
# Accents, Hebrew points and Arabic vowel signs; not the breve of й, which is a letter in its own right like the marks
# of other scripts. The tatweel only stretches Arabic words.
_DIACRITICS = re.compile(
    "(?:[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]|(?<![\u0418\u0438])\u0306)+"
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
_ASCII_WORD = re.compile("[a-z0-9]+")  # the same for ASCII, three times as fast
_CODE_NAMES = re.compile(r"\b(?:([CcGgJj])\+\+|([CcFfJj])#)(?![^\W_])")  # "F#0" is no name of a language
SHORTEST_SPELT, LONGEST_SPELT = 3, 40  # letters
_ASCII_END = 128
_SPACED = bytes(code if code >= _ASCII_END or chr(code).isalnum() else ord(" ") for code in range(256))
_UNSPELT = re.compile(f"[{_UNSPACED}]")
_NOT_WORD = re.compile(r"[\W_]+")
_MAX_SLUG = 200


def index_text(text: str, language: str = "") -> str:
    """The text as it is indexed and as queries are cut; `language` is one of stems.language_of.

    Diacritics go and compatibility forms become plain ones; words of another language or script than the index stems
    itself are stemmed; unspaced runs become pairs of characters and their last one alone, with spaces; C++ and C#
    become words of letters.
    """
    if "++" in text or "#" in text:
        text = _CODE_NAMES.sub(_spelled_out, text)
    if not text.isascii():
        text = STEMMED_RUN.sub(lambda match: stem_by_script(match[0]), plain(text))
        text = _RUN.sub(lambda match: f" {_pairs(match[0])} ", text)
    return stem_all(language, text.lower()) if language else text


def plain(text: str) -> str:
    """The text without diacritics and compatibility forms."""
    if text.isascii():
        return text
    text = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text)).translate(_PLAIN)
    return unicodedata.normalize("NFC", text)


def _spelled_out(match: re.Match[str]) -> str:
    return f"{match[1]}plusplus" if match[1] else f"{match[2]}sharp"


def _pairs(run: str) -> str:
    return " ".join(run[index : index + 2] for index in range(len(run)))


def is_unspaced(word: str) -> bool:
    """Whether a word begins in a script that is written without spaces."""
    return _RUN.match(word) is not None


def tokens_of(text: str) -> list[str]:
    """The words of a shown text as the index has them, in order: folded, English not stemmed yet."""
    return index_tokens(index_text(text))


def index_tokens(words: str) -> list[str]:
    """`tokens_of` for a text that went through `index_text` already."""
    return (_ASCII_WORD if words.isascii() else _WORD).findall(words.lower())


def raw_words(text: str) -> set[bytes]:
    """The words of a text as UTF-8, cut at ASCII punctuation only: fast, to see which are new. `spelt` reads them."""
    return set(text.lower().encode("utf-8", "ignore").translate(_SPACED).split())


def spelt(raw: Iterable[bytes]) -> set[str]:
    """What a misspelt word of a question may have meant by one of `raw_words`: folded words of letters."""
    words = set(b" ".join(raw).decode().split(" "))
    others = {word for word in words if not word.isascii()}
    words -= others
    words.update(_WORD.findall(_UNSPELT.sub(" ", plain(" ".join(others)))))
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
    return (span for span in _folded_spans(text, start, end) if span[0])  # an accent alone is no word


def _folded_spans(text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
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


def fold(word: str) -> str:
    """A word of a spaced script, or a pair of an unspaced one, as the index has it; equal ones are the same word."""
    if word.isascii():
        return word.lower()
    return STEMMED_RUN.sub(lambda match: stem_by_script(match[0]), plain(word)).lower()


def slug(text: str) -> str:
    """Fold a name so that spelling variants of a link target meet: case, diacritics, spaces, punctuation go."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text[:_MAX_SLUG])
        text = "".join(char for char in text if not unicodedata.combining(char))
    return _NOT_WORD.sub("", text.casefold())[:_MAX_SLUG]
