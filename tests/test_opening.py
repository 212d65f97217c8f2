"""A start: how far it is, on a terminal in one line, elsewhere in the log now and then; and no life before it is up."""

from __future__ import annotations

import asyncio
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from bot import opening
from bot.config import SETTINGS, load
from bot.errors import ReloadRefused
from bot.opening import loading, opened
from bot.store.heartbeat import is_up

ROOT = Path(__file__).parents[1]


async def test_the_log_tells_of_long_work_now_and_then(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("INFO", "bot.opening")
    now = 0.0
    monkeypatch.setattr("bot.opening.time.monotonic", lambda: now)
    with loading() as progress:
        for done in range(1, 31):
            now = float(done)
            await progress(f"Reading: {done} of 30 files")
    assert opening.PROGRESS_EVERY == 10
    assert caplog.messages == [f"loading the corpus: Reading: {done} of 30 files" for done in (10, 20, 30)]


async def test_what_a_killed_bot_left_is_gone_before_the_corpus_is_loaded(
    tmp_path: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load({"CORPUS_DIRS": str(corpus_folder), "DATA_DIR": str(tmp_path / "data")})
    seen: list[bool] = []
    async with opened(settings, on_discord=False) as here:
        here.ready(True)
        assert is_up(settings.data_folder)
    (settings.data_folder / "ready").touch()

    async def reload(*_: object, **__: object) -> None:
        seen.append(is_up(settings.data_folder))
        raise ReloadRefused("looked only")

    monkeypatch.setattr("bot.opening.Curator.reload", reload)
    async with opened(settings, on_discord=False):
        assert seen == [False]


async def test_what_works_beside_the_answers_does_not_end_unnoticed(
    tmp_path: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_: object) -> None:
        raise ValueError("words of a member")

    monkeypatch.setattr("bot.opening.prune_daily", fail)
    settings = load({"CORPUS_DIRS": str(corpus_folder), "DATA_DIR": str(tmp_path / "data")})
    async with opened(settings, on_discord=False):
        await asyncio.sleep(0.01)
        assert "forgetting what is too old, which has ended: unexpected error (id " in caplog.text
    assert "ValueError" in caplog.text
    assert "words of a member" not in caplog.text
    assert caplog.text.count("which has ended") == 1


def test_a_terminal_sees_a_line_that_goes_and_logs_to_read(tmp_path: Path, corpus_folder: Path) -> None:
    ours, theirs = pty.openpty()
    known = {name: value for name, value in os.environ.items() if name not in {one.name for one in SETTINGS}}
    environment = {**known, "PYTHONPATH": str(ROOT), "CORPUS_DIRS": str(corpus_folder), "TERM": "xterm"}
    command = [sys.executable, "-m", "bot", "preview", "--address", "127.0.0.1:0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=pipe, stderr=theirs) as process:
        os.close(theirs)
        assert process.stdout is not None
        process.stdout.readline()  # it serves: the corpus is loaded
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        seen = b""
        with suppress(OSError):  # how a terminal ends
            while part := os.read(ours, 4096):
                seen += part
    os.close(ours)
    assert b"Checking times: 2 of 2 videos" in seen
    assert b"\x1b[2K" in seen  # the line is wiped
    assert b"INFO    bot.opening: loaded in" in seen
