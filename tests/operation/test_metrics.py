"""What is counted, as a scrape reads it: names, outcomes, sizes; and that nothing of a question ever is a label."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.commands import registry
from bot.commands.declare import Context
from bot.curation import Curator
from bot.errors import ButtonExpired, CuepointError, InvalidRequest, NotAllowed, ReadTooSlow, ReloadRefused, StoreError
from bot.library import Library
from bot.operation.metrics import Kind, Metrics
from bot.render import verbs
from bot.render.reply import Action
from bot.store.database import Database
from tests.invented import PAGES

ASKER = 998877665544332211
SERVER = 112233445566778899
SECRET = "zeppelinium moorings"

Read = Callable[..., float | None]


@pytest.fixture
def metrics(library: Library) -> Metrics:
    return Metrics(library)


@pytest.fixture
def read(metrics: Metrics) -> Read:
    """The value of a sample by its labels; None where there is none."""

    def value(name: str, /, **labels: str) -> float | None:
        families = text_string_to_metric_families(metrics.text("")[0].decode())
        found = [s.value for family in families for s in family.samples if s.name == name and s.labels == labels]
        assert len(found) <= 1
        return found[0] if found else None

    return value


@pytest.fixture
def asking(context: Context, metrics: Metrics) -> Context:
    """A member whose questions are counted."""
    return replace(context, asker=ASKER, server=SERVER, metrics=metrics)


async def test_a_command_is_counted_and_timed_by_name_and_outcome(asking: Context, read: Read) -> None:
    for query in ("bees", "bees", SECRET):
        await registry.run_command("topic", asking, {"query": query})
    counted = "cuepoint_commands_total"
    assert read(counted, kind="command", name="topic", outcome="answered") == 2
    assert read(counted, kind="command", name="topic", outcome="missed") == 1
    assert read("cuepoint_command_seconds_count", kind="command", name="topic") == 3
    assert read("cuepoint_command_seconds_bucket", kind="command", name="topic", le="60.0") == 3


async def test_messages_presses_and_autocomplete_are_counted_apart(asking: Context, read: Read) -> None:
    await registry.run_message("Find in library", asking, "bees in winter")
    await registry.run_action(verbs.search("bees"), asking)
    registry.complete("topic", "query", "be", {}, asking)
    for kind, name in (("message", "Find in library"), ("press", verbs.SEARCH), ("completion", "topic")):
        assert read("cuepoint_commands_total", kind=kind, name=name, outcome="answered") == 1


async def test_a_refusal_is_counted_as_one(asking: Context, read: Read) -> None:
    with pytest.raises(NotAllowed):
        await registry.run_command("corpus reload", asking, {})
    assert read("cuepoint_commands_total", kind="command", name="corpus reload", outcome="refused") == 1


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (InvalidRequest("say which"), "declined"),
        (ButtonExpired("old"), "declined"),
        (ReloadRefused("too much"), "declined"),
        (NotAllowed("no"), "refused"),
        (ReadTooSlow("narrow it down"), "slow"),
        (asyncio.CancelledError(), "slow"),
        (StoreError("disk full"), "failed"),
        (ValueError("bug"), "failed"),
    ],
)
def test_what_was_raised_is_the_outcome(error: BaseException, outcome: str, metrics: Metrics, read: Read) -> None:
    with pytest.raises(type(error)), metrics.calling(Kind.COMMAND, "ask"):
        raise error
    assert read("cuepoint_commands_total", kind="command", name="ask", outcome=outcome) == 1


async def test_no_question_person_server_or_made_up_verb_becomes_a_label(asking: Context, metrics: Metrics) -> None:
    moderator = replace(asking, is_moderator=True, is_manager=True)
    for command in registry.COMMANDS:
        given = {option.name: SECRET for option in command.options if option.name in ("query", "question", "take")}
        try:
            await registry.run_command(command.name, moderator, given)
        except CuepointError:
            continue
    await registry.run_message("Find in library", asking, SECRET)
    with pytest.raises(ButtonExpired):
        await registry.run_action(Action("zeppelinium", (SECRET,)), asking)
    text = metrics.text("")[0].decode()
    assert 'name="unknown"' in text
    for secret in (*SECRET.split(), str(ASKER), str(SERVER)):
        assert secret not in text
    names = set(re.findall(r'\bname="([^"]*)"', text))
    declared = {command.name for command in registry.COMMANDS} | {entry.name for entry in registry.MESSAGE_COMMANDS}
    assert names <= declared | {"unknown"}


async def test_the_corpus_is_counted_by_kind_once_it_is_loaded(
    library: Library, metrics: Metrics, read: Read, database: Database, corpus_folder: Path
) -> None:
    assert read("cuepoint_corpus_generation") is None
    curator = Curator(database, [corpus_folder], library.refresh, attempted=metrics.changed)
    await curator.reload()
    assert read("cuepoint_corpus_generation") == 1
    status = await library.status()
    kinds = {"page": status.pages, "article": status.articles, "video": status.videos, "passage": status.passages}
    for kind, count in kinds.items():
        assert count
        assert read("cuepoint_corpus_items", kind=kind) == count
    assert status.pages + status.articles == len(PAGES)
    for trust, count in status.moments:
        assert read("cuepoint_corpus_moments", trust=trust) == count
    assert read("cuepoint_corpus_changed_timestamp_seconds") == status.loaded_at


async def test_reloads_are_counted_by_what_came_of_them(
    library: Library, metrics: Metrics, read: Read, database: Database, corpus_folder: Path
) -> None:
    curator = Curator(database, [corpus_folder], library.refresh, attempted=metrics.changed)
    await curator.reload()
    await curator.check()
    for name in PAGES:
        (corpus_folder / name).unlink()
    with pytest.raises(ReloadRefused):
        await curator.reload()
    for change, outcome in (("reload", "done"), ("check", "done"), ("reload", "refused")):
        assert read("cuepoint_reloads_total", change=change, outcome=outcome) == 1


def test_the_connection_is_a_state_and_a_count(metrics: Metrics, read: Read) -> None:
    assert read("cuepoint_gateway_connected") == 0
    for is_up in (True, False, True):
        metrics.connected(is_up)
    assert read("cuepoint_gateway_connected") == 1
    assert read("cuepoint_gateway_connects_total") == 2
    metrics.connected(False)
    assert read("cuepoint_gateway_connected") == 0


def test_two_of_them_share_nothing(library: Library) -> None:
    first, second = Metrics(library), Metrics(library)
    first.connected(True)
    assert b"cuepoint_gateway_connects_total 0.0" in second.text("")[0]


def test_a_scraper_that_asks_for_openmetrics_gets_it(metrics: Metrics) -> None:
    body, content_type = metrics.text("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")
