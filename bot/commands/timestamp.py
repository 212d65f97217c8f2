"""`/timestamp`: the moments in videos that say it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import arguments
from bot.commands.declare import (
    Choice,
    Command,
    Context,
    Feature,
    MessageCommand,
    Option,
    Options,
    choices,
    text_option,
)
from bot.commands.misses import missed, missed_in, note_repair
from bot.commands.search import query_of
from bot.corpus.parse import VIDEO_ID
from bot.errors import InvalidRequest
from bot.models import Miss
from bot.render import verbs
from bot.render.misses import message_miss, miss_reply
from bot.render.moments import about_reply, around_reply, found_reply
from bot.render.reply import Reply


async def find_moments(context: Context, options: Options) -> Reply:
    """Answer with the moments that say the words."""
    query = query_of(options)
    return await _find(context, query, _video(context, text_option(options, "video").strip()))


def _video(context: Context, given: str) -> str:
    """The video that was chosen, or typed without choosing. Raises InvalidRequest where nothing fits."""
    if not given or (VIDEO_ID.fullmatch(given) and given in context.library.catalogue.videos):
        return given
    found = context.library.complete_videos(given)
    if not found:
        raise InvalidRequest(
            "No video in the library has that title. Start typing and choose one of the suggestions, or leave it out."
        )
    return found[0].key


async def _find(context: Context, query: str, video: str, offset: int = 0, *, literal: bool = False) -> Reply:
    answer = await context.library.moments(query, video=video, offset=offset, literal=literal)
    if isinstance(answer, Miss):
        if not video:
            return missed(context, answer)
        scope = context.library.catalogue.video_name(video) or "that video"
        return missed_in(context, answer, scope, verbs.moments(query))
    note_repair(context, query, answer.repaired)
    if not answer.moments:  # the corpus shrank below this page since the button was made
        return await _find(context, query, video, 0, literal=literal)
    return found_reply(answer, video=video, literal=literal)


async def find_for_message(context: Context, text: str) -> Reply:
    """Answer with the moments that a message is about."""
    if not text.strip():
        raise InvalidRequest("That message has no words to look for.")
    answer = await context.library.moments_about(text)
    return message_miss(answer) if isinstance(answer, Miss) else about_reply(answer)


async def _on(context: Context, given: tuple[str, ...]) -> Reply:
    query, video, offset, literal = arguments.take(given, 4)
    video = arguments.video(video) if video else ""
    return await _find(context, arguments.words(query), video, arguments.number(offset), literal=literal == "literal")


async def _around(context: Context, given: tuple[str, ...]) -> Reply:
    video, second = arguments.take(given, 2)
    at = arguments.number(second)
    answer = await context.library.around(arguments.video(video), at)
    return miss_reply(answer) if isinstance(answer, Miss) else around_reply(answer, at)


def complete_videos(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Videos by title."""
    return choices(context.library.complete_videos(typed))


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
