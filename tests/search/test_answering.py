"""Answers in the corpus's own words: sentences that cover the question, or none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Document, Kind, Passage, Section
from bot.search.answering import answer, sentences_of
from bot.store.database import Database, open_database
from tests.store.load import load_documents

PASSAGES = (
    "Otters hold hands while they sleep, so that none drifts away. They eat urchins.",
    "While they sleep, otters hold hands, and none drifts away.",
    "Herons stand still for hours. Then they strike at a fish.",
    "Urchins graze on kelp, and a kelp forest dies where nobody eats them.",
    "The ferry leaves at noon. Tickets are sold on board.",
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    passages = tuple(Passage(text, 0, line) for line, text in enumerate(PASSAGES, 1))
    document = Document("coast.md", Kind.ARTICLE, "The coast", sections=(Section("", 0, (), 0),), passages=passages)
    async with open_database(tmp_path) as database:
        async with database.corpus.write() as writer:
            await load_documents(writer, [document])
        yield database


async def answered(database: Database, question: str) -> list[str]:
    async with database.corpus.read() as reader:
        found = await answer(reader, question)
    return [PASSAGES[sentence.passage - 1][sentence.start : sentence.end] for sentence in found.sentences]


async def test_the_sentence_that_says_it_answers(database: Database) -> None:
    assert await answered(database, "Where are ferry tickets sold?") == [
        "Tickets are sold on board.",
        "The ferry leaves at noon.",
    ]


async def test_sentences_do_not_repeat_each_other(database: Database) -> None:
    said = await answered(database, "Why do otters hold hands when they sleep?")
    assert len([sentence for sentence in said if "hold hands" in sentence]) == 1


async def test_further_sentences_cover_what_the_first_leaves_open(database: Database) -> None:
    said = await answered(database, "otters sleep kelp forest")
    assert any("otters" in sentence.lower() for sentence in said)
    assert any("kelp" in sentence for sentence in said)


@pytest.mark.parametrize("question", ["quantum networking", "Who won the chess championship in Reykjavik?", "", "the"])
async def test_nothing_answers_what_the_library_does_not_say(database: Database, question: str) -> None:
    assert await answered(database, question) == []


async def test_documents_that_each_say_a_part_do_not_answer_together(tmp_path: Path) -> None:
    said = {
        "rome.md": "Rome was a great city.",
        "fall.md": "In the fall leaves drop.",
        "years.md": "Many years passed.",
    }
    documents = [
        Document(path, Kind.ARTICLE, path[:-3], sections=(Section("", 0, (), 0),), passages=(Passage(text, 0, 1),))
        for path, text in said.items()
    ]
    async with open_database(tmp_path) as database:
        async with database.corpus.write() as writer:
            await load_documents(writer, documents)
        async with database.corpus.read() as reader:
            assert (await answer(reader, "In which years did Rome fall?")).sentences == ()
            assert len((await answer(reader, "Rome a great city")).sentences) == 1


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It was so then. It is not so now! Is it?", ["It was so then. It is not so now!", "Is it?"]),
        ("See e.g. the first of these pages. 東京は大きい都市であり、人口は世界でも最大級である。次の文。", None),
        ("One sentence only", ["One sentence only"]),
        ("", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, sentences: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentences_of(text)]
    assert len(found) == 3 if sentences is None else found == sentences


@given(st.text())
def test_sentences_are_in_order_and_leave_out_only_space(text: str) -> None:
    spans = list(sentences_of(text))
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    assert edges == sorted(edges)
    said = "".join(text[start:end] for start, end in spans)
    assert "".join(said.split()) == "".join(text.split())
