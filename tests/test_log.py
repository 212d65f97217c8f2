"""Logging: one line is one line, nothing in it drives a terminal, libraries are quiet."""

from __future__ import annotations

import json
import logging
import re
import sys
import warnings
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.log import _Escaped, set_up


def formatted(message: str) -> str:
    return _Escaped("%(message)s").format(logging.LogRecord("bot", logging.INFO, "f", 1, message, (), None))


@given(st.text(max_size=200))
def test_no_message_forges_a_line_or_drives_a_terminal(message: str) -> None:
    first, *more = formatted(message).split("\n")
    assert all(line.startswith("    ") for line in more)
    assert all(char.isprintable() for line in (first, *more) for char in line)


def test_control_characters_are_shown_escaped() -> None:
    assert formatted("a\x1b[31m\rb\u202ec\0") == "a\\x1b[31m\\rb\\u202ec\\x00"


def test_readable_text_stays_as_it_is() -> None:
    assert formatted("Größe 12 · 深海") == "Größe 12 · 深海"


def test_our_own_lines_appear_from_the_set_level_and_libraries_from_warning(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("DEBUG")
    logging.getLogger("bot.x").debug("ours")
    logging.getLogger("discord.gateway").info("chatter")
    logging.getLogger("somewhere").info("chatter")
    logging.getLogger("discord.gateway").warning("heed")
    err = capsys.readouterr().err
    assert "ours" in err
    assert "heed" in err
    assert "chatter" not in err


def test_set_up_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO")
    set_up("INFO")
    logging.getLogger("bot").info("once")
    assert capsys.readouterr().err.count("once") == 1


def logged(capsys: pytest.CaptureFixture[str], form: str) -> list[str]:
    """The lines that a text, a warning with a control character, and an error come to."""
    set_up("INFO", form)
    logger = logging.getLogger("bot.x")
    logger.warning("rejected: %s", "a\x1b[31m\r\n\x7f\u202eb")
    try:
        raise ValueError("why")
    except ValueError:
        logger.exception("failed")
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("form", ["json", "auto"])
def test_where_no_terminal_is_each_line_is_an_object(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = logged(capsys, form)
    assert all(line.isascii() and line.isprintable() for line in lines)
    warning, error = (json.loads(line) for line in lines)
    assert set(warning) == {"timestamp", "level", "logger", "message"}
    assert datetime.fromisoformat(warning["timestamp"]).utcoffset() == timedelta(0)
    assert (warning["level"], warning["logger"]) == ("WARNING", "bot.x")
    assert warning["message"] == "rejected: a\x1b[31m\r\n\x7f\u202eb"
    assert error["exception"].endswith("ValueError: why")


def test_on_a_terminal_lines_are_to_be_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d WARNING bot\.x: rejected: .*", logged(capsys, "auto")[0])


def test_what_python_itself_says_is_an_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("INFO", "json")
    warnings.showwarning("old", DeprecationWarning, "f.py", 1)
    error = RuntimeError("bug")
    sys.excepthook(RuntimeError, error, None)
    warned, ended = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert "DeprecationWarning: old" in warned["message"]
    assert ended["level"] == "CRITICAL"
    assert ended["exception"] == "RuntimeError: bug"
