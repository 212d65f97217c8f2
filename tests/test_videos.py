"""`python -m bot videos` against a local server that speaks YouTube's Data API, as far as videos.list goes."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot import config, videos
from bot.cli import main
from bot.errors import DataFolderError, SettingsError
from bot.models import FetchReport, LengthOrigin, VideoFacts
from bot.store import migrations, youtube
from bot.store.database import Store, open_database, open_state

KEY = "AIzaKeyThatMustNotShow"

Answer = Callable[[], web.Response]
Run = Callable[..., Awaitable[tuple[int, str, str]]]


def names(count: int) -> list[str]:
    return [f"video{number:06}" for number in range(count)]


def error(status: int, reason: str, *, detail: str = "") -> Answer:
    """An error as the API words it; its message has the key, which the real one's might."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}] if detail else []
    entry = {"message": f"no: {KEY}", "domain": "global", "reason": reason}
    body = {"error": {"code": status, "message": f"no: {KEY}", "errors": [entry], "details": details}}
    return lambda: web.json_response(body, status=status)


def page(status: int, text: str = "<html>busy</html>") -> Answer:
    return lambda: web.Response(status=status, text=text, content_type="text/html")


class YouTube:
    """Knows every video but those in `unknown`. `say` holds answers to give instead, one a call, first come first."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.keys: set[str] = set()
        self.say: list[Answer | None] = []
        self.unknown: set[str] = set()
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        asked = request.query["id"].split(",")
        self.calls.append(asked)
        self.keys.add(request.query["key"])
        assert request.query["part"] == "snippet,contentDetails"
        instead = self.say.pop(0) if self.say else None
        if instead:
            return instead()
        items = [self.item(video) for video in asked if video not in self.unknown]
        return web.json_response({"kind": "youtube#videoListResponse", "items": items})

    @staticmethod
    def item(video: str) -> dict[str, object]:
        snippet = {"title": f"Talk {video}", "channelTitle": "Talks", "publishedAt": "2024-02-03T04:05:06Z"}
        return {"id": video, "snippet": snippet, "contentDetails": {"duration": "PT1H2M3S"}}


@pytest.fixture
async def api() -> AsyncIterator[YouTube]:
    known = YouTube()
    app = web.Application()
    app.router.add_get("/youtube/v3/videos", known.answer)
    async with TestServer(app) as server:
        known.url = str(server.make_url("/")).rstrip("/")
        yield known


@pytest.fixture
async def state(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_state(tmp_path / "data") as store:
        yield store


async def fetch(state: Store, api: YouTube, ids: list[str]) -> FetchReport:
    return await videos.fetch(state, ids, KEY, url=api.url, first_delay=0)


async def test_fifty_videos_are_asked_about_at_once_and_kept(state: Store, api: YouTube) -> None:
    said: list[str] = []

    async def progress(line: str) -> None:
        said.append(line)

    report = await videos.fetch(state, names(120), KEY, url=api.url, progress=progress)
    assert [len(call) for call in api.calls] == [50, 50, 20]
    assert api.keys == {KEY}
    assert report == FetchReport(videos=120, fetched=120, waiting=0)
    assert said[-1] == "Asking YouTube: 120 of 120 videos"
    facts = await youtube.known_facts(state)
    assert set(facts) == set(names(120))
    assert facts["video000007"] == VideoFacts("Talk video000007", "Talks", "2024-02-03", 3723, LengthOrigin.YOUTUBE)


async def test_what_was_fetched_is_not_asked_about_again_for_30_days(
    state: Store, api: YouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    await fetch(state, api, names(3))
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0 + 29 * 86_400)
    await fetch(state, api, names(4))
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0 + 31 * 86_400)
    report = await fetch(state, api, names(5))
    assert api.calls == [names(3), ["video000003"], ["video000004", *names(3)]]
    assert report == FetchReport(videos=5, fetched=4, waiting=0)


async def test_a_quota_that_ends_midway_keeps_what_came_and_the_next_run_goes_on(state: Store, api: YouTube) -> None:
    api.say = [None, error(403, "quotaExceeded")]
    report = await fetch(state, api, names(120))
    assert (report.fetched, report.waiting) == (50, 70)
    assert "tomorrow" in report.stopped
    assert len(api.calls) == 2
    again = await fetch(state, api, names(120))
    assert again == FetchReport(videos=120, fetched=70, waiting=0)
    assert api.calls[2] == names(120)[50:100]
    assert len(await youtube.known_facts(state)) == 120


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (error(400, "keyInvalid"), "wrong"),
        (error(400, "badRequest", detail="API_KEY_INVALID"), "wrong"),
        (error(403, "forbidden"), "wrong"),
        (error(403, "accessNotConfigured"), "enable"),
        (error(403, "forbidden", detail="API_KEY_IP_ADDRESS_BLOCKED"), "restrictions"),
    ],
)
async def test_a_refused_key_names_the_setting_and_what_to_do(
    state: Store, api: YouTube, answer: Answer, says: str
) -> None:
    api.say = [answer]
    with pytest.raises(SettingsError) as raised:
        await fetch(state, api, names(3))
    assert "YOUTUBE_API_KEY" in str(raised.value)
    assert says in str(raised.value).lower()
    assert KEY not in str(raised.value)
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        page(500),
        page(503),
        page(429),
        error(403, "rateLimitExceeded"),
        error(429, "rateLimitExceeded", detail="RATE_LIMIT_EXCEEDED"),
        error(503, "backendError"),
        page(200, "<html>log in to this network</html>"),
    ],
)
async def test_trouble_that_passes_is_tried_again(state: Store, api: YouTube, answer: Answer) -> None:
    api.say = [answer, answer]
    report = await fetch(state, api, names(3))
    assert report == FetchReport(videos=3, fetched=3, waiting=0)
    assert len(api.calls) == 3


@pytest.mark.parametrize("answer", [page(500), page(429), page(200), page(404), page(302)])
async def test_trouble_that_stays_ends_the_run_with_what_to_do(state: Store, api: YouTube, answer: Answer) -> None:
    api.say = [None, *[answer] * 10]
    report = await fetch(state, api, names(60))
    assert (report.fetched, report.waiting) == (50, 10)
    assert "run this again" in report.stopped
    assert KEY not in report.stopped
    assert len(api.calls) == 1 + 5


async def test_the_wait_that_the_api_asks_for_is_kept_and_others_grow(
    state: Store, api: YouTube, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.videos.sleep", sleep)
    asking = web.Response(status=429, headers={"Retry-After": "17"})
    api.say = [page(500), page(500), page(500), lambda: asking]
    await videos.fetch(state, names(1), KEY, url=api.url, first_delay=1.0)
    assert [0.5 * 2**time <= wait <= 2**time for time, wait in enumerate(waits[:3])] == [True] * 3
    assert waits[3] == 17


async def test_without_a_network_the_run_ends_with_what_to_do(state: Store) -> None:
    report = await videos.fetch(state, names(3), KEY, url=f"http://127.0.0.1:{unused_port()}", first_delay=0)
    assert report.fetched == 0
    assert "cannot be reached" in report.stopped
    assert KEY not in report.stopped


async def test_videos_that_youtube_does_not_know_are_remembered_and_reported(state: Store, api: YouTube) -> None:
    api.unknown = {"video000001", "video000003"}
    report = await fetch(state, api, names(5))
    assert report.missing == ("video000001", "video000003")
    assert (await fetch(state, api, names(5))).missing == report.missing
    assert len(api.calls) == 1
    assert set(await youtube.known_facts(state)) == {"video000000", "video000002", "video000004"}


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT1H2M3S", 3723), ("PT45S", 45), ("PT12M", 720), ("P1DT1S", 86_401), ("P0D", None), ("", None), ("1:02", None)],
)
def test_durations_as_the_api_writes_them(text: str, seconds: int | None) -> None:
    assert videos.read_duration(text) == seconds


@pytest.mark.parametrize(
    "item",
    [{}, {"snippet": None, "contentDetails": 7}, {"snippet": {"title": 3, "publishedAt": "soon"}}, None, "text"],
)
def test_an_answer_of_another_shape_gives_nothing_and_does_not_raise(item: object) -> None:
    item = {"id": "video000000", **item} if isinstance(item, dict) else item
    assert videos.read_answer({"items": [item]}, names(1)).get("video000000", VideoFacts()) == VideoFacts()
    assert videos.read_answer({"items": item}, names(1)) == {}


def test_titles_become_one_line_and_answers_about_others_are_left_out() -> None:
    item = YouTube.item("video000000") | {"snippet": {"title": " A\n\x1b[31m talk\ud800 "}}
    found = videos.read_answer({"items": [item, YouTube.item("video000009")]}, names(1))
    assert [facts.title for facts in found.values()] == ["A [31m talk"]


# Beside a running bot.


async def test_it_writes_while_a_bot_holds_the_data_folder(tmp_path: Path, api: YouTube) -> None:
    async with open_database(tmp_path) as database, open_state(tmp_path) as beside:
        await asyncio.gather(fetch(beside, api, names(120)), *(_write(database.state, n) for n in range(20)))
        assert len(await youtube.known_facts(database.state)) == 120
        async with database.state.read() as reader:
            [row] = await reader.fetch("SELECT count(*) FROM meta")
            assert row[0] == 20


async def _write(state: Store, number: int) -> None:
    async with state.write() as writer:
        await writer.execute("INSERT INTO meta VALUES (?, '')", (str(number),))


async def test_an_older_state_is_migrated_unless_a_bot_holds_it(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.db", isolation_level=None)) as connection:
        connection.executescript(f"{migrations.STEPS[0]}; PRAGMA user_version = 1; INSERT INTO meta VALUES ('a', 'b')")
    async with open_state(tmp_path) as state:
        assert await youtube.known_facts(state) == {}
        async with state.read() as reader:
            assert await reader.one("SELECT value FROM meta") is not None
    async with open_database(tmp_path) as database:
        with closing(sqlite3.connect(tmp_path / "state.db")) as connection:
            connection.execute("PRAGMA user_version = 1")  # as an older bot, still running, would have left it
        with pytest.raises(DataFolderError, match="Another Cuepoint"):
            async with open_state(tmp_path):
                pass
        assert await youtube.known_facts(database.state) == {}


# The command line.


@pytest.fixture
def command(
    tmp_path: Path, api: YouTube, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs `python -m bot ...` on a folder with one page; gives its exit code, output and errors."""
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A\nvideoId: video000000\n---\n\nWords [00:01:00]\n", "utf-8")
    (folder / "b.md").write_text("---\ntitle: B\nvideoId: video000001\n---\n\nWords [00:01:00]\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_DIRS", str(folder))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("YOUTUBE_API_KEY", KEY)
    monkeypatch.setattr(videos, "API_URL", api.url)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    async def run(*arguments: str) -> tuple[int, str, str]:
        code = await asyncio.to_thread(main, arguments)
        output, errors = capfd.readouterr()
        assert KEY not in output + errors
        return code, output, errors

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_the_command_fetches_and_the_next_load_uses_it(command: Run, api: YouTube) -> None:
    api.unknown = {"video000001"}
    code, output, _ = await command("videos")
    assert code == 0
    assert "Fetched 2 of 2 videos" in output
    assert "video000001" in output
    code, output, _ = await command("check", "--json")
    assert code == 0
    assert json.loads(output)["videos"] == 1


