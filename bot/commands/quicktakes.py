"""`/quicktakes`: short answers to the same questions, by topic or across all videos."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import arguments
from bot.commands.declare import Choice, Command, Context, Feature, Option, Options, choices, text_option
from bot.commands.misses import missed
from bot.models import Miss
from bot.render import verbs
from bot.render.misses import takes_miss, topic_miss
from bot.render.reply import Reply
from bot.render.takes import takes_reply


async def show_takes(context: Context, options: Options) -> Reply:
    """Answer with takes: of a topic's video, of one question, or the questions there are."""
    return await _show(context, text_option(options, "topic").strip(), text_option(options, "take").strip())


async def _show(context: Context, topic: str, label: str, offset: int = 0) -> Reply:
    answer = await context.library.takes(topic=topic, label=label, offset=offset)
    if isinstance(answer, Miss):
        if not answer.of_takes:
            return missed(context, answer, topic_miss)
        if topic and answer.query != label:  # the topic is there, and has none
            return takes_miss(answer, label)
        return missed(context, answer)
    if offset and not answer.groups:  # the corpus shrank below this page since the button was made
        return await _show(context, topic, label)
    return takes_reply(answer, answer.topic.key if answer.topic else "")


async def _on(context: Context, given: tuple[str, ...]) -> Reply:
    topic, label, offset = arguments.take(given, 3)
    return await _show(context, arguments.key(topic) if topic else "", label, arguments.number(offset))


def complete_documents(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Documents by name: a topic without a page has no takes."""
    return choices(context.library.complete_documents(typed))


def complete_labels(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Take questions, most answered first."""
    return choices(context.library.complete_labels(typed))


FEATURE = Feature(
    commands=(
        Command(
            "quicktakes",
            "Quick takes: one-line opinions by person or video, or one question across all videos",
            show_takes,
            (
                Option("topic", "The takes of this topic's video", complete=complete_documents),
                Option("take", "One question across all videos, such as Overhyped", complete=complete_labels),
            ),
        ),
    ),
    actions={verbs.TAKES: _on},
)
