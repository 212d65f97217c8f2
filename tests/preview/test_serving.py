"""The preview as a process: without a token, beside a bot, at an address that is taken, and stopped."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.cli import EXIT_CONFIG
from bot.config import SETTINGS
from bot.preview.serving import page_address
from bot.store.database import open_database
from bot.store.heartbeat import is_up

ROOT = Path(__file__).parents[2]
Process = asyncio.subprocess.Process
Start = Callable[..., Awaitable[Process]]


@pytest.fixture
async def start(tmp_path: Path, corpus_folder: Path) -> AsyncIterator[Start]:
    """Start `python -m bot`; it is killed in the end where it still runs."""
    started: list[Process] = []
    inherited = {name: value for name, value in os.environ.items() if name not in {one.name for one in SETTINGS}}
    ours = {"PYTHONPATH": str(ROOT), "CORPUS_DIRS": str(corpus_folder), "DATA_DIR": str(tmp_path / "data")}

    async def start(*arguments: str) -> Process:
        pipe = asyncio.subprocess.PIPE
        environment = {**inherited, **ours, "PREVIEW_ADDRESS": "127.0.0.1:0"}
        command = [sys.executable, "-m", "bot", *arguments]
        process = await asyncio.create_subprocess_exec(
            *command, stdout=pipe, stderr=pipe, env=environment, cwd=tmp_path
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def line(process: Process) -> str:
    """The next line that it says."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode()


async def address(process: Process) -> str:
    """Where it says that it listens."""
    found = re.fullmatch(r"Preview: (http://127\.0\.0\.1:\d+) \(Ctrl\+C ends it\)\n", await line(process))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
async def test_without_a_token_one_line_says_so_and_the_preview_serves(
    start: Start, tmp_path: Path, stop: signal.Signals
) -> None:
    process = await start()
    assert re.fullmatch(r"DISCORD_TOKEN is not set.*\.env.*\n", await line(process))
    async with aiohttp.ClientSession() as session, session.get(await address(process)) as response:
        assert "Cuepoint preview" in await response.text()
    assert is_up(tmp_path / "data")
    process.send_signal(stop)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert not is_up(tmp_path / "data")


async def test_beside_a_bot_it_shows_a_copy_without_moderators(start: Start, tmp_path: Path) -> None:
    async with open_database(tmp_path / "data"):
        process = await start("preview", "--no-player")
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{await address(process)}/api/commands") as response,
        ):
            told = await response.json()
    assert told["documents"] == 4
    assert told["videos"] is False
    assert "copy" in told["closed"]


async def test_an_address_that_is_taken_is_named_with_what_to_do(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await start("preview", "--address", f"127.0.0.1:{port}")
        _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == EXIT_CONFIG
    assert f"cannot listen at 127.0.0.1, port {port}" in err.decode()
    assert "--address or PREVIEW_ADDRESS" in err.decode()
    assert "Traceback" not in err.decode()


async def test_what_is_asked_is_never_logged(start: Start) -> None:
    process = await start("preview")
    at = await address(process)
    async with aiohttp.ClientSession() as session:
        for path in ("/?q=/topic secret", "/secret", "/api/secret"):
            async with session.get(at + path) as response:
                await response.read()
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 10)
    assert b"secret" not in out + err


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_address_is_one_that_a_browser_takes(host: str, shown: str) -> None:
    assert page_address(host, 80) == shown
