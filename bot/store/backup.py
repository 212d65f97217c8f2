"""A data folder's backup as one file, and back: state.db, uploads and history. What can be made anew is left out.

The file is a gzipped tar: the files, then `manifest.json` with their hashes and what state.db's shape was.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import sqlite3
import tarfile
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from bot.errors import BackupUnusable, StoreError
from bot.store.files import STATE_MODE, alone, is_full, is_there, no_room, plain, scratch
from bot.store.migrations import STEPS

_FOLDERS = ("uploads", "history")
_STATE = "state.db"
_MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. `made_at` is Unix time; `uploads` counts files, `size` is in bytes of what is in it."""

    made_at: int
    uploads: int
    size: int


def write_backup(folder: Path, target: Path) -> Backup:
    """Back a data folder up, also while a bot uses it.

    Raises StoreError and DataFolderError; an older `target` is as it was then.
    """
    if not is_there(folder / _STATE):
        raise StoreError(
            f"{folder} holds nothing to back up yet: there is no {_STATE}. Start the bot once, or check DATA_DIR."
        )
    if os.path.exists(target) and not _starts_as_backup(target):
        raise StoreError(f"{target} is there and is no backup. Name another file.")
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            backup = _write(folder, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        raise StoreError(f"{target} could not be written ({error.strerror or error}); no backup was made.") from error
    finally:
        with suppress(OSError):  # as where the target's folder is none
            fresh.unlink()
    return backup


def restore_backup(folder: Path, source: Path) -> Backup:
    """Bring a backup back; what was there is set aside. Raises BackupUnusable, DataFolderError and StoreError.

    No bot may use the folder. corpus.db goes: the next start makes it anew, of what the folders hold then.
    """
    with alone(folder), TemporaryDirectory(prefix=".restore-", dir=folder) as scratch:
        staged = Path(scratch)
        backup = _extract(source, staged)
        try:
            _put_back(folder, staged)
        except OSError as error:
            raise StoreError(
                f"{folder} could not be written ({error.strerror or error}). What was there is beside it, as .aside; "
                "make room, then restore again."
            ) from error
    return backup


def _starts_as_backup(path: Path) -> bool:
    """Whether it was meant to be one, whole or not: state.db comes first in all of ours."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            first = archive.next()
    except (OSError, tarfile.TarError, EOFError, zlib.error):
        return False
    return first is not None and first.name == _STATE


def _write(folder: Path, file: io.BufferedWriter) -> Backup:
    hashes: dict[str, str] = {}
    now, size = int(time.time()), 0
    with tarfile.open(fileobj=file, mode="w:gz") as archive:

        def add(name: str, data: bytes) -> None:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(data), now, 0o600
            archive.addfile(entry, io.BytesIO(data))

        for name, data in _contents(folder):
            add(name, data)
            hashes[name] = hashlib.sha256(data).hexdigest()
            size += len(data)
        manifest = {"format": _FORMAT, "made_at": now, "state_step": len(STEPS), "files": hashes}
        add(_MANIFEST, json.dumps(manifest, indent=1).encode())
    return Backup(now, _uploads(hashes), size)


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of all that is backed up. state.db comes first: a file that is younger does no harm."""
    yield _STATE, _snapshot(folder / _STATE)
    for name in _FOLDERS:
        for path in _files_in(folder / name):
            try:
                data = path.read_bytes() if path.is_file() and not path.is_symlink() else None
            except OSError as error:
                _refuse_unreadable(error)
                continue
            if data is not None:
                yield path.relative_to(folder).as_posix(), data


def _files_in(folder: Path) -> list[Path]:
    """What is in a folder and those in it, by path, without what is hidden."""
    walk = os.walk(folder, onerror=_refuse_unreadable)
    return sorted(Path(place, name) for place, _, names in walk for name in names if not name.startswith("."))


def _refuse_unreadable(error: OSError) -> None:
    """Raise StoreError for what is there and may not be read; what was taken away meanwhile is none of a backup's."""
    if not isinstance(error, FileNotFoundError):
        raise StoreError(
            f"{error.filename} could not be read ({error.strerror or error}); no backup was made. Give uid "
            f"{os.geteuid()} read access to it, or remove it."
        ) from error


def _snapshot(path: Path) -> bytes:
    """A database as one file, its write-ahead log folded in."""
    with scratch(path.parent) as place:
        copy = place / path.name
        try:
            with (
                closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
                problem = _problem_of(target)
        except sqlite3.Error as error:
            if is_full(error):
                raise no_room(path, place) from error
            raise StoreError(f"{path} could not be read ({plain(error)}); no backup was made.") from error
        if problem:
            raise StoreError(
                f"{path} is damaged ({problem}); no backup was made. Bring the last one back with "
                "`python -m bot restore FILE`."
            )
        return copy.read_bytes()


def _problem_of(state: sqlite3.Connection) -> str:
    """What is wrong with a state.db, or an empty string. An empty file is a sound database too, and none of ours."""
    if state.execute("PRAGMA user_version").fetchone() < (1,):
        return "empty"
    (answer,) = state.execute("PRAGMA quick_check(1)").fetchone()
    return "" if answer == "ok" else "not sound"


def _extract(source: Path, staged: Path) -> Backup:
    """Take a backup apart in a folder of its own, and check all of it."""
    with _readable(source), tarfile.open(source, "r:gz") as archive:
        hashes, manifest = {}, b""
        size = 0
        for entry in archive:
            file = archive.extractfile(entry) if entry.isreg() else None
            if file is None or not (_is_ours(entry.name) or entry.name == _MANIFEST):
                raise BackupUnusable(f"{source} is no backup of Cuepoint: it holds {entry.name[:80]!a}.")
            data = file.read()
            if entry.name == _MANIFEST:
                manifest = data
                continue
            hashes[entry.name] = hashlib.sha256(data).hexdigest()
            size += len(data)
            (staged / entry.name).parent.mkdir(parents=True, exist_ok=True)
            (staged / entry.name).write_bytes(data)
        stated = json.loads(manifest)
        if stated["format"] != _FORMAT or stated["state_step"] > len(STEPS):
            raise BackupUnusable(f"{source} was made by a newer version of Cuepoint. Restore it with that version.")
        if stated["files"] != hashes or _STATE not in hashes:
            raise BackupUnusable(f"{source} is not whole: what is in it is not what was put in. Take another backup.")
        with closing(sqlite3.connect(staged / _STATE)) as connection:
            if problem := _problem_of(connection):
                raise BackupUnusable(f"The state.db in {source} is damaged ({problem}). Take another backup.")
        (staged / _STATE).chmod(STATE_MODE)
        return Backup(int(stated["made_at"]), _uploads(hashes), size)


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    """Say of whatever is no backup that it is none."""
    try:
        yield
    except FileNotFoundError as error:
        raise BackupUnusable(f"{source} is not there.") from error
    except OSError as error:
        raise BackupUnusable(
            f"{source} could not be read, or its content not written ({error.strerror or error})."
        ) from error
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, zlib.error, sqlite3.Error) as error:
        raise BackupUnusable(f"{source} is no backup of Cuepoint, or not whole. Nothing was changed.") from error


def _is_ours(name: str) -> bool:
    """Whether a backup may hold a file of that name: state.db, or one below one of our folders."""
    parts = PurePosixPath(name).parts
    inside = len(parts) > 1 and parts[0] in _FOLDERS and ".." not in parts
    return name == _STATE or (inside and name == "/".join(parts) and "\0" not in name)


def _put_back(folder: Path, staged: Path) -> None:
    """Set aside what is there and put the backup in its place: at every moment a whole state.db is there.

    Its log is folded into it, or goes with it where it is damaged: beside another file SQLite would take it for that
    file's. corpus.db goes first: cut off in between, the next start takes nothing for loaded that is not there.
    """
    os.sync()  # what was staged is on the disk before anything gives way to it
    for suffix in ("", "-wal", "-shm"):
        (folder / f"corpus.db{suffix}").unlink(missing_ok=True)
    stamp = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"  # an hour comes twice where clocks are put back
    state = folder / _STATE
    if state.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(state)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = folder / f"{_STATE}.{stamp}.aside"
    if state.exists():
        with suppress(OSError):  # a file system without links keeps a copy
            os.link(state, aside)
        if not aside.exists():
            shutil.copyfile(state, aside)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            (folder / f"{_STATE}{suffix}").replace(folder / f"{aside.name}{suffix}")
    (staged / _STATE).replace(state)
    for name in _FOLDERS:
        with suppress(FileNotFoundError):
            (folder / name).replace(folder / f"{name}.{stamp}.aside")
        if (staged / name).exists():
            (staged / name).replace(folder / name)


def _uploads(hashes: dict[str, str]) -> int:
    return sum(name.startswith("uploads/") for name in hashes)
