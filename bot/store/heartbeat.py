"""Whether the bot that uses a data folder is up: a file that it touches while it is connected. For health checks."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

_EVERY = 10  # seconds
_FRESH = 45  # seconds: four beats, and one that a busy machine delays


class Heartbeat:
    """Touches `ready` in the data folder while `is_ready` holds; takes it away otherwise."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "ready"
        self._ready = False
        self._file.unlink(missing_ok=True)

    def set_ready(self, ready: bool) -> None:
        """Say at once whether the bot is connected."""
        self._ready = ready
        self._beat()

    async def run(self) -> None:
        """Beat until cancelled; the file is gone afterwards."""
        try:
            while True:
                self._beat()
                await asyncio.sleep(_EVERY)
        finally:
            self.set_ready(False)

    def _beat(self) -> None:
        with suppress(OSError):  # a full or vanished disk shows as a stale file, which is the truth
            if self._ready:
                self._file.touch()
            else:
                self._file.unlink(missing_ok=True)


def is_up(folder: Path) -> bool:
    """Whether a bot beat in this folder within the last 45 seconds."""
    try:
        return abs(time.time() - (folder / "ready").stat().st_mtime) < _FRESH
    except OSError:
        return False
