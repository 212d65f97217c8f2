"""`/library`: what there is to read."""

from __future__ import annotations

from bot.commands import arguments
from bot.commands.declare import Command, Context, Feature, Option, Options, text_option
from bot.commands.scoping import chosen_source, complete_sources
from bot.models import Miss
from bot.render import verbs
from bot.render.misses import miss_reply
from bot.render.reply import Reply
from bot.render.results import library_reply


async def browse(context: Context, options: Options) -> Reply:
    """Answer with the newest documents, of one source where one is named."""
    source = chosen_source(context, text_option(options, "source").strip())
    return library_reply(context.library.browse(source))


async def _on(context: Context, given: tuple[str, ...]) -> Reply:
    source, offset = arguments.take(given, 2)
    answer = context.library.browse(source, arguments.number(offset))
    return library_reply(answer) if answer.documents else miss_reply(Miss(""))  # the corpus shrank since


FEATURE = Feature(
    commands=(
        Command(
            "library",
            "What there is to read, newest first",
            browse,
            (Option("source", "Only this channel or publication", complete=complete_sources),),
        ),
    ),
    actions={verbs.LIBRARY: _on},
)
