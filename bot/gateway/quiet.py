"""discord.py's own log lines about exceptions, made one line each: no traceback, no arguments, no text."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

import discord

from bot.gateway.errors import describe, log_unexpected

_LOGGERS = ("discord.client", "discord.gateway", "discord.state", "discord.app_commands.tree", "discord.ui.view")
_PLACEHOLDER = re.compile(r"%[-.0-9]{0,6}[a-z]")


class _OneLine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            words = _PLACEHOLDER.sub("…", str(record.msg))
            record.msg, record.args = f"{words} ({describe(record.exc_info[1])})", None
            record.exc_info = record.exc_text = None
        return True


_ONE_LINE = _OneLine()


def quieten() -> None:
    """Apply to the loggers of discord.py, and leave out what it says about voice; doing so twice changes nothing."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_ONE_LINE)


def on_loop_error(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """An event loop's exception handler that keeps to the same rule."""
    error = context.get("exception")
    if isinstance(error, BaseException):
        log_unexpected(error, "in the background")
