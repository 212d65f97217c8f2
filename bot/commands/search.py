"""`/search`: passages from every kind of document, articles too."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import arguments
from bot.commands.declare import Choice, Command, Context, Feature, Option, Options, choices, text_option, words_option
from bot.commands.misses import missed, missed_in, note_repair
from bot.errors import InvalidRequest
from bot.models import Miss
from bot.render import verbs
from bot.render.reply import Reply
from bot.render.results import search_reply
from bot.search.query import is_stop, parse_query


async def find_passages(context: Context, options: Options) -> Reply:
    """Answer with the passages that say the words."""
    query = query_of(options)
    return await _find(context, query, chosen_source(context, text_option(options, "source").strip()))


def query_of(options: Options) -> str:
    """The words to look for. Raises InvalidRequest with a hint where there are none, or only such as are everywhere."""
    text = words_option(options, "query", "Say what to look for: a word, a name, or a whole question.")
    asked = parse_query(text)
    if asked.words and not asked.phrases and all(map(is_stop, asked.words)):
        raise InvalidRequest(
            "Those words are on nearly every page. Add one that tells what you look for, or put them in quotes."
        )
    return text


def chosen_source(context: Context, given: str) -> str:
    """The source that was chosen, or typed without choosing. Raises InvalidRequest where nothing fits."""
    if not given or given in context.library.catalogue.sources:
        return given
    found = context.library.complete_sources(given)
    if not found:
        raise InvalidRequest(
            "No source in the library has that name. Start typing and choose one of the suggestions, or leave it out."
        )
    return found[0].title


async def _find(context: Context, query: str, source: str, offset: int = 0, *, literal: bool = False) -> Reply:
    answer = await context.library.search(query, source=source, offset=offset, literal=literal)
    if isinstance(answer, Miss):
        return missed_in(context, answer, source, verbs.search(query)) if source else missed(context, answer)
    note_repair(context, query, answer.repaired)
    if not answer.results:  # the corpus shrank below this page since the button was made
        return await _find(context, query, source, literal=literal)
    return search_reply(answer, source=source, literal=literal)


async def _on(context: Context, given: tuple[str, ...]) -> Reply:
    query, source, offset, literal = arguments.take(given, 4)
    at = arguments.number(offset)
    return await _find(context, arguments.words(query), source, at, literal=literal == "literal")


def complete_sources(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Sources by name."""
    return choices(context.library.complete_sources(typed))


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
