"""Fixtures: a folder with an invented corpus, real databases beside it, and the library loaded from both."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from bot.commands.declare import Context
from bot.curation import Curator
from bot.library import Library
from bot.store import database as database_module
from bot.store.database import Database, open_database
from tests.invented import write_corpus

settings.register_profile("cuepoint", deadline=None)  # for one example: a busy machine is no reason to fail
settings.load_profile("cuepoint")


@pytest.fixture(autouse=True)
def patient_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no reason to fail: reads may take long, but for the tests of the limit itself."""
    monkeypatch.setattr(database_module, "READ_LIMIT", 60.0)


@pytest.fixture(autouse=True)
def restored_logging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a command of the command line sets up ends with its test."""
    loggers = [logging.getLogger(name) for name in ("", "bot", "discord")]
    levels = [logger.level for logger in loggers]
    handlers = loggers[0].handlers[:]
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    yield
    loggers[0].handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    logging.captureWarnings(False)


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A corpus folder with the invented pages."""
    return write_corpus(tmp_path / "corpus")


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Empty databases in a data folder of their own."""
    async with open_database(tmp_path / "data") as database:
        yield database


@pytest.fixture
def library(database: Database) -> Library:
    """The library; empty until `curator` or `context` is asked for."""
    return Library(database)


@pytest_asyncio.fixture
async def curator(database: Database, library: Library, corpus_folder: Path) -> Curator:
    """The curator of the invented corpus, loaded."""
    curator = Curator(database, [corpus_folder], library.refresh)
    await curator.reload()
    return curator


@pytest.fixture
def context(library: Library, curator: Curator) -> Context:
    """A member who asks the loaded library."""
    return Context(library, curator, asker=1)


@pytest.fixture
def moderator(library: Library, curator: Curator) -> Context:
    """A moderator of the home server who asks the loaded library."""
    return Context(library, curator, asker=2, server=3, is_moderator=True)
