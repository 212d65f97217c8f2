"""Questions that found nothing, or only after a repair: noted for the moderators on the way to the reply."""

from __future__ import annotations

from typing import Protocol

from bot.commands import arguments
from bot.commands.declare import Context
from bot.models import GapKind, Miss
from bot.render.misses import empty_reply, miss_reply, scoped_miss
from bot.render.reply import Action, Reply


class _AsReply(Protocol):
    def __call__(self, miss: Miss, *, can_tell: bool = False) -> Reply: ...


def missed(context: Context, miss: Miss, as_reply: _AsReply = miss_reply) -> Reply:
    """The reply to a question that found nothing; with a button to tell the moderators where there are any.

    What only passages without a moment say is in the library: no gap.
    """
    if not context.library.catalogue.documents:
        return empty_reply(is_moderator=context.is_moderator)
    if arguments.is_key(miss.query):  # a button's or a suggestion's; nobody typed it
        return miss_reply(Miss(""))
    if context.gaps is None or miss.said_elsewhere:
        return as_reply(miss)
    context.gaps.note(GapKind.MISSED, miss.query)
    return as_reply(miss, can_tell=context.has_moderators)


def missed_in(context: Context, miss: Miss, scope: str, wider: Action) -> Reply:
    """As `missed`, for a question about one video or source, named `scope`: no gap, since others may answer it."""
    if not context.library.catalogue.documents:
        return empty_reply(is_moderator=context.is_moderator)
    return scoped_miss(miss, scope, wider)


def note_repair(context: Context, asked: str, repaired: str) -> None:
    """Note what a question had to be repaired to; nothing where `repaired` is empty."""
    if repaired and context.gaps is not None:
        context.gaps.note(GapKind.REPAIRED, asked, repaired)
