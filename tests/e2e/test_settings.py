"""`/settings` over the wire: each server's own, for its managers only, held at once and after a restart."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.e2e.conftest import Running, start
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, ClientRefusal, FakeDiscord

MANAGER = MEMBER_PERMISSIONS | MANAGE_GUILD
QUERY = {"query": "open source"}


async def test_a_manager_of_any_server_makes_its_replies_private(running: Running) -> None:
    async with running() as (discord, _):
        elsewhere = discord.add_guild("Elsewhere")
        shown = (await discord.slash("settings", guild=elsewhere, permissions=MANAGER)).expect()
        assert shown.ephemeral
        changed = (await discord.click(shown, label="Make replies private", permissions=MANAGER)).expect()
        assert "Private: the asker alone" in changed.text
        assert (await discord.slash("topic", QUERY, guild=elsewhere)).expect().ephemeral
        assert not (await discord.slash("topic", {**QUERY, "private": False}, guild=elsewhere)).expect().ephemeral
        assert not (await discord.slash("topic", QUERY)).expect().ephemeral
        assert discord.problems() == []


async def test_replies_are_public_only_in_the_channels_that_are_named(running: Running) -> None:
    async with running() as (discord, _):
        library = discord.add_channel(discord.guild, "library")
        manager = discord.add_user("manager")
        before = (await discord.slash("timestamp", {"query": "sparse attention"})).expect()
        listed = (await discord.slash("settings", {"channel": library}, permissions=MANAGER, user=manager)).expect()
        assert f"<#{library['id']}>" in listed.text
        assert not (await discord.slash("topic", QUERY, channel=library)).expect().ephemeral
        assert (await discord.slash("topic", {**QUERY, "private": False})).expect().ephemeral
        assert (await discord.click(before, label="More around 15:37")).expect().ephemeral
        everywhere = (await discord.click(listed, label="Public in every channel", permissions=MANAGER)).expect()
        assert "public in every channel" in everywhere.text
        assert not (await discord.slash("topic", QUERY)).expect().ephemeral
        assert discord.problems() == []


async def test_a_longer_cooldown_holds_for_that_server_and_after_a_restart(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path)
        await discord.wait_ready()
        elsewhere = discord.add_guild("Elsewhere")
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered")
        shown = (await discord.slash("settings", guild=elsewhere, permissions=MANAGER)).expect()
        (await discord.select(shown, "Once every 60 s", permissions=MANAGER)).expect()
        await bot.stop(signal.SIGTERM)
        await start(discord, tmp_path)
        await discord.wait_ready()
        said = [(await discord.slash("help", guild=elsewhere)).text for _ in range(6)]
        assert said[5].startswith("Slow down: try again in ")
        assert int(said[5].removesuffix(" s.").rpartition(" ")[2]) > 30
        assert (await discord.slash("help")).expect().embeds
        assert discord.problems() == []


async def test_nobody_else_sees_or_changes_a_servers_settings(running: Running) -> None:
    async with running() as (discord, _):
        with pytest.raises(ClientRefusal):
            await discord.slash("settings")
        with pytest.raises(ClientRefusal):
            await discord.slash("settings", guild=None)
        forged = await discord.slash("settings", force=True)
        assert forged.ephemeral
        assert "Manage Server" in forged.text
        outside = await discord.slash("settings", guild=None, force=True)
        assert "Manage Server" in outside.text
        shown = (await discord.slash("settings", permissions=MANAGER)).expect()
        pressed = await discord.click(shown, label="Make replies private", permissions=MEMBER_PERMISSIONS)
        assert "Manage Server" in pressed.text
        assert not (await discord.slash("topic", QUERY)).expect().ephemeral
