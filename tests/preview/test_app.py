"""What the page asks and gets: the same commands, as data to draw."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientError, ClientResponse, ClientSession
from aiohttp.test_utils import TestClient, TestServer

from bot.commands import registry
from bot.commands.actions import EXPIRED
from bot.commands.declare import Context, Options
from bot.operation.serving import listening
from bot.preview.app import COMMANDS, Preview, make_app
from bot.preview.guard import TOKEN_HEADER
from bot.preview.telling import Telling
from bot.render.reply import Reply
from tests.preview.conftest import Page, load

Client = TestClient[Any, Any]


def ids(reply: Any) -> list[str]:
    """What can be pressed in a reply."""
    rows = [row["items"] if isinstance(row, dict) else row for row in reply["rows"]]
    return [item["id"] for row in rows for item in row if item["id"]]


async def test_the_menu_is_made_of_the_declarations(client: Client) -> None:
    told = await (await client.get("/api/commands")).json()
    assert [command["name"] for command in told["commands"]] == [command.name for command in COMMANDS]
    assert {command.name for command in registry.COMMANDS if command not in COMMANDS} == {"settings"}
    (timestamp,) = [command for command in told["commands"] if command["name"] == "timestamp"]
    options = {option["name"]: option for option in timestamp["options"]}
    assert (options["query"]["required"], options["video"]["completes"]) == (True, True)
    assert options["private"]["type"] == "flag"
    assert told["messages"] == ["Find in library"]
    assert (told["documents"], told["closed"], told["elsewhere"]) == (4, "", ["settings"])


async def test_moderators_commands_take_no_private(client: Client) -> None:
    told = await (await client.get("/api/commands")).json()
    reload = next(command for command in told["commands"] if command["name"] == "corpus reload")
    assert [option["name"] for option in reload["options"]] == ["force"]
    assert reload["moderators"]


async def test_a_command_answers_with_embeds_and_rows(page: Page) -> None:
    reply = await page.command("timestamp", query="waggle angle sun")
    (embed,) = reply["embeds"]
    assert "https://youtu.be/beesAAAAAA1?t=190" in embed["description"]
    assert (reply["private"], reply["replaces"]) == (False, False)
    assert {button["label"] for row in reply["rows"] for button in row} >= {"Watch 3:10", "More around 3:10"}


async def test_private_is_as_the_asker_says(page: Page) -> None:
    assert (await page.command("library", private=True))["private"]
    assert not (await page.command("library", private=False))["private"]


async def test_a_miss_is_private_and_every_button_of_it_works(page: Page) -> None:
    miss = await page.command("topic", query="solitary bees nobody counts in zeppelins")
    assert miss["private"]
    for carried in ids(miss):
        assert (await page.post("action", id=carried, private=True))["private"]


async def test_autocomplete_gives_keys_that_the_command_takes(page: Page) -> None:
    first, *_ = await page.post("complete", name="topic", option="query", typed="lightho", options={})
    assert first["name"].startswith("Lighthouses")
    reply = await page.command("topic", query=first["value"])
    assert reply["embeds"][0]["title"] == "Lighthouses"


async def test_every_button_and_menu_of_every_reply_can_be_pressed(page: Page) -> None:
    asked: list[tuple[str, dict[str, Any]]] = [
        ("topic", {"query": "bees"}),
        ("timestamp", {"query": "bees winter"}),
        ("search", {"query": "bees"}),
        ("library", {}),
        ("quicktakes", {}),
    ]
    pressed = 0
    for name, options in asked:
        for carried in ids(await page.command(name, **options)):
            answer = await page.post("action", id=carried)
            assert answer["embeds"], carried
            pressed += 1
    assert pressed > 10


async def test_a_press_takes_the_place_of_its_message_unless_it_is_fresh_or_turns_private(page: Page) -> None:
    topic = await page.command("topic", query="How bees find flowers")
    sections = next(row for row in topic["rows"] if isinstance(row, dict))
    assert (await page.post("action", id=sections["items"][0]["id"]))["replaces"]
    found = await page.command("timestamp", query="waggle angle sun")
    around = next(button for row in found["rows"] for button in row if button["label"].startswith("More around"))
    assert not (await page.post("action", id=around["id"]))["replaces"]
    gone = await page.post("action", id="v1:topic:0000000000000000")
    assert (gone["private"], gone["replaces"]) == (True, False)
    assert (await page.post("action", id="v1:topic:0000000000000000", private=True))["replaces"]


@pytest.mark.parametrize("carried", ["", "nonsense", "v1:nosuch:", "v1:~:" + "0" * 32, "v1:topic:a,b,c", "\ud800"])
async def test_what_is_no_button_says_that_it_expired(page: Page, carried: str) -> None:
    reply = await page.post("action", id=carried)
    assert (reply["text"], reply["private"]) == (EXPIRED, True)


async def test_a_long_request_is_kept_and_found_again(page: Page) -> None:
    words = "bees " * 20
    reply = await page.command("timestamp", query=words[:99])
    kept = [carried for carried in ids(reply) if carried.startswith("v1:~:")]
    for carried in kept:
        assert (await page.post("action", id=carried))["embeds"]


async def test_a_message_can_be_looked_up_privately(page: Page) -> None:
    reply = await page.post("message", name="Find in library", text="What is the waggle dance about?")
    assert reply["private"]
    assert "3:10" in reply["embeds"][0]["description"]


async def test_a_file_crosses_whole(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    async def look(name: str, context: Context, options: Options) -> Reply:
        seen.update(options)
        return Reply(text="seen")

    monkeypatch.setattr("bot.preview.app.registry.run_command", look)
    reply = await page.command("help", file={"name": "../x.md", "data": "d29yZHM="}, query="q" * 200)
    assert reply["text"] == "seen"
    file: Any = seen["file"]
    assert (file.name, file.size, await file.read()) == ("../x.md", 5, b"words")
    assert seen["query"] == "q" * 100


async def test_a_bug_becomes_an_id_and_no_text_is_logged(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> Reply:
        raise ValueError("secret words")

    monkeypatch.setattr("bot.preview.app.registry.run_command", fail)
    reply = await page.command("help")
    assert reply["text"].startswith("Something went wrong (id ")
    assert "/help: unexpected error" in caplog.text
    assert "secret" not in caplog.text


async def test_a_failing_completer_suggests_nothing(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("secret words")

    monkeypatch.setattr("bot.preview.app.registry.complete", fail)
    assert await page.post("complete", name="topic", option="query", typed="x", options={}) == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("command", []),
        ("command", {"name": "nosuch"}),
        ("command", {"name": 5}),
        ("command", {"name": "help", "options": "x"}),
        ("command", {"name": "help", "options": {"file": {"name": "x"}}}),
        ("command", {"name": "help", "options": {"file": {"name": "x", "data": "no base64!"}}}),
        ("message", {"name": "nosuch", "text": "x"}),
        ("complete", {"name": "nosuch", "option": "query", "typed": ""}),
        ("action", {"id": None}),
    ],
)
async def test_what_the_page_never_sends_is_refused(page: Page, name: str, body: object) -> None:
    assert (await page.send(name, body)).status == 400


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
async def test_what_is_no_json_is_refused(page: Page, body: bytes) -> None:
    headers = {"X-Cuepoint-Token": page.token, "Origin": page.origin, "Content-Type": "application/json"}
    assert (await page.client.post("/api/command", data=body, headers=headers)).status == 400


async def test_too_much_is_refused_with_what_to_do(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.preview.app.MAX_BODY", 1_000)
    async with TestClient(TestServer(make_app(preview))) as client:
        response = await (await load(client)).send("message", {"name": "Find in library", "text": "x" * 1_000})
        assert (response.status, await response.text()) == (400, "That file is too large. Split it into several.")


async def test_moderators_are_played_on_this_machine(page: Page) -> None:
    assert (await page.command("corpus status"))["text"].startswith("Only moderators")
    status = await page.command("corpus status", moderator=True)
    assert status["private"]
    assert "3 pages" in status["embeds"][0]["description"]


async def test_a_closed_preview_has_no_moderators_and_says_why(preview: Preview) -> None:
    app = make_app(replace(preview, closed="This is a copy."))
    async with TestClient(TestServer(app)) as client:
        page = await load(client)
        assert (await page.command("corpus status", moderator=True))["text"] == "This is a copy."
        assert (await (await client.get("/api/commands")).json())["closed"] == "This is a copy."


async def test_long_work_tells_how_far_it_is_before_it_answers(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.preview.telling.BETWEEN", 0.0)
    response = await page.send("command", {"name": "corpus reload", "options": {"force": True}, "moderator": True})
    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    *told, last = [json.loads(line) for line in (await response.text()).splitlines()]
    assert {"progress": "Reading: 4 of 4 files"} in told
    assert last["answer"]["embeds"][0]["title"] == "Reload with force?"


async def test_work_that_is_soon_done_is_answered_at_once(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.preview.telling.BETWEEN", 60.0)
    assert (await page.command("corpus check", moderator=True))["embeds"]


@asynccontextmanager
async def asking(preview: Preview) -> AsyncIterator[Callable[[], Coroutine[Any, Any, ClientResponse]]]:
    """Asks a command of a server as it runs: unlike aiohttp's own for tests, it ends no handler when a client goes."""
    async with (
        listening(make_app(preview), "127.0.0.1", 0) as port,
        ClientSession(f"http://127.0.0.1:{port}") as client,
    ):
        token = re.search(r"[0-9a-f]{32}", await (await client.get("/")).text())
        assert token is not None
        own = {TOKEN_HEADER: token[0], "Origin": f"http://127.0.0.1:{port}"}

        async def ask() -> ClientResponse:
            return await client.post("/api/command", json={"name": "help"}, headers=own)

        yield ask


