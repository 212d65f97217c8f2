"""Misses and refusals: what was not found, what comes nearest, and what to do next. Only for the one who asked."""

from __future__ import annotations

import discord

from bot.models import Miss
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import BUTTON_LABEL
from bot.render.reply import Action, Button, Reply
from bot.render.text import QUIET, escape

_QUERY = 100


def miss_reply(miss: Miss, *, can_tell: bool = False) -> Reply:
    """Nothing found; the nearest topics (or take questions) as buttons that run them.

    `can_tell`: somebody reads what members report as missing.
    """
    if not miss.query:
        return note("That is not in the library any more. Ask again with the command.")
    asked = _quoted(miss.query)
    if miss.of_takes:
        return _reply(miss, f"No quick take answers {asked}.", can_tell=can_tell)
    if miss.of_answer:
        return _reply(miss, f"Nothing in the library answers {asked}.", _search(miss), can_tell=can_tell)
    if miss.said_elsewhere:
        return _reply(
            miss, f"No moment in a video says {asked}.", Button("Search everything", verbs.search(miss.query))
        )
    return _reply(miss, f"Nothing in the library says {asked}.", can_tell=can_tell)


def topic_miss(miss: Miss, *, can_tell: bool = False) -> Reply:
    """No topic has that name; its words may be in the library all the same."""
    return _reply(miss, f"No topic in the library is called {_quoted(miss.query)}.", _search(miss), can_tell=can_tell)


def scoped_miss(miss: Miss, scope: str, wider: Action) -> Reply:
    """Nothing in one video or source, named `scope`; `wider` asks the whole library."""
    nothing = "No moment" if miss.said_elsewhere else "Nothing"
    sentence = f"{nothing} in {escape(cut(scope, _QUERY))} says {_quoted(miss.query)}."
    return _reply(miss, sentence, Button("Look everywhere", wider))


def takes_miss(miss: Miss, label: str) -> Reply:
    """The topic that the miss names has no quick takes, or none with this label."""
    if label:
        return _reply(miss, f"No quick take on {_quoted(miss.query)} answers {_quoted(label)}.")
    return _reply(miss, f"There are no quick takes on {_quoted(miss.query)}.")


def message_miss(miss: Miss) -> Reply:
    """Nothing is about somebody's message, which is not repeated."""
    return _reply(miss, "No moment in a video is about that message.")


def empty_reply(*, is_moderator: bool) -> Reply:
    """There is nothing to find anything in."""
    what = "Nothing is loaded into the library yet."
    if not is_moderator:
        return note(f"{what} Ask again once its moderators have added the first documents.")
    return note(
        f"{what} Put .md or .txt files into the corpus folder and use `/corpus reload`, or add one file with "
        "`/corpus upload`."
    )


def note(text: str) -> Reply:
    """A line for the one who asked. `text` is ours, not a file's."""
    return Reply((discord.Embed(description=text, colour=QUIET),), private=True)


def _reply(miss: Miss, sentence: str, other: Button | None = None, *, can_tell: bool = False) -> Reply:
    nearest = miss.nearest[: 4 if other else 5]
    if not nearest:
        hint = "Try other words, or fewer of them." if len(miss.query.split()) > 1 else "Try another word."
    elif miss.most_answered:
        hint = "Questions that have answers:"
    else:
        hint = "Nearest questions:" if miss.of_takes else "Nearest topics:"
    text = f"{sentence}\n{hint}"
    buttons = tuple(
        Button(
            cut(topic.title, BUTTON_LABEL), verbs.takes(label=topic.key) if miss.of_takes else verbs.topic(topic.key)
        )
        for topic in nearest
    )
    tell = (Button("Tell the moderators it is missing", verbs.tell(miss.query)),) if can_tell else ()
    rows = tuple(row for row in ((*buttons, other) if other else buttons, tell) if row)
    return Reply((discord.Embed(description=text, colour=QUIET),), rows, private=True, missed=True)


def _quoted(words: str) -> str:
    return f'"{escape(cut(words, _QUERY))}"'


def _search(miss: Miss) -> Button:
    return Button("Search for its words", verbs.search(miss.query))
