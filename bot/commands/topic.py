"""`/topic`: a page, its sections and its moments."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import arguments
from bot.commands.declare import Choice, Command, Context, Feature, Option, Options, choices, words_option
from bot.commands.misses import missed
from bot.models import Miss
from bot.render import verbs
from bot.render.misses import miss_reply, topic_miss
from bot.render.moments import page_moments_reply
from bot.render.reply import Reply
from bot.render.topics import section_reply, topic_reply


async def show_topic(context: Context, options: Options) -> Reply:
    """Answer with the topic that the words name."""
    hint = "Say which topic: start typing and choose one of the suggestions."
    return await _show(context, words_option(options, "query", hint))


async def _show(context: Context, query: str) -> Reply:
    answer = await context.library.topic(query)
    return missed(context, answer, topic_miss) if isinstance(answer, Miss) else topic_reply(answer)


async def _open(context: Context, given: tuple[str, ...]) -> Reply:
    (key,) = arguments.take(given, 1)
    return await _show(context, arguments.key(key))


async def _section(context: Context, given: tuple[str, ...]) -> Reply:
    key, ordinal, page = arguments.take(given, 3)
    answer = await context.library.section(arguments.key(key), arguments.number(ordinal))
    return miss_reply(answer) if isinstance(answer, Miss) else section_reply(answer, arguments.number(page))


async def _moments(context: Context, given: tuple[str, ...]) -> Reply:
    key, offset = arguments.take(given, 2)
    answer = await context.library.page_moments(arguments.key(key), arguments.number(offset))
    if isinstance(answer, Miss) or not answer.moments:
        return miss_reply(Miss(""))
    return page_moments_reply(answer, key)


def complete_topics(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Topics by name."""
    return choices(context.library.complete_topics(typed))


FEATURE = Feature(
    commands=(
        Command(
            "topic",
            "Look a topic up: what it says, its best moments, related topics",
            show_topic,
            (Option("query", "The topic; start typing to see suggestions", required=True, complete=complete_topics),),
        ),
    ),
    actions={verbs.TOPIC: _open, verbs.SECTION: _section, verbs.MOMENTS_OF_PAGE: _moments},
)
