"""Both databases and the files as one: stopped anywhere, a change is there as a whole after the next start, or not."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.curation import Curator
from bot.curation.aside import read_plan
from bot.errors import ReadTooSlow
from bot.library import Library
from bot.models import Outcome
from bot.store import audit
from bot.store.database import READERS, Database, open_database
from tests.invented import write_corpus
from tests.store.dump import check_index, dump

ROOT = Path(__file__).parents[2]


async def test_what_is_committed_is_taken_over_however_busy_the_members_keep_the_library(
    curator: Curator, library: Library, corpus_folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(corpus_folder, {"new.md": "# Zeppelins\n\nA zeppelin.\n"})
    monkeypatch.setattr("bot.store.database.READ_LIMIT", 0.05)
    async with AsyncExitStack() as members:
        for _ in range(READERS):
            await members.enter_async_context(database.corpus.read(60))
        reloading = asyncio.create_task(curator.reload())
        await asyncio.wait({reloading}, timeout=1)
        assert not reloading.done()
    assert (await reloading).added == ("corpus/new.md",)
    assert library.catalogue.at_path("corpus/new.md")


async def test_a_change_whose_outcome_cannot_be_read_is_settled_before_the_next_one(
    curator: Curator, library: Library, corpus_folder: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def too_slow(*_: object) -> None:
        raise ReadTooSlow("The library is very busy.")

    write_corpus(corpus_folder, {"new.md": "# Zeppelins\n\nA zeppelin.\n"})
    with monkeypatch.context() as patched:
        patched.setattr("bot.curation.committing.fulfil_plan", too_slow)
        assert (await curator.reload()).added == ("corpus/new.md",)
    assert library.catalogue.at_path("corpus/new.md")
    assert await read_plan(database.state)
    await curator.reload()
    assert not await read_plan(database.state)


# A process that changes the corpus and is killed right before or after one of its steps.
KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.curation import Curator, aside, committing, history, uploads
from bot.store.database import Writer, open_database

what, step = sys.argv[3:5]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

async def die_later(*_):
    die()

async def nothing(): pass

async def main():
    async with open_database(Path(sys.argv[1])) as database:
        curator = Curator(database, [Path(sys.argv[2])], nothing)
        await curator.reload()
        if step == "before the plan":
            committing.write_plan = die_later
        elif step == "before the commit":
            write = committing.write_plan
            async def written(*given):
                await write(*given)
                die()
            committing.write_plan = written
        elif step == "after the commit":
            uploads.Uploads.move = die
        elif step == "before the outcome":
            committing.fulfil_plan = die_later
        async with curator.audit.acting(7, what):
            if what == "upload":
                await curator.upload("new.md", b"# Zeppelins\\n\\nA zeppelin.\\n", replace_it=True)
            elif what == "remove":
                await curator.remove("uploads/old.md")
            else:
                await curator.undo()

asyncio.run(main())
"""


@pytest.mark.parametrize("what", ["upload", "remove", "undo"])
@pytest.mark.parametrize(
    ("step", "done"),
    [
        ("before the plan", False),
        ("before the commit", False),
        ("after the commit", True),
        ("before the outcome", True),
    ],
)
async def test_a_change_that_was_killed_is_whole_or_not_there(what: str, step: str, done: bool, tmp_path: Path) -> None:
    folder, data = write_corpus(tmp_path / "corpus"), tmp_path / "data"
    async with open_database(data) as database:
        curator = Curator(database, [folder], Library(database).refresh)
        await curator.reload()
        write_corpus(folder, {"bad.md": "# Bad\n\nA dirigible.\n"})
        await curator.reload()
        await curator.undo()
        await curator.upload("old.md", b"# Old\n\nAn old balloon.\n", replace_it=False)
        before = await dump(database.corpus)
    command = [sys.executable, "-c", KILLED, str(data), str(folder), what, step]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: ASYNC221
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    async with open_database(data) as database:
        curator = Curator(database, [folder], Library(database).refresh)
        report = await curator.reload()
        assert report.set_aside  # what was undone first is still: also where the later change was undone or kept
        assert "corpus/bad.md" not in report.added
        assert not report.is_change
        assert (await dump(database.corpus) == before) is not done
        await check_index(database.corpus)
        (entry,) = [entry for entry in await audit.entries(database.state) if entry.action == what]
        assert entry.outcome is (Outcome.DONE if done else Outcome.FAILED)
    names = {path.name for path in (data / "uploads").iterdir()}
    expected = {("upload", True): {"old.md", "new.md"}, ("remove", True): set()}.get((what, done), {"old.md"})
    assert names == expected
