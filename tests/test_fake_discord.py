"""The fake Discord refuses what Discord refuses, and shows what users see: a real bot process, over loopback."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest
import pytest_asyncio

from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, BotExited, BotProcess, ClientRefusal, FakeDiscord
from tests.fake_discord.demo_bot import OVER_THE_LIMIT

pytestmark = pytest.mark.asyncio(loop_scope="module")

# -P: the bot's own folder stays off its import path.
BOT: list[str | Path] = [sys.executable, "-P", Path(__file__).parent / "fake_discord" / "demo_bot.py"]
NOBODY = {"everyone": False, "users": [], "roles": []}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as d:
        await d.start_bot(BOT)
        await d.wait_ready()
        yield d


@pytest.fixture
def d(running: FakeDiscord) -> FakeDiscord:
    """The fake with a running bot, without the last test's traces."""
    running.violations.clear()
    running.clear_faults()
    running.deadline = 3.0
    return running


@pytest.fixture
def bot(d: FakeDiscord) -> BotProcess:
    return d.bots[-1]


async def test_a_good_reply_is_no_problem(d: FakeDiscord) -> None:
    r = (await d.slash("card")).expect()
    assert [e["title"] for e in r.embeds] == ["Card"]
    assert r.links == ["https://example.com/source", "https://example.com/there"]
    assert "Zephyr" in r.text
    assert d.violations == []


async def test_buttons_and_menus_answer(d: FakeDiscord) -> None:
    r = await d.slash("card")
    assert (await d.click(r, label="More")).message is r.message
    assert r.embeds[0]["title"] == "More"
    assert (await d.select(r, "Bora")).deferred
    assert r.embeds[0]["title"] == "bora"
    assert (await d.click(r, "card:private")).ephemeral


async def test_the_client_refuses_components_that_cannot_be_used(d: FakeDiscord) -> None:
    r = await d.slash("card")
    private = await d.click(r, label="Private")
    with pytest.raises(ClientRefusal, match="disabled"):
        await d.click(r, label="Off")
    with pytest.raises(ClientRefusal, match="no such component"):
        await d.click(r, label="Source")
    with pytest.raises(ClientRefusal, match="no such option"):
        await d.select(r, "Hurricane")
    with pytest.raises(ClientRefusal, match="ephemeral"):
        await d.click(private, label="Again", user=d.add_user("bob"))


@pytest.mark.parametrize("what", OVER_THE_LIMIT)
async def test_a_reply_over_a_limit_is_refused_whole(d: FakeDiscord, what: str) -> None:
    r = await d.slash("broken", {"what": what}, wait=False)
    await d.wait_until(lambda: r.errors)
    assert r.message is None
    assert [e[:2] for e in r.errors] == [(400, 50006 if what == "empty message" else 50035)]
    assert [v.kind for v in d.violations if v.kind != "openapi"] == ["limit"]


async def test_only_allowed_mentions_ping(d: FakeDiscord) -> None:
    loud, quiet = await d.slash("shout", {"quiet": False}), await d.slash("shout", {"quiet": True})
    assert loud.message is not None
    assert loud.message.pings == {"everyone": True, "users": [d.user["id"]], "roles": []}
    assert quiet.message is not None
    assert quiet.message.pings == NOBODY


async def test_a_second_answer_is_refused(d: FakeDiscord) -> None:
    r = await d.slash("twice")
    await d.wait_until(lambda: r.errors)
    assert r.text == "first"
    assert [e[:2] for e in r.errors] == [(400, 40060)]


async def test_an_answer_after_the_deadline_is_refused(d: FakeDiscord) -> None:
    d.deadline = 0.1
    r = await d.slash("late", {"seconds": 0.3})
    assert r.expired
    with pytest.raises(AssertionError, match="did not respond"):
        r.expect()
    await d.wait_until(lambda: r.errors)
    assert [e[:2] for e in r.errors] == [(404, 10062)]


async def test_a_follow_up_before_an_answer_is_refused(d: FakeDiscord) -> None:
    r = await d.slash("unanswered", wait=False)
    await d.wait_until(lambda: r.errors)
    assert [e[:2] for e in r.errors] == [(404, 10015)]


async def test_a_deferred_reply_is_edited_and_followed_up(d: FakeDiscord) -> None:
    r = (await d.slash("slow")).expect()
    await d.wait_until(lambda: r.followups)
    assert r.ephemeral
    assert r.text == "done\nand more"
    assert [what for _, what in r.timeline] == ["callback DEFERRED_MESSAGE", "edit", "follow-up"]


