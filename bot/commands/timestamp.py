"""`/timestamp`: the moments in videos that say it."""

from __future__ import annotations

import re

from bot.commands import arguments
from bot.commands.declare import Command, Context, Feature, MessageCommand, Option, Options, text_option
from bot.commands.misses import missed, missed_in, note_repair
from bot.commands.scoping import complete_videos, scope_name, scoped
from bot.commands.search import query_of
from bot.errors import InvalidRequest
from bot.models import Miss
from bot.render import verbs
from bot.render.misses import message_miss, miss_reply
from bot.render.moments import about_reply, around_reply, found_reply
from bot.render.reply import Reply
from bot.search.engine import Scope

# Addresses, and what Discord's client writes for mentions, channels, custom emoji, commands and times.
_NO_WORDS = re.compile(r"https?://\S+|<(?:@[!&]?|#|a?:\w{1,40}:|/[^<>:]{1,100}:)[0-9]{1,20}>|<t:-?[0-9]{1,20}(?::\w)?>")


async def find_moments(context: Context, options: Options) -> Reply:
    """Answer with the moments that say the words."""
    words, scope = scoped(context, query_of(options), video=text_option(options, "video"))
    return await _find(context, words, scope)


async def _find(context: Context, query: str, scope: Scope, offset: int = 0, *, literal: bool = False) -> Reply:
    video, source = scope.video, scope.source
    answer = await context.library.moments(query, video=video, source=source, offset=offset, literal=literal)
    if isinstance(answer, Miss):
        name = scope_name(context, scope)
        return missed_in(context, answer, name, verbs.moments(query)) if name else missed(context, answer)
    note_repair(context, query, answer.repaired)
    if not answer.moments:  # the corpus shrank below this page since the button was made
        return await _find(context, query, scope, literal=literal)
    return found_reply(answer, video=video, source=source, literal=literal)


async def find_for_message(context: Context, text: str) -> Reply:
    """Answer with the moments that a message is about."""
    said = _NO_WORDS.sub(" ", text)
    if not any(map(str.isalnum, said)):
        raise InvalidRequest("That message has no words to look for.")
    answer = await context.library.moments_about(said)
    return message_miss(answer) if isinstance(answer, Miss) else about_reply(answer)


async def _on(context: Context, given: tuple[str, ...]) -> Reply:
    query, video, offset, literal, *more = arguments.take(given, 4, 5)
    scope = Scope(video=arguments.video(video) if video else "", source=more[0] if more else "")
    return await _find(context, arguments.words(query), scope, arguments.number(offset), literal=literal == "literal")


async def _around(context: Context, given: tuple[str, ...]) -> Reply:
    video, second = arguments.take(given, 2)
    at = arguments.number(second)
    answer = await context.library.around(arguments.video(video), at)
    return miss_reply(answer) if isinstance(answer, Miss) else around_reply(answer, at)


FEATURE = Feature(
    commands=(
        Command(
            "timestamp",
            "Find where it is said: the moments, each a link that starts the video there",
            find_moments,
            (
                Option("query", "Words, a name, or a whole question", required=True),
                Option("video", "Only in this video", complete=complete_videos),
            ),
        ),
    ),
    message_commands=(MessageCommand("Find in library", "The moments that a message is about", find_for_message),),
    actions={verbs.MOMENTS: _on, verbs.AROUND: _around},
)