async def test_the_command_for_programs(command: Run, api: YouTube) -> None:
    api.unknown = {"video000001"}
    code, output, _ = await command("videos", "--json")
    assert code == 0
    assert json.loads(output) == {
        "videos": 2,
        "fetched": 2,
        "waiting": 0,
        "missing": ["video000001"],
        "stopped": "",
    }


async def test_the_command_that_could_not_finish_says_so(command: Run, api: YouTube) -> None:
    api.say = [error(403, "quotaExceeded")]
    code, output, errors = await command("videos")
    assert code == 1
    assert "2 still to fetch" in output
    assert "tomorrow" in errors


async def test_the_command_with_a_refused_key(command: Run, api: YouTube) -> None:
    api.say = [error(400, "badRequest", detail="API_KEY_INVALID")]
    code, _, errors = await command("videos")
    assert code == 78
    assert "YOUTUBE_API_KEY" in errors


def test_the_key_does_not_show_in_the_settings() -> None:
    settings = config.load({"YOUTUBE_API_KEY": KEY})
    assert settings.youtube_key == KEY
    assert KEY not in repr(settings)


@pytest.mark.parametrize("key", ["", "two words of a key"])
async def test_the_command_without_a_usable_key(command: Run, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("YOUTUBE_API_KEY", key)
    code, _, errors = await command("videos")
    assert code == 78
    assert "YOUTUBE_API_KEY" in errors
    assert "two words" not in errors
