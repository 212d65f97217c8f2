"""Who is answered: this machine's own page. And what no response goes without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiohttp import HttpVersion10
from aiohttp.test_utils import TestClient, TestServer

from bot.operation.hosts import host_of, is_known, is_loopback
from bot.preview.app import ELSEWHERE, Preview, make_app
from bot.preview.guard import headers
from tests.preview.conftest import Page, load

Client = TestClient[Any, Any]
ASK = {"name": "help", "options": {}}
RELOAD = {"name": "corpus reload", "options": {}, "moderator": True}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil", "[::1", ""]
)
async def test_a_foreign_host_gets_nothing(client: Client, host: str) -> None:
    for path in ("/", "/api/commands", "/static/page.js"):
        response = await client.get(path, headers={"Host": host})
        assert response.status in (400, 403)
        assert "cuepoint-token" not in await response.text()


@pytest.mark.parametrize(
    ("host", "bound", "known"),
    [
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("::1", "::1", True),
        ("192.168.0.5", "127.0.0.1", False),
        ("192.168.0.5", "0.0.0.0", True),
        ("localhost", "0.0.0.0", True),
        ("cue.lan", "cue.lan", True),
        ("evil.example", "0.0.0.0", False),
        ("", "0.0.0.0", False),
    ],
)
def test_names_are_known_only_where_they_were_given(host: str, bound: str, known: bool) -> None:
    assert is_known(host, bound) is known


@pytest.mark.parametrize(
    ("address", "host"),
    [("127.0.0.1:80", "127.0.0.1"), ("[::1]:80", "::1"), ("LOCALHOST", "localhost"), ("[::1", ""), ("a@localhost", "")],
)
def test_the_host_of_an_address(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machines_own_addresses(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "localhost.evil", "", "example.org"])
def test_addresses_of_others(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "changed",
    [
        {"X_Cuepoint_Token": ""},
        {"X_Cuepoint_Token": "0" * 32},
        {"X_Cuepoint_Token": "é"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Content_Type": "text/plain"},
    ],
)
async def test_a_post_that_the_page_did_not_send_is_refused(page: Page, changed: dict[str, str]) -> None:
    assert (await page.send("command", ASK)).status == 200
    for name in ("command", "action", "message", "complete"):
        assert (await page.send(name, ASK, **changed)).status == 403


async def test_a_form_or_another_method_gets_nowhere(page: Page) -> None:
    assert (await page.client.post("/api/command", data={"name": "corpus reload"})).status == 403
    assert (await page.client.get("/api/command")).status == 405
    assert (await page.client.put("/api/command", json=ASK)).status == 403


async def test_no_response_lets_other_pages_read_it(page: Page) -> None:
    response = await page.send("command", ASK)
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("sent", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"])
async def test_a_moderator_through_a_proxy_is_refused(page: Page, sent: str) -> None:
    response = await page.send("command", RELOAD, **{sent.replace("-", "_"): "203.0.113.9"})
    assert (await response.json())["text"] == ELSEWHERE


async def test_a_moderator_through_a_proxy_that_does_not_say_so_is_refused(preview: Preview) -> None:
    async with TestClient(TestServer(make_app(preview)), version=HttpVersion10) as client:  # as nginx asks
        page = await load(client)
        assert (await page.command("help"))["embeds"]
        assert (await page.command("corpus status", moderator=True))["text"] == ELSEWHERE
        assert (await client.get("/api/corpus/findings?path=corpus/bees.md")).status == 403


async def test_a_moderator_is_refused_where_others_may_come_too(preview: Preview) -> None:
    async with TestClient(TestServer(make_app(preview, "0.0.0.0"))) as client:
        page = await load(client)
        assert (await page.command("help"))["embeds"]
        for name in ("corpus reload", "corpus status"):
            assert (await page.command(name, moderator=True))["text"] == ELSEWHERE
        assert (await (await client.get("/api/commands")).json())["closed"] == ELSEWHERE
        assert await page.post("complete", name="topic", option="query", typed="bees", moderator=True) == []


async def test_the_token_is_another_one_for_each_start(preview: Preview) -> None:
    tokens = set()
    for _ in range(2):
        async with TestClient(TestServer(make_app(preview))) as client:
            tokens.add((await load(client)).token)
    assert len(tokens) == 2


@pytest.mark.parametrize("path", ["/", "/api/commands", "/static/page.css", "/nosuch", "/static/../app.py", "/static/"])
async def test_every_response_has_a_policy(client: Client, path: str) -> None:
    response = await client.get(path)
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "def make_app" not in await response.text()


def test_only_the_player_brings_anything_from_outside() -> None:
    assert "https://" not in headers(videos=False)["Content-Security-Policy"]
    policy = headers(videos=True)["Content-Security-Policy"]
    assert [word for word in policy.split() if "https://" in word] == [
        "https://i.ytimg.com;",
        "https://www.youtube-nocookie.com;",
    ]
    assert "unsafe" not in policy


async def test_the_policy_follows_the_setting(preview: Preview) -> None:
    async with TestClient(TestServer(make_app(replace(preview, videos=False)))) as client:
        assert "youtube" not in (await client.get("/")).headers["Content-Security-Policy"]
        assert (await (await client.get("/api/commands")).json())["videos"] is False


async def test_the_page_is_not_kept_by_the_browser_and_names_no_other_host(client: Client) -> None:
    response = await client.get("/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "//" not in (await response.text()).replace("<!doctype html>", "")
