"""Connections and transactions: one writer behind a lock, a pool of read-only connections with a time limit.

Not for SQL about the corpus or the state, nor for what the files are like: those are in the modules beside this one.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

import aiosqlite

from bot.errors import DataFolderError, ReadTooSlow, StoreError
from bot.store.files import held, is_full, is_there, no_room, plain, prepare_state, suspect

READERS = 3  # two cores: more only wait for each other
READ_LIMIT = 1.0  # seconds; Discord wants the first answer within 3 s, and retries cost one
_BUSY_MS = 1_000  # for another process to end its write: a member's reply may be waiting
_INTERRUPTED = 0.05  # seconds between two interruptions of a query that goes on
_BATCH = 500  # rows that are taken at once where many are
Row = sqlite3.Row
T = TypeVar("T")
P = ParamSpec("P")


def marks(values: Sequence[object]) -> str:
    """As many question marks as there are values, for a list in SQL."""
    return ", ".join("?" * len(values))


@dataclass(slots=True)
class Remembered:
    """What reads keep for the next ones, until something is written. Filled by the functions that are named."""

    counts: dict[str, int] = field(default_factory=dict)  # searching.match_counts
    facts: tuple[int, list[str]] | None = None  # searching.facts
    common: dict[str, tuple[int, int]] | None = None  # common.common_words


class Reader:
    """One read: a snapshot of the corpus, cut off at its deadline."""

    def __init__(self, path: Path, connection: aiosqlite.Connection, deadline: float, remembered: Remembered) -> None:
        self.remembered = remembered
        self._path = path
        self._connection = connection
        self._deadline = deadline
        self._is_asking = False

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows. Raises ReadTooSlow at the read's deadline, StoreError where the database fails."""
        return list(await self._in_time(self._connection.execute_fetchall, sql, parameters))

    async def batches(self, sql: str, parameters: Sequence[object] = ()) -> AsyncIterator[list[Row]]:
        """All rows, some at a time: for more than should be in memory at once. Raises as `fetch` does."""
        cursor = await self._in_time(self._connection.execute, sql, parameters)
        try:
            while rows := await self._in_time(cursor.fetchmany, _BATCH):
                yield list(rows)
        finally:
            with suppress(sqlite3.Error):
                await cursor.close()

    async def one(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row, or None."""
        rows = await self.fetch(sql, parameters)
        return rows[0] if rows else None

    async def _in_time(self, ask: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        self._is_asking = True
        try:
            if not self._is_late:
                return await ask(*args, **kwargs)
        except asyncio.CancelledError:
            await self._come_free()
            raise
        except sqlite3.Error as error:
            if not self._is_late:
                raise _unreadable(self._path, error) from error
        finally:
            self._is_asking = False
        raise ReadTooSlow("That took too long to look up. Narrow it down: fewer or rarer words.")

    @property
    def _is_late(self) -> bool:
        return time.monotonic() >= self._deadline

    async def cut_off(self) -> None:
        """Stop what is asked from the deadline on. To be cancelled when the read ends."""
        await asyncio.sleep(self._deadline - time.monotonic())
        while True:  # a query that has not quite begun is not interrupted
            if self._is_asking:  # else an open cursor would hand the interruption on to the rollback
                await self._connection.interrupt()
            await asyncio.sleep(_INTERRUPTED)

    async def _come_free(self) -> None:
        """Stop the query that nobody waits for any more, and wait until its connection is free again."""
        next_in_line = asyncio.ensure_future(self._connection.execute_fetchall("SELECT 1"))
        while not next_in_line.done():
            await self._connection.interrupt()
            await asyncio.wait({next_in_line}, timeout=_INTERRUPTED)
        with suppress(sqlite3.Error, asyncio.CancelledError):
            next_in_line.result()


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
        self._remembered = Remembered()
        self._lock = asyncio.Lock()
        self._free = readers
        self._waiting: deque[asyncio.Future[aiosqlite.Connection]] = deque()

    @asynccontextmanager
    async def read(self, limit: float | None = None) -> AsyncIterator[Reader]:
        """A snapshot to read from, for at most `limit` seconds (READ_LIMIT), the wait for a connection included."""
        limit = READ_LIMIT if limit is None else limit
        deadline = time.monotonic() + limit
        connection = await self._take(limit)
        reader = Reader(self.path, connection, deadline, self._remembered)
        cutting_off = asyncio.ensure_future(reader.cut_off())
        try:
            await reader.fetch("BEGIN")
            reader.remembered = self._remembered  # a write may have ended meanwhile
            yield reader
        finally:
            cutting_off.cancel()
            try:
                with suppress(sqlite3.Error):
                    await connection.rollback()
            finally:  # also where a second cancellation interrupts the rollback, which then runs by itself
                self._give_back(connection)

    async def _take(self, limit: float) -> aiosqlite.Connection:
        """A connection to read from, first come, first served: who gives one back and wants another waits again."""
        if self._free:
            return self._free.pop()
        given: asyncio.Future[aiosqlite.Connection] = asyncio.get_running_loop().create_future()
        self._waiting.append(given)
        try:
            async with asyncio.timeout(limit):
                return await given
        except BaseException as error:
            if given.done() and not given.cancelled():
                self._give_back(given.result())
            if isinstance(error, TimeoutError):
                raise ReadTooSlow("The library is very busy. Try again in a moment.") from None
            raise

    def _give_back(self, connection: aiosqlite.Connection) -> None:
        while self._waiting:
            given = self._waiting.popleft()
            if not given.done():  # else nobody waits any more
                given.set_result(connection)
                return
        self._free.append(connection)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Writer]:
        """A write transaction, committed at the end and rolled back on any error. Raises StoreError."""
        if self._writer is None:
            raise StoreError("This process only reads the data folder; another one writes it.")
        async with self._lock:
            try:
                try:
                    await self._writer.execute_fetchall("BEGIN IMMEDIATE")  # to its end, also where we are cancelled
                    yield Writer(self._writer)
                    await self._writer.commit()
                    self._remembered = Remembered()
                except BaseException:
                    with suppress(sqlite3.Error):
                        await self._writer.rollback()
                    raise
            except sqlite3.Error as error:
                suspect(self.path, error)
                raise StoreError(
                    f"{self.path.name} could not be written ({plain(error)}); nothing was changed. See that the disk "
                    "of the data folder has room and can be written, then try again."
                ) from error

    async def probe(self) -> None:
        """Ask the file something. Raises StoreError or ReadTooSlow where it does not answer."""
        async with self.read() as reader:
            await reader.fetch("SELECT 1 FROM sqlite_schema LIMIT 1")

    @property
    def is_writable(self) -> bool:
        """Whether this process holds the data folder, and may change what is in it."""
        return self._writer is not None

    def size(self) -> int:
        """The file's size in bytes, with its write-ahead log."""
        total = 0
        for path in (self.path, self.path.with_name(self.path.name + "-wal")):
            with suppress(OSError):
                total += path.stat().st_size
        return total

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
    with held(folder, writes=writes):
        connections: list[aiosqlite.Connection] = []
        try:
            corpus = await open_store(folder / "corpus.db", READERS, connections, writes=writes)
            state = await open_store(folder / "state.db", 1, connections, writes=writes, derived=False)
            yield Database(corpus, state)
        except sqlite3.Error as error:
            raise DataFolderError(f"The data folder {folder} cannot be used ({plain(error)}).") from error
        finally:
            for connection in reversed(connections):  # writers last: only they can fold the write-ahead log in
                await connection.close()


@asynccontextmanager
async def open_state(folder: Path) -> AsyncIterator[Store]:
    """Open state.db alone for writing, also while a bot holds the folder. Raises as `open_database` does.

    That is safe without the folder's lock. The lock keeps a second bot away, and a second process from deriving
    corpus.db; state.db needs neither: nobody keeps in memory what is written here (videos, gaps), each write is one
    BEGIN IMMEDIATE, for which SQLite lets one process at a time in while the others wait (_BUSY_MS), and in WAL mode
    readers see whole transactions only. Keep transactions here short: a member's button may wait for one.
    """
    prepare_state(folder)
    connections: list[aiosqlite.Connection] = []
    try:
        yield await open_store(folder / "state.db", 1, connections, writes=True, derived=False)
    except sqlite3.Error as error:
        raise DataFolderError(f"The data folder {folder} cannot be used ({plain(error)}).") from error
    finally:
        for connection in reversed(connections):
            await connection.close()


def copy_corpus(folder: Path, target: Path) -> None:
    """Copy what a reload starts from to another folder, also while a bot writes it: as far as it is there.

    That is corpus.db, and state.db for what it knows of videos. Raises StoreError and DataFolderError.
    """
    for name, remedy in (("corpus.db", "Starting the bot rebuilds it."), ("state.db", "Starting the bot says more.")):
        source = folder / name
        if not is_there(source):
            continue
        try:
            with (
                closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as connection,
                closing(sqlite3.connect(target / name)) as copy,
            ):
                connection.backup(copy)
        except sqlite3.Error as error:
            if is_full(error):
                raise no_room(source, target) from error
            raise StoreError(f"{source} could not be read ({plain(error)}). {remedy}") from error


async def open_store(
    path: Path, readers: int, connections: list[aiosqlite.Connection], *, writes: bool, derived: bool = True
) -> Store:
    """A file that is there, as a store. The caller closes `connections`, which its own go into, the writer first.

    What is not `derived` is on the disk when a write has ended, whatever becomes of the power then.
    """
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
        await writer.execute_fetchall(f"PRAGMA synchronous = {'NORMAL' if derived else 'FULL'}")
    pool = [await connect("ro") for _ in range(readers)]
    for reader in pool:
        await reader.execute_fetchall("PRAGMA query_only = ON")
    return Store(path, writer, pool)


def _unreadable(path: Path, error: sqlite3.Error) -> StoreError:
    """What a member is told: the corpus is derived and comes back by itself, state.db is not."""
    if path.name == "state.db":
        return StoreError(
            f"What was kept for this could not be read ({plain(error)}). Ask again with the command; if that fails "
            "too, tell who runs the bot."
        )
    suspect(path, error)
    return StoreError(
        f"The library could not be read ({plain(error)}). A restart of the bot rebuilds it where it is damaged."
    )
