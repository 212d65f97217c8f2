"""What a member typed, taken apart: words, "phrases", -exclusions, video: and source:. Pure; nothing is looked up.

Everything else is literal. What leaves here are words without any punctuation, so that no text can become query syntax.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.corpus.stems import stem_in
from bot.corpus.words import is_unspaced, spans_of, tokens_of

CLAMP = 100  # characters that a member's question may have: Discord's options take no more
MOST_WORDS = 64  # of one question; the rest is not looked for
_RAW_LIMIT = 20  # times the clamp: looked at before normalising, for marks and invisible characters may fill most of it
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_LETTERS_OR_DIGITS = re.compile("[a-z]+|[0-9]+")
_PART = re.compile(
    r'(?P<field>(?:video|source):)?(?P<minus>-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+|"))', re.IGNORECASE
)

# Words that say nothing about what is asked. English; those of other languages weigh little by how common they are.
_STOP_WORDS = """
a about all also am an and any are as at be been being but by can could d did do does doing done for from get
gets got had has have having he her here hers him his how i if in into is it its just let ll m may me might mine
must my no nor not of on or our ours out re s said say says shall she should so some such t tell tells than that
the their theirs them then there these they this those to told too up us ve very was we were what when where
which while who whom whose why will with would you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to look for. `forms` are runs of index words, any of which is it: GPT-4 is `gpt 4` or `gpt4`.

    `glued` tells that it was written together with the word before it, as the second half of open-source is.
    """

    text: str
    forms: tuple[tuple[str, ...], ...]
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A question taken apart. `text` is what was typed, normalised; `words` are those that count, in order.

    The words of `phrases` are among them. `is_quoted` tells that there is nothing but phrases: they are insisted on.
    `languages` are those that the words have forms for, besides English.
    """

    text: str
    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    video: str = ""
    source: str = ""
    is_quoted: bool = False
    languages: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.words


def clean(text: str, clamp: int = CLAMP) -> str:
    """Normalise what was typed: NFKC, single spaces, no control or invisible characters, at most `clamp` characters."""
    text = unicodedata.normalize("NFKC", text[: clamp * _RAW_LIMIT])
    if not (text.isascii() and text.isprintable()):
        text = "".join(_visible(char) for char in text)
    return " ".join(text.split())[:clamp].rstrip()


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return " " if category in ("Cc", "Cs", "Cn", "Zl", "Zp") else char


def parse_query(text: str, clamp: int = CLAMP) -> Query:
    """Take a question apart. Any text is one; of what looks like an operator and is none, the words are looked for."""
    shown = clean(text, clamp)
    words: list[Word] = []
    is_quoted = True
    phrases: list[tuple[str, ...]] = []
    excluded: list[tuple[str, ...]] = []
    scope = {"video": "", "source": ""}
    for match in _PART.finditer(shown.translate(QUOTES)):
        phrase, word = match["phrase"], match["word"]
        if match["field"] and not match["minus"]:
            scope[match["field"][:-1].lower()] = (phrase or word or "").strip()
            continue
        starts = match.start() == 0 or shown[match.start() - 1].isspace()
        tokens = tuple(tokens_of(phrase or word or ""))
        if match["minus"] and starts and tokens and not tokens[0][0].isdigit():
            excluded.append(tokens)
        elif phrase is not None and tokens:
            phrases.append(tokens)
            words.extend(found for part in phrase.split() for found in words_of(part))
        elif tokens:
            is_quoted = False
            words.extend(words_of(word))
    telling = _distinct([word for word in words if not is_stop(word)] or words)[:MOST_WORDS]
    return Query(
        shown,
        tuple(telling),
        tuple(phrases),
        tuple(excluded),
        scope["video"],
        scope["source"],
        is_quoted=bool(phrases) and is_quoted,
    )


def without_scope(text: str, clamp: int = CLAMP) -> str:
    """What was typed, without video: and source:."""

    def kept(match: re.Match[str]) -> str:
        return "" if match["field"] and not match["minus"] else match[0]

    return " ".join(_PART.sub(kept, clean(text, clamp).translate(QUOTES)).split())


def unquoted(text: str) -> str:
    """What was typed, without its quotes."""
    return " ".join(text.translate(QUOTES).replace('"', " ").split())


def in_languages(query: Query, languages: Sequence[str]) -> Query:
    """The question with its words also as texts in these languages are indexed."""
    if not languages:
        return query
    words = tuple(spoken(word, languages) for word in query.words)
    return replace(query, words=words, languages=tuple(languages))


def spoken(word: Word, languages: Sequence[str]) -> Word:
    """A word also as texts in these languages are indexed."""
    token = word.forms[0][0]
    if not languages or len(word.forms[0]) > 1 or not token.isascii() or not token.isalpha():
        return word
    stems = ((stem_in(language, token),) for language in languages)
    return replace(word, forms=tuple(dict.fromkeys((*word.forms, *stems))))


def words_of(typed: str) -> list[Word]:
    """The words in something written without a space."""
    words: list[Word] = []
    for part in _APOSTROPHES.split(typed):
        spans = list(spans_of(part))
        if len(spans) > 1 and _is_code(spans):
            tokens = tuple(tokens_of(part))
            words.append(Word(part[spans[0][1] : spans[-1][2]], (tokens, ("".join(tokens),))))
            continue
        for number, (token, start, end) in enumerate(spans):
            words.append(Word(part[start:end], _forms(token), glued=number > 0 or bool(words)))
    if len(words) > 1:  # d'accord, Mistral's: the letter beside the apostrophe is no word
        words = [word for word in words if len(word.text) > 1 or word.text.isdigit() or is_unspaced(word.text)] or words
    return words


def _is_code(spans: list[tuple[str, int, int]]) -> bool:
    """Whether parts belong together because one of them alone says too little: 1.5K, GPT-4, H-100."""
    tokens = [token for token, _, _ in spans]
    return all(token.isascii() for token in tokens) and any(char.isdigit() for token in tokens for char in token)


def _forms(token: str) -> tuple[tuple[str, ...], ...]:
    """A word, and where letters meet digits also with a gap between: 7b is 7 B and 7-B too."""
    parts = tuple(_LETTERS_OR_DIGITS.findall(token)) if token.isascii() else ()
    return ((token,), parts) if len(parts) == 2 else ((token,),)


def is_stop(word: Word) -> bool:
    """Whether a word says nothing about what is asked."""
    return len(word.forms) == 1 and word.forms[0][0] in STOP_WORDS


def _distinct(words: list[Word]) -> list[Word]:
    first: dict[tuple[tuple[str, ...], ...], Word] = {}
    for word in words:
        first.setdefault(word.forms, word)
    return list(first.values())
