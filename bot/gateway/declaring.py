"""Our command declarations as discord.py's commands and groups. Runs none of them: the callback it is given does."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import discord
from discord import app_commands

from bot.commands.declare import MAX_QUERY, PRIVATE, Command, MessageCommand, OptionType
from bot.gateway.desk import Interaction

Callback = Callable[[Interaction, Command, dict[str, object]], Awaitable[None]]
MessageCallback = Callable[[Interaction, MessageCommand, str], Awaitable[None]]
AppCommand = app_commands.Command[Any, ..., Any] | app_commands.Group

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
_INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
_MANAGES = discord.Permissions(manage_guild=True)
_CHANNELS = [  # whose messages may be replies, or that hold threads
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
]


class _Channel(app_commands.Transformer):
    """A channel of the server as its id: it need not be one that the bot can see."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return _CHANNELS

    async def transform(self, interaction: Interaction, value: Any, /) -> str:
        return str(value.id)


_TEXT: Any = app_commands.Range[str, 1, MAX_QUERY]
_ANNOTATIONS = {
    OptionType.TEXT: _TEXT,
    OptionType.FLAG: bool | None,  # None where it was not given
    OptionType.FILE: discord.Attachment,
    OptionType.CHANNEL: app_commands.Transform[str, _Channel],
}


def member_commands(commands: Iterable[Command], callback: Callback) -> list[AppCommand]:
    """The commands for everybody: in servers, in direct messages, and as a user's own app; each with `private`."""
    chosen = [command for command in commands if not (command.moderators or command.managers)]
    return _gathered(chosen, callback, "For everybody", allowed_contexts=_EVERYWHERE, allowed_installs=_INSTALLS)


def moderator_commands(commands: Iterable[Command], callback: Callback, *, by_role: bool = False) -> list[AppCommand]:
    """The commands for one server's moderators. Discord hides them from others; the check is made on each call.

    Where a role makes moderators too (`by_role`) they are hidden from nobody: that role may not have the right.
    """
    chosen = [command for command in commands if command.moderators]
    rights = None if by_role else _MANAGES
    return _gathered(chosen, callback, "For this server's moderators", default_permissions=rights)


def manager_commands(commands: Iterable[Command], callback: Callback) -> list[AppCommand]:
    """The commands for every server's own managers: hidden from others there, and not to be had anywhere else."""
    chosen = [command for command in commands if command.managers]
    return _gathered(
        chosen,
        callback,
        "For who manages this server",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=_MANAGES,
    )


def message_commands(commands: Iterable[MessageCommand], callback: MessageCallback) -> list[app_commands.ContextMenu]:
    """The entries of a message's Apps menu, for everybody and everywhere."""
    return [_message_command(command, callback) for command in commands]


def _message_command(declared: MessageCommand, callback: MessageCallback) -> app_commands.ContextMenu:
    async def invoked(interaction: Interaction, message: discord.Message) -> None:
        await callback(interaction, declared, message.content)

    menu = app_commands.ContextMenu(name=declared.name, callback=invoked)
    menu.allowed_contexts, menu.allowed_installs = _EVERYWHERE, _INSTALLS
    return menu


def _gathered(commands: Iterable[Command], callback: Callback, about: str, **settings: Any) -> list[AppCommand]:
    """Commands of two words under their group, described by `about`; `settings` are those of top-level commands."""
    made: list[AppCommand] = []
    groups: dict[str, app_commands.Group] = {}
    for command in commands:
        first, _, second = command.name.partition(" ")
        if not second:
            single = _command(command, first, callback)
            for setting, value in settings.items():
                setattr(single, setting, value)
            made.append(single)
            continue
        group = groups.get(first)
        if group is None:
            group = groups[first] = app_commands.Group(name=first, description=about, **settings)
            made.append(group)
        group.add_command(_command(command, second, callback))
    return made


def _command(declared: Command, name: str, callback: Callback) -> app_commands.Command[Any, ..., Any]:
    """discord.py reads a command's options off its callback's signature: this gives it the declared ones."""
    open_to_all = not (declared.moderators or declared.managers)
    options = (*declared.options, PRIVATE) if open_to_all else declared.options

    async def invoked(interaction: Interaction, **values: object) -> None:
        await callback(interaction, declared, values)

    async def unasked(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return []  # marks the option as completed; the tree answers before this would be asked

    parameters = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)]
    parameters += [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if option.required else None,
            annotation=_ANNOTATIONS[option.type],
        )
        for option in options
    ]
    invoked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    described = app_commands.describe(**{option.name: option.description for option in options})(invoked)
    completed = {option.name: unasked for option in options if option.complete}
    if completed:
        described = app_commands.autocomplete(**completed)(described)
    return app_commands.Command(name=name, description=declared.description, callback=described)
