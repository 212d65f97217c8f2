"""What goes wrong around a running bot, over the wire: callbacks, the gateway, state.db, presses, hostile pages."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.e2e.conftest import REPOSITORY, Running, Shared, start
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, FakeDiscord
from tests.invented import anchor, page, write_corpus

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD
LONG = "what do they say about open source models and about the people who train them at Mistral in France"
FORGED = (
    "v1:topic:nosuch",
    "v1:topic",
    "v0:topic:daba7521f676bd10",
    "v1:moments:open source,,5",
    "v1:nosuch:1",
    "v1:~:" + "0" * 32,
    "v1:menu:0",
    "%%%",
)
FULL_DISK = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))  # bytes; a full disk fails a write just so
os.execv(sys.executable, [sys.executable, "-m", "bot"])
"""
HOSTILE = (
    "@everyone @here <@1> <@&2> [click](https://evil.example) ||hidden|| `code` **bold** :smile: https://evil.example"
)


@pytest.mark.parametrize("trouble", [{"status": 500}, {"status": 502}, {"status": 429, "retry_after": 0.2}])
async def test_a_callback_that_fails_once_is_sent_again_in_time(trouble: dict[str, float], shared: Shared) -> None:
    discord, bot = shared
    discord.fault(r"/callback$", **trouble)
    assert (await discord.slash("topic", {"query": "open source"})).expect().embeds
    assert bot.tracebacks() == []


async def test_a_deferral_whose_answer_was_lost_is_followed_by_the_reply(shared: Shared) -> None:
    discord, bot = shared
    discord.fault(r"/callback$", status=502, after=True)
    status = (await discord.slash("corpus status", permissions=MODERATOR)).expect()
    assert "generation 1" in status.text
    assert bot.tracebacks() == []


async def test_a_callback_that_keeps_failing_is_one_line_with_an_id_and_no_words(shared: Shared) -> None:
    discord, bot = shared
    discord.fault(r"/callback$", status=403)
    assert (await discord.slash("topic", {"query": "open source"})).failed
    assert "/topic: the answer was not delivered (id " in bot.log()
    assert "open source" not in bot.log()
    assert bot.tracebacks() == []


async def test_a_command_that_is_sent_while_the_bot_reconnects_is_answered_when_discord_replays_it(
    running: Running,
) -> None:
    async with running() as (discord, bot):
        since = len(discord.events)
        discord.op_reconnect()
        asked = await discord.slash("topic", {"query": "open source"}, wait=False)
        await discord.wait_until(lambda: _has(discord, since, "RESUME"), within=30, what="RESUME")
        await discord.wait_until(lambda: asked.ok, what="the answer")
        assert bot.tracebacks() == []


async def test_after_a_cut_connection_and_a_refused_resume_the_bot_is_back_by_itself(running: Running) -> None:
    async with running() as (discord, bot):
        discord.forget_sessions()
        since = len(discord.events)
        await discord.close_gateway(None)
        await discord.wait_until(lambda: _has(discord, since, "IDENTIFY"), within=30, what="IDENTIFY")
        assert (await discord.slash("topic", {"query": "open source"})).expect().embeds
        assert bot.tracebacks() == []


def _has(discord: FakeDiscord, since: int, kind: str) -> bool:
    return any(event.kind == kind for event in discord.events[since:])


