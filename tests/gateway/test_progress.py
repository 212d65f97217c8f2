"""A line of progress is shown at most once a second, and never holds the work up."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from bot.gateway import progress as progress_module
from bot.gateway.desk import Interaction
from bot.gateway.progress import Progress


class Deferred:
    """An interaction whose reply was deferred; `edits` is what it was told to show."""

    def __init__(self, error: Exception | None = None) -> None:
        self.edits: list[str | None] = []
        self._error = error

    async def edit_original_response(self, *, content: str | None) -> None:
        if self._error:
            raise self._error
        self.edits.append(content)


async def test_lines_that_follow_too_soon_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Deferred()
    progress = Progress(cast(Interaction, shown), "/corpus reload")
    await progress("too soon after the deferral")
    monkeypatch.setattr(progress_module, "BETWEEN", 0.0)
    await progress("first")
    await progress("while the first is still on its way")
    await asyncio.sleep(0)
    monkeypatch.setattr(progress_module, "BETWEEN", 1000.0)
    await progress("too soon after the first")
    await progress.finish()
    assert shown.edits == ["first"]


async def test_an_edit_that_fails_is_one_log_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(progress_module, "BETWEEN", 0.0)
    progress = Progress(cast(Interaction, Deferred(ConnectionResetError("secret"))), "/corpus reload")
    await progress("first")
    await progress.finish()
    (line,) = caplog.messages
    assert line.startswith("/corpus reload: the answer was not delivered")
    assert "secret" not in line


async def test_a_message_that_stays_loses_the_line_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "BETWEEN", 0.0)
    shown = Deferred()
    progress = Progress(cast(Interaction, shown), "a press of corpus.undo")
    await progress("Reading 1 of 2")
    await progress.finish()
    await progress.clear()
    assert shown.edits == ["Reading 1 of 2", None]


async def test_where_no_line_was_shown_nothing_is_taken_off() -> None:
    shown = Deferred()
    progress = Progress(cast(Interaction, shown), "a press of corpus.undo")
    await progress("too soon")
    await progress.finish()
    await progress.clear()
    assert shown.edits == []
