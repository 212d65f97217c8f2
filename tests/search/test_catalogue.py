"""The names in memory: documents as the store has them, topics that only links name, videos, the newest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.curation import Curator
from bot.library import Library
from bot.search.catalogue import Catalogue
from bot.store import reading
from tests.invented import write_corpus


@pytest.fixture
async def catalogue(curator: Curator, library: Library) -> Catalogue:
    await curator.reload()
    return library.catalogue


async def test_documents_are_as_the_store_has_them_by_key_and_by_path(catalogue: Catalogue, library: Library) -> None:
    async with library._database.corpus.read() as reader:
        rows = await reader.fetch("SELECT id FROM document ORDER BY title, path")
        stored = await reading.documents(reader, [row[0] for row in rows])
    assert list(catalogue.documents.values()) == [stored[row[0]] for row in rows]
    for document in stored.values():
        assert catalogue.documents[document.key] == catalogue.at_path(document.path) == document
    assert "0" * 16 not in catalogue.documents


async def test_a_link_target_is_a_topic_whatever_it_is_written_like(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    targets = ("gold_Ochre", "ßtraße", "Ünïque  thing", "x" * 150 + "ﬁ" * 80, "ŉorth")
    links = " ".join(f"[[{target}]]" for target in targets)
    write_corpus(corpus_folder, {"links.md": f"# Links\n\nSee {links}.\n"})
    await curator.reload()
    catalogue = library.catalogue
    for target in targets:
        title = catalogue.topics.exact(target.replace("_", " "))
        topic = catalogue.topic(title.key) if title else None
        assert topic is not None
        assert topic.note == "no page of its own"
        async with library._database.corpus.read() as reader:
            assert await reading.passages_naming(reader, catalogue.slug_of(topic), 1)


async def test_the_newest_documents_come_first_and_those_of_a_source_alone(catalogue: Catalogue) -> None:
    everything = catalogue.newest("", 0, 100)
    assert [document.published for document in everything] == sorted(
        (document.published for document in everything), reverse=True
    )
    assert catalogue.newest("", 1, 2) == everything[1:3]
    for source, count in catalogue.sources.items():
        own = tuple(document for document in everything if document.source == source)
        assert catalogue.newest(source, 0, 100) == own
        assert len(own) == count


async def test_documents_below_a_folder_are_found_by_its_whole_name(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    (corpus_folder / "a").mkdir()
    (corpus_folder / "ab").mkdir()
    write_corpus(corpus_folder, dict.fromkeys(("a/2.md", "a/1.md", "ab/3.md"), "# Words\n\nWords.\n"))
    await curator.reload()
    assert [document.path for document in library.catalogue.below("corpus/a")] == ["corpus/a/1.md", "corpus/a/2.md"]
    assert list(library.catalogue.below("corpus/aa")) == []
