"""Connections and transactions: one writer behind a lock, a pool of read-only connections with a time limit.

Not for SQL about the corpus or the state: those are in the modules beside this one.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, nullcontext, suppress
from importlib import resources
from pathlib import Path
from typing import Any

import aiosqlite

from bot.errors import DataFolderError, ReadTooSlow, StateDamagedError, StoreError
from bot.log import get_logger
from bot.store.migrations import migrate_state

SCHEMA_VERSION = 2
READERS = 3  # two cores: more only wait for each other
READ_LIMIT = 1.0  # seconds; Discord wants the first answer within 3 s, and retries cost one
_BUSY_MS = 5_000
_CHECKED_WHOLE = 64_000_000  # bytes; a larger corpus.db is checked only after an unclean stop

log = get_logger(__name__)
Row = sqlite3.Row


class Reader:
    """One read: a snapshot of the corpus, cut off at its deadline."""

    def __init__(self, connection: aiosqlite.Connection, deadline: float) -> None:
        self._connection = connection
        self._deadline = deadline

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows. Raises ReadTooSlow at the read's deadline, StoreError where the database fails."""
        query = asyncio.ensure_future(self._connection.execute_fetchall(sql, parameters))
        try:
            done, _ = await asyncio.wait({query}, timeout=max(self._deadline - time.monotonic(), 0))
        except asyncio.CancelledError:
            await self._interrupt(query)
            raise
        if not done:
            await self._interrupt(query)
            raise ReadTooSlow("That took too long to look up. Narrow it down: fewer or rarer words.")
        try:
            return list(query.result())
        except sqlite3.Error as error:
            raise StoreError(f"The library could not be read ({_plain(error)}).") from error

    async def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row, or None."""
        rows = await self.fetch(sql, parameters)
        return rows[0] if rows else None

    async def _interrupt(self, query: asyncio.Future[Iterable[Row]]) -> None:
        """Stop the query and wait until its connection is free again."""
        while not query.done():
            await self._connection.interrupt()
            await asyncio.wait({query}, timeout=0.05)
        with suppress(sqlite3.Error, asyncio.CancelledError):
            query.result()


class Writer:
    """One write transaction. Statements run in order on the one writing connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        await self._connection.execute_fetchall(sql, parameters)

    async def many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            cursor = await self._connection.executemany(sql, rows)
            await cursor.close()

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        return list(await self._connection.execute_fetchall(sql, parameters))


class Store:
    """One SQLite file: `read()` for snapshots, `write()` for transactions."""

    def __init__(self, path: Path, writer: aiosqlite.Connection | None, readers: list[aiosqlite.Connection]) -> None:
        self.path = path
        self._writer = writer
        self._lock = asyncio.Lock()
        self._free: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for reader in readers:
            self._free.put_nowait(reader)

    @asynccontextmanager
    async def read(self, limit: float = READ_LIMIT) -> AsyncIterator[Reader]:
        """A snapshot to read from, for at most `limit` seconds, the wait for a free connection included."""
        deadline = time.monotonic() + limit
        try:
            connection = await asyncio.wait_for(self._free.get(), limit)
        except TimeoutError:
            raise ReadTooSlow("The library is very busy. Try again in a moment.") from None
        try:
            await connection.execute_fetchall("BEGIN")
            yield Reader(connection, deadline)
        except sqlite3.Error as error:
            raise StoreError(f"The library could not be read ({_plain(error)}).") from error
        finally:
            with suppress(sqlite3.Error):
                await connection.rollback()
            self._free.put_nowait(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Writer]:
        """A write transaction, committed at the end and rolled back on any error. Raises StoreError."""
        if self._writer is None:
            raise StoreError("This process only reads the data folder; another one writes it.")
        async with self._lock:
            try:
                await self._writer.execute_fetchall("BEGIN IMMEDIATE")
                try:
                    yield Writer(self._writer)
                    await self._writer.commit()
                except BaseException:
                    with suppress(sqlite3.Error):
                        await self._writer.rollback()
                    raise
            except sqlite3.Error as error:
                raise StoreError(
                    f"{self.path.name} could not be written ({_plain(error)}); nothing was changed."
                ) from error

    async def checkpoint(self) -> None:
        """Fold the write-ahead log into the file, as far as readers allow. For after a large write."""
        if self._writer is not None:
            async with self._lock:
                with suppress(sqlite3.Error):
                    await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
                    await self._writer.execute_fetchall("PRAGMA optimize")


class Database:
    """The data folder: `corpus` (derived) and `state` (what people made)."""

    def __init__(self, corpus: Store, state: Store) -> None:
        self.corpus = corpus
        self.state = state


