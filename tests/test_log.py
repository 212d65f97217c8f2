"""Logging: one line is one line, nothing in it drives a terminal, libraries are quiet."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.log import _Escaped, set_up


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    names = ("", "bot", "discord")
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for logger, level in before:
        logger.setLevel(level)


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
