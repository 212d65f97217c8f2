"""Whether the bot is up, as a health check sees it."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

from bot.store.heartbeat import Heartbeat, is_up


def test_a_folder_without_a_bot_is_down(tmp_path: Path) -> None:
    assert not is_up(tmp_path)
    assert not is_up(tmp_path / "nowhere")


def test_up_while_connected_and_down_at_once_when_not(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path)
    assert not is_up(tmp_path)
    heartbeat.set_ready(True)
    assert is_up(tmp_path)
    heartbeat.set_ready(False)
    assert not is_up(tmp_path)


def test_an_old_beat_is_no_beat(tmp_path: Path) -> None:
    Heartbeat(tmp_path).set_ready(True)
    minute_ago = time.time() - 60
    os.utime(tmp_path / "ready", (minute_ago, minute_ago))
    assert not is_up(tmp_path)


def test_a_new_start_does_not_take_over_the_beat_of_a_killed_one(tmp_path: Path) -> None:
    Heartbeat(tmp_path).set_ready(True)
    Heartbeat(tmp_path)
    assert not is_up(tmp_path)


async def test_a_stopped_bot_is_down(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path)
    heartbeat.set_ready(True)
    beating = asyncio.create_task(heartbeat.run())
    await asyncio.sleep(0)
    assert is_up(tmp_path)
    beating.cancel()
    with suppress(asyncio.CancelledError):
        await beating
    assert not is_up(tmp_path)
