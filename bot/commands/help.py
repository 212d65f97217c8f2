"""`/help`."""

from __future__ import annotations

from bot import __version__
from bot.commands.declare import Command, Context, Feature, Options
from bot.render.help import help_reply
from bot.render.reply import Reply


async def show_help(context: Context, _: Options) -> Reply:
    """Answer with every command that the asker may use."""
    from bot.commands.registry import COMMANDS, MESSAGE_COMMANDS  # the registry imports this module

    shown = [command for command in COMMANDS if _may_use(context, command)]
    lines = [(_usage(command), command.description) for command in shown]
    lines += [(f"Apps > {entry.name}", entry.description) for entry in MESSAGE_COMMANDS]
    return help_reply(lines, __version__, in_server=bool(context.server), keeps_gaps=context.gaps is not None)


def _may_use(context: Context, command: Command) -> bool:
    return (not command.moderators or context.is_moderator) and (not command.managers or context.is_manager)


def _usage(command: Command) -> str:
    options = (option.name if option.required else f"[{option.name}]" for option in command.options)
    return " ".join([f"/{command.name}", *options])


FEATURE = Feature(commands=(Command("help", "How to ask, what is kept about you, who runs this bot", show_help),))
