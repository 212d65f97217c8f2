"""Questions that found nothing, or only after a repair: noted for the moderators on the way to the reply."""

from __future__ import annotations

from bot.commands import arguments
from bot.commands.declare import Context
from bot.models import GapKind, Miss
from bot.render.misses import miss_reply
from bot.render.reply import Reply


def missed(context: Context, miss: Miss) -> Reply:
    """The reply to a question that found nothing; with a button to tell the moderators where there are any."""
    if context.gaps is None or arguments.is_key(miss.query):
        return miss_reply(miss)
    context.gaps.note(GapKind.MISSED, miss.query)
    return miss_reply(miss, can_tell=context.has_moderators)


def note_repair(context: Context, asked: str, repaired: str) -> None:
    """Note what a question had to be repaired to; nothing where `repaired` is empty."""
    if repaired and context.gaps is not None:
        context.gaps.note(GapKind.REPAIRED, asked, repaired)
