"""Files that somebody attached to a command, as a command takes them: fetched when it asks for them, not before."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from bot.commands.declare import GivenFile
from bot.errors import InvalidRequest
from bot.gateway.delivering import UNDELIVERED


def with_files(values: Mapping[str, object]) -> dict[str, object]:
    """A command's values with its attachments as given files."""
    return {name: _given(value) if isinstance(value, discord.Attachment) else value for name, value in values.items()}


def _given(attachment: discord.Attachment) -> GivenFile:
    async def read() -> bytes:
        try:
            return await attachment.read()
        except UNDELIVERED:
            raise InvalidRequest("The file could not be fetched from Discord. Attach it again.") from None

    return GivenFile(attachment.filename, attachment.size, read)
