"""Stems: what the forms of a word share, by script where a script has one language, and by document elsewhere.

English is stemmed by the index itself (Porter's algorithm); `stem` repeats it. Texts in other languages are stemmed
before they are indexed, and a question's words are looked for in the stems of every language that the library has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from Stemmer import Stemmer

_SHORTEST, _LONGEST = 3, 64  # letters; FTS5's porter leaves other words alone
_SAMPLE = 1_200  # characters of a document that tell its language
_FEWEST = 20  # of its words; fewer tell nothing
_ENOUGH = 0.12  # of its words: function words of one language


def _snowball(algorithm: str) -> Stemmer:
    return Stemmer(algorithm, 0)  # without a cache of its own: it is slower than stemming anew


_porter = _snowball("porter")
_OF_SCRIPT = {
    range(0x370, 0x400): _snowball("greek"),
    range(0x400, 0x530): _snowball("russian"),
    range(0x600, 0x700): _snowball("arabic"),
    range(0x900, 0x980): _snowball("hindi"),
}
STEMMED_RUN = re.compile("[\u0370-\u052f\u0600-\u06ff\u0900-\u097f]+")
_OF_LANGUAGE = {
    "de": _snowball("german"),
    "es": _snowball("spanish"),
    "fr": _snowball("french"),
    "it": _snowball("italian"),
    "pt": _snowball("portuguese"),
}
_FUNCTION_WORDS = {
    "": "the of and to in is that it for with as was by this are be from at which have an not they or",
    "de": "der die und das den von zu mit sich des auf ist im dem nicht ein eine als auch es an werden aus er hat dass",
    "es": "de la que el en y los se del las por un para con una su al lo como mas pero sus le ya este fue es ha son",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il sont avec aux",
    "it": "di e il la che in un a per con del non sono una della le si da dei come nel gli piu al alla anche",
    "pt": "de a o que e do da em um para com nao uma os no se na por mais as dos como mas foi ao das seu",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)
_LATIN_WORD = re.compile("[a-z]+")


@lru_cache(maxsize=50_000)
def stem(token: str) -> str:
    """What a folded word shares with its other forms (Porter's algorithm, as the index uses it)."""
    if not _SHORTEST <= len(token) <= _LONGEST or not token.isascii():
        return token
    return str(_porter.stemWord(token))


@lru_cache(maxsize=50_000)
def stem_by_script(run: str) -> str:
    """The stem of a word in a script that has a stemmer of its own."""
    first = ord(run[0])
    stemmer = next((stemmer for script, stemmer in _OF_SCRIPT.items() if first in script), None)
    return str(stemmer.stemWord(run.lower())) if stemmer else run


@lru_cache(maxsize=50_000)
def stem_in(language: str, token: str) -> str:
    """The stem of a folded word in a language of `language_of`."""
    return str(_OF_LANGUAGE[language].stemWord(token))


def stem_all(language: str, text: str) -> str:
    """A folded text with its words stemmed in a language."""
    return _LATIN_WORD.sub(lambda match: stem_in(language, match[0]), text)


def language_of(text: str, fold: Callable[[str], str]) -> str:
    """The language of a document in Latin letters, by its function words: a key of the stemmers, empty for English."""
    words = _LATIN_WORD.findall(fold(text[:_SAMPLE]).lower())
    counts = dict.fromkeys(_FUNCTION_WORDS, 0)
    for word in filter(_LANGUAGES_OF.__contains__, words):
        for language in _LANGUAGES_OF[word]:
            counts[language] += 1
    if len(words) < _FEWEST:
        return ""
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > max(counts[""], _ENOUGH * len(words)) else ""
