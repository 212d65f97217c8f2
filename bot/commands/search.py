"""`/search`: passages from every kind of document, articles too."""

from __future__ import annotations

from bot.commands import arguments
from bot.commands.declare import Command, Context, Feature, Option, Options, text_option, words_option
from bot.commands.misses import missed, missed_in, note_repair
from bot.commands.scoping import complete_sources, scope_name, scoped
from bot.errors import InvalidRequest
from bot.models import Miss
from bot.render import verbs
from bot.render.reply import Reply
from bot.render.results import search_reply
from bot.search.engine import Scope
from bot.search.query import is_stop, parse_query


async def find_passages(context: Context, options: Options) -> Reply:
    """Answer with the passages that say the words."""
    words, scope = scoped(context, query_of(options), source=text_option(options, "source"))
    return await _find(context, words, scope)


def query_of(options: Options) -> str:
    """What to look for. Raises InvalidRequest with a hint where there are no words, or only such as are everywhere."""
    hint = "Say what to look for: a word, a name, or a whole question."
    text = words_option(options, "query", hint)
    asked = parse_query(text)
    if not asked.words:
        raise InvalidRequest(hint)
    if not asked.phrases and all(map(is_stop, asked.words)):
        raise InvalidRequest(
            "Those words are on nearly every page. Add one that tells what you look for, or put them in quotes."
        )
    return text


async def _find(context: Context, query: str, scope: Scope, offset: int = 0, *, literal: bool = False) -> Reply:
    source, video = scope.source, scope.video
    answer = await context.library.search(query, source=source, video=video, offset=offset, literal=literal)
    if isinstance(answer, Miss):
        name = scope_name(context, scope)
        return missed_in(context, answer, name, verbs.search(query)) if name else missed(context, answer)
    note_repair(context, query, answer.repaired)
    if not answer.results:  # the corpus shrank below this page since the button was made
        return await _find(context, query, scope, literal=literal)
    return search_reply(answer, source=source, video=video, literal=literal)


async def _on(context: Context, given: tuple[str, ...]) -> Reply:
    query, source, offset, literal, *more = arguments.take(given, 4, 5)
    scope = Scope(source=source, video=arguments.video(more[0]) if more else "")
    return await _find(context, arguments.words(query), scope, arguments.number(offset), literal=literal == "literal")


FEATURE = Feature(
    commands=(
        Command(
            "search",
            "Search every page and article",
            find_passages,
            (
                Option("query", "Words, a name, or a whole question", required=True),
                Option("source", "Only from this channel or publication", complete=complete_sources),
            ),
        ),
    ),
    actions={verbs.SEARCH: _on},
)
