"""state.db: what each Discord server has set for itself. Not the host's settings: those are in config.py."""

from __future__ import annotations

from bot.models import ServerSettings
from bot.store.database import Store


async def load(state: Store) -> dict[int, ServerSettings]:
    """All servers that have set anything, by id. Raises StoreError."""
    async with state.read(limit=10) as reader:
        rows = await reader.fetch("SELECT id, private, channels, every FROM server")
    return {row[0]: ServerSettings(bool(row[1]), tuple(map(int, row[2].split())), row[3]) for row in rows}


async def keep(state: Store, server: int, settings: ServerSettings) -> None:
    """Keep a server's settings; those that nobody has changed take no row. Raises StoreError."""
    async with state.write() as writer:
        await writer.execute("DELETE FROM server WHERE id = ?", (server,))
        if settings != ServerSettings():
            channels = " ".join(map(str, settings.channels))
            await writer.execute(
                "INSERT INTO server VALUES (?, ?, ?, ?)", (server, settings.private, channels, settings.every)
            )
