"""All commands and actions, gathered from the feature modules, and the one way to run them. Knows no surface.

What is run is counted and timed here, for every surface alike, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from contextlib import nullcontext

from bot.commands import (
    ask,
    confirming,
    corpus,
    documents,
    gaps,
    help,
    library,
    quicktakes,
    search,
    settings,
    timestamp,
    topic,
)
from bot.commands.actions import EXPIRED
from bot.commands.declare import Choice, Command, Context, MessageCommand, Options
from bot.errors import ButtonExpired, NotAllowed
from bot.operation.metrics import Kind
from bot.render.reply import Action, Reply

FEATURES = (
    topic.FEATURE,
    timestamp.FEATURE,
    quicktakes.FEATURE,
    search.FEATURE,
    ask.FEATURE,
    library.FEATURE,
    corpus.FEATURE,
    documents.FEATURE,
    confirming.FEATURE,
    gaps.FEATURE,
    settings.FEATURE,
    help.FEATURE,
)
COMMANDS: tuple[Command, ...] = tuple(command for feature in FEATURES for command in feature.commands)
MESSAGE_COMMANDS: tuple[MessageCommand, ...] = tuple(
    entry for feature in FEATURES for entry in feature.message_commands
)
_MESSAGES = {entry.name: entry.handler for entry in MESSAGE_COMMANDS}
_BY_NAME = {command.name: command for command in COMMANDS}
_VERBS = {verb: handler for feature in FEATURES for verb, handler in feature.actions.items()}
_MODERATOR_VERBS = frozenset(verb for feature in FEATURES for verb in feature.moderator_verbs)
_MANAGER_VERBS = frozenset(verb for feature in FEATURES for verb in feature.manager_verbs)

MAX_CHOICES = 25
_MANAGERS_ONLY = "Only members with Manage Server can see and change this server's settings."


async def run_command(name: str, context: Context, options: Options) -> Reply:
    """Run a command by name. Raises NotAllowed for a moderators' command of somebody else, and CuepointError."""
    command = _BY_NAME[name]

    async def run() -> Reply:
        if command.moderators and not context.is_moderator:
            raise await _refusal(context, name)
        if command.managers and not context.is_manager:
            raise NotAllowed(_MANAGERS_ONLY)
        return await command.handler(context, options)

    return await _counted(context, Kind.COMMAND, name, run())


async def run_message(name: str, context: Context, text: str) -> Reply:
    """Run an entry of a message's Apps menu over the message's text. Raises CuepointError."""
    return await _counted(context, Kind.MESSAGE, name, _MESSAGES[name](context, text))


async def run_action(action: Action, context: Context) -> Reply:
    """Run what a button or menu asks for. Raises ButtonExpired for an unknown verb, NotAllowed, and CuepointError."""
    handler = _VERBS.get(action.verb)

    async def run() -> Reply:
        if handler is None:
            raise ButtonExpired(EXPIRED)
        if action.verb in _MODERATOR_VERBS and not context.is_moderator:
            raise await _refusal(context, f"press of {action.verb}")
        if action.verb in _MANAGER_VERBS and not context.is_manager:
            raise NotAllowed(_MANAGERS_ONLY)
        return await handler(context, action.arguments)

    # A verb is input from outside: only one of ours is a name to count under.
    return await _counted(context, Kind.PRESS, action.verb if handler else "unknown", run())


async def _counted(context: Context, kind: Kind, name: str, work: Awaitable[Reply]) -> Reply:
    if context.metrics is None:
        return await work
    with context.metrics.calling(kind, name) as call:
        reply = await work
        call.missed = reply.missed
        return reply


async def _refusal(context: Context, doing: str) -> NotAllowed:
    """What somebody is told who may not do this; noted for the moderators."""
    error = NotAllowed(
        "Only moderators of this bot's home server can do that (they need Manage Server, or the role that is set)."
    )
    await context.curator.audit.refused(context.asker, doing, error)
    return error


def complete(name: str, option_name: str, typed: str, options: Options, context: Context) -> Sequence[Choice]:
    """Autocomplete lines for what was typed so far, best first, from memory."""
    command = _BY_NAME[name]
    if command.moderators and not context.is_moderator:
        return []
    option = next((option for option in command.options if option.name == option_name), None)
    if option is None or option.complete is None:
        return []
    with context.metrics.calling(Kind.COMPLETION, name) if context.metrics else nullcontext():
        return option.complete(context, typed, options)[:MAX_CHOICES]