async def test_a_hidden_command_is_refused(d: FakeDiscord) -> None:
    manager = MEMBER_PERMISSIONS | MANAGE_GUILD
    with pytest.raises(ClientRefusal, match="not offered"):
        await d.slash("admin")
    with pytest.raises(ClientRefusal, match="not offered"):
        await d.slash("admin", guild=None, permissions=manager)
    with pytest.raises(ClientRefusal, match="no command"):
        await d.slash("nosuch")
    assert (await d.slash("admin", permissions=manager)).text == "for managers"
    assert (await d.slash("admin", force=True)).text == "for managers"


async def test_options_are_checked_as_the_client_does(d: FakeDiscord) -> None:
    for options in ({}, {"wind": "x"}, {"wind": "bora", "nosuch": 1}):
        with pytest.raises(ClientRefusal, match="option"):
            await d.slash("complete", options)
    assert (await d.slash("complete", {"wind": "bora"}, guild=None)).text == "bora"


async def test_autocomplete_offers_choices_and_refuses_too_many(d: FakeDiscord) -> None:
    a = await d.autocomplete("complete", "wind", "mi")
    assert [c["value"] for c in a.choices or []] == ["mistral"]
    many = await d.autocomplete("complete", "wind", "many", wait=False)
    await d.wait_until(lambda: many.errors)
    assert [e[:2] for e in many.errors] == [(400, 50035)]


async def test_an_attachment_option_can_be_read(d: FakeDiscord) -> None:
    r = await d.slash("upload", {"file": ("notes.txt", b"words")})
    assert r.text == "notes.txt (text/plain): words"
    with pytest.raises(ClientRefusal, match="10 MiB"):
        await d.slash("upload", {"file": ("big.txt", bytes((10 << 20) + 1))})


async def test_a_message_command_sees_its_message(d: FakeDiscord) -> None:
    assert (await d.message_command("Quote", d.say("hello there"))).text == "> hello there"


async def test_a_failed_callback_is_retried_by_the_bot(d: FakeDiscord) -> None:
    fault = d.fault(r"/callback$", status=429, retry_after=0.1)
    assert (await d.slash("card")).ok
    assert fault.hits == 1


async def test_the_bot_resumes_after_a_gateway_drop(d: FakeDiscord) -> None:
    since = len(d.events)
    d.op_reconnect()
    await d.wait_event("RESUME", since=since)
    assert (await d.slash("card")).ok


async def test_load_counts_every_answer(d: FakeDiscord, bot: BotProcess) -> None:
    report = await d.load(lambda i: d.slash("card"), 20, concurrency=5)
    assert (report.errors, len(report.latencies)) == (0, 20)
    assert bot.stats()["rss_mb"] > 1


async def test_problems_name_tracebacks_and_connections_off_loopback(d: FakeDiscord, bot: BotProcess) -> None:
    await d.slash("crash", wait=False)
    await d.wait_until(bot.tracebacks)
    assert (await d.slash("outside")).text == "ConnectionRefusedError"
    assert any("on purpose" in line for line in d.problems())
    assert bot.refused_connections() == ["refused outbound connection to ('192.0.2.1', 80)"]
    assert set(bot.refused_connections()) <= set(d.problems())


async def test_a_restarted_bot_answers_old_buttons_and_changes_no_command(d: FakeDiscord, bot: BotProcess) -> None:
    r = await d.slash("card")
    await bot.stop()
    d.deadline = 0.1
    assert (await d.slash("card")).failed
    d.deadline = 3.0
    syncs = len(d.command_syncs)
    await d.start_bot(BOT)
    await d.wait_until(lambda: len(d.command_syncs) > syncs and d.live_sessions())
    assert (d.command_syncs[-1].changed, d.command_syncs[-1].removed) == ([], [])
    assert (await d.click(r, label="More")).ok


async def test_a_wrong_token_is_refused() -> None:
    async with FakeDiscord(token="right") as d:
        await d.start_bot(BOT, env={"DISCORD_TOKEN": "wrong"})
        with pytest.raises(BotExited, match="LoginFailure"):
            await d.wait_ready()


async def test_a_traceback_in_a_log_for_programs_is_seen(tmp_path: Path) -> None:
    log = tmp_path / "log"
    trace = 'Traceback (most recent call last):\n  File "f.py", line 1\nValueError: on purpose'
    log.write_text(json.dumps({"message": "failed", "exception": trace}) + "\nplain\n", "utf-8")
    bot = BotProcess(cast(asyncio.subprocess.Process, None), log, tmp_path / "guard", 0.0)
    assert bot.tracebacks() == ["ValueError: on purpose"]
