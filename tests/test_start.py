"""What a start does before it logs in: with a corpus, without one, with a damaged one; and what it never logs."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bot.cli import EXIT_CONFIG, main
from bot.commands import registry
from bot.commands.declare import Context
from bot.config import SETTINGS
from bot.curation import Curator
from bot.errors import InvalidRequest, LoginFailed, WorkerLost
from bot.gateway.desk import Desk
from bot.library import Library
from bot.store.heartbeat import is_up
from tests.invented import PAGES, write_corpus

ROOT = Path(__file__).parents[1]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
SECRET_WORDS = "zeppelinium flight of the waggle"
ASKER = 998877665544332211

Serve = Callable[[Library, Curator, Callable[[bool], None]], Awaitable[None]]
Start = Callable[[Serve], int]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Run the bot with something else in the place of Discord."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("CORPUS_DIRS", "corpus")
    monkeypatch.setattr("bot.log.set_up", lambda *_: False)  # pytest's own handlers are to see it

    def run(serve: Serve) -> int:
        async def in_place_of_discord(desk: Desk, token: str, ready: Callable[[bool], None]) -> None:
            assert token == TOKEN
            await serve(desk.library, desk.curator, ready)

        monkeypatch.setattr("bot.gateway.running.serve", in_place_of_discord)
        return main([])

    return run


class Seen:
    """What there was to serve."""

    def __init__(self) -> None:
        self.documents: list[int] = []

    async def __call__(self, library: Library, curator: Curator, ready: Callable[[bool], None]) -> None:
        self.documents.append(len(library.catalogue.documents))


def test_a_missing_folder_leaves_the_last_corpus_in_service_with_a_warning(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    write_corpus(tmp_path / "corpus")
    assert start(seen) == 0
    (tmp_path / "corpus").rename(tmp_path / "elsewhere")
    assert start(seen) == 0
    assert "Corpus folder not found" in caplog.text
    assert seen.documents == [len(PAGES)] * 2


@pytest.mark.parametrize("count", [1, len(PAGES)])
def test_an_empty_folder_leaves_the_last_corpus_in_service_with_a_warning(
    count: int, start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    write_corpus(tmp_path / "corpus", dict(list(PAGES.items())[:count]))
    assert start(seen) == 0
    for path in (tmp_path / "corpus").iterdir():
        path.unlink()
    assert start(seen) == 0
    assert "would vanish, so nothing was changed" in caplog.text
    assert seen.documents == [count] * 2


def test_a_disk_without_room_for_a_reload_leaves_the_last_corpus_in_service_with_a_warning(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    seen = Seen()
    write_corpus(tmp_path / "corpus")
    with monkeypatch.context() as patched:
        patched.setattr("bot.curation.history.History.write", full)
        assert start(seen) == 1  # nothing to serve yet
    assert start(seen) == 0
    monkeypatch.setattr("bot.curation.history.History.write", full)
    write_corpus(tmp_path / "corpus", {"new.md": "# New\n\nWords.\n"})
    assert start(seen) == 0
    assert "the last corpus serves: The data folder could not be written (No space left on device)" in caplog.text
    assert seen.documents == [len(PAGES)] * 2


def test_a_lost_reading_process_leaves_the_last_corpus_in_service_with_a_warning(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object, **__: object) -> None:
        raise WorkerLost("The system ended a process.")

    seen = Seen()
    write_corpus(tmp_path / "corpus")
    assert start(seen) == 0
    monkeypatch.setattr(Curator, "reload", lost)
    assert start(seen) == 0
    assert "the last corpus serves: The system ended a process." in caplog.text
    assert seen.documents == [len(PAGES)] * 2


def test_with_nothing_ever_loaded_it_starts_and_says_what_to_put_where(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    assert start(seen) == 0
    assert "the library is empty: put .md or .txt files into corpus, then use /corpus reload" in caplog.text
    assert seen.documents == [0]


def test_a_damaged_corpus_is_rebuilt_at_start(start: Start, tmp_path: Path) -> None:
    seen = Seen()
    write_corpus(tmp_path / "corpus")
    assert start(seen) == 0
    (tmp_path / "data" / "corpus.db").write_bytes(b"no database")
    assert start(seen) == 0
    assert seen.documents == [len(PAGES)] * 2


LOADING = """
import asyncio, sys
from bot.cli import main
from bot.curation import Curator

async def forever(*_, **__):
    print("loading", flush=True)
    await asyncio.Event().wait()

Curator.reload = forever
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", ["run", "preview"])
def test_a_stop_while_the_corpus_is_loaded_exits_with_0(command: str, number: int, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DISCORD_TOKEN": TOKEN, "CORPUS_DIRS": "corpus"}
    words = [sys.executable, "-c", LOADING, command]
    with subprocess.Popen(words, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        process.send_signal(number)
        assert process.wait(60) == 0


def test_a_refused_token_is_one_line_and_exit_78(
    start: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refuse(*_: object) -> None:
        raise LoginFailed("Discord refused DISCORD_TOKEN.")

    write_corpus(tmp_path / "corpus")
    assert start(refuse) == EXIT_CONFIG
    assert capsys.readouterr().err == "Discord refused DISCORD_TOKEN.\n"


def test_health_is_up_while_the_bot_is_connected_only(start: Start, tmp_path: Path) -> None:
    async def serve(library: Library, curator: Curator, ready: Callable[[bool], None]) -> None:
        assert not is_up(tmp_path / "data")
        ready(True)
        await asyncio.sleep(0)
        assert is_up(tmp_path / "data")

    write_corpus(tmp_path / "corpus")
    assert start(serve) == 0
    assert main(["health"]) == 1


def test_no_token_question_or_user_id_is_ever_logged(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def serve(library: Library, curator: Curator, ready: Callable[[bool], None]) -> None:
        context = Context(library, curator, asker=ASKER, is_moderator=True, is_manager=True)
        for command in registry.COMMANDS:
            options = {option.name: SECRET_WORDS for option in command.options if option.name in ("query", "take")}
            with suppress(InvalidRequest):
                await registry.run_command(command.name, context, options)
            for option in command.options:
                registry.complete(command.name, option.name, SECRET_WORDS, {}, context)

    caplog.set_level(logging.DEBUG, logger="bot")
    write_corpus(tmp_path / "corpus", {**PAGES, "bad.md": ""})
    assert start(serve) == 0
    assert "rejected: corpus/bad.md" in caplog.text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    for secret in (TOKEN, SECRET_WORDS, "zeppelinium", str(ASKER)):
        assert secret not in ours
