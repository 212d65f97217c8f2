"""The cooldown counts each person alone, forgets, and is bounded."""

from __future__ import annotations

import time

import pytest

from bot.gateway.cooldown import EVERY, Cooldown
from bot.servers import BURST


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_goes_through_and_the_next_waits_its_turn() -> None:
    clock = Clock()
    cooldown = Cooldown(clock)
    assert [cooldown.wait(1) for _ in range(BURST)] == [0] * BURST
    assert cooldown.wait(1) == EVERY
    assert cooldown.wait(2) == 0


def test_asking_too_early_does_not_make_the_wait_longer() -> None:
    clock = Clock()
    cooldown = Cooldown(clock)
    for _ in range(BURST + 10):
        cooldown.wait(1)
    clock.now += EVERY
    assert cooldown.wait(1) == 0
    assert cooldown.wait(1) == EVERY


def test_after_a_pause_the_whole_burst_is_there_again() -> None:
    clock = Clock()
    cooldown = Cooldown(clock)
    for _ in range(BURST):
        cooldown.wait(1)
    clock.now += BURST * EVERY
    assert [cooldown.wait(1) for _ in range(BURST)] == [0] * BURST
    assert cooldown.wait(1) > 0


def test_only_so_many_people_are_remembered_those_who_asked_last() -> None:
    cooldown = Cooldown(Clock(), remembered=2)
    for user in (1, 2, 3):
        for _ in range(BURST):
            cooldown.wait(user)
    assert cooldown.wait(3) > 0
    assert cooldown.wait(2) > 0
    assert cooldown.wait(1) == 0


def test_a_server_has_its_own_cooldown_and_its_own_count() -> None:
    cooldown = Cooldown(Clock())
    assert [cooldown.wait(1, 7, 30) for _ in range(BURST)] == [0] * BURST
    assert cooldown.wait(1, 7, 30) == 30
    assert cooldown.wait(1, 8) == 0


@pytest.mark.parametrize("jump", [-86_400.0, 86_400.0])
def test_a_clock_that_is_set_changes_no_wait(jump: float, monkeypatch: pytest.MonkeyPatch) -> None:
    cooldown = Cooldown()
    for _ in range(BURST):
        cooldown.wait(1, every=3600)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + jump)
    assert 3000 < cooldown.wait(1, every=3600) <= 3600