async def test_a_ban_by_cloudflare_at_login_is_waited_for_in_the_process(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        discord.fault(r"/users/@me$", status=429, retry_after=1, via=False)
        bot = await start(discord, tmp_path)
        await discord.wait_ready(within=50)
        assert "Discord cannot be reached (HTTPException 429" in bot.log()
        assert bot.tracebacks() == []


async def test_while_state_db_cannot_be_written_members_are_answered_without_long_buttons(
    running: Running, tmp_path: Path
) -> None:
    async with running() as (discord, bot):
        lock = sqlite3.connect(tmp_path / "data" / "state.db", isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        try:
            found = (await discord.slash("timestamp", {"query": LONG})).expect()
            assert found.embeds
            assert "Next" not in [button["label"] for button in found.buttons]
        finally:
            lock.close()
        again = (await discord.slash("timestamp", {"query": LONG})).expect()
        assert (await discord.click(again, label="Next")).expect().embeds
        assert bot.tracebacks() == []


async def test_when_state_db_is_gone_reading_goes_on_and_a_kept_button_says_what_failed(
    running: Running, tmp_path: Path
) -> None:
    async with running() as (discord, bot):
        kept = (await discord.slash("timestamp", {"query": LONG})).expect()
        for file in (tmp_path / "data").glob("state.db*"):
            file.write_bytes(b"not a database " * 1000)
        pressed = await discord.click(kept, label="Next")
        assert pressed.ephemeral
        assert "Ask again with the command" in pressed.text
        assert (await discord.slash("topic", {"query": "open source"})).expect().embeds
        short = next(button for button in kept.buttons if button["label"].startswith("More around"))
        assert (await discord.click(kept, short["custom_id"])).expect().embeds
        assert bot.tracebacks() == []


async def test_a_disk_that_is_full_is_told_to_the_moderator_and_the_old_corpus_serves(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus")
    environment = {"CORPUS_DIRS": str(folder), "DATA_DIR": str(tmp_path / "data")}
    async with FakeDiscord() as discord:
        environment["HOME_GUILD_ID"] = str(discord.guild.id)
        bot = await discord.start_bot([sys.executable, "-c", FULL_DISK], cwd=REPOSITORY, env=environment)
        await discord.wait_ready()
        await discord.wait_until(lambda: len(discord.command_syncs) == 2, what="all commands registered")
        words = "\n\n".join(f"Walrus {number} {hex(number**5)}" for number in range(10_000))
        write_corpus(folder, {"big.md": f"# Walruses\n\n{words}\n"})
        told = (await discord.slash("corpus reload", permissions=MODERATOR)).expect()
        words = "could not be written (disk I/O error); nothing was changed. See that the disk"
        await discord.wait_until(lambda: words in told.text, what="the reason")  # after lines of progress
        assert (await discord.slash("topic", {"query": "how bees find flowers"})).expect().embeds
        assert "generation 1" in (await discord.slash("corpus status", permissions=MODERATOR)).expect().text
        assert bot.tracebacks() == []
        assert discord.problems() == []


async def test_a_press_that_nobody_was_given_has_expired(shared: Shared) -> None:
    discord, bot = shared
    topic = (await discord.slash("topic", {"query": "open source"})).expect()
    assert topic.message is not None
    before = topic.embeds
    for number, forged in enumerate(FORGED):
        topic.message.buttons[0]["custom_id"] = forged
        pressed = await discord.click(topic, custom_id=forged, user=discord.add_user(f"member{number}"))
        assert pressed.ephemeral
        assert pressed.text == "This button has expired. Ask again with the command."
    assert topic.message.embeds == before
    assert bot.tracebacks() == []


async def test_a_hostile_page_is_shown_as_its_characters_and_pings_nobody(running: Running, tmp_path: Path) -> None:
    words = f"Walrus {HOSTILE}"
    body = f"From: [[{HOSTILE}]]\n\n{words} {anchor('00:01:00')}.\n\n## {words}\n\n- **{HOSTILE}**: walrus\n"
    folder = write_corpus(tmp_path / "corpus", {"_a_ walrus.md": page(f'"{words}"', body)})
    async with running(CORPUS_DIRS=str(folder)) as (discord, _):
        await discord.slash("corpus reload", permissions=MODERATOR)
        for name, options in (
            ("topic", {"query": "walrus"}),
            ("timestamp", {"query": "walrus"}),
            ("search", {"query": "walrus"}),
            ("library", {}),
        ):
            reply = (await discord.slash(name, options, user=discord.add_user(name))).expect()
            assert reply.message is not None
            assert not any(reply.message.pings.values())
            for embed in reply.embeds:
                shown = f"{embed.get('title', '')}\n{embed.get('description', '')}"
                assert "evil.example" in shown
                assert "(https://evil.example" not in shown
                assert " https://evil.example" not in shown
        assert discord.problems() == []


async def test_a_query_that_no_client_lets_through_is_cut_to_what_one_may_type(shared: Shared) -> None:
    discord, _ = shared
    found = (await discord.slash("timestamp", {"query": "mistral" + "!" * 6000}, force=True)).expect()
    assert found.embeds[0]["title"].endswith("for mistral" + "!" * (100 - len("mistral")))
    typed = await discord.autocomplete("topic", "query", "open source " * 500, force=True)
    assert typed.choices
    assert discord.problems() == []


async def test_one_persons_spam_is_slowed_down_and_nobody_else_notices(shared: Shared) -> None:
    discord, _ = shared
    spammer, other = discord.add_user("spammer"), discord.add_user("other")
    asked = await asyncio.gather(*(discord.slash("topic", {"query": "open source"}, user=spammer) for _ in range(30)))
    slowed = [one for one in asked if one.text.startswith("Slow down: try again in ")]
    assert len(slowed) >= 20
    assert all(one.ephemeral for one in slowed)
    assert (await discord.slash("topic", {"query": "open source"}, user=other)).expect().embeds
    assert discord.problems() == []


async def test_a_moderators_completion_offers_a_member_nothing(shared: Shared) -> None:
    discord, _ = shared
    theirs = await discord.autocomplete("corpus export", "document", "open", permissions=MODERATOR)
    assert theirs.choices
    forged = await discord.autocomplete("corpus export", "document", "open", force=True)
    assert forged.choices == []
