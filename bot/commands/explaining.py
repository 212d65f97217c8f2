"""What an exception becomes on every surface: a reply by its class, and a log line with an id, without its text."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Callable

from bot.errors import CuepointError, NotAllowed, StoreError
from bot.log import get_logger
from bot.render.limits import CONTENT, cut
from bot.render.reply import Reply
from bot.render.text import message

Describe = Callable[[BaseException], str]

log = get_logger(__name__)


def class_name(error: BaseException) -> str:
    """What is logged of an exception; never its text, which may hold a query."""
    return type(error).__name__


def explain(error: BaseException, doing: str, describe: Describe = class_name) -> Reply:
    """The reply that an exception deserves; logs what nobody expected. `doing` names the command or verb."""
    if isinstance(error, CuepointError):
        if isinstance(error, StoreError | NotAllowed):
            log.warning("%s: %s", doing, describe(error))
        return Reply(text=cut(message(str(error)), CONTENT), private=True, fresh=True)
    incident = log_unexpected(error, doing, describe)
    text = f"Something went wrong (id {incident}). Try again; if it happens again, tell who runs this bot the id."
    return Reply(text=text, private=True, fresh=True)


def log_unexpected(error: BaseException, doing: str, describe: Describe = class_name) -> str:
    """Log where an exception came from; returns the id of the log line."""
    incident = secrets.token_hex(3)
    log.error("%s: unexpected error (id %s)\n%s", doing, incident, "\n".join(_frames(error, describe)))
    return incident


def _frames(error: BaseException, describe: Describe) -> list[str]:
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