@asynccontextmanager
async def open_database(folder: Path, *, writes: bool = True) -> AsyncIterator[Database]:
    """Open the data folder; with `writes`, hold it against every other writer.

    A damaged or older `corpus.db` is set aside and begun anew, empty; a damaged `state.db` never is. Raises
    DataFolderError and StateDamagedError.
    """
    _prepare(folder, writes=writes)
    with _folder_lock(folder) if writes else nullcontext():
        if writes:
            _open_or_set_aside(folder / "corpus.db")
            _check_state(folder / "state.db")
        connections: list[aiosqlite.Connection] = []
        try:
            corpus = await _open_store(folder / "corpus.db", READERS, connections, writes=writes)
            state = await _open_store(folder / "state.db", 1, connections, writes=writes)
            yield Database(corpus, state)
        except sqlite3.Error as error:
            raise DataFolderError(f"{folder} cannot be used ({_plain(error)}).") from error
        finally:
            for connection in connections:
                await connection.close()


def copy_corpus(folder: Path, target: Path) -> None:
    """Copy a data folder's corpus.db to another folder, also while a bot writes it; nothing where there is none."""
    source = folder / "corpus.db"
    if not source.is_file():
        return
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection,
            closing(sqlite3.connect(target / "corpus.db")) as copy,
        ):
            connection.backup(copy)
    except sqlite3.Error as error:
        raise StoreError(f"{source} could not be read ({_plain(error)}).") from error


def _prepare(folder: Path, *, writes: bool) -> None:
    try:
        if writes:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".writable-{os.getpid()}"
            probe.touch()
            probe.unlink()
        elif not (folder / "corpus.db").is_file() or not (folder / "state.db").is_file():
            raise DataFolderError(f"{folder} holds no library yet: start the bot once, or check DATA_DIR.")
    except OSError as error:
        owner = ""
        with suppress(OSError):
            owner = f"; it belongs to uid {folder.stat().st_uid}"
        message = (
            f"The data folder {folder.absolute()} cannot be written by uid {os.getuid()}{owner} ({error.strerror}). "
            "Give that user write access to it, or set DATA_DIR to another folder."
        )
        raise DataFolderError(message) from error


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the lock goes with the process, however it ends."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise DataFolderError(
                f"The data folder {folder.absolute()} cannot be locked ({error.strerror})."
            ) from error
        message = (
            f"Another Cuepoint uses the data folder {folder.absolute()}. Stop it, or set DATA_DIR to another folder."
        )
        raise DataFolderError(message) from error
    try:
        yield
    finally:
        os.close(descriptor)


def _open_or_set_aside(path: Path) -> None:
    """Make sure that a sound corpus.db of this version is there; set aside one that is not."""
    if path.exists():
        problem = _problem_of(path)
        if not problem:
            return
        aside = path.with_name(f"{path.name}.{time.strftime('%Y%m%d-%H%M%S')}.aside")
        os.replace(path, aside)
        log.warning("corpus.db %s; set aside as %s and rebuilt from the corpus folders", problem, aside.name)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        schema = resources.files("bot.store").joinpath("schema.sql").read_text("utf-8")
        connection.executescript(f"BEGIN IMMEDIATE; {schema}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
    finally:
        connection.close()


def _problem_of(path: Path) -> str:
    """What is wrong with a corpus.db, or an empty string."""
    unclean = path.with_name(path.name + "-wal").exists()
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA_VERSION:
                return f"has schema version {version}, this program writes {SCHEMA_VERSION}"
            connection.execute("SELECT count(*) FROM meta").fetchone()
            connection.execute("SELECT rowid FROM passage_index LIMIT 1").fetchone()
            if unclean or path.stat().st_size <= _CHECKED_WHOLE:
                (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                return "" if answer == "ok" else "is damaged"
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return "is damaged"
    return ""


def _check_state(path: Path) -> None:
    """Bring state.db to this version's shape. Raises StateDamagedError; changes nothing then."""
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_MS / 1000)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if answer != "ok":
                raise sqlite3.DatabaseError("damaged")
            migrate_state(connection)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        message = (
            f"{path.absolute()} is damaged ({_plain(error)}). It holds what people made, so it is not replaced. "
            "Put the last backup of it in its place and delete state.db-wal and state.db-shm beside it; without a "
            "backup, move it away, and the bot starts with a new one: older buttons then expire."
        )
        raise StateDamagedError(message) from error


async def _open_store(path: Path, readers: int, connections: list[aiosqlite.Connection], *, writes: bool) -> Store:
    uri = path.absolute().as_uri()  # noqa: ASYNC240 # asks for the current folder only

    async def connect(mode: str) -> aiosqlite.Connection:
        address = f"{uri}?mode={mode}"
        connection = await aiosqlite.connect(address, uri=True, isolation_level=None)
        connections.append(connection)
        connection.row_factory = sqlite3.Row
        await connection.execute_fetchall(f"PRAGMA busy_timeout = {_BUSY_MS}")
        return connection

    writer = None
    if writes:
        writer = await connect("rw")
        await writer.execute_fetchall("PRAGMA synchronous = NORMAL")
    pool = [await connect("ro") for _ in range(readers)]
    for reader in pool:
        await reader.execute_fetchall("PRAGMA query_only = ON")
    return Store(path, writer, pool)


def _plain(error: Any) -> str:
    """SQLite's message without anything that a statement carried."""
    return str(error).split(":", 1)[0][:80]
