"""What moderators did, posted to the audit channel. Keeps nothing: the audit itself is in state.db."""

from __future__ import annotations

import discord

from bot.gateway.delivering import UNDELIVERED
from bot.gateway.errors import describe
from bot.log import get_logger
from bot.models import AuditEntry
from bot.render.curating import audit_text

log = get_logger(__name__)


async def post(client: discord.Client, channel: int, entry: AuditEntry) -> None:
    """Post one entry, pinging nobody; a failure is one log line."""
    try:
        target = client.get_partial_messageable(channel)
        await target.send(
            audit_text(entry), allowed_mentions=discord.AllowedMentions.none(), suppress_embeds=True, silent=True
        )
    except UNDELIVERED as error:
        log.warning(
            "AUDIT_CHANNEL_ID: an action could not be posted (%s); the bot needs View Channel and Send Messages there",
            describe(error),
        )
