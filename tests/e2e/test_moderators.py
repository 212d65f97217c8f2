"""What moderators of the home server can do, and that nobody else can."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import REPOSITORY, Running
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, ClientRefusal

MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD


async def test_a_moderator_reloads_and_members_see_it(running: Running, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    shutil.copytree(REPOSITORY / "seeds", folder)
    async with running(CORPUS_DIRS=str(folder)) as (discord, _):
        (folder / "new.md").write_text("# Walrus keeping\n\nA walrus eats clams.\n", "utf-8")
        (folder / "broken.md").write_text("---\n\ttitle: tab\n---\nwords\n", "utf-8")
        report = (await discord.slash("corpus reload", permissions=MODERATOR)).expect()
        assert report.deferred
        assert report.ephemeral
        assert "+ 1 added" in report.text
        assert "! 1 rejected" in report.text
        assert "broken.md, line 2" in report.text
        assert (await discord.slash("topic", {"query": "walrus keeping"})).expect().embeds[0][
            "title"
        ] == "Walrus keeping"
        status = (await discord.slash("corpus status", permissions=MODERATOR)).expect()
        assert "generation 2" in status.embeds[0]["title"]
        assert discord.problems() == []


async def test_nobody_else_gets_near_the_corpus(running: Running) -> None:
    async with running() as (discord, _):
        elsewhere = discord.add_guild("Elsewhere")
        with pytest.raises(ClientRefusal):
            await discord.slash("corpus reload")
        with pytest.raises(ClientRefusal):
            await discord.slash("corpus reload", guild=elsewhere, permissions=MODERATOR)
        for forged in (
            await discord.slash("corpus reload", force=True),
            await discord.slash("corpus reload", guild=elsewhere, permissions=MODERATOR, force=True),
        ):
            assert forged.ephemeral
            assert "moderators" in forged.text
            assert "added" not in forged.text


async def test_without_a_home_server_there_is_no_corpus_command(running: Running) -> None:
    async with running(HOME_GUILD_ID="") as (discord, bot):
        names = {command["name"] for command in discord.visible_commands(permissions=MODERATOR)}
        assert "topic" in names
        assert "corpus" not in names
        assert "HOME_GUILD_ID" in bot.log()
        assert discord.problems() == []
