"""The data folder's files: damaged ones, other people's, and a second process."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.curation import Curator
from bot.errors import DataFolderError, StateDamagedError, StoreError
from bot.library import Library
from bot.store.database import copy_corpus, open_database
from bot.store.files import clear_scratch, scratch
from bot.store.migrations import migrate_state
from bot.store.state import find_payload, get_fact, keep_payloads, set_fact
from tests.invented import PAGES, many_pages, write_corpus
from tests.store.access import without_access

ROOT = Path(__file__).parents[2]


def zero(path: Path) -> None:
    path.write_bytes(b"")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def break_header(path: Path) -> None:
    path.write_bytes(b"not a database, " * 8 + path.read_bytes()[128:])


def break_pages(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + bytes(255 for _ in data[4096:]))


def drop_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE meta")


def age(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")


DAMAGES = [zero, truncate, break_header, break_pages]


async def load(data: Path, corpus: Path) -> Library:
    async with open_database(data) as database:
        library = Library(database)
        await Curator(database, [corpus], library.refresh).reload()
    return library


@pytest.mark.parametrize("damage", [*DAMAGES, drop_a_table, age])
async def test_a_damaged_corpus_is_set_aside_and_rebuilt(
    damage: Callable[[Path], None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    corpus, data = write_corpus(tmp_path / "corpus", many_pages(40)), tmp_path / "data"
    await load(data, corpus)
    damage(data / "corpus.db")
    library = await load(data, corpus)
    assert len(library.catalogue.documents) == 40
    assert len(list(data.glob("corpus.db.*.aside"))) == 1
    assert "set aside" in caplog.text


async def test_a_corpus_that_was_found_damaged_while_it_was_read_is_set_aside_once_by_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    corpus, data = write_corpus(tmp_path / "corpus"), tmp_path / "data"
    await load(data, corpus)
    sound = (data / "corpus.db").read_bytes()
    async with open_database(data) as database:
        break_pages(data / "corpus.db")
        with pytest.raises(StoreError, match="restart of the bot rebuilds it"):
            async with database.corpus.read() as reader:
                await reader.fetch("SELECT * FROM passage JOIN section JOIN moment JOIN file")
    (data / "corpus.db").write_bytes(sound)  # nothing that a start's check would find
    for _ in range(2):
        await load(data, corpus)
    assert caplog.text.count("corpus.db was found damaged while it was read; set aside") == 1


async def test_only_the_last_corpus_that_was_set_aside_is_kept(tmp_path: Path) -> None:
    corpus, data = write_corpus(tmp_path / "corpus"), tmp_path / "data"
    await load(data, corpus)
    (data / "corpus.db.20200101-000000.aside").write_bytes(b"of an older version")
    (data / "state.db.20200101-000000.aside").write_bytes(b"what people made")
    age(data / "corpus.db")
    await load(data, corpus)
    aside = sorted(name.split(".")[0] for name in os.listdir(data) if name.endswith(".aside"))
    assert aside == ["corpus", "state"]
    assert not (data / "corpus.db.20200101-000000.aside").exists()


async def test_a_write_ahead_log_of_a_set_aside_corpus_is_not_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    await load(data, write_corpus(tmp_path / "corpus"))
    break_header(data / "corpus.db")
    (data / "corpus.db-wal").write_bytes(b"an old log" * 100)
    library = await load(data, tmp_path / "corpus")
    assert len(library.catalogue.documents) == len(PAGES)


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_state_is_refused_and_left_as_it_is(damage: Callable[[Path], None], tmp_path: Path) -> None:
    async with open_database(tmp_path) as database:
        await keep_payloads(database.state, {str(number): "x" * 500 for number in range(100)})
    damage(tmp_path / "state.db")
    before = (tmp_path / "state.db").read_bytes()
    with pytest.raises(StateDamagedError, match=r"state\.db is damaged .*python -m bot restore"):
        async with open_database(tmp_path):
            pass
    assert (tmp_path / "state.db").read_bytes() == before


async def test_a_first_start_on_a_full_disk_leaves_no_state_that_looks_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA max_page_count = 2")
        migrate_state(connection)

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.files.migrate_state", full)
        with pytest.raises(DataFolderError, match=r"disk is full.*and room"):
            async with open_database(tmp_path):
                pass
    assert not (tmp_path / "state.db").exists()
    async with open_database(tmp_path) as database:
        await set_fact(database.state, "name", "value")
    assert not [name for name in os.listdir(tmp_path) if name.startswith("state.db.")]


async def test_a_state_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    async with open_database(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(DataFolderError, match="newer version of Cuepoint"):
        async with open_database(tmp_path):
            pass


async def test_what_people_made_survives_a_damaged_corpus(tmp_path: Path) -> None:
    async with open_database(tmp_path) as database:
        await set_fact(database.state, "commands", "abc")
        await keep_payloads(database.state, {"hash": "body"})
    zero(tmp_path / "corpus.db")
    async with open_database(tmp_path) as database:
        assert await get_fact(database.state, "commands") == "abc"
        assert await find_payload(database.state, "hash") == "body"


async def test_what_people_made_is_nobody_elses_to_read(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        async with open_database(tmp_path) as database:
            await set_fact(database.state, "name", "value")
            modes = {name: os.stat(tmp_path / name).st_mode & 0o777 for name in os.listdir(tmp_path)}
    finally:
        os.umask(before)
    assert {mode for name, mode in modes.items() if name.startswith("state.db")} == {0o600}


async def test_a_missing_data_folder_is_made(tmp_path: Path) -> None:
    async with open_database(tmp_path / "not" / "yet"):
        assert (tmp_path / "not" / "yet" / "corpus.db").is_file()


async def test_a_file_in_the_place_of_the_data_folder_is_named_with_our_uid(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(DataFolderError) as refused:
        async with open_database(tmp_path / "data"):
            pass
    assert str(tmp_path / "data") in str(refused.value)
    assert f"uid {os.geteuid()}" in str(refused.value)
    assert "DATA_DIR" in str(refused.value)


@pytest.mark.parametrize("name", ["", "lock", "corpus.db", "state.db"])
async def test_a_folder_or_file_of_another_user_is_named_with_both_uids(name: str, open_folder: Path) -> None:
    async with open_database(open_folder):
        pass
    owner = (open_folder / name).stat().st_uid
    with without_access(open_folder / name, writing_only=True) as us, pytest.raises(DataFolderError) as refused:
        async with open_database(open_folder):
            pass
    assert str(open_folder) in str(refused.value)
    assert f"by uid {us}" in str(refused.value)
    assert f"belongs to uid {owner}" in str(refused.value)


async def test_a_second_process_is_refused_while_the_first_holds_the_folder(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from bot.store.database import open_database\n"
        "async def main():\n"
        "    async with open_database(Path(sys.argv[1])): print('opened')\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    async with open_database(tmp_path):
        second = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: ASYNC221
        assert second.returncode == 1
        assert "Another Cuepoint uses the data folder" in second.stderr
    third = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)  # noqa: ASYNC221
    assert third.stdout == "opened\n"


async def test_a_reader_of_another_versions_corpus_is_told_what_rebuilds_it(tmp_path: Path) -> None:
    async with open_database(tmp_path):
        pass
    age(tmp_path / "corpus.db")
    with pytest.raises(DataFolderError, match="Starting the bot rebuilds it"):
        async with open_database(tmp_path, writes=False):
            pass


async def test_a_reader_of_an_empty_folder_is_told_to_start_the_bot(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="start the bot once"):
        async with open_database(tmp_path, writes=False):
            pass


@pytest.mark.parametrize("damage", [truncate, break_header])
async def test_a_reader_of_a_damaged_corpus_is_told_what_rebuilds_it(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    async with open_database(tmp_path):
        pass
    damage(tmp_path / "corpus.db")
    with pytest.raises(DataFolderError, match=r"corpus.db could not be read \(.*\). Starting the bot rebuilds it"):
        async with open_database(tmp_path, writes=False):
            pass


async def test_a_copy_that_finds_no_room_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_database(tmp_path):
        pass

    def cramped(*args: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **more)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    connect = sqlite3.connect
    monkeypatch.setattr("sqlite3.connect", cramped)
    with (
        scratch(tmp_path) as folder,
        pytest.raises(StoreError, match=rf"no room for a copy of .*corpus.db in {tmp_path} "),
    ):
        copy_corpus(tmp_path, folder)


async def test_what_a_stop_left_of_a_copy_is_deleted(tmp_path: Path) -> None:
    with scratch(tmp_path) as folder:
        (folder / "corpus.db").touch()
        clear_scratch(tmp_path)
        assert not folder.exists()
