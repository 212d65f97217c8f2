"""What is noted of members' questions, the button that reports one, and `/corpus gaps`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import ButtonExpired, InvalidRequest, NotAllowed
from bot.gaps import Gaps
from bot.models import Gap
from bot.render import verbs
from bot.render.reply import Action, Button, Reply
from bot.store.database import Database
from tests.sound import all_text, assert_sound, labels

TELL = "Tell the moderators it is missing"


@pytest_asyncio.fixture
async def gaps(database: Database) -> AsyncIterator[Gaps]:
    gaps = Gaps(database.state)
    task = asyncio.create_task(gaps.run())
    yield gaps
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
def member(context: Context, gaps: Gaps) -> Context:
    return replace(context, gaps=gaps, has_moderators=True)


@pytest.fixture
def mod(moderator: Context, gaps: Gaps) -> Context:
    return replace(moderator, gaps=gaps, has_moderators=True)


async def noted(gaps: Gaps) -> list[Gap]:
    await gaps.written()
    return await gaps.groups()


def press(reply: Reply, label: str) -> Action:
    """What the button with this label asks for."""
    buttons = [button for row in reply.rows if isinstance(row, tuple) for button in row]
    (action,) = [button.action for button in buttons if isinstance(button, Button) and button.label == label]
    assert action is not None
    return action


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("topic", {"query": "zeppelin moorings"}),
        ("timestamp", {"query": "zeppelin moorings"}),
        ("search", {"query": "zeppelin moorings"}),
        ("quicktakes", {"take": "zeppelin moorings"}),
    ],
)
async def test_a_question_that_finds_nothing_is_noted_and_can_be_reported(
    name: str, options: dict[str, str], member: Context, gaps: Gaps
) -> None:
    miss = await registry.run_command(name, member, options)
    assert_sound(miss)
    (gap,) = await noted(gaps)
    assert (gap.wordings, gap.missed, gap.reported) == (("zeppelin moorings",), 1, 0)
    told = await registry.run_action(press(miss, TELL), member)
    assert told.private
    assert told.fresh
    assert "not who asked" in told.text
    (gap,) = await noted(gaps)
    assert (gap.missed, gap.reported) == (1, 1)


@pytest.mark.parametrize("name", ["timestamp", "search"])
async def test_a_repair_is_noted_with_what_the_words_became(name: str, member: Context, gaps: Gaps) -> None:
    await registry.run_command(name, member, {"query": "waggel dance"})
    (gap,) = await noted(gaps)
    assert (gap.wordings, gap.repaired, gap.became) == (("waggel dance",), 1, "waggle dance")


async def test_what_is_found_is_not_noted(member: Context, gaps: Gaps) -> None:
    for name in ("topic", "timestamp", "search"):
        await registry.run_command(name, member, {"query": "bees"})
    assert await noted(gaps) == []


async def test_a_button_of_a_page_that_is_gone_is_no_gap(member: Context, gaps: Gaps) -> None:
    reply = await registry.run_action(verbs.topic("0" * 16), member)
    assert TELL not in labels(reply)
    assert await noted(gaps) == []


async def test_somebodys_message_is_never_noted(member: Context, gaps: Gaps) -> None:
    (entry,) = registry.MESSAGE_COMMANDS
    reply = await entry.handler(member, "zeppelin moorings")
    assert TELL not in labels(reply)
    assert await noted(gaps) == []


async def test_without_moderators_there_is_nobody_to_tell(member: Context) -> None:
    alone = replace(member, has_moderators=False)
    assert TELL not in labels(await registry.run_command("topic", alone, {"query": "zeppelin moorings"}))


async def test_with_gaps_off_there_is_no_button_and_nothing_to_list(context: Context, moderator: Context) -> None:
    off = replace(context, has_moderators=True)
    assert TELL not in labels(await registry.run_command("topic", off, {"query": "zeppelin moorings"}))
    with pytest.raises(InvalidRequest, match="GAPS is off"):
        await registry.run_command("corpus gaps", moderator, {})
    with pytest.raises(ButtonExpired):
        await registry.run_action(verbs.tell("zeppelin moorings"), off)


async def test_moderators_page_through_the_gaps_and_clear_them(member: Context, mod: Context, gaps: Gaps) -> None:
    for words in ("zeppelin", "walrus", "quark", "ibex", "fjord", "bosun", "lynx"):
        await registry.run_command("search", member, {"query": words * 2})
    await noted(gaps)
    first = await registry.run_command("corpus gaps", mod, {})
    assert_sound(first)
    assert first.private
    assert "7 gaps, most asked first" in all_text(first)
    second = await registry.run_action(press(first, "Next"), mod)
    assert_sound(second)
    assert labels(second) == ["Done 6", "Done 7", "Previous"]
    after = await registry.run_action(press(second, "Done 6"), mod)
    assert labels(after) == ["Done 6", "Previous"]
    back = await registry.run_action(press(after, "Done 6"), mod)
    assert labels(back) == [f"Done {number}" for number in range(1, 6)]
    assert len(await noted(gaps)) == 5


async def test_with_no_gaps_the_list_says_so(mod: Context) -> None:
    assert "Nothing is missing" in all_text(await registry.run_command("corpus gaps", mod, {}))


@pytest.mark.parametrize("action", [verbs.gaps(), verbs.gap_done("0" * 16, 0)])
async def test_a_member_cannot_list_or_clear(action: Action, member: Context) -> None:
    with pytest.raises(NotAllowed):
        await registry.run_action(action, member)


@pytest.mark.parametrize(
    "action",
    [
        Action(verbs.GAPS, ("x",)),
        Action(verbs.GAPS),
        Action(verbs.GAP_DONE, ("../x", "0")),
        Action(verbs.GAP_DONE, ("0" * 16,)),
        Action(verbs.TELL, ("x" * 101,)),
        Action(verbs.TELL),
    ],
)
async def test_a_forged_press_has_expired(action: Action, mod: Context) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(action, mod)


async def test_help_says_what_is_kept_of_questions_where_it_is(context: Context, member: Context) -> None:
    words = "question that found nothing"
    assert words in all_text(await registry.run_command("help", member, {}))
    assert words not in all_text(await registry.run_command("help", context, {}))
