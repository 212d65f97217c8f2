"""The files of the data folder: held by one writer, checked before they are used. Not for what is in them.

`corpus.db` is derived: one that cannot be used as it is, is set aside. `state.db` never is.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from importlib import resources
from pathlib import Path
from stat import S_ISREG
from tempfile import TemporaryDirectory

from bot.errors import DataFolderError, StateDamagedError, StoreError
from bot.log import get_logger
from bot.store.migrations import STEPS, migrate_state

SCHEMA_VERSION = 7
STATE_MODE = 0o600  # of state.db
_CHECKED_WHOLE = 64_000_000  # bytes; a larger corpus.db is checked only after an unclean stop
_PRIMARY = 0xFF  # of an extended SQLite error code
_ACCESS = frozenset(
    (sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
)

_CORPUS = "corpus.db"
_SUSPECT = ".suspect"  # after a file's name: that file was found damaged while it was used
_BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a database
_SCRATCH = "scratch-"  # what folders for a while are called

log = get_logger(__name__)


@contextmanager
def held(folder: Path, *, writes: bool) -> Iterator[None]:
    """Both databases sound and of this version; with `writes`, the folder held against every other writer.

    Raises DataFolderError and StateDamagedError.
    """
    with _reporting(folder):
        if writes:
            _probe(folder)
        elif not is_there(folder / "corpus.db") or not is_there(folder / "state.db"):
            raise DataFolderError(f"{folder.absolute()} holds no library yet: start the bot once, or check DATA_DIR.")
    with _lock(folder) if writes else nullcontext():
        with _reporting(folder):
            if writes:
                _open_or_set_aside(folder / "corpus.db")
                _check_state(folder / "state.db")
            else:
                _check_version(folder / "corpus.db")
        yield


def is_there(path: Path) -> bool:
    """Whether this file of the data folder is there. Raises DataFolderError where nobody may look."""
    with _reporting(path.parent):
        try:
            return S_ISREG(path.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            return False


@contextmanager
def scratch(folder: Path) -> Iterator[Path]:
    """A folder for a while, where there is as much room as for the databases: the system's own may be small.

    It is in the data folder, but for who may not write there. Raises StoreError.
    """
    with _temporary(folder) as name:
        yield Path(name)


def clear_scratch(folder: Path) -> None:
    """Delete what a stop left of folders that were for a while."""
    for left in folder.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)


def is_full(error: sqlite3.Error) -> bool:
    """Whether SQLite found no more room."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY == sqlite3.SQLITE_FULL


def no_room(path: Path, place: Path) -> StoreError:
    """What to say where a copy of a database found no room."""
    return StoreError(
        f"There is no room for a copy of {path} in {place.parent} (disk is full). Make room there and try again; who "
        "may not write the data folder names another place with TMPDIR."
    )


def _temporary(folder: Path) -> TemporaryDirectory[str]:
    with suppress(OSError):
        return TemporaryDirectory(prefix=_SCRATCH, dir=folder)
    try:
        return TemporaryDirectory(prefix="cuepoint-")
    except OSError as error:
        raise StoreError(
            f"{folder} could not be written, and no other place for a copy either ({error.strerror or error}). Make "
            "room, then try again."
        ) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """The folder held against every writer, whatever state its files are in. Raises DataFolderError."""
    with _reporting(folder):
        _probe(folder)
    with _lock(folder):
        yield


def prepare_state(folder: Path) -> None:
    """`state.db` sound and of this version, for who writes it beside a bot. Raises as `held` does.

    Only to make or to migrate it is the folder held, for that moment: two processes must not take the same step. A
    running bot has taken them all, so this does not wait for it.
    """
    with _reporting(folder):
        _probe(folder)
        current = _state_step(folder / "state.db") == len(STEPS)
    with nullcontext() if current else _lock(folder), _reporting(folder):
        _check_state(folder / "state.db")


def _state_step(path: Path) -> int:
    """How many steps of the migration a state.db has seen; -1 where it is absent or unreadable."""
    with (
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection,
    ):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        return int(version)
    return -1


def suspect(path: Path, error: sqlite3.Error) -> None:
    """Remember, where an error says that a corpus.db is damaged, so that the next start sets it aside.

    The check at a start would not see all of it: a large file is not read whole after a clean stop, nor the full-text
    index on every SQLite.
    """
    is_damage = getattr(error, "sqlite_errorcode", 0) & _PRIMARY in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if is_damage and path.name == _CORPUS:
        with suppress(OSError):
            path.with_name(path.name + _SUSPECT).touch()


def plain(error: sqlite3.Error) -> str:
    """SQLite's message without anything that a statement carried."""
    return str(error).split(":", 1)[0][:80]


