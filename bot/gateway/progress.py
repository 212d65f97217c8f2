"""A line that says how far long work is, in place of a deferred reply. Never holds the work up."""

from __future__ import annotations

import asyncio
import time

from bot.gateway.delivering import UNDELIVERED
from bot.gateway.desk import Interaction
from bot.gateway.errors import log_undelivered
from bot.render.limits import CONTENT, cut

BETWEEN = 1.0  # seconds from one edit to the next
_LAST_EDIT = 2.0  # seconds that the last edit has to end, before the reply takes its place


class Progress:
    """Called with a line; shows it if the last one was shown a second ago."""

    def __init__(self, interaction: Interaction, doing: str) -> None:
        self._interaction = interaction
        self._doing = doing
        self._shown_at = time.monotonic()
        self._edit: asyncio.Task[None] | None = None

    async def __call__(self, line: str) -> None:
        now = time.monotonic()
        if now - self._shown_at < BETWEEN or (self._edit is not None and not self._edit.done()):
            return
        self._shown_at = now
        self._edit = asyncio.create_task(self._show(line))

    async def finish(self) -> None:
        """Let the last edit end, so that it does not overwrite the reply."""
        if self._edit is not None:
            await asyncio.wait({self._edit}, timeout=_LAST_EDIT)
            self._edit.cancel()

    async def clear(self) -> None:
        """Take the line off a message that stays: the reply is one of its own."""
        if self._edit is not None:
            await self._show(None)

    async def _show(self, line: str | None) -> None:
        try:
            await self._interaction.edit_original_response(content=line and cut(line, CONTENT))
        except UNDELIVERED as error:
            log_undelivered(error, self._doing)
