"""What an exception becomes: a reply by its class, and a log line with an id. Never logs an exception's text."""

from __future__ import annotations

import secrets
import traceback

import discord
from discord import app_commands

from bot.errors import CuepointError, NotAllowed, StoreError
from bot.log import get_logger
from bot.render.limits import CONTENT, cut
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
    if isinstance(error, CuepointError):
        if isinstance(error, StoreError | NotAllowed):
            log.warning("%s: %s", doing, describe(error))
        return Reply(text=cut(str(error), CONTENT), private=True, fresh=True)
    incident = log_unexpected(error, doing)
    text = f"Something went wrong (id {incident}). Try again; if it happens again, tell who runs this bot the id."
    return Reply(text=text, private=True, fresh=True)


def log_unexpected(error: BaseException, doing: str) -> str:
    """Log where an exception came from, without its text, which may hold a query; returns the id of the log line."""
    incident = secrets.token_hex(3)
    log.error("%s: unexpected error (id %s)\n%s", doing, incident, "\n".join(_frames(error)))
    return incident


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


def _frames(error: BaseException) -> list[str]:
    """The classes and places of an exception and of what caused it, innermost cause last."""
    lines: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(f"{'caused by ' if len(seen) > 1 else ''}{describe(cause)}")
        frames = traceback.extract_tb(cause.__traceback__)
        lines += (f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines
