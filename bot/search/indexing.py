"""Names indexed beside answers. Indexing is all Python, and would hold every reply up for as long as it takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from bot.corpus.working import Workers
from bot.errors import WorkerLost
from bot.log import get_logger
from bot.search.catalogue import Catalogue, Named

FEW = 500  # names: so many are indexed in 30 ms, a process takes ten times as long to start

log = get_logger(__name__)


async def index(named: Named, *, serving: bool) -> Catalogue:
    """Make a catalogue: with `serving`, while members are answered, in a process of its own where there are many."""
    if serving and len(named.documents) + len(named.names) + len(named.targets) > FEW:
        workers = Workers([__name__])
        try:
            async for made in workers.run(Catalogue, _alone(named)):
                return made
        except WorkerLost:
            log.warning("the system ended the process that indexes names: they are indexed in the bot's own")
        finally:
            workers.end()
    return await asyncio.to_thread(Catalogue, named)


async def _alone(named: Named) -> AsyncIterator[Named]:
    yield named
