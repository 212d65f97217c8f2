"""The interactions that are being answered, so that a stop can wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

CANCEL_WITHIN = 1.5  # seconds that a cancelled answer has to say so


class InFlight:
    """Tasks that answer an interaction. Once `closing`, whoever starts one refuses it politely."""

    def __init__(self) -> None:
        self.closing = False
        self._tasks: set[asyncio.Task[object]] = set()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count the current task for as long as the block runs."""
        task = asyncio.current_task()
        assert task is not None  # every interaction is handled in a task of its own
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def finish(self, seconds: float) -> None:
        """Take nothing new; wait so long for what is under way, then cancel it and let it say so."""
        self.closing = True
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=CANCEL_WITHIN)
