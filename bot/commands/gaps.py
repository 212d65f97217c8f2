"""`/corpus gaps`, and what a member's "Tell the moderators" does."""

from __future__ import annotations

import re

from bot.commands import arguments
from bot.commands.actions import EXPIRED
from bot.commands.declare import Command, Context, Feature, Options
from bot.errors import ButtonExpired, InvalidRequest
from bot.gaps import Gaps
from bot.models import GapKind
from bot.render import verbs
from bot.render.gaps import gaps_reply, told_reply
from bot.render.reply import Reply

_KEY = re.compile(r"[0-9a-f]{16}")


async def show_gaps(context: Context, _: Options) -> Reply:
    """List what the library has no good answer to."""
    return gaps_reply(await _kept(context).groups())


async def _list(context: Context, given: tuple[str, ...]) -> Reply:
    (offset,) = arguments.take(given, 1)
    return gaps_reply(await _kept(context).groups(), arguments.number(offset))


async def _done(context: Context, given: tuple[str, ...]) -> Reply:
    key, offset = arguments.take(given, 2)
    if not _KEY.fullmatch(key):
        raise ButtonExpired(EXPIRED)
    gaps = _kept(context)
    async with context.curator.audit.acting(context.asker, "clear a gap"):  # its words are not kept there
        await gaps.done(key)
    return gaps_reply(await gaps.groups(), arguments.number(offset))


async def _tell(context: Context, given: tuple[str, ...]) -> Reply:
    (words,) = arguments.take(given, 1)
    if context.gaps is None:
        raise ButtonExpired(EXPIRED)
    context.gaps.note(GapKind.REPORTED, arguments.words(words))
    return told_reply()


def _kept(context: Context) -> Gaps:
    if context.gaps is None:
        raise InvalidRequest("Nothing is kept of what members ask: GAPS is off. Who runs the bot can switch it on.")
    return context.gaps


FEATURE = Feature(
    commands=(
        Command(
            "corpus gaps",
            "What members asked that the library does not answer, most asked first",
            show_gaps,
            moderators=True,
        ),
    ),
    actions={verbs.GAPS: _list, verbs.GAP_DONE: _done, verbs.TELL: _tell},
    moderator_verbs=frozenset({verbs.GAPS, verbs.GAP_DONE}),
)
