"""Strict reading of what a button carries: it comes from outside."""

from __future__ import annotations

import re

from bot.commands.actions import EXPIRED
from bot.commands.declare import MAX_QUERY
from bot.config import ID
from bot.corpus.parse import VIDEO_ID
from bot.errors import ButtonExpired

_KEY = re.compile(r"t?[0-9a-f]{16}")
_MAX_NUMBER = 10_000_000


def take(arguments: tuple[str, ...], *counts: int) -> tuple[str, ...]:
    """As many arguments as one of `counts`. Raises ButtonExpired for any other number."""
    if len(arguments) not in counts:
        raise ButtonExpired(EXPIRED)
    return arguments


def key(text: str) -> str:
    """A topic's key."""
    if not _KEY.fullmatch(text):
        raise ButtonExpired(EXPIRED)
    return text


def is_key(text: str) -> bool:
    """Whether somebody's words are a topic's key, as autocomplete sends it."""
    return _KEY.fullmatch(text) is not None


def number(text: str) -> int:
    """A number that is not negative."""
    if not (text.isascii() and text.isdigit()) or len(text) > 8 or int(text) > _MAX_NUMBER:
        raise ButtonExpired(EXPIRED)
    return int(text)


def snowflake(text: str) -> int:
    """An id of Discord's."""
    if not ID.fullmatch(text):
        raise ButtonExpired(EXPIRED)
    return int(text)


def video(text: str) -> str:
    """A video id."""
    if not VIDEO_ID.fullmatch(text):
        raise ButtonExpired(EXPIRED)
    return text


def words(text: str) -> str:
    """Words of a member's own."""
    if len(text) > MAX_QUERY:
        raise ButtonExpired(EXPIRED)
    return text
