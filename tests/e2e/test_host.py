"""The host's terminal beside a running bot: it asks the bot, and writes nothing that is the bot's."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.conftest import REPOSITORY, Running, start
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, FakeDiscord

MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD


@dataclass(frozen=True)
class Ran:
    """What a command at the terminal came to."""

    code: int
    out: str
    err: str


async def at_terminal(data: Path, *arguments: str, **settings: str) -> Ran:
    """`python -m bot` with these arguments, in a process of its own."""
    known = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "PYTHONPATH", "TMPDIR")}
    environment = {**known, "CORPUS_DIRS": str(REPOSITORY / "seeds"), "DATA_DIR": str(data), **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=REPOSITORY,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ran(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    shutil.copytree(REPOSITORY / "seeds", folder)
    return folder


async def test_a_reload_at_the_terminal_reaches_members_at_once(running: Running, tmp_path: Path, pages: Path) -> None:
    async with running(CORPUS_DIRS=str(pages)) as (discord, bot):
        (pages / "new.md").write_text("# Walrus keeping\n\nA walrus eats clams.\n", "utf-8")
        ran = await at_terminal(tmp_path / "data", "reload", CORPUS_DIRS=str(pages))
        assert ran.code == 0, ran.err
        assert "generation 2" in ran.out
        assert "+ 1 added" in ran.out
        found = (await discord.slash("topic", {"query": "walrus keeping"})).expect()
        assert found.embeds[0]["title"] == "Walrus keeping"
        (pages / "broken.md").write_bytes(b"a\0b")
        ran = await at_terminal(tmp_path / "data", "reload", "--json", CORPUS_DIRS=str(pages))
        assert ran.code == 1
        assert json.loads(ran.out)["rejected"] == ["pages/broken.md"]
        shutil.rmtree(pages)
        refused = await at_terminal(tmp_path / "data", "reload", CORPUS_DIRS=str(pages))
        assert refused.code == 1
        assert "not found" in refused.err
        assert (await discord.slash("topic", {"query": "walrus keeping"})).expect().embeds
        assert bot.tracebacks() == []
        assert discord.problems() == []


async def test_status_and_gaps_beside_a_running_bot(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, _):
        status = await at_terminal(tmp_path / "data", "status")
        assert "Generation 1" in status.out
        assert "A bot runs: version" in status.out
        (await discord.slash("search", {"query": "zeppelin moorings"})).expect()
        assert "zeppelin moorings" in (await at_terminal(tmp_path / "data", "gaps")).out
        assert "zeppelin" not in (await at_terminal(tmp_path / "data", "gaps", "--done", "zeppelin moorings")).out
        listed = (await discord.slash("corpus gaps", permissions=MODERATOR)).expect()
        assert "Nothing is missing" in listed.text
        assert discord.problems() == []


async def test_a_backup_of_a_running_bot_brings_its_settings_and_buttons_back(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", tmp_path / "kept.tar.gz"
    words = "open source models, efficiency, control, deployment, sovereignty of countries, data, hiring, Paris"
    async with FakeDiscord() as discord:
        bot = await start(discord, data)
        await discord.wait_ready()
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered")
        long = (await discord.slash("timestamp", {"query": words})).expect()
        shown = (await discord.slash("settings", permissions=MODERATOR)).expect()
        await discord.click(shown, label="Make replies private", permissions=MODERATOR)
        ran = await at_terminal(data, "backup", str(kept))
        assert ran.code == 0, ran.err
        refused = await at_terminal(data, "restore", str(kept))
        assert refused.code == 1
        assert "Another Cuepoint" in refused.err
        await bot.stop(signal.SIGKILL)  # leaves its write-ahead log
        (data / "state.db").write_bytes(b"damaged")
        damaged = await start(discord, data)
        assert await asyncio.wait_for(damaged.proc.wait(), 30) == 1
        assert "damaged" in damaged.log()
        ran = await at_terminal(data, "restore", str(kept))
        assert ran.code == 0, ran.err
        await start(discord, data)
        await discord.wait_ready()
        assert (await discord.click(long, label="Next")).expect().embeds
        assert (await discord.slash("topic", {"query": "open source"})).expect().ephemeral
        assert discord.problems() == []


async def test_a_stopped_bot_leaves_no_socket_and_a_killed_ones_is_replaced(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path)
        await discord.wait_ready()
        assert (tmp_path / "control").is_socket()
        await bot.stop(signal.SIGKILL)
        assert "No bot uses" in (await at_terminal(tmp_path, "status")).out
        again = await start(discord, tmp_path)
        await discord.wait_ready()
        assert "A bot runs" in (await at_terminal(tmp_path, "status")).out
        code, _ = await again.stop(signal.SIGTERM)
        assert code == 0
        assert not (tmp_path / "control").exists()


async def test_watching_loads_what_changed_and_says_so_in_the_audit_channel(tmp_path: Path, pages: Path) -> None:
    async with FakeDiscord() as discord:
        audit = discord.add_channel(discord.guild, "audit")
        settings = {"CORPUS_DIRS": str(pages), "WATCH": "on", "AUDIT_CHANNEL_ID": audit["id"]}
        bot = await start(discord, tmp_path / "data", **settings)
        await discord.wait_ready()
        (pages / "new.md").write_text("# Walrus keeping\n\nA walrus eats clams.\n", "utf-8")

        def said() -> bool:
            return any("+ 1 added" in message.text for message in discord.messages.values())

        await discord.wait_until(said, within=30, what="the reload in the audit channel")
        found = (await discord.slash("topic", {"query": "walrus keeping"})).expect()
        assert found.embeds[0]["title"] == "Walrus keeping"
        code, _ = await bot.stop(signal.SIGTERM)
        assert code == 0
        assert discord.problems() == []
