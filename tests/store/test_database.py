"""Connections and transactions: what is cut off, refused or cancelled leaves everything usable."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import ReadTooSlow, StoreError
from bot.store.database import READERS, Database, Store, copy_corpus, open_database

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
FACT = "INSERT INTO meta VALUES ('name', 'value')"


async def count(store: Store) -> int:
    async with store.read() as reader:
        return len(await reader.fetch("SELECT * FROM meta"))


async def test_a_read_over_its_limit_is_cut_off_and_every_connection_stays_usable(database: Database) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(ReadTooSlow, match="Narrow it down"):
            async with database.corpus.read(limit=0.05) as reader:
                await reader.fetch(ENDLESS)
    for _ in range(READERS + 1):
        assert await count(database.corpus) == 0


async def test_many_rows_come_some_at_a_time_and_all_of_them_in_order(database: Database) -> None:
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1234) SELECT i FROM n"
    async with database.corpus.read() as reader:
        sizes, found = [], []
        async for rows in reader.batches(numbers):
            sizes.append(len(rows))
            found += [row[0] for row in rows]
    assert found == list(range(1, 1235))
    assert len(sizes) > 1


async def test_many_rows_over_their_limit_are_cut_off_too(database: Database) -> None:
    async with database.state.read(limit=0.05) as reader:
        with pytest.raises(ReadTooSlow, match="Narrow it down"):
            await anext(reader.batches(ENDLESS))
    assert await count(database.state) == 0


async def test_a_read_that_finds_no_free_connection_says_that_the_library_is_busy(database: Database) -> None:
    free = database.state  # has one reader
    async with free.read():
        with pytest.raises(ReadTooSlow, match="busy"):
            async with free.read(limit=0.05):
                pass
    assert await count(free) == 0


async def test_who_waits_for_a_connection_gets_it_before_who_comes_later(database: Database) -> None:
    order: list[str] = []

    async def read(name: str) -> None:
        async with database.state.read() as reader:  # has one reader
            await reader.fetch("SELECT 1")
            order.append(name)

    async def read_twice() -> None:
        await read("first")
        await read("first again")

    await asyncio.gather(read_twice(), read("second"))
    assert order == ["first", "second", "first again"]


async def test_who_is_cancelled_with_a_connection_just_handed_over_gives_it_back(database: Database) -> None:
    async with database.state.read():
        waiting = asyncio.create_task(count(database.state))
        await asyncio.sleep(0)
    waiting.cancel()  # it has been given the connection, but has not run yet
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await count(database.state) == 0


async def test_a_read_that_fails_past_its_limit_with_rows_left_gives_back_a_usable_connection(
    database: Database,
) -> None:
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n"

    async def read() -> None:
        async with database.state.read(limit=0.05) as reader:
            async for _ in reader.batches(numbers):
                await asyncio.sleep(0.2)
                raise RuntimeError

    with pytest.raises(RuntimeError):
        await read()
    assert await count(database.state) == 0


async def test_a_cancelled_read_gives_its_connection_back(database: Database) -> None:
    async def read() -> None:
        async with database.state.read(limit=60) as reader:
            started.set()
            await reader.fetch(ENDLESS)

    for _ in range(2):
        started = asyncio.Event()
        task = asyncio.create_task(read())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await count(database.state) == 0


async def test_a_write_that_is_cancelled_while_it_waits_for_the_file_leaves_no_transaction_open(
    database: Database,
) -> None:
    async def write() -> None:
        async with database.corpus.write() as writer:
            await writer.execute(FACT)

    with closing(sqlite3.connect(database.corpus.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await write()
    await write()
    assert await count(database.corpus) == 1


async def test_a_failed_write_changes_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.corpus.write() as writer:
            await writer.execute(FACT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await count(database.corpus) == 0


async def test_a_write_that_reads_first_holds_the_file_from_its_beginning(database: Database) -> None:
    with closing(sqlite3.connect(database.corpus.path, isolation_level=None, timeout=0)) as other:
        async with database.corpus.write() as writer:
            await writer.fetch("SELECT * FROM meta")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            await writer.execute(FACT)
    assert await count(database.corpus) == 1


async def test_a_reader_sees_one_state_while_a_write_is_committed(database: Database) -> None:
    async with database.corpus.read() as reader:
        before = await reader.fetch("SELECT count(*) FROM meta")
        async with database.corpus.write() as writer:
            await writer.execute(FACT)
        after = await reader.fetch("SELECT count(*) FROM meta")
    assert [tuple(row) for row in before] == [tuple(row) for row in after] == [(0,)]
    assert await count(database.corpus) == 1


async def test_a_full_disk_is_reported_and_changes_nothing(database: Database) -> None:
    store = database.corpus
    assert store._writer is not None
    await store._writer.execute_fetchall("PRAGMA max_page_count = 1")  # that is: as large as it is now
    with pytest.raises(StoreError, match="full"):
        async with store.write() as writer:
            await writer.many("INSERT INTO meta VALUES (?, ?)", [(str(n), "x" * 1000) for n in range(200)])
    assert await count(store) == 0
    await store._writer.execute_fetchall("PRAGMA max_page_count = 100000")
    async with store.write() as writer:
        await writer.execute(FACT)
    assert await count(store) == 1


async def test_a_corpus_damaged_while_it_is_read_is_a_store_error_that_names_the_way_out(database: Database) -> None:
    async with database.corpus.write() as writer:
        await writer.many("INSERT INTO meta VALUES (?, ?)", [(str(n), "x" * 1000) for n in range(200)])
    await database.corpus.checkpoint()
    data = database.corpus.path.read_bytes()
    database.corpus.path.write_bytes(data[:4096] + bytes(255 for _ in data[4096:]))
    with pytest.raises(StoreError, match="restart of the bot rebuilds it"):
        async with database.corpus.read() as reader:
            await reader.fetch("SELECT sum(length(value)) FROM meta")


async def test_a_state_that_cannot_be_read_is_not_said_to_come_back_with_a_restart(database: Database) -> None:
    with pytest.raises(StoreError, match=r"What was kept .*Ask again"):
        async with database.state.read() as reader:
            await reader.fetch("SELECT * FROM nosuch")


async def test_a_wrong_statement_of_a_reader_is_a_store_error(database: Database) -> None:
    with pytest.raises(StoreError):
        async with database.corpus.read() as reader:
            await reader.fetch("INSERT INTO meta VALUES ('a', 'b')")


async def test_a_process_that_only_reads_stands_beside_the_one_that_writes(database: Database, tmp_path: Path) -> None:
    async with open_database(tmp_path / "data", writes=False) as beside:
        async with database.corpus.write() as writer:
            await writer.execute(FACT)
        assert await count(beside.corpus) == 1
        with pytest.raises(StoreError, match="only reads"):
            async with beside.corpus.write():
                pass


async def test_a_clean_stop_folds_the_write_ahead_log_in(tmp_path: Path) -> None:
    async with open_database(tmp_path) as database:
        async with database.corpus.write() as writer:
            await writer.execute(FACT)
        assert await count(database.corpus) == 1
    assert set(os.listdir(tmp_path)) == {"lock", "corpus.db", "state.db"}


async def test_a_copy_of_the_corpus_is_whole_while_the_bot_holds_it(database: Database, tmp_path: Path) -> None:
    async with database.corpus.write() as writer:
        await writer.execute(FACT)
    (tmp_path / "copy").mkdir()
    copy_corpus(tmp_path / "data", tmp_path / "copy")
    async with open_database(tmp_path / "copy") as copy:
        assert await count(copy.corpus) == 1


def test_a_copy_of_no_corpus_is_nothing(tmp_path: Path) -> None:
    copy_corpus(tmp_path / "nowhere", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_of_a_damaged_corpus_says_what_rebuilds_it(tmp_path: Path) -> None:
    (tmp_path / "corpus.db").write_bytes(b"not a database" * 100)
    (tmp_path / "copy").mkdir()
    with pytest.raises(StoreError, match="Starting the bot rebuilds it"):
        copy_corpus(tmp_path, tmp_path / "copy")


async def test_what_people_made_is_on_the_disk_once_it_is_written(database: Database) -> None:
    full, normal = 2, 1
    levels = []
    for store in (database.state, database.corpus):
        async with store.write() as writer:
            levels.append((await writer.fetch("PRAGMA synchronous"))[0][0])
    assert levels == [full, normal]
