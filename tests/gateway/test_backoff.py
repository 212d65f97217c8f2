"""Waiting for Discord: longer each time, up to a limit, and as long as Discord asks for."""

from __future__ import annotations

from itertools import islice
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.gateway.backoff import FIRST, LONGEST, asked_for, delays, passes


def refused(status: int, **headers: str) -> discord.HTTPException:
    return discord.HTTPException(cast(Any, SimpleNamespace(status=status, reason="", headers=headers)), "")


def test_delays_double_up_to_a_limit_with_chance_taken_off() -> None:
    full = [min(FIRST * 2**number, LONGEST) for number in range(12)]
    for delay, most in zip(islice(delays(), 12), full, strict=True):
        assert most / 2 <= delay <= most


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (refused(429, **{"Retry-After": "90"}), 90),
        (refused(429, **{"Retry-After": "1000000"}), 3600),
        (refused(429, **{"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 0),
        (refused(429), 0),
        (refused(503, **{"Retry-After": "90"}), 0),
        (OSError(), 0),
    ],
)
def test_what_discord_asks_to_wait(error: Exception, seconds: float) -> None:
    assert asked_for(error) == seconds


@pytest.mark.parametrize(
    ("error", "expected"),
    [(refused(503), True), (refused(429), True), (OSError(), True), (refused(400), False), (refused(403), False)],
)
def test_only_what_may_pass_is_tried_again(error: Exception, expected: bool) -> None:
    assert passes(error) is expected
