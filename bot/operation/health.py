"""Whether this process can answer members now, part by part. Asks; mends and remembers nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import CuepointError
from bot.library import Library
from bot.store.database import Database


@dataclass(frozen=True, slots=True)
class Part:
    """One part that has to work: its name, whether it does, and how it is, in a word or a few."""

    name: str
    ready: bool
    state: str


async def database_part(database: Database) -> Part:
    """Both databases answer within a read's time limit."""
    for store in (database.corpus, database.state):
        try:
            await store.probe()
        except CuepointError as error:
            return Part("database", False, f"{store.path.name}: {error}")
    return Part("database", True, "answering")


def corpus_part(library: Library) -> Part:
    """The corpus is in memory, and there is something in it."""
    if library.sizes is None:
        return Part("corpus", False, "loading")
    if library.is_empty:
        return Part("corpus", False, "empty: put .md or .txt files into the corpus folders, then reload")
    return Part("corpus", True, f"loaded, generation {library.sizes.generation}")


def gateway_part(connected: bool) -> Part:
    """Connected to Discord."""
    return Part("gateway", connected, "connected" if connected else "not connected")
