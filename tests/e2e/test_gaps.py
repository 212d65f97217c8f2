"""What finds nothing reaches the home server's moderators, from any server, and nobody's name with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import Running
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, ClientRefusal

MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD
TELL = "Tell the moderators it is missing"


async def test_a_miss_in_any_server_is_told_listed_and_cleared(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, bot):
        elsewhere = discord.add_guild("Elsewhere")
        await discord.slash("timestamp", {"query": "sparce atention"})
        miss = (await discord.slash("search", {"query": "zeppelin moorings"}, guild=elsewhere)).expect()
        assert miss.ephemeral
        told = (await discord.click(miss, label=TELL)).expect()
        assert told.ephemeral
        assert "not who asked" in told.text
        moderator = discord.add_user("moderator")
        listed = (await discord.slash("corpus gaps", permissions=MODERATOR, user=moderator)).expect()
        assert listed.ephemeral
        assert "zeppelin moorings\nfound nothing 1 time, reported 1 time" in listed.text
        assert "repaired to “sparse attention” 1 time" in listed.text
        cleared = (await discord.click(listed, label="Done 1", permissions=MODERATOR)).expect()
        assert "zeppelin" not in cleared.text
        assert "sparce atention" in cleared.text
        assert "zeppelin" not in bot.log()
        assert discord.problems() == []
        with closing(sqlite3.connect(tmp_path / "data" / "state.db")) as state:
            kept = "\n".join(state.iterdump())
        assert str(elsewhere.id) not in kept
        assert discord.user["id"] not in kept


async def test_members_and_other_servers_moderators_see_no_gaps(running: Running) -> None:
    async with running() as (discord, _):
        await discord.slash("search", {"query": "zeppelin moorings"})
        elsewhere = discord.add_guild("Elsewhere")
        with pytest.raises(ClientRefusal):
            await discord.slash("corpus gaps")
        forged = await discord.slash("corpus gaps", guild=elsewhere, permissions=MODERATOR, force=True)
        assert forged.ephemeral
        assert "zeppelin" not in forged.text


async def test_with_gaps_off_nothing_is_kept_and_no_button_shown(running: Running, tmp_path: Path) -> None:
    async with running(GAPS="off") as (discord, _):
        miss = (await discord.slash("search", {"query": "zeppelin moorings"})).expect()
        assert TELL not in [button.get("label") for button in miss.buttons]
        off = (await discord.slash("corpus gaps", permissions=MODERATOR)).expect()
        assert "GAPS is off" in off.text
        with closing(sqlite3.connect(tmp_path / "data" / "state.db")) as state:
            assert state.execute("SELECT count(*) FROM gap").fetchone() == (0,)
        assert discord.problems() == []
