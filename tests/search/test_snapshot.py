"""Catalogues that were kept: they answer as they did, and one that is damaged or of other names is not used."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from bot.curation import Curator
from bot.library import Library
from bot.search import snapshot
from bot.search.catalogue import COLUMNS, Catalogue, Named, load_names
from bot.store.database import Database, Reader
from tests.invented import write_corpus

KEY = b"a mark\n"


@pytest.fixture
async def made(curator: Curator, library: Library) -> Catalogue:
    await curator.reload()
    return library.catalogue


@pytest.fixture
def kept(made: Catalogue, tmp_path: Path) -> Path:
    path = tmp_path / "names"
    snapshot.save(path, KEY, made)
    return path


@pytest.fixture
def indexed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each time that names are read to be indexed; however small a library is, its catalogue is kept."""
    times: list[str] = []

    async def counted(reader: Reader) -> Named:
        times.append("read")
        return await load_names(reader)

    async def not_here(_: Path) -> None: ...

    monkeypatch.setattr(snapshot, "FEW", 1)
    monkeypatch.setattr("bot.search.indexing._index_apart", not_here)
    monkeypatch.setattr("bot.search.indexing.load_names", counted)
    return times


def test_a_catalogue_that_was_kept_answers_as_before(made: Catalogue, kept: Path) -> None:
    again = snapshot.load(kept, KEY)
    assert again is not None
    assert list(again.documents.values()) == list(made.documents.values())
    for title in map(made.topics.named, made.topics.keys()):
        assert title is not None
        topic = again.topic(title.key)
        assert topic == made.topic(title.key)
        assert topic is not None
        assert again.slug_of(topic) == made.slug_of(topic)
        assert again.topics.complete(title.title[:3]) == made.topics.complete(title.title[:3])
        assert again.topics.lookup(title.title[1:]) == made.topics.lookup(title.title[1:])
    assert again.newest("", 0, 100) == made.newest("", 0, 100)
    assert again.sources == made.sources
    assert again.labels() == made.labels()
    assert list(again.videos.keys()) == list(made.videos.keys())


def test_one_of_other_names_is_not_used(kept: Path) -> None:
    assert snapshot.load(kept, b"another mark\n") is None
    assert snapshot.load(kept.with_name("nothing"), KEY) is None


@pytest.mark.parametrize("left", [0, len(KEY), len(KEY) + 1, -1, -100])
def test_a_damaged_one_is_not_used(kept: Path, left: int, caplog: pytest.LogCaptureFixture) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(whole[:left])
    assert snapshot.load(kept, KEY) is None
    assert "indexed anew" in caplog.text or not left


def test_a_file_makes_nothing_but_catalogues(kept: Path, tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, ...]:
            return (Path.touch, (tmp_path / "touched",))

    kept.write_bytes(KEY + pickle.dumps(Evil()))
    assert snapshot.load(kept, KEY) is None
    kept.write_bytes(KEY + pickle.dumps(["no catalogue"]))
    assert snapshot.load(kept, KEY) is None
    assert not (tmp_path / "touched").exists()


def test_without_room_nothing_is_kept_and_nothing_is_left(made: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()  # what stands in the way of the file
    snapshot.save(tmp_path / "names", KEY, made)
    assert [path.name for path in tmp_path.glob("names*")] == ["names"]


async def test_a_start_that_finds_nothing_changed_indexes_no_name(
    curator: Curator, database: Database, indexed: list[str]
) -> None:
    await curator.reload()
    library = Library(database)
    await library.refresh()
    again = Library(database)
    await again.refresh()
    assert indexed == ["read"]
    assert list(again.catalogue.documents) == list(library.catalogue.documents)


async def test_one_that_knows_documents_by_other_columns_is_not_used(
    curator: Curator, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.corpus.read() as reader:
        before = await snapshot.key_of(reader)
        monkeypatch.setattr("bot.search.catalogue.COLUMNS", [*COLUMNS, "words"])
        assert await snapshot.key_of(reader) != before


async def test_names_are_indexed_anew_only_after_a_change_of_names(
    database: Database, library: Library, corpus_folder: Path, indexed: list[str]
) -> None:
    async def now(text: str) -> list[str]:
        write_corpus(corpus_folder, {"paint.md": text})
        await curator.reload()
        return [topic.title for topic in library.complete_topics("raw")]

    curator = Curator(database, [corpus_folder], library.refresh)
    assert await now("# Raw umber\n\nMixed with [[raw sienna]].\n") == ["Raw umber", "Raw sienna"]
    assert await now("# Raw umber\n\nIt is mixed with [[raw sienna]] now.\n") == ["Raw umber", "Raw sienna"]
    assert indexed == ["read"]
    assert await now("# Raw umber\n\nIt is mixed with [[raw ochre]] now.\n") == ["Raw umber", "Raw ochre"]
    assert await now("# Raw red\n\nIt is mixed with [[raw ochre]] now.\n") == ["Raw red", "Raw ochre"]
    assert indexed == ["read"] * 3
    (corpus_folder / "paint.md").unlink()
    await curator.reload()
    assert library.complete_topics("raw") == []
