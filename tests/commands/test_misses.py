"""What a member is told who finds nothing: true of where they looked, and with a way on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.commands import registry
from bot.commands.declare import Context
from bot.curation import Curator
from bot.gaps import Gaps
from bot.library import Library
from bot.render.reply import Action, Reply
from bot.store.database import Database
from tests.invented import LIGHTS, page, write_corpus
from tests.sound import all_text, assert_sound, labels


@pytest_asyncio.fixture
async def gaps(database: Database) -> AsyncIterator[Gaps]:
    gaps = Gaps(database.state)
    task = asyncio.create_task(gaps.run())
    yield gaps
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
def empty(database: Database, library: Library, gaps: Gaps) -> Context:
    """A member who asks before anything was loaded."""
    return Context(library, Curator(database, [], library.refresh), asker=1, has_moderators=True, gaps=gaps)


def press(reply: Reply, label: str) -> Action:
    buttons = [button for row in reply.rows if isinstance(row, tuple) for button in row]
    (action,) = [button.action for button in buttons if button.label == label]
    assert action is not None
    return action


@pytest.mark.parametrize(
    ("name", "options", "scope"),
    [
        ("timestamp", {"query": "shiver", "video": LIGHTS}, "Lighthouses"),
        ("search", {"query": "shiver", "source": "coastcast"}, "coastcast"),
        ("timestamp", {"query": "shiver video:lighthouses"}, "Lighthouses"),
        ("timestamp", {"query": "source:coastcast shiver"}, "coastcast"),
        ("search", {"query": 'shiver source:"coast cast"'}, "coastcast"),
        ("search", {"query": "shiver video:Lighthouses source:coastcast"}, "Lighthouses from coastcast"),
    ],
)
async def test_a_miss_in_one_video_or_source_says_so_and_leads_to_the_whole_library(
    name: str, options: dict[str, str], scope: str, context: Context, gaps: Gaps
) -> None:
    member = replace(context, gaps=gaps, has_moderators=True)
    miss = await registry.run_command(name, member, options)
    assert_sound(miss)
    assert miss.private
    assert f'Nothing in {scope} says "shiver".' in all_text(miss)
    assert "**shiver**" in all_text(await registry.run_action(press(miss, "Look everywhere"), member))
    await gaps.written()
    assert await gaps.groups() == []


async def test_what_only_an_article_says_is_no_gap_and_one_tap_away(context: Context, gaps: Gaps) -> None:
    member = replace(context, gaps=gaps, has_moderators=True)
    miss = await registry.run_command("timestamp", member, {"query": "pulls water"})
    assert_sound(miss)
    assert all_text(miss).startswith('No moment in a video says "pulls water".')
    assert "**pulls** the **water**" in all_text(await registry.run_action(press(miss, "Search everything"), member))
    await gaps.written()
    assert await gaps.groups() == []


async def test_what_a_source_says_where_no_moment_is_is_not_denied(context: Context, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"fog.md": page("Fog", "Fog hides the coast.", "", channel="coastcast")})
    await context.curator.reload()
    miss = await registry.run_command("timestamp", context, {"query": "fog source:coastcast"})
    assert all_text(miss).startswith('No moment in coastcast says "fog".')


async def test_a_topic_without_quick_takes_is_no_unanswered_question(context: Context, gaps: Gaps) -> None:
    member = replace(context, gaps=gaps, has_moderators=True)
    none = await registry.run_command("quicktakes", member, {"topic": "why tides turn"})
    assert 'There are no quick takes on "Why tides turn".' in all_text(none)
    other = await registry.run_command("quicktakes", member, {"topic": "lighthouses", "take": "biggest surprise"})
    assert 'No quick take on "Lighthouses" answers "biggest surprise".' in all_text(other)
    assert "Overhyped" in labels(none)
    await gaps.written()
    assert await gaps.groups() == []


async def test_a_message_that_nothing_is_about_is_not_repeated(context: Context) -> None:
    (entry,) = registry.MESSAGE_COMMANDS
    miss = await entry.handler(context, "zeppelin moorings")
    assert "No moment in a video is about that message." in all_text(miss)
    assert "zeppelin" not in all_text(miss)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("topic", {"query": "bees"}),
        ("timestamp", {"query": "bees"}),
        ("search", {"query": "bees"}),
        ("ask", {"question": "Where do bees sleep?"}),
        ("quicktakes", {"topic": "bees"}),
    ],
)
async def test_an_empty_library_says_that_it_is_empty(
    name: str, options: dict[str, str], empty: Context, gaps: Gaps
) -> None:
    member = await registry.run_command(name, empty, options)
    assert member.private
    assert all_text(member).startswith("Nothing is loaded into the library yet. Ask again")
    assert "/corpus reload" in all_text(await registry.run_command(name, replace(empty, is_moderator=True), options))
    await gaps.written()
    assert await gaps.groups() == []
