"""What is a word: text for the index, words of the shown text, stems, spelling, languages, slugs."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.corpus.stems import language_of, stem
from bot.corpus.words import index_text, plain, raw_words, slug, spans_of, spelt, tokens_of

ENGLISH = (
    "The library is for what they said and where it was said, with the words of the people who were in that room. " * 3
)
SPANISH = (
    "La biblioteca es para lo que dijeron y no para lo que se cree, con las palabras de los que estaban en la sala. "
    * 3
)
GERMAN = (
    "Die Bibliothek ist für das, was sie gesagt haben, und nicht für das, was man von ihnen auf der Straße hört. " * 3
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sparse attention, not more", ["sparse", "attention", "not", "more"]),
        ("GPT-4 costs 1.5K", ["gpt", "4", "costs", "1", "5k"]),
        ("C++ and C# and c", ["cplusplus", "and", "csharp", "and", "c"]),
        ("Café Ångström ﬁnal straße Łódź", ["cafe", "angstrom", "final", "strasse", "lodz"]),
        ("東京都", ["東京", "京都", "都"]),
        ("2015年", ["2015", "年"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert tokens_of(text) == words


@given(st.text())
def test_the_words_of_the_shown_text_are_those_of_the_index(text: str) -> None:
    spans = list(spans_of(text))
    assert all(0 <= start < end <= len(text) for _, start, end in spans)
    assert [start for _, start, _ in spans] == sorted(start for _, start, _ in spans)


@example("F#0")
@example("C++x")
@given(st.text(st.characters(codec="ascii") | st.sampled_from("äéñçøß東京都ไทยмирαβγ")))
def test_each_indexed_word_has_a_span_that_reads_the_same(text: str) -> None:
    assert [word for word, _, _ in spans_of(text)] == tokens_of(text)


def test_the_breve_of_a_cyrillic_letter_stays() -> None:
    assert plain("май") == "май"


def test_words_of_other_scripts_are_indexed_by_their_stem() -> None:
    assert tokens_of("книгами") == tokens_of("книга")
    assert tokens_of("الكتاب") == tokens_of("كتاب")


@pytest.mark.parametrize(("word", "other"), [("models", "model"), ("training", "train"), ("H100s".lower(), "h100")])
def test_forms_of_an_english_word_share_a_stem(word: str, other: str) -> None:
    assert stem(word) == stem(other)


@pytest.mark.parametrize(
    ("text", "language"), [(ENGLISH, ""), (SPANISH, "es"), (GERMAN, "de"), ("GPT 4", ""), ("", "")]
)
def test_a_document_tells_its_language(text: str, language: str) -> None:
    assert language_of(text, plain) == language


def test_a_text_in_another_language_is_indexed_by_stems() -> None:
    assert index_text("las bibliotecas", "es").split()[1] == index_text("biblioteca", "es")


def test_spellings_are_folded_words_of_letters() -> None:
    found = spelt(raw_words("The “Modèle”, GPT-4: it's 東京 sparse"))
    assert found == {"the", "modele", "gpt", "sparse"}


@given(st.text())
def test_spellings_of_any_text_can_be_read(text: str) -> None:
    words = spelt(raw_words(text))
    assert all(word.isalpha() for word in words)


@pytest.mark.parametrize(
    "written", ["Open Source_vs-Closed", "open source vs closed", "OPEN_SOURCE_VS_CLOSED", "Öpen source vs. closed!"]
)
def test_spellings_of_a_name_share_a_slug(written: str) -> None:
    assert slug(written) == "opensourcevsclosed"
