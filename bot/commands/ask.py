"""`/ask`: an answer in the corpus's own words, each sentence with its source."""

from __future__ import annotations

from bot.commands.declare import Command, Context, Feature, Option, Options, words_option
from bot.commands.misses import missed, note_repair
from bot.models import Miss
from bot.render.reply import Reply
from bot.render.results import ask_reply


async def ask(context: Context, options: Options) -> Reply:
    """Answer with the sentences that answer the question best."""
    question = words_option(options, "question", "Ask a question, such as: who does he think will win?")
    answer = await context.library.ask(question)
    if isinstance(answer, Miss):
        return missed(context, answer)
    note_repair(context, question, answer.repaired)
    return ask_reply(answer)


FEATURE = Feature(
    commands=(
        Command(
            "ask",
            "An answer in the library's own words, each sentence with its source",
            ask,
            (Option("question", "A whole question", required=True),),
        ),
    ),
)
