"""The control socket: one request, progress, one answer; for nobody but its owner; nothing on it can harm the bot."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot import control
from bot.errors import CuepointError, ReloadRefused
from tests.store.access import without_access


async def echo(given: Mapping[str, Any], progress: control.Progress) -> object:
    for line in ("one", "two"):
        await progress(line)
    return {"given": dict(given), "words": "é\n猫"}


async def refuse(_: Mapping[str, Any], __: control.Progress) -> object:
    raise ReloadRefused("Too much would vanish.")


async def boom(_: Mapping[str, Any], __: control.Progress) -> object:
    raise ValueError("secret")


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder in one that every user can enter, as pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "data").mkdir()
        yield Path(folder) / "data"


HANDLERS = {"echo": echo, "refuse": refuse, "boom": boom}
SEEN: list[str] = []


def on_error(error: BaseException, doing: str) -> str:
    SEEN.append(f"{type(error).__name__} {doing}")
    return "abc123"


async def test_an_answer_comes_after_its_progress(tmp_path: Path) -> None:
    lines: list[str] = []

    async def show(line: str) -> None:
        lines.append(line)

    async with control.serving(tmp_path, HANDLERS, on_error):
        answer = await control.ask(tmp_path, "echo", show, force=True)
    assert answer == {"given": {"force": True}, "words": "é\n猫"}
    assert lines == ["one", "two"]


async def test_what_is_refused_is_refused_at_the_terminal(tmp_path: Path) -> None:
    async with control.serving(tmp_path, HANDLERS, on_error):
        with pytest.raises(CuepointError, match="Too much would vanish"):
            await control.ask(tmp_path, "refuse")
        with pytest.raises(CuepointError, match="not a request"):
            await control.ask(tmp_path, "nosuch")


async def test_a_bug_is_an_id_and_not_its_text(tmp_path: Path) -> None:
    async with control.serving(tmp_path, HANDLERS, on_error):
        with pytest.raises(CuepointError, match="id abc123") as caught:
            await control.ask(tmp_path, "boom")
    assert "secret" not in str(caught.value)
    assert SEEN == ["ValueError a request of the host's terminal"]


async def test_nobody_answers_where_no_bot_listens(tmp_path: Path) -> None:
    assert await control.ask(tmp_path, "echo") is None
    async with control.serving(tmp_path, HANDLERS, on_error):
        pass
    assert not (tmp_path / "control").exists()
    (tmp_path / "control").touch()
    assert await control.ask(tmp_path, "echo") is None


async def test_what_a_killed_bot_left_does_not_stop_the_next(tmp_path: Path) -> None:
    (tmp_path / "control").touch()
    async with control.serving(tmp_path, HANDLERS, on_error):
        assert (tmp_path / "control").stat().st_mode & 0o777 == 0o600
        assert await control.ask(tmp_path, "echo") is not None


async def test_a_folder_with_a_long_path_has_a_socket_too(tmp_path: Path) -> None:
    folder = tmp_path / ("long-" * 20) / ("name-" * 20)
    folder.mkdir(parents=True)
    async with control.serving(folder, HANDLERS, on_error):
        assert await control.ask(folder, "echo") is not None


async def test_without_a_socket_the_bot_runs_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with control.serving(tmp_path / "nosuch", HANDLERS, on_error):
        assert "cannot reach this bot" in caplog.text


@pytest.mark.parametrize(
    "sent", [b"", b"\n", b"words\n", b"[1]\n", b'{"do": 7}\n', b'{"do": []}\n', b"[" * 100_000 + b"\n"]
)
async def test_nonsense_is_answered_and_the_next_is_served(sent: bytes, tmp_path: Path) -> None:
    async with control.serving(tmp_path, HANDLERS, on_error):
        reader, writer = await _connect(tmp_path)
        writer.write(sent)
        writer.write_eof()
        assert b"not a request" in await reader.readline()
        writer.close()
        assert await control.ask(tmp_path, "echo") is not None


async def test_a_terminal_that_leaves_does_not_end_the_work(tmp_path: Path) -> None:
    left, finished = asyncio.Event(), asyncio.Event()

    async def work(_: Mapping[str, Any], progress: control.Progress) -> object:
        await left.wait()
        for number in range(100):
            await progress(f"line {number}")
        finished.set()
        return None

    async with control.serving(tmp_path, {"work": work}, on_error):
        _, writer = await _connect(tmp_path)
        writer.write(b'{"do": "work"}\n')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        left.set()
        await asyncio.wait_for(finished.wait(), 10)


async def test_a_bot_that_stops_first_is_said_to_have(tmp_path: Path) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    with control._address(tmp_path) as address:
        server = await asyncio.start_unix_server(hang_up, address)
        async with server:
            with pytest.raises(CuepointError, match="stopped before"):
                await control.ask(tmp_path, "echo")


@pytest.mark.parametrize("name", ["words.txt", "words.txt/data", "x" * 300])
async def test_in_a_folder_that_cannot_be_no_bot_listens(name: str, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("words")
    assert await control.ask(tmp_path / name, "echo") is None


async def test_a_folder_that_may_not_be_entered_is_no_sign_of_a_bot(closed_folder: Path) -> None:
    with without_access(closed_folder), pytest.raises(CuepointError, match="or the folder cannot be entered"):
        await control.ask(closed_folder, "echo")


async def test_a_stop_cuts_off_what_is_being_done_and_the_terminal_is_told(tmp_path: Path) -> None:
    begun, cut_off = asyncio.Event(), asyncio.Event()

    async def work(_: Mapping[str, Any], __: control.Progress) -> object:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut_off.set()
        return None

    async with control.serving(tmp_path, {"work": work}, on_error):
        asked = asyncio.create_task(control.ask(tmp_path, "work"))
        await begun.wait()
    assert cut_off.is_set()
    with pytest.raises(CuepointError, match="stopped before"):
        await asked


async def _connect(folder: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    with control._address(folder) as address:
        return await asyncio.open_unix_connection(address)