async def test_work_goes_on_where_whoever_asked_has_gone(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.preview.telling.BETWEEN", 0.0)
    gone, done = asyncio.Event(), asyncio.Event()

    async def work(name: str, context: Context, options: Options) -> Reply:
        assert context.progress is not None
        await context.progress("Reading: 1 of 2 files")
        await gone.wait()
        for _ in range(3):
            await context.progress("Reading: 2 of 2 files")
            await asyncio.sleep(0.01)
        done.set()
        return Reply(text="done")

    monkeypatch.setattr("bot.preview.app.registry.run_command", work)
    async with asking(preview) as ask:
        response = await ask()
        assert await response.content.readline() == b'{"progress": "Reading: 1 of 2 files"}\n'
        response.close()
        gone.set()
        await asyncio.wait_for(done.wait(), 10)


async def test_work_goes_on_where_whoever_asked_has_gone_before_the_first_line(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.preview.telling.BETWEEN", 0.0)
    done = asyncio.Event()

    async def work(name: str, context: Context, options: Options) -> Reply:
        assert isinstance(context.progress, Telling)
        line = context.progress._request.transport
        assert line is not None
        line.abort()
        for _ in range(3):
            await context.progress("Reading: 1 of 2 files")
        done.set()
        return Reply(text="done")

    monkeypatch.setattr("bot.preview.app.registry.run_command", work)
    async with asking(preview) as ask:
        with pytest.raises(ClientError):
            await ask()
        await asyncio.wait_for(done.wait(), 10)
