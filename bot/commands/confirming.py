"""The buttons under what a moderator was asked: valid once, for who asked, for a quarter of an hour."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.commands import arguments, corpus, documents
from bot.commands.declare import Context, Feature
from bot.curation.offers import Offer
from bot.errors import ButtonExpired, NotAllowed, ReloadBusy, StoreFailure, WorkerLost
from bot.models import Outcome
from bot.render import verbs
from bot.render.curating import cancelled_reply
from bot.render.reply import Reply

_CONFIRMED: dict[str, Callable[[Context, Offer], Awaitable[Reply]]] = {
    corpus.FORCE: corpus.reload_confirmed,
    "undo": corpus.undo_confirmed,
    "upload": documents.keep_upload,
    "remove": documents.remove_confirmed,
}


async def _confirm(context: Context, given: tuple[str, ...]) -> Reply:
    offer = await _taken(context, given, "confirm")
    try:
        return await _CONFIRMED[offer.action](context, offer)
    except (ReloadBusy, StoreFailure, WorkerLost):  # nothing was done; they are told to try again, with this button
        context.curator.offers.give_back(given[0], offer)
        raise


async def _cancel(context: Context, given: tuple[str, ...]) -> Reply:
    offer = await _taken(context, given, "cancel")
    async with context.curator.audit.acting(context.asker, offer.action, offer.subject) as act:
        act.outcome = Outcome.CANCELLED
    return cancelled_reply()


async def _taken(context: Context, given: tuple[str, ...], doing: str) -> Offer:
    """The offer that a button names, which is gone then; whoever may not have it is noted."""
    try:
        (token,) = arguments.take(given, 1)
        return context.curator.offers.take(token, context.asker)
    except (ButtonExpired, NotAllowed) as error:
        await context.curator.audit.refused(context.asker, doing, error)
        raise


FEATURE = Feature(
    actions={verbs.CONFIRM: _confirm, verbs.CANCEL: _cancel},
    moderator_verbs=frozenset({verbs.CONFIRM, verbs.CANCEL}),
)
