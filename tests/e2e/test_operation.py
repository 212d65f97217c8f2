"""The running bot as a host watches it: /healthz, /metrics, and a log for programs."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from pathlib import Path

import aiohttp
import pytest

from bot.store.heartbeat import is_up
from tests.e2e.conftest import Running, start
from tests.fake_discord import FakeDiscord


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def get(port: int, path: str) -> tuple[int, str]:
    """The status and the text."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def test_it_is_ready_while_connected_and_counts_what_is_asked(running: Running, port: int) -> None:
    async with running(HTTP_PORT=str(port)) as (discord, bot):
        await discord.wait_until(lambda: "ready in" in bot.log(), within=30, what="the bot's own ready")
        status, text = await get(port, "/healthz")
        assert status == 200, text
        assert {name: part["ready"] for name, part in json.loads(text)["parts"].items()} == {
            "gateway": True,
            "corpus": True,
            "database": True,
        }
        (await discord.slash("topic", {"query": "open source"})).expect()
        (await discord.slash("search", {"query": "zeppelin moorings"})).expect()
        _, text = await get(port, "/metrics")
        for sample in (
            'cuepoint_commands_total{kind="command",name="topic",outcome="answered"} 1.0',
            'cuepoint_commands_total{kind="command",name="search",outcome="missed"} 1.0',
            'cuepoint_reloads_total{change="reload",outcome="done"} 1.0',
            "cuepoint_gateway_connected 1.0",
            "cuepoint_corpus_generation 1.0",
        ):
            assert sample in text.splitlines()
        assert "zeppelin" not in text
        assert str(discord.guild.id) not in text
        code, _ = await bot.stop(signal.SIGTERM)
        assert code == 0
        assert discord.problems() == []


async def test_without_discord_it_answers_that_it_is_not_ready(tmp_path: Path, port: int) -> None:
    async with FakeDiscord() as discord:
        discord.fault(r"/users/@me$", status=503, times=100)
        bot = await start(discord, tmp_path, HTTP_PORT=str(port))
        await discord.wait_until(lambda: "cannot be reached" in bot.log(), what="the first try", within=30)
        status, text = await get(port, "/healthz")
        assert status == 503
        parts = json.loads(text)["parts"]
        assert parts["gateway"] == {"ready": False, "state": "not connected"}
        assert parts["corpus"]["ready"]


async def test_while_the_gateway_is_gone_it_is_not_ready_and_neither_is_it_healthy(
    running: Running, port: int, tmp_path: Path
) -> None:
    async with running(HTTP_PORT=str(port)) as (discord, bot):
        await discord.wait_until(lambda: is_up(tmp_path / "data"), within=30, what="the bot's own ready")
        discord.gateway_refuse = 503
        await discord.close_gateway(None)
        await discord.wait_until(lambda: not is_up(tmp_path / "data"), within=30, what="a bot that is down")
        status, _ = await get(port, "/healthz")
        assert status == 503
        _, text = await get(port, "/metrics")
        assert "cuepoint_gateway_connected 0.0" in text.splitlines()
        discord.gateway_refuse = None
        await discord.wait_until(lambda: is_up(tmp_path / "data"), within=50, what="a bot that is back")
        status, _ = await get(port, "/healthz")
        assert status == 200
        _, text = await get(port, "/metrics")
        assert "cuepoint_gateway_connects_total 2.0" in text.splitlines()
        assert bot.tracebacks() == []


async def test_a_port_that_is_taken_ends_the_start_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with FakeDiscord() as discord:
            bot = await start(discord, tmp_path, HTTP_PORT=str(port), LOG_FORMAT="text")
            assert await asyncio.wait_for(bot.proc.wait(), 30) == 78
            assert f"cannot listen at 127.0.0.1, port {port}" in bot.log()
            assert "HTTP_PORT" in bot.log()
            assert bot.tracebacks() == []


async def test_every_line_of_the_log_is_an_object_where_no_terminal_is(running: Running) -> None:
    async with running() as (discord, bot):
        discord.fault(r"/callback$", drop=True)
        assert (await discord.slash("topic", {"query": "open source"}, force=True)).failed
        await bot.stop(signal.SIGTERM)
        lines = [json.loads(line) for line in bot.log().splitlines()]
        assert any(line["message"].startswith("ready in") for line in lines)
        assert all(set(line) <= {"timestamp", "level", "logger", "message", "exception"} for line in lines)


async def test_a_fatal_setting_is_an_object_too(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path, LOG_LEVEL="loud")
        assert await asyncio.wait_for(bot.proc.wait(), 30) == 78
        (line,) = (json.loads(line) for line in bot.log().splitlines())
        assert line["level"] == "CRITICAL"
        assert "LOG_LEVEL is 'loud'" in line["message"]
