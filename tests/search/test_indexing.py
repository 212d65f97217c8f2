"""Indexing beside answers: in a process of its own where members wait, with the same catalogue in the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.working import Workers
from bot.curation import Curator
from bot.errors import WorkerLost
from bot.library import Library
from bot.search import snapshot
from bot.search.catalogue import Catalogue
from bot.store.database import Database


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each time that workers are started to index names."""
    times: list[str] = []

    class Counted(Workers):
        def __init__(self, preload: list[str]) -> None:
            times.append("started")
            super().__init__(preload)

    monkeypatch.setattr("bot.search.indexing.Workers", Counted)
    return times


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few documents there are, they are many."""
    monkeypatch.setattr("bot.search.indexing.FEW", 0)


async def reloaded_twice(database: Database, folder: Path) -> Library:
    """A library after its first load, and one more page that came while members were served."""
    library = Library(database)
    curator = Curator(database, [folder], library.refresh)
    await curator.reload()
    (folder / "more.md").write_text("# More\n\nWords.\n")
    await curator.reload()
    return library


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Grows with each look for a catalogue that was kept: whether there was one."""
    found: list[bool] = []
    load = snapshot.load

    def noted(path: Path, key: bytes) -> Catalogue | None:
        catalogue = load(path, key)
        found.append(catalogue is not None)
        return catalogue

    monkeypatch.setattr(snapshot, "load", noted)
    return found


@pytest.mark.usefixtures("many")
async def test_only_a_refresh_after_the_first_has_a_process_of_its_own(
    database: Database, corpus_folder: Path, started: list[str], looked: list[bool]
) -> None:
    library = await reloaded_twice(database, corpus_folder)
    assert len(started) == 1
    assert looked == [False, False, True]
    alone = Library(database)
    await alone.refresh()
    assert "More" in [document.title for document in library.catalogue.documents.values()]
    assert list(library.catalogue.documents.values()) == list(alone.catalogue.documents.values())
    assert library.catalogue.topics.complete("") == alone.catalogue.topics.complete("")


async def test_where_names_are_few_no_process_is_started(
    database: Database, corpus_folder: Path, started: list[str]
) -> None:
    library = await reloaded_twice(database, corpus_folder)
    assert not started
    assert "More" in [document.title for document in library.catalogue.documents.values()]


@pytest.mark.usefixtures("many")
async def test_a_process_that_is_lost_costs_no_catalogue(
    database: Database, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Lost(Workers):
        def run(self, *_: object, **__: object) -> None:  # type: ignore[override]
            raise WorkerLost("killed")

    monkeypatch.setattr("bot.search.indexing.Workers", Lost)
    with caplog.at_level("WARNING"):
        library = await reloaded_twice(database, corpus_folder)
    assert "WorkerLost" in caplog.text
    assert "More" in [document.title for document in library.catalogue.documents.values()]
