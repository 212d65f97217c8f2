"""Indexing beside answers: in a process of its own where members wait, with the same catalogue in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.working import Workers
from bot.curation import Curator
from bot.errors import WorkerLost
from bot.library import Library
from bot.search import indexing
from bot.search.catalogue import Named, load_names
from bot.search.indexing import index
from bot.store.database import Database


@pytest.fixture
async def named(curator: Curator, library: Library, monkeypatch: pytest.MonkeyPatch) -> Named:
    monkeypatch.setattr(indexing, "FEW", 0)
    await curator.reload()
    async with library.reading() as reader:
        return await load_names(reader)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each time that workers are started."""
    times: list[str] = []

    class Counted(Workers):
        def __init__(self, preload: list[str]) -> None:
            times.append("started")
            super().__init__(preload)

    monkeypatch.setattr("bot.search.indexing.Workers", Counted)
    return times


async def test_a_process_of_its_own_makes_the_same_catalogue(
    named: Named, library: Library, started: list[str]
) -> None:
    made = await index(named, serving=True)
    assert started
    assert list(made.documents.values()) == list(library.catalogue.documents.values())
    assert made.topics.complete("") == library.catalogue.topics.complete("")


@pytest.mark.parametrize(("serving", "few"), [(False, 0), (True, 1_000)])
async def test_where_nobody_waits_or_names_are_few_no_process_is_started(
    named: Named, started: list[str], monkeypatch: pytest.MonkeyPatch, serving: bool, few: int
) -> None:
    monkeypatch.setattr(indexing, "FEW", few)
    assert len((await index(named, serving=serving)).documents) == len(named.documents)
    assert not started


async def test_a_process_that_is_lost_costs_no_catalogue(named: Named, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise WorkerLost("killed")

    monkeypatch.setattr(Workers, "run", lost)
    assert len((await index(named, serving=True)).documents) == len(named.documents)


async def test_only_a_refresh_after_the_first_is_beside_answers(
    database: Database, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside: list[bool] = []

    async def noted(named: Named, *, serving: bool) -> object:
        beside.append(serving)
        return await index(named, serving=False)

    monkeypatch.setattr("bot.library.index", noted)
    library = Library(database)
    curator = Curator(database, [corpus_folder], library.refresh)
    await curator.reload()
    (corpus_folder / "more.md").write_text("# More\n\nWords.\n")
    await curator.reload()
    assert beside == [False, True]
