"""Exceptions of discord.py, besides those that every surface explains. Never logs an exception's text."""

from __future__ import annotations

import secrets

import discord
from discord import app_commands

from bot.commands import explaining
from bot.log import get_logger
from bot.render.reply import Reply

RESTARTING = Reply(text="Cuepoint is restarting. Try again in a minute.", private=True, fresh=True)
STOPPED = Reply(text="Cuepoint was stopped before this was finished. Try again in a minute.", private=True, fresh=True)
STALE = Reply(
    text="This command has changed since your Discord loaded it. Restart Discord (Ctrl+R), then try again.",
    private=True,
    fresh=True,
)

log = get_logger(__name__)


def explain(error: BaseException, doing: str) -> Reply:
    """The reply that an exception deserves; logs what nobody expected. `doing` names the command or verb."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return STALE
    return explaining.explain(error, doing, describe)


def log_unexpected(error: BaseException, doing: str) -> str:
    """Log where an exception came from, without its text; returns the id of the log line."""
    return explaining.log_unexpected(error, doing, describe)


def log_undelivered(error: Exception, doing: str) -> None:
    """One line for an answer that did not reach Discord."""
    log.warning("%s: the answer was not delivered (id %s): %s", doing, secrets.token_hex(3), describe(error))


def describe(error: BaseException) -> str:
    """An exception's class, with Discord's status and code where it has them; never its text."""
    name = type(error).__name__
    if isinstance(error, discord.HTTPException):
        return f"{name} {error.status}, code {error.code}"
    if isinstance(error, discord.ConnectionClosed):
        return f"{name} {error.code}"
    return name
