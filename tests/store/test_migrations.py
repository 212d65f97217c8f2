"""state.db's steps: each is run once, in order, and a newer file is left alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.errors import DataFolderError
from bot.store import migrations
from bot.store.migrations import STEPS, migrate_state


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        yield connection


def version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_file_takes_every_step_once(connection: sqlite3.Connection) -> None:
    migrate_state(connection)
    connection.execute("INSERT INTO meta VALUES ('name', 'value')")
    migrate_state(connection)
    assert version(connection) == len(STEPS)
    assert connection.execute("SELECT value FROM meta").fetchall() == [("value",)]


def test_a_step_that_fails_is_undone_and_the_ones_before_it_stay(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, "CREATE TABLE half (a); CREATE TABLE meta (b)"))
    with pytest.raises(sqlite3.OperationalError):
        migrate_state(connection)
    connection.execute("ROLLBACK")
    assert version(connection) == len(STEPS)
    assert connection.execute("SELECT name FROM sqlite_schema WHERE name = 'half'").fetchall() == []


def test_a_newer_file_is_refused_unchanged(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(DataFolderError, match="newer version"):
        migrate_state(connection)
    assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == []
