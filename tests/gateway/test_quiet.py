"""discord.py's own log lines carry no traceback and nothing of an exception's text."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.gateway.quiet import on_loop_error, quieten

SECRET = "what somebody typed"


def test_an_exception_that_discord_py_logs_becomes_one_line(caplog: pytest.LogCaptureFixture) -> None:
    quieten()
    logger = logging.getLogger("discord.client")
    try:
        raise ConnectionResetError(SECRET)
    except ConnectionResetError:
        logger.exception("Attempting a reconnect in %.2fs", 3.2)
    logger.warning("an ordinary line about %s", "something")
    assert caplog.messages == [
        "Attempting a reconnect in …s (ConnectionResetError)",
        "an ordinary line about something",
    ]
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


async def test_an_error_in_the_background_has_an_id_and_no_text(caplog: pytest.LogCaptureFixture) -> None:
    on_loop_error(asyncio.get_running_loop(), {"message": SECRET, "exception": ValueError(SECRET)})
    (line,) = caplog.messages
    assert line.startswith("in the background: unexpected error (id ")
    assert SECRET not in line
