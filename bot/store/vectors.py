"""vectors.db: what passages mean, as vectors; and the texts of corpus.db that they are of. Compares nothing.

The file is derived like corpus.db, but takes an hour to make instead of seconds: so it is a file of its own, and stays
when corpus.db is rebuilt. A vector is kept by a key, a hash of the model and of the passage's words: what a reload
leaves as it was needs no new one, whatever its row id.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import aiosqlite

from bot.errors import DataFolderError
from bot.log import get_logger
from bot.store.database import Reader, Store, Writer, marks, open_store
from bot.store.files import plain
from bot.store.searching import Candidate

_NAME = "vectors.db"
_VERSION = 1  # raise with every change of _SCHEMA
_SCHEMA = """
    -- A passage's vector: a signed byte for each dimension.
    CREATE TABLE vector (
        key   INTEGER PRIMARY KEY,
        bytes BLOB NOT NULL
    );
    -- The passages of the corpus as it was last noted. Of those with the same words one stands for all.
    CREATE TABLE wanted (
        key        INTEGER PRIMARY KEY,
        passage    INTEGER NOT NULL,       -- row id in corpus.db
        is_encoded INTEGER NOT NULL
    );
"""
_READERS = 2  # one for questions, one for who encodes

log = get_logger(__name__)


@asynccontextmanager
async def open_vectors(folder: Path) -> AsyncIterator[Store]:
    """Open vectors.db in a data folder that is held; a damaged one, or one of another version, is begun anew.

    Raises DataFolderError.
    """
    connections: list[aiosqlite.Connection] = []
    path = folder / _NAME
    try:
        await asyncio.to_thread(_prepare, path)
        yield await open_store(path, _READERS, connections, writes=True)
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else plain(error)
        raise DataFolderError(
            f"{path.absolute()} cannot be used ({why}). Make it writable, or delete it: it is made anew."
        ) from error
    finally:
        for connection in reversed(connections):
            await connection.close()


def _prepare(path: Path) -> None:
    try:
        if _is_sound(path):
            return
        log.warning("vectors.db is damaged or of another version: it is begun anew")
    except FileNotFoundError:
        pass
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}; PRAGMA user_version = {_VERSION}; COMMIT;")


def _is_sound(path: Path) -> bool:
    """Whether the file is whole and of this version. Raises FileNotFoundError; OperationalError where it is in use."""
    path.stat()
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            return bool(version == _VERSION and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError:  # locked, read-only, no room: the file itself may be good
        raise
    except sqlite3.DatabaseError:
        return False


async def candidates_after(corpus: Reader, passage: int, limit: int) -> list[Candidate]:
    """The searched passages that follow a row id, in the order of ids."""
    rows = await corpus.fetch(
        "SELECT id, document, words, heading, title FROM passage_text WHERE id > ? ORDER BY id LIMIT ?",
        (passage, limit),
    )
    return [Candidate(*row) for row in rows]


async def shown_texts(corpus: Reader, passages: Sequence[int]) -> list[tuple[Candidate, str]]:
    """Those of the passages that are there, as indexed and as shown: title, headings and text, a line or more each."""
    rows = await corpus.fetch(
        "SELECT passage_text.*, document.title || char(10) || section.path || char(10) || passage.text"
        " FROM passage_text JOIN passage ON passage.id = passage_text.id"
        " JOIN section ON section.document = passage.document AND section.ordinal = passage.section"
        f" JOIN document ON document.id = passage.document WHERE passage_text.id IN ({marks(passages)})",
        passages,
    )
    return [(Candidate(*row[:5]), row[5]) for row in rows]


async def forget_wanted(writer: Writer) -> None:
    """Begin to note the corpus anew."""
    await writer.execute("DELETE FROM wanted")


async def want(writer: Writer, passages: Iterable[tuple[int, int]]) -> None:
    """Note passages, as (key, row id)."""
    await writer.many(
        "INSERT OR IGNORE INTO wanted VALUES (?1, ?2, EXISTS (SELECT 1 FROM vector WHERE key = ?1))", list(passages)
    )


async def forget_unwanted(writer: Writer) -> None:
    """Take out the vectors of words that no passage has any more, and of other models."""
    await writer.execute("DELETE FROM vector WHERE key NOT IN (SELECT key FROM wanted)")


async def lacking(reader: Reader, after: int | None, limit: int) -> list[tuple[int, int]]:
    """Passages without a vector as (key, row id), in the order of keys, those after a key."""
    rows = await reader.fetch(
        "SELECT key, passage FROM wanted WHERE (?1 IS NULL OR key > ?1) AND NOT is_encoded ORDER BY key LIMIT ?2",
        (after, limit),
    )
    return [(row[0], row[1]) for row in rows]


async def keep(writer: Writer, vectors: Sequence[tuple[int, bytes]]) -> None:
    """Keep vectors by key."""
    await writer.many("INSERT OR REPLACE INTO vector VALUES (?, ?)", vectors)
    await writer.many("UPDATE wanted SET is_encoded = 1 WHERE key = ?", [(key,) for key, _ in vectors])


async def find(reader: Reader, keys: Sequence[int]) -> dict[int, bytes]:
    """The vectors of those keys that have one."""
    rows = await reader.fetch(f"SELECT key, bytes FROM vector WHERE key IN ({marks(keys)})", keys)
    return {row[0]: row[1] for row in rows}


async def progress(reader: Reader) -> tuple[int, int]:
    """How many of the different passages have a vector, and how many there are."""
    row = await reader.one("SELECT total(is_encoded), count(*) FROM wanted")
    return (int(row[0]), int(row[1])) if row else (0, 0)
