"""Our command declarations as discord.py's commands and groups. Runs none of them: the callback it is given does."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import discord
from discord import app_commands

from bot.commands.declare import MAX_QUERY, Command, Option, OptionType
from bot.gateway.desk import PRIVATE_OPTION, Interaction

Callback = Callable[[Interaction, Command, dict[str, object]], Awaitable[None]]
AppCommand = app_commands.Command[Any, ..., Any] | app_commands.Group

_PRIVATE = Option(PRIVATE_OPTION, "Show the reply to you alone", OptionType.FLAG)
_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
_TEXT: Any = app_commands.Range[str, 1, MAX_QUERY]
_ANNOTATIONS = {OptionType.TEXT: _TEXT, OptionType.FLAG: bool | None}


def member_commands(commands: Iterable[Command], callback: Callback) -> list[AppCommand]:
    """The commands for everybody: in servers, in direct messages, and as a user's own app; each with `private`."""
    chosen = [command for command in commands if not command.moderators]
    return _gathered(chosen, callback, allowed_contexts=_EVERYWHERE, allowed_installs=_INSTALLS)


def moderator_commands(commands: Iterable[Command], callback: Callback) -> list[AppCommand]:
    """The commands for one server's moderators. Discord hides them from others; the check is made on each call."""
    chosen = [command for command in commands if command.moderators]
    return _gathered(chosen, callback, default_permissions=discord.Permissions(manage_guild=True))


def _gathered(commands: Iterable[Command], callback: Callback, **settings: Any) -> list[AppCommand]:
    """Commands of two words under their group; `settings` are those of a command that is not in a group, and of groups."""
    made: list[AppCommand] = []
    groups: dict[str, app_commands.Group] = {}
    for command in commands:
        first, _, second = command.name.partition(" ")
        if not second:
            made.append(_single(command, callback, settings))
            continue
        group = groups.get(first)
        if group is None:
            group = groups[first] = app_commands.Group(name=first, description=GROUPS[first], **settings)
            made.append(group)
        group.add_command(_command(command, second, callback))
    return made


def _single(command: Command, callback: Callback, settings: dict[str, Any]) -> app_commands.Command[Any, ..., Any]:
    single = _command(command, command.name, callback)
    for name, value in settings.items():
        setattr(single, name, value)
    return single


def _command(declared: Command, name: str, callback: Callback) -> app_commands.Command[Any, ..., Any]:
    """discord.py reads a command's options off its callback's signature: this gives it the declared ones."""
    options = declared.options if declared.moderators else (*declared.options, _PRIVATE)

    async def invoked(interaction: Interaction, **values: object) -> None:
        await callback(interaction, declared, values)

    async def unasked(interaction: Interaction, typed: str) -> Sequence[app_commands.Choice[str]]:
        return []  # marks the option as completed; the tree answers before this would be asked

    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)]
    parameters += [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if option.required else None,
            annotation=str if option.required and option.type is OptionType.FLAG else _ANNOTATIONS[option.type],
        )
        for option in options
    ]
    invoked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described = app_commands.describe(**{option.name: option.description for option in options})(invoked)
    completed = {option.name: unasked for option in options if option.complete}
    if completed:
        described = app_commands.autocomplete(**completed)(described)
    return app_commands.Command(name=name, description=declared.description, callback=described)
