"""The process: start, restart, stop, wrong settings, trouble on the line."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from pathlib import Path

from tests.e2e.conftest import Running, start
from tests.fake_discord import FakeDiscord


async def test_a_restart_registers_nothing_and_old_buttons_work(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path)
        await discord.wait_ready()
        topic = (await discord.slash("topic", {"query": "open source"})).expect()
        words = "open source models, efficiency, control, deployment, sovereignty of countries, data, hiring, Paris"
        long = (await discord.slash("timestamp", {"query": words})).expect()
        syncs = len(discord.command_syncs)
        code, _ = await bot.stop(signal.SIGTERM)
        assert code == 0
        await start(discord, tmp_path)
        await discord.wait_ready()
        assert len(discord.command_syncs) == syncs
        assert (await discord.click(topic, label="All moments")).expect().embeds
        assert (await discord.click(long, label="Next")).expect().embeds
        assert discord.problems() == []


async def test_sigterm_during_a_command_answers_it_first(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path)
        await discord.wait_ready()
        asked = await discord.slash("timestamp", {"query": "open source models"}, wait=False)
        code, _ = await bot.stop(signal.SIGTERM)
        assert asked.ok
        assert code == 0
        assert bot.tracebacks() == []


async def test_a_wrong_token_is_one_line_and_exit_78(tmp_path: Path) -> None:
    async with FakeDiscord(token="right") as discord:
        bot = await start(discord, tmp_path, DISCORD_TOKEN="wrong-token")
        assert await asyncio.wait_for(bot.proc.wait(), 30) == 78
        log = bot.log()
        assert "DISCORD_TOKEN" in log
        assert "wrong-token" not in log
        assert bot.tracebacks() == []


async def test_every_wrong_setting_is_named_at_once(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path, HOME_GUILD_ID="my server", LOG_LEVEL="loud", DISCORD_TOKEN="two words")
        assert await asyncio.wait_for(bot.proc.wait(), 30) == 78
        log = bot.log()
        for name in ("HOME_GUILD_ID", "LOG_LEVEL", "DISCORD_TOKEN"):
            assert name in log
        assert "two words" not in log


async def test_a_second_bot_on_the_same_data_folder_is_refused(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, _):
        second = await start(discord, tmp_path / "data")
        assert await asyncio.wait_for(second.proc.wait(), 30) == 1
        assert "Another Cuepoint" in second.log()


async def test_commands_work_after_the_gateway_dropped(running: Running) -> None:
    async with running() as (discord, bot):
        for trouble in (discord.op_reconnect, lambda: discord.op_invalid_session(resumable=False)):
            since = len(discord.events)
            trouble()
            await discord.wait_until(partial(_is_back, discord, since), what="a new session")
            assert (await discord.slash("topic", {"query": "open source"})).expect().embeds
        assert bot.tracebacks() == []


def _is_back(discord: FakeDiscord, since: int) -> bool:
    return any(event.kind in ("RESUME", "IDENTIFY") for event in discord.events[since:])


async def test_an_unreachable_discord_is_tried_again(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        discord.fault(r"/users/@me$", status=503, times=2)
        bot = await start(discord, tmp_path)
        await discord.wait_ready(within=50)
        assert (await discord.slash("help")).expect().embeds
        assert bot.tracebacks() == []


async def test_a_failed_callback_is_one_line_with_no_traceback(running: Running) -> None:
    async with running() as (discord, bot):
        discord.fault(r"/callback$", drop=True)
        assert (await discord.slash("topic", {"query": "open source"}, force=True)).failed
        assert (await discord.slash("topic", {"query": "open source"})).expect().embeds
        assert bot.tracebacks() == []
        assert "open source" not in bot.log()
