"""The catalogue of a corpus: the one that was kept, or a new one, indexed where it holds no answer up.

Indexing is all Python: in the bot's own process it would hold every reply up for as long as it takes, and what it is
made of would be in memory beside two catalogues. So a process of its own reads the names, indexes and keeps them.
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
from bot.store.database import Store, open_database

FEW = 500  # documents: so many are indexed in 30 ms, a process takes ten times as long to start
READ = 60.0  # seconds

log = get_logger(__name__)


async def catalogue_of(corpus: Store, key: bytes, documents: int, *, serving: bool) -> tuple[bytes, Catalogue]:
    """The catalogue that was kept under a key (see `snapshot.key_of`), else one of what is there now; and its key.

    So many `documents` tell whether a process pays; with `serving`, members wait. Raises StoreFailure.
    """
    path = corpus.path.with_name(snapshot.FILE)
    kept = await asyncio.to_thread(snapshot.load, path, key)
    if kept is None and corpus.is_writable and documents > (FEW if serving else snapshot.FEW):
        await _index_apart(path.parent)
        kept = await asyncio.to_thread(snapshot.load, path, key)
    if kept is not None:
        return key, kept
    key, made = await _index(corpus)
    if key and corpus.is_writable and len(made.topics) >= snapshot.FEW:
        await asyncio.to_thread(snapshot.save, path, key, made)
    return key, made


async def _index(corpus: Store) -> tuple[bytes, Catalogue]:
    async with corpus.read(limit=READ) as reader:
        key, named = await snapshot.key_of(reader), await load_names(reader)
    return key, await asyncio.to_thread(Catalogue, named)


async def _index_apart(folder: Path) -> None:
    """Keep a catalogue of a data folder's corpus as it is, made by a process of its own; where that fails, none is."""
    workers = Workers([__name__])
    try:
        async for _ in workers.run(_index_here, _alone(folder)):
            pass
    except (DataFolderError, StoreFailure, WorkerLost) as error:
        log.warning("the process that indexes names failed (%s): it is done in the bot's own", type(error).__name__)
    finally:
        workers.end()


def _index_here(folder: Path) -> None:
    asyncio.run(_index_and_keep(folder))


async def _index_and_keep(folder: Path) -> None:
    async with open_database(folder, writes=False) as database:
        key, made = await _index(database.corpus)
    snapshot.save(folder / snapshot.FILE, key, made)


async def _alone(folder: Path) -> AsyncIterator[Path]:
    yield folder
