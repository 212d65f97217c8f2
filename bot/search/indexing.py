"""Names indexed beside answers. Indexing is all Python: in the bot's own process it would hold every reply up for as
long as it takes, and what it is made of would be in memory beside two catalogues.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bot.corpus.working import Workers
from bot.errors import DataFolderError, StoreFailure, WorkerLost
from bot.log import get_logger
from bot.search import snapshot
from bot.search.catalogue import Catalogue, load_names
from bot.store.database import open_database

FEW = 500  # documents: so many are indexed in 30 ms, a process takes ten times as long to start
READ = 60.0  # seconds

log = get_logger(__name__)


async def index_apart(folder: Path) -> None:
    """Keep a catalogue of a data folder's corpus as it is, made by a process of its own; where that fails, none is."""
    workers = Workers([__name__])
    try:
        async for _ in workers.run(_index, _alone(folder)):
            pass
    except (DataFolderError, StoreFailure, WorkerLost) as error:
        log.warning("the process that indexes names failed (%s): it is done in the bot's own", type(error).__name__)
    finally:
        workers.end()


def _index(folder: Path) -> None:
    asyncio.run(_index_and_keep(folder))


async def _index_and_keep(folder: Path) -> None:
    async with open_database(folder, writes=False) as database, database.corpus.read(limit=READ) as reader:
        key, named = await snapshot.key_of(reader), await load_names(reader)
    snapshot.save(folder / snapshot.FILE, key, Catalogue(named))


async def _alone(folder: Path) -> AsyncIterator[Path]:
    yield folder
