"""Encoding in the background: everything once, only what is new after a reload, and a clean end."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.curation import Curator
from bot.encoding import Encoding
from bot.library import Library
from bot.models import SearchAnswer
from bot.search.meaning import Meaning
from bot.store.database import Database
from bot.store.vectors import open_vectors
from tests.fake_model import FakeModel
from tests.invented import PAGES, write_corpus

LONG = 30.0  # seconds: far more than any of this takes


class Loaded:
    """The invented corpus with a library that ranks by meaning."""

    def __init__(self, database: Database, folder: Path, meaning: Meaning, model: FakeModel) -> None:
        self.database = database
        self.folder = folder
        self.meaning = meaning
        self.model = model
        self.library = Library(database, meaning)
        self.curator = Curator(database, [folder], self.library.refresh)
        self.encoding = Encoding(database.corpus, meaning)

    async def reload(self, *, force: bool = False) -> int:
        """Reload and encode what lacks a vector; return how many texts that took."""
        before = len(self.model.read)
        await self.curator.reload(force=force)
        await self.encoding.catch_up()
        return len(self.model.read) - before

    async def kept(self) -> int:
        """How many vectors there are."""
        async with self.meaning.store.read() as reader:
            ((count,),) = await reader.fetch("SELECT count(*) FROM vector")
        return int(count)


@pytest_asyncio.fixture
async def loaded(database: Database, corpus_folder: Path, tmp_path: Path) -> AsyncIterator[Loaded]:
    model = FakeModel({"insects": "bees", "tower": "hive"})
    async with open_vectors(tmp_path / "data") as store:
        meaning = Meaning(model, store, budget=LONG)
        yield Loaded(database, corpus_folder, meaning, model)
        meaning.close()


async def test_every_passage_is_encoded_once_with_its_title_and_headings(loaded: Loaded) -> None:
    count = await loaded.reload()
    assert count == len(set(loaded.model.read))
    assert await loaded.meaning.progress() == (count, count)
    (dance,) = [text for text in loaded.model.read if "Its length is the distance" in text]
    assert dance.startswith("How bees find flowers\n")
    assert "The waggle dance\n" in dance


async def test_a_reload_encodes_only_what_is_new_and_forgets_what_is_gone(loaded: Loaded) -> None:
    count = await loaded.reload()
    path = loaded.folder / "tides.md"
    path.write_text(PAGES["tides.md"].replace("- Spring tides", "- Neap tides"), "utf-8")
    assert await loaded.reload() == 1
    assert await loaded.meaning.progress() == (count, count)
    assert await loaded.kept() == count
    path.unlink()
    assert await loaded.reload() == 0
    assert await loaded.kept() < count


async def test_the_same_words_in_other_files_and_rows_need_no_new_vectors(loaded: Loaded) -> None:
    await loaded.reload()
    for path in list(loaded.folder.iterdir()):
        path.rename(path.with_name(f"z-{path.name}"))
    assert await loaded.reload(force=True) == 0
    ready, total = await loaded.meaning.progress()
    assert ready == total


async def test_another_model_encodes_everything_anew(loaded: Loaded) -> None:
    count = await loaded.reload()
    loaded.model.name = b"other"
    assert await loaded.reload() == count
    assert await loaded.kept() == count


async def test_it_encodes_after_each_change_until_it_is_cancelled(loaded: Loaded) -> None:
    read = asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()
    loaded.model.on_read = lambda _: loop.call_soon_threadsafe(read.release)
    task = asyncio.create_task(loaded.encoding.run())
    for words in ("Neap tides", "High tides"):
        path = loaded.folder / "tides.md"
        path.write_text(PAGES["tides.md"].replace("- Spring tides", f"- {words}"), "utf-8")
        await loaded.curator.reload()
        while not any(words in text for text in loaded.model.read):
            await asyncio.wait_for(read.acquire(), LONG)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stop_ends_with_the_passage_in_hand_and_the_next_start_goes_on(loaded: Loaded) -> None:
    begun, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hold(_: str) -> None:
        loop.call_soon_threadsafe(begun.set)
        go.wait(LONG)

    loaded.model.on_read = hold
    await loaded.curator.reload()
    task = asyncio.create_task(loaded.encoding.catch_up())
    await asyncio.wait_for(begun.wait(), LONG)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    await asyncio.to_thread(join_encoding)
    assert len(loaded.model.read) == 1
    ready, total = await loaded.meaning.progress()
    assert ready == 0
    assert await loaded.reload() == total


def join_encoding() -> None:
    """Wait until no thread encodes."""
    for thread in threading.enumerate():
        if thread.name.startswith("encoding"):
            thread.join(LONG)


async def test_a_change_meanwhile_begins_anew(loaded: Loaded) -> None:
    await loaded.reload()
    for number in range(40):
        (loaded.folder / f"{number}.md").write_text(f"# Note\n\nThe words of note {number}.\n", "utf-8")
    loaded.model.on_read = lambda _: loaded.meaning.changed.set()
    assert 0 < await loaded.reload() < 40
    loaded.model.on_read = len
    await loaded.reload()
    ready, total = await loaded.meaning.progress()
    assert ready == total


async def test_a_store_that_fails_is_said_and_the_next_change_tries_again(
    loaded: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    read = asyncio.Event()
    loop = asyncio.get_running_loop()
    loaded.model.on_read = lambda _: loop.call_soon_threadsafe(read.set)
    said = asyncio.Event()

    def listen(record: logging.LogRecord) -> bool:
        if "encoding stopped until the next reload" in record.getMessage():
            said.set()
        return True

    caplog.handler.addFilter(listen)
    async with loaded.meaning.store.write() as writer:
        await writer.execute("ALTER TABLE vector RENAME TO hidden")
    task = asyncio.create_task(loaded.encoding.run())
    await loaded.curator.reload()
    await asyncio.wait_for(said.wait(), LONG)
    async with loaded.meaning.store.write() as writer:
        await writer.execute("ALTER TABLE hidden RENAME TO vector")
    await loaded.library.refresh()
    await asyncio.wait_for(read.wait(), LONG)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_model_that_fails_is_said_without_its_words_and_the_next_change_tries_again(
    loaded: Loaded, caplog: pytest.LogCaptureFixture
) -> None:
    read = asyncio.Event()
    loop = asyncio.get_running_loop()

    def fail_once(_: object) -> None:
        loaded.model.on_read = lambda _: loop.call_soon_threadsafe(read.set)
        loop.call_soon_threadsafe(loaded.meaning.changed.set)  # the next change
        raise RuntimeError("waggle")

    loaded.model.on_read = fail_once
    task = asyncio.create_task(loaded.encoding.run())
    await loaded.curator.reload()
    await asyncio.wait_for(read.wait(), LONG)
    assert "encoding stopped until the next reload (RuntimeError)" in caplog.text
    assert "waggle" not in caplog.text
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_status_says_how_far_it_is(loaded: Loaded, library: Library) -> None:
    count = await loaded.reload()
    assert (await loaded.library.status()).meaning == (count, count)
    assert (await library.status()).meaning is None


async def test_members_get_what_was_meant_before_what_has_more_of_the_words(loaded: Loaded, library: Library) -> None:
    texts = {
        "a.md": "Insects sat on a tower of old glass where nobody had gone for years, as far as all the keepers knew.",
        "b.md": "Bees, hive, bees, hive.",
        "c.md": "A hive of law and order is a kind of town, with many other things in it.",
    }
    write_corpus(loaded.folder, {name: f"# {name}\n\n{text}\n" for name, text in texts.items()})
    await loaded.reload()
    await library.refresh()
    first = []
    for asked in (library, loaded.library):
        answer = await asked.search("insects tower hive")
        assert isinstance(answer, SearchAnswer)
        first.append(answer.results[0].words)
    assert first == [texts["a.md"], texts["b.md"]]