@contextmanager
def _reporting(folder: Path) -> Iterator[None]:
    """Say by whom the folder cannot be used, and whose it is: nearly always that is what is wrong."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        owners: set[int] = set()
        for path in (folder, folder / "lock", folder / "corpus.db", folder / "state.db"):
            with suppress(OSError):
                owners.add(path.stat().st_uid)
        whose = f"; what is there belongs to uid {', '.join(map(str, sorted(owners)))}" if owners else ""
        why = error.strerror if isinstance(error, OSError) else plain(error)
        message = (
            f"The data folder {folder.absolute()} cannot be used by uid {os.geteuid()} ({why}){whose}. "
            "Give that user write access to it and all that is in it, and room, or set DATA_DIR to another folder."
        )
        raise DataFolderError(message) from error


def _probe(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f".writable-{os.getpid()}"
    probe.touch()
    probe.unlink()


@contextmanager
def _lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; the lock goes with the process, however it ends."""
    with _reporting(folder):
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        with _reporting(folder):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise
                raise DataFolderError(
                    f"Another Cuepoint uses the data folder {folder.absolute()}. Stop it, or set DATA_DIR to another "
                    "folder."
                ) from error
        yield
    finally:
        os.close(descriptor)


def _open_or_set_aside(path: Path) -> None:
    """Make sure that a sound corpus.db of this version is there; set aside one that is not."""
    doubt = path.with_name(path.name + _SUSPECT)
    if path.exists():
        problem = "was found damaged while it was read" if doubt.exists() else _problem_of(path)
        if not problem:
            return
        aside = path.with_name(f"{path.name}.{time.strftime('%Y%m%d-%H%M%S')}.aside")
        os.replace(path, aside)
        for older in path.parent.glob(f"{path.name}.*.aside"):  # one is enough to look into; each is as large as all
            if older != aside:
                older.unlink(missing_ok=True)
        log.warning("corpus.db %s; set aside as %s and rebuilt from the corpus folders", problem, aside.name)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    schema = resources.files("bot.store").joinpath("schema.sql").read_text("utf-8")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {schema}; PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;")
    doubt.unlink(missing_ok=True)


def _problem_of(path: Path) -> str:
    """What is wrong with a corpus.db, or an empty string. Raises sqlite3.Error where it cannot be written at all."""
    unclean = path.with_name(path.name + "-wal").exists()
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version != SCHEMA_VERSION:
                return f"has schema version {version}, this program writes {SCHEMA_VERSION}"
            _check_writable(connection)
            connection.execute("SELECT count(*) FROM meta").fetchone()
            connection.execute("SELECT rowid FROM passage_index LIMIT 1").fetchone()
            if unclean or path.stat().st_size <= _CHECKED_WHOLE:
                (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                return "" if answer == "ok" else "is damaged"
    except sqlite3.DatabaseError as error:
        if _is_access(error):
            raise
        return "is damaged"
    return ""


def _check_version(path: Path) -> None:
    """Raise DataFolderError where corpus.db is damaged or has another shape: who only reads cannot rebuild it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        if _is_access(error):
            raise
        raise DataFolderError(
            f"{path.absolute()} could not be read ({plain(error)}). Starting the bot rebuilds it."
        ) from error
    if version != SCHEMA_VERSION:
        raise DataFolderError(f"{path.absolute()} is of another version of Cuepoint. Starting the bot rebuilds it.")


def _check_state(path: Path) -> None:
    """Bring state.db to this version's shape. Raises StateDamagedError; changes nothing then."""
    if not path.exists():
        _make_state(path)
    try:
        if not path.stat().st_size:  # SQLite would take it for a new one; ours never are empty
            raise sqlite3.DatabaseError("empty")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            _check_writable(connection)
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if answer != "ok":
                raise sqlite3.DatabaseError("damaged")
            migrate_state(connection)
    except sqlite3.DatabaseError as error:
        if _is_access(error):
            raise
        message = (
            f"{path.absolute()} is damaged ({plain(error)}). It holds what people made, so it is not replaced. "
            "Bring the last backup back with `python -m bot restore FILE`; without one, move it away with state.db-wal "
            "and state.db-shm, and the bot starts with a new one: older buttons then expire."
        )
        raise StateDamagedError(message) from error


def _make_state(path: Path) -> None:
    """Make a state.db that has its name only once it is whole: a stop or a full disk leaves none, not a damaged one.

    Nobody else on the host may read it: it has user ids, and what members asked. What SQLite puts beside it is alike.
    """
    fresh = path.with_name(f"{path.name}.new")
    for left in (fresh, *(base.with_name(base.name + suffix) for base in (fresh, path) for suffix in _BESIDE)):
        left.unlink(missing_ok=True)
    fresh.touch(STATE_MODE)
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        migrate_state(connection)
    fresh.replace(path)


def _check_writable(connection: sqlite3.Connection) -> None:
    """Raise where the file, or its folder, is another user's: SQLite would say so only at the first write."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("ROLLBACK")


def _is_access(error: sqlite3.Error) -> bool:
    """Whether SQLite could not get at the file or at more room, which says nothing about what is in it."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _ACCESS
