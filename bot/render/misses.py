"""Misses and refusals: what was not found, what comes nearest, and what to do next. Only for the one who asked."""

from __future__ import annotations

import discord

from bot.models import Miss
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import BUTTON_LABEL
from bot.render.reply import Button, Reply
from bot.render.text import QUIET, escape

_QUERY = 100


def miss_reply(miss: Miss, *, can_tell: bool = False) -> Reply:
    """Nothing found; the nearest topics (or take questions) as buttons that run them.

    `can_tell`: somebody reads what members report as missing.
    """
    if not miss.query:
        return note("That is not in the library any more. Ask again with the command.")
    nearest = miss.nearest[:5]
    asked = escape(cut(miss.query, _QUERY))
    text = f'Nothing in the library says "{asked}".'
    if miss.of_takes:
        text = f'No quick take answers "{asked}".'
    elif miss.of_answer:
        text = f'Nothing in the library answers "{asked}".'
    if nearest:
        text += "\nNearest questions:" if miss.of_takes else "\nNearest topics:"
    else:
        text += "\nTry other words, or fewer of them."
    buttons = tuple(
        Button(
            cut(topic.title, BUTTON_LABEL), verbs.takes(label=topic.key) if miss.of_takes else verbs.topic(topic.key)
        )
        for topic in nearest
    )
    if miss.of_answer:
        buttons = (*buttons[:4], Button("Search for its words", verbs.search(miss.query)))
    tell = (Button("Tell the moderators it is missing", verbs.tell(miss.query)),) if can_tell else ()
    rows = tuple(row for row in (buttons, tell) if row)
    return Reply((discord.Embed(description=text, colour=QUIET),), rows, private=True, missed=True)


def note(text: str) -> Reply:
    """A line for the one who asked. `text` is ours, not a file's."""
    return Reply((discord.Embed(description=text, colour=QUIET),), private=True)
