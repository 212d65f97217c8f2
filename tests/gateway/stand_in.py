"""A small registry in place of the real commands: what it is asked and answers is all there for a test to see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

import discord

from bot.commands.declare import Choice, Command, Context, Feature, Option, Options, OptionType
from bot.curation import Curator
from bot.errors import ButtonExpired, InvalidRequest, NotAllowed
from bot.gateway.desk import Desk
from bot.library import Library
from bot.render.reply import Action, Attachment, Button, Menu, MenuItem, Reply
from bot.store.database import Store

HOME = 1_200_000_000_000_000_000
SECRET_WORDS = "words nobody may log"
LONG = "x" * 120  # too long for a custom_id
LIBRARY = cast(Library, object())
CURATOR = cast(Curator, object())


def embed(words: str) -> discord.Embed:
    return discord.Embed(title="Answer", description=words)


async def _say(context: Context, options: Options) -> Reply:
    return Reply((embed(str(dict(sorted(options.items())))),))


async def _buttons(context: Context, options: Options) -> Reply:
    buttons = (
        Button("Next", Action("page", ("2",))),
        Button("Long", Action("page", (LONG,))),
        Button("Fresh", Action("fresh")),
        Button("Hidden", Action("hidden")),
        Button("Undo", Action("undo")),
    )
    others = (Button("Boom", Action("boom")), Button("Wrong", Action("wrong")), Button("Gone", Action("gone")))
    more = (Button("Watch", url="https://youtu.be/abc?t=1"), Button("Off"), Button("Next", Action("page", ("2",))))
    menu = Menu("Sections", (MenuItem("One", Action("page", ("one",))), MenuItem("Long", Action("page", (LONG, "2")))))
    return Reply((embed("page 1"),), (buttons, others + more, menu))


async def _miss(context: Context, options: Options) -> Reply:
    return Reply((embed("Nothing says that"),), private=True)


async def _wrong(context: Context, options: Options) -> Reply:
    raise InvalidRequest("Say which video.")


async def _boom(context: Context, options: Options) -> Reply:
    raise ValueError(SECRET_WORDS, options)


async def _huge(context: Context, options: Options) -> Reply:
    return Reply((embed("x" * 5000),))


async def _slow(context: Context, options: Options) -> Reply:
    await asyncio.sleep(30)
    return Reply(text="never seen")


async def _file(context: Context, options: Options) -> Reply:
    return Reply(text="a file", files=(Attachment("findings.csv", b"path,line\n"),))


async def _reload(context: Context, options: Options) -> Reply:
    assert context.progress is not None
    await context.progress("reading 1 of 2")
    return Reply(
        (embed("Reloaded"),), ((Button("Undo", Action("undo")), Button("Again", Action("again"))),), private=True
    )


async def _page(context: Context, arguments: tuple[str, ...]) -> Reply:
    return Reply((embed(f"page {arguments[0]}"),))


async def _fresh(context: Context, arguments: tuple[str, ...]) -> Reply:
    return Reply((embed("something else"),), fresh=True)


async def _hidden(context: Context, arguments: tuple[str, ...]) -> Reply:
    return Reply((embed("for you alone"),), private=True)


async def _undo(context: Context, arguments: tuple[str, ...]) -> Reply:
    return Reply((embed("Undone"),), private=True)


async def _press_boom(context: Context, arguments: tuple[str, ...]) -> Reply:
    raise ValueError(SECRET_WORDS)


async def _press_wrong(context: Context, arguments: tuple[str, ...]) -> Reply:
    raise InvalidRequest("That video is gone.")


async def _undo_again(context: Context, arguments: tuple[str, ...]) -> Reply:
    assert context.progress is not None
    await context.progress("reading 1 of 2")
    return Reply((embed("Undo?"),), private=True, fresh=True)


async def _press_later(context: Context, arguments: tuple[str, ...]) -> Reply:
    await asyncio.sleep(0.01)
    return Reply((embed("later"),))


def _complete(context: Context, typed: str, options: Options) -> Sequence[Choice]:
    if typed == "boom":
        raise ValueError(SECRET_WORDS)
    return [Choice(f"{typed} · {dict(options)}", "key"), Choice("", "empty"), Choice("long key", "x" * 101)]


FEATURE = Feature(
    commands=(
        Command(
            "say",
            "Say the options again",
            _say,
            (
                Option("query", "What to say", required=True, complete=_complete),
                Option("loud", "Louder", OptionType.FLAG),
                Option("video", "Only there"),
            ),
        ),
        Command("buttons", "A reply with components", _buttons),
        Command("miss", "A private reply", _miss),
        Command("wrong", "A request that cannot be answered", _wrong),
        Command("boom", "A bug", _boom),
        Command("huge", "A reply over a limit", _huge),
        Command("slow", "A reply that takes too long", _slow),
        Command("file", "A reply with a file", _file),
        Command(
            "corpus reload", "Long work", _reload, (Option("force", "All of it", OptionType.FLAG),), moderators=True
        ),
        Command("corpus status", "Long work", _reload, moderators=True),
    ),
    actions={
        "page": _page,
        "fresh": _fresh,
        "hidden": _hidden,
        "undo": _undo,
        "boom": _press_boom,
        "wrong": _press_wrong,
        "later": _press_later,
        "again": _undo_again,
    },
    moderator_verbs=frozenset({"undo", "again"}),
)


class StandIn:
    """The registry's functions over FEATURE."""

    FEATURES = (FEATURE,)
    COMMANDS = FEATURE.commands
    MESSAGE_COMMANDS = FEATURE.message_commands

    def __init__(self) -> None:
        self.contexts: list[Context] = []
        self._by_name = {command.name: command for command in self.COMMANDS}

    async def run_command(self, name: str, context: Context, options: Options) -> Reply:
        self.contexts.append(context)
        command = self._by_name[name]
        if command.moderators and not context.is_moderator:
            raise NotAllowed("Only moderators may do that.")
        return await command.handler(context, options)

    async def run_message(self, name: str, context: Context, text: str) -> Reply:
        raise KeyError(name)

    async def run_action(self, action: Action, context: Context) -> Reply:
        self.contexts.append(context)
        if action.verb not in FEATURE.actions:
            raise ButtonExpired("This button has expired.")
        if action.verb in FEATURE.moderator_verbs and not context.is_moderator:
            raise NotAllowed("Only moderators may do that.")
        return await FEATURE.actions[action.verb](context, action.arguments)

    def complete(self, name: str, option_name: str, typed: str, options: Options, context: Context) -> Sequence[Choice]:
        option = next(option for option in self._by_name[name].options if option.name == option_name)
        return option.complete(context, typed, options) if option.complete else []


def desk(state: Store, home_server: int = HOME) -> Desk:
    return Desk(StandIn(), LIBRARY, CURATOR, state, home_server)
