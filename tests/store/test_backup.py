"""Backups: whole or not at all, of a folder that is used; brought back over whatever is there, and checked first."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from bot.errors import BackupUnusable, DataFolderError, StateDamagedError, StoreError
from bot.store import state
from bot.store.backup import restore_backup, write_backup
from bot.store.database import open_database
from bot.store.migrations import STEPS
from tests.store.access import without_access


@pytest_asyncio.fixture
async def data(tmp_path: Path) -> AsyncIterator[Path]:
    """A data folder with a fact and an upload in it, that nobody uses."""
    folder = tmp_path / "data"
    async with open_database(folder) as database:
        await state.set_fact(database.state, "name", "backed up")
    for name in ("uploads/bees.md", "uploads/.half.part", "history/texts/aa/bb", "history/1.json"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"words of {name}")
    yield folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def aside_of(folder: Path, name: str) -> Path:
    """What a restore set aside."""
    (path,) = folder.glob(f"{name}.*.aside")
    return path


async def fact(folder: Path) -> str:
    async with open_database(folder) as database:
        return await state.get_fact(database.state, "name")


async def set_fact(folder: Path, value: str) -> None:
    async with open_database(folder) as database:
        await state.set_fact(database.state, "name", value)


async def test_what_was_backed_up_comes_back_and_what_was_there_is_set_aside(data: Path, tmp_path: Path) -> None:
    made = write_backup(data, tmp_path / "backup.tar.gz")
    assert made.uploads == 1
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o077 == 0
    await set_fact(data, "later")
    (data / "uploads" / "bees.md").write_text("later")
    (data / "uploads" / "wasps.md").write_text("later")
    assert restore_backup(data, tmp_path / "backup.tar.gz") == made
    assert await fact(data) == "backed up"
    assert (data / "uploads" / "bees.md").read_text() == "words of uploads/bees.md"
    assert (data / "history" / "texts" / "aa" / "bb").read_text() == "words of history/texts/aa/bb"
    assert names(data / "uploads") == ["bees.md"]
    assert (data / "state.db").stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(aside_of(data, "state.db"))) as old:
        assert old.execute("SELECT value FROM meta WHERE name = 'name'").fetchone() == ("later",)
    assert (aside_of(data, "uploads") / "wasps.md").read_text() == "later"


async def test_a_backup_of_a_folder_in_use_has_what_is_only_in_the_log_yet(data: Path, tmp_path: Path) -> None:
    async with open_database(data) as database:
        await state.set_fact(database.state, "name", "in the log")
        assert (data / "state.db-wal").stat().st_size > 0
        write_backup(data, tmp_path / "backup.tar.gz")
    restore_backup(tmp_path / "other", tmp_path / "backup.tar.gz")
    assert await fact(tmp_path / "other") == "in the log"


async def test_an_old_log_does_not_reach_the_restored_file(data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    async with open_database(data) as database:
        await state.set_fact(database.state, "name", "later")
        killed = {name: (data / name).read_bytes() for name in ("state.db", "state.db-wal", "state.db-shm")}
    for name, content in killed.items():
        (data / name).write_bytes(content)
    restore_backup(data, tmp_path / "backup.tar.gz")
    assert await fact(data) == "backed up"


async def test_a_restore_that_is_cut_off_anywhere_leaves_a_whole_state_and_can_be_done_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    await set_fact(data, "later")
    replace = Path.replace
    left = 0

    def cut_off(path: Path, target: Path) -> Path:
        nonlocal left
        left -= path.exists()
        if left < 0:
            raise OSError(28, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", cut_off)
    for steps in range(4):  # state.db, and a folder away or back
        left = steps
        with pytest.raises(StoreError, match="then restore again"):
            restore_backup(data, tmp_path / "backup.tar.gz")
        assert not (data / "corpus.db").exists()
        assert await fact(data) == ("later" if steps == 0 else "backed up")
    left = 1_000
    restore_backup(data, tmp_path / "backup.tar.gz")
    assert names(data / "uploads") == ["bees.md"]


async def test_what_was_only_in_the_log_is_in_the_state_that_is_set_aside(data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    async with open_database(data) as database:
        await state.set_fact(database.state, "name", "in the log")
        killed = {name: (data / name).read_bytes() for name in ("state.db", "state.db-wal")}
    for name, content in killed.items():
        (data / name).write_bytes(content)
    restore_backup(data, tmp_path / "backup.tar.gz")
    aside = aside_of(data, "state.db")
    assert not [
        name for name in names(data) if name.startswith(f"{aside.name}-")
    ]  # nothing that the file needs, and that may be forgotten
    with closing(sqlite3.connect(aside)) as old:
        assert old.execute("SELECT value FROM meta WHERE name = 'name'").fetchone() == ("in the log",)


async def test_a_damaged_state_is_replaced(data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    (data / "state.db").write_bytes(b"x" * 5000)
    with pytest.raises(StateDamagedError):
        await fact(data)
    with pytest.raises(StoreError, match="no backup was made"):
        write_backup(data, tmp_path / "of-damage.tar.gz")
    assert not (tmp_path / "of-damage.tar.gz").exists()
    restore_backup(data, tmp_path / "backup.tar.gz")
    assert await fact(data) == "backed up"


async def test_nothing_is_restored_under_a_running_bot(data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    async with open_database(data) as database:
        with pytest.raises(DataFolderError, match="Another Cuepoint"):
            restore_backup(data, tmp_path / "backup.tar.gz")
        assert await state.get_fact(database.state, "name") == "backed up"


def cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


def no_archive(_: bytes) -> bytes:
    return b"words"


def nothing(_: bytes) -> bytes:
    return b""


def remade(change: Callable[[dict[str, bytes]], None]) -> Callable[[bytes], bytes]:
    """A backup whose files are changed without its knowing."""

    def make(data: bytes) -> bytes:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            files = {entry.name: read(archive, entry) for entry in archive}
        change(files)
        made = io.BytesIO()
        with tarfile.open(fileobj=made, mode="w:gz") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return made.getvalue()

    return make


def read(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(entry)
    assert file is not None
    return file.read()


def flip(files: dict[str, bytes]) -> None:
    files["state.db"] = files["state.db"][:-1] + b"?"


def lose(files: dict[str, bytes]) -> None:
    del files["uploads/bees.md"]


def without_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


def newer(files: dict[str, bytes]) -> None:
    files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), "state_step": len(STEPS) + 1}).encode()


def nonsense(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b"[1]"


def climb(files: dict[str, bytes]) -> None:
    files["uploads/../../climbed.md"] = b"words"


def absolute(files: dict[str, bytes]) -> None:
    files["/tmp/climbed.md"] = b"words"


def other(files: dict[str, bytes]) -> None:
    files["corpus.db"] = b"words"


@pytest.mark.parametrize(
    "spoil",
    [
        cut_short,
        no_archive,
        nothing,
        *map(remade, (flip, lose, without_manifest, newer, nonsense, climb, absolute, other)),
    ],
)
async def test_a_file_that_is_no_whole_backup_changes_nothing(
    spoil: Callable[[bytes], bytes], data: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.tar.gz"
    write_backup(data, backup)
    backup.write_bytes(spoil(backup.read_bytes()))
    before = names(data)
    with pytest.raises(BackupUnusable):
        restore_backup(data, backup)
    assert names(data) == before
    assert not (tmp_path / "climbed.md").exists()
    assert await fact(data) == "backed up"


def test_a_link_in_a_backup_is_refused(data: Path, tmp_path: Path) -> None:
    entry = tarfile.TarInfo("uploads/link.md")
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "backup.tar.gz", "w:gz") as archive:
        archive.addfile(entry)
    with pytest.raises(BackupUnusable, match="no backup of Cuepoint"):
        restore_backup(data, tmp_path / "backup.tar.gz")


def test_a_missing_backup_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="not there"):
        restore_backup(data, tmp_path / "nosuch.tar.gz")


def test_only_an_older_backup_is_written_over(data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    write_backup(data, tmp_path / "backup.tar.gz")
    with pytest.raises(StoreError, match="is no backup"):
        write_backup(data, data / "state.db")
    with pytest.raises(StoreError, match="could not be written"):
        write_backup(data, tmp_path / "nosuch" / "backup.tar.gz")
    with pytest.raises(StoreError, match="nothing to back up"):
        write_backup(tmp_path / "nosuch", tmp_path / "backup.tar.gz")


@pytest.fixture
def empty(data: Path, tmp_path: Path) -> bytes:
    """A backup of a data folder whose state.db has been emptied, as it can only be made by hand."""
    write_backup(data, tmp_path / "sound.tar.gz")

    def empty(files: dict[str, bytes]) -> None:
        files["state.db"] = b""
        manifest = json.loads(files["manifest.json"])
        manifest["files"]["state.db"] = hashlib.sha256(b"").hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()

    return remade(empty)((tmp_path / "sound.tar.gz").read_bytes())


async def test_an_empty_state_is_neither_backed_up_nor_restored(data: Path, tmp_path: Path, empty: bytes) -> None:
    kept = (tmp_path / "sound.tar.gz").read_bytes()
    (tmp_path / "empty.tar.gz").write_bytes(empty)
    with pytest.raises(BackupUnusable, match=r"damaged \(empty\)"):
        restore_backup(data, tmp_path / "empty.tar.gz")
    assert await fact(data) == "backed up"
    (data / "state.db").write_bytes(b"")
    with pytest.raises(StoreError, match=r"state.db is damaged \(empty\); no backup was made"):
        write_backup(data, tmp_path / "sound.tar.gz")
    assert (tmp_path / "sound.tar.gz").read_bytes() == kept


def test_another_archive_is_not_written_over(data: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "photos.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("bees.jpg"))
    (tmp_path / "words.gz").write_bytes(gzip.compress(b"words"))
    for name in ("photos.tar.gz", "words.gz"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(StoreError, match="is no backup"):
            write_backup(data, tmp_path / name)
        assert (tmp_path / name).read_bytes() == before


def test_a_backup_cut_short_is_written_over(data: Path, tmp_path: Path) -> None:
    write_backup(data, tmp_path / "backup.tar.gz")
    (tmp_path / "backup.tar.gz").write_bytes(cut_short((tmp_path / "backup.tar.gz").read_bytes()))
    write_backup(data, tmp_path / "backup.tar.gz")
    restore_backup(tmp_path / "other", tmp_path / "backup.tar.gz")


@pytest.mark.parametrize("name", ["words.txt/backup.tar.gz", "x" * 300])
def test_a_target_that_cannot_be_is_named(name: str, data: Path, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("words")
    with pytest.raises(StoreError, match=f"{name} could not be written"):
        write_backup(data, tmp_path / name)


@pytest.mark.parametrize("name", ["uploads", "uploads/bees.md"])
async def test_an_upload_that_cannot_be_read_is_named(name: str, open_folder: Path) -> None:
    async with open_database(open_folder):
        pass
    (open_folder / "uploads").mkdir()
    (open_folder / "uploads" / "bees.md").write_text("words")
    (open_folder / "state.db").chmod(0o644)
    with (
        without_access(open_folder / name),
        pytest.raises(StoreError, match=rf"{name} could not be read \(Permission denied\)"),
    ):
        write_backup(open_folder, open_folder / "backup.tar.gz")
    assert not (open_folder / "backup.tar.gz").exists()


async def test_a_data_folder_or_target_that_may_not_be_entered_is_named(open_folder: Path) -> None:
    data, closed = open_folder / "data", open_folder / "closed"
    async with open_database(data):
        pass
    closed.mkdir()
    (data / "state.db").chmod(0o644)
    with without_access(data), pytest.raises(DataFolderError, match="cannot be used by uid"):
        write_backup(data, open_folder / "backup.tar.gz")
    with without_access(closed), pytest.raises(StoreError, match=r"closed/backup\.tar\.gz could not be written"):
        write_backup(data, closed / "backup.tar.gz")
