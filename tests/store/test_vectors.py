"""vectors.db: begun anew where it cannot be used, and what of the corpus still lacks a vector."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import DataFolderError
from bot.store import vectors
from bot.store.database import Store
from bot.store.vectors import open_vectors


async def note(store: Store, *keys: int) -> None:
    """Let the corpus be passages of these keys; each one's row id is its key."""
    async with store.write() as writer:
        await vectors.forget_wanted(writer)
        await vectors.want(writer, [(key, key) for key in keys])
        await vectors.forget_unwanted(writer)


async def keep(store: Store, *keys: int) -> None:
    async with store.write() as writer:
        await vectors.keep(writer, [(key, bytes([key])) for key in keys])


async def kept(store: Store, *keys: int) -> dict[int, bytes]:
    async with store.read() as reader:
        return await vectors.find(reader, keys)


async def lacking(store: Store, after: int | None = None, limit: int = 9) -> list[int]:
    async with store.read() as reader:
        return [key for key, _ in await vectors.lacking(reader, after, limit)]


async def progress(store: Store) -> tuple[int, int]:
    async with store.read() as reader:
        return await vectors.progress(reader)


async def test_what_lacks_a_vector_comes_in_the_order_of_keys(tmp_path: Path) -> None:
    async with open_vectors(tmp_path) as store:
        await note(store, 4, 1, 3, 2)
        await keep(store, 2)
        assert await lacking(store) == [1, 3, 4]
        assert await lacking(store, after=1) == [3, 4]
        assert await lacking(store, limit=1) == [1]
        assert await progress(store) == (1, 4)


async def test_the_same_words_are_wanted_once(tmp_path: Path) -> None:
    async with open_vectors(tmp_path) as store:
        await note(store, 1, 1, 2)
        assert await progress(store) == (0, 2)


async def test_of_a_changed_corpus_the_vectors_that_still_fit_stay(tmp_path: Path) -> None:
    async with open_vectors(tmp_path) as store:
        await note(store, 1, 2)
        await keep(store, 1, 2)
        await note(store, 2, 3)
        assert await kept(store, 1, 2, 3) == {2: b"\2"}
        assert await lacking(store) == [3]
        assert await progress(store) == (1, 2)


async def test_vectors_are_there_after_a_restart(tmp_path: Path) -> None:
    async with open_vectors(tmp_path) as store:
        await note(store, 1)
        await keep(store, 1)
    async with open_vectors(tmp_path) as store:
        assert await kept(store, 1) == {1: b"\1"}


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(84), b"x" * 20_000])
async def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vectors.db").write_bytes(content)
    async with open_vectors(tmp_path) as store:
        assert await progress(store) == (0, 0)


async def test_a_file_with_a_damaged_page_is_begun_anew(tmp_path: Path) -> None:
    async with open_vectors(tmp_path) as store:
        await note(store, *range(1, 100))
        await keep(store, *range(1, 100))
    path = tmp_path / "vectors.db"
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    async with open_vectors(tmp_path) as store:
        assert await progress(store) == (0, 0)


async def test_a_file_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "vectors.db")) as connection:
        connection.executescript("CREATE TABLE vector (other); PRAGMA user_version = 99;")
    async with open_vectors(tmp_path) as store:
        assert await progress(store) == (0, 0)


async def test_a_file_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "vectors.db").mkdir()
    with pytest.raises(DataFolderError, match=r"vectors\.db cannot be used"):
        async with open_vectors(tmp_path):
            pass
    with pytest.raises(DataFolderError, match=r"vectors\.db cannot be used"):
        async with open_vectors(tmp_path / "nowhere"):
            pass
