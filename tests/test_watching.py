"""WATCH: files that change are loaded once they have settled; what goes wrong is said, and watching goes on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import watching
from bot.curation import Curator
from bot.errors import ReloadBusy
from bot.library import Library
from bot.models import AuditEntry, Outcome
from bot.store import audit
from bot.store.database import Database
from bot.watching import Watcher, identities
from tests.invented import write_corpus


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "SETTLED", 0.05)
    monkeypatch.setattr(watching, "_AGAIN", 0.05)
    monkeypatch.setattr(watching, "_LOOK", 50)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it holds."""
    for _ in range(1_500):
        if await holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it never came to hold")


@asynccontextmanager
async def watched(curator: Curator, folder: Path) -> AsyncIterator[None]:
    task = asyncio.create_task(Watcher(curator, [folder]).run())
    yield
    task.cancel()
    await asyncio.wait({task})


def replace_folder(folder: Path, beside: Path) -> None:
    """Put another folder in its place, with one file more."""
    shutil.copytree(folder, beside / "next")
    write_corpus(beside / "next", {"new.md": "# Walrus keeping\n\nClams.\n"})
    folder.rename(beside / "before")
    (beside / "next").rename(folder)


async def titles(library: Library) -> set[str]:
    return {document.title for document in library.catalogue.documents.values()}


async def done_by_itself(database: Database) -> list[AuditEntry]:
    return [entry for entry in await audit.entries(database.state) if entry.subject == "files changed"]


async def test_a_new_file_is_loaded_and_audited(
    curator: Curator, library: Library, database: Database, corpus_folder: Path
) -> None:
    async with watched(curator, corpus_folder):
        write_corpus(corpus_folder, {"new.md": "# Walrus keeping\n\nClams.\n"})

        async def loaded() -> bool:
            return any(entry.outcome is not Outcome.OPEN for entry in await done_by_itself(database))

        await until(loaded)
    assert "Walrus keeping" in await titles(library)
    (entry,) = await done_by_itself(database)
    assert (entry.who, entry.action, entry.outcome) == (0, "reload", Outcome.DONE)
    assert "+ 1 added" in entry.note


async def test_what_would_lose_most_is_refused_noted_and_watched_on(
    curator: Curator, library: Library, database: Database, corpus_folder: Path
) -> None:
    async with watched(curator, corpus_folder):
        for name in ("bees.md", "queens.md", "lights.md"):
            (corpus_folder / name).unlink()

        async def refused() -> bool:
            return any(entry.outcome is Outcome.REFUSED for entry in await done_by_itself(database))

        await until(refused)
        assert len(library.catalogue.documents) == 4
        write_corpus(corpus_folder)
        write_corpus(corpus_folder, {"new.md": "# Walrus keeping\n\nClams.\n"})

        async def loaded() -> bool:
            return "Walrus keeping" in await titles(library)

        await until(loaded)


async def test_a_folder_that_is_replaced_is_watched_in_its_new_place(
    curator: Curator, library: Library, corpus_folder: Path, tmp_path: Path
) -> None:
    async with watched(curator, corpus_folder):
        replace_folder(corpus_folder, tmp_path)

        async def loaded() -> bool:
            return "Walrus keeping" in await titles(library)

        await until(loaded)
        write_corpus(corpus_folder, {"newer.md": "# Seal keeping\n\nFish.\n"})

        async def loaded_too() -> bool:
            return "Seal keeping" in await titles(library)

        await until(loaded_too)


async def test_a_running_reload_is_waited_for_and_a_bug_does_not_end_the_watching(
    curator: Curator,
    library: Library,
    corpus_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    troubles: list[Exception] = [ReloadBusy("A reload is already running."), ValueError("secret")]
    reload = curator.reload

    async def troubled() -> object:
        if troubles:
            raise troubles.pop(0)
        return await reload()

    monkeypatch.setattr(curator, "reload", troubled)
    async with watched(curator, corpus_folder):

        async def failed() -> bool:
            return not troubles

        await until(failed)
        write_corpus(corpus_folder, {"new.md": "# Walrus keeping\n\nClams.\n"})

        async def loaded() -> bool:
            return "Walrus keeping" in await titles(library)

        await until(loaded)
    assert "unexpected error" in caplog.text
    assert "secret" not in caplog.text


def test_a_folder_that_is_not_there_has_no_identity(tmp_path: Path) -> None:
    assert identities([tmp_path, tmp_path / "nosuch"]) is None
    assert identities([tmp_path]) == identities([tmp_path])
