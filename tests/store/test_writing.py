"""Writing the corpus: what a batch of nothing does, and names that several documents share."""

from __future__ import annotations

from bot.curation import Curator
from bot.store import writing
from bot.store.database import Database
from bot.store.layout import document_key, lay_out
from bot.store.writing import Loading
from tests.store.dump import check_index, dump


async def test_a_batch_without_documents_writes_nothing(database: Database) -> None:
    before = await dump(database.corpus)
    async with database.corpus.write() as writer:
        loading = await Loading.begin(writer)
        await loading.write(writer, lay_out([]))
        await loading.write(writer, lay_out([]))
    assert await dump(database.corpus) == before
    await check_index(database.corpus)


async def test_removing_nothing_or_what_is_not_there_changes_nothing(curator: Curator, database: Database) -> None:
    before = await dump(database.corpus)
    async with database.corpus.write() as writer:
        assert await writing.remove_documents(writer, []) == set()
        assert await writing.remove_documents(writer, [f"nowhere/{number}.md" for number in range(1200)]) == set()
    assert await dump(database.corpus) == before
    await check_index(database.corpus)


async def test_removing_all_documents_empties_every_table_and_the_index(curator: Curator, database: Database) -> None:
    async with database.corpus.write() as writer:
        paths = sorted(await writing.document_paths(writer))
        assert await writing.remove_documents(writer, paths) == {"beesAAAAAA1", "lightsBBBB2"}
        assert await writer.fetch("SELECT rowid FROM passage_index WHERE passage_index MATCH 'bees'") == []
    left = await dump(database.corpus)
    assert {name for name, rows in left.items() if rows} == {"file"}
    await check_index(database.corpus)


def test_a_documents_key_depends_on_its_path_alone() -> None:
    assert document_key("corpus/bees.md") == document_key("corpus/bees.md")
    assert document_key("corpus/bees.md") != document_key("corpus/Bees.md")
    assert len(document_key("")) == 16
