"""What each Discord server has set for itself: held in memory, so that a reply waits for nothing, kept in state.db."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.errors import InvalidRequest
from bot.models import ServerSettings
from bot.store import servers as store
from bot.store.database import Store

MAX_CHANNELS = 25  # as many as one menu takes
BURST = 5  # requests that a member may make at once
COOLDOWNS = (ServerSettings().every, 5, 10, 30, 60)  # seconds; none is shorter than the default, for the host's sake
_DEFAULTS = ServerSettings()


class Servers:
    """Every server's settings. `load` once, before the first is asked for."""

    def __init__(self, state: Store) -> None:
        self._state = state
        self._settings: dict[int, ServerSettings] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Take what state.db holds into memory. Raises StoreError."""
        self._settings = await store.load(self._state)

    def of(self, server: int) -> ServerSettings:
        """A server's settings; the defaults for one that set nothing, and for direct messages (0)."""
        return self._settings.get(server, _DEFAULTS)

    async def change(self, server: int, change: Callable[[ServerSettings], ServerSettings]) -> ServerSettings:
        """Change a server's settings, kept before they hold. Raises StoreError and what `change` raises."""
        async with self._changing:
            settings = change(self.of(server))
            await store.keep(self._state, server, settings)
            self._settings[server] = settings
        return settings


def with_channel(channels: tuple[int, ...], channel: int) -> tuple[int, ...]:
    """The channels with one more. Raises InvalidRequest where there are as many as can be."""
    if channel in channels:
        return channels
    if len(channels) >= MAX_CHANNELS:
        raise InvalidRequest(f"There are {MAX_CHANNELS} channels on the list already. Take one off first.")
    return (*channels, channel)
