"""Every class of exception has its reply, and nothing of its text reaches a log."""

from __future__ import annotations

import re
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.errors import ButtonExpired, InvalidRequest, NotAllowed, ReadTooSlow, StoreError
from bot.gateway.errors import STALE, describe, explain

SECRET = "what somebody asked"


@pytest.mark.parametrize("kind", [InvalidRequest, ButtonExpired, NotAllowed, ReadTooSlow, StoreError])
def test_an_error_made_for_people_is_shown_to_the_asker_as_it_stands(kind: type[Exception]) -> None:
    reply = explain(kind("Do this next."), "/say")
    assert (reply.text, reply.private, reply.fresh) == ("Do this next.", True, True)


def test_what_an_error_names_is_shown_as_it_is() -> None:
    reply = explain(
        InvalidRequest("Its file is [x](https://evil.example)/_a_.md. Use `/corpus reload`."), "/corpus remove"
    )
    assert reply.text == "Its file is \\[x\\](https:\u200b//evil.example)/\\_a\\_.md. Use `/corpus reload`."


@pytest.mark.parametrize("kind", [StoreError, NotAllowed])
def test_a_failing_store_and_a_refusal_are_logged(kind: type[Exception], caplog: pytest.LogCaptureFixture) -> None:
    explain(kind("The library could not be read."), "/say")
    assert caplog.messages == [f"/say: {kind.__name__}"]


def test_a_command_that_is_gone_says_how_to_get_the_new_ones() -> None:
    assert explain(app_commands.CommandNotFound("old", []), "?") == STALE


def test_an_unexpected_error_has_an_id_frames_and_causes_but_no_text(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        try:
            int(SECRET)
        except ValueError as error:
            raise LookupError(SECRET) from error

    with pytest.raises(LookupError, match=SECRET) as caught:
        fail()
    reply = explain(caught.value, "/say")
    incident = re.search(r"\(id ([0-9a-f]{6})\)", reply.text)
    assert incident is not None
    (line,) = caplog.messages
    assert line.startswith(f"/say: unexpected error (id {incident[1]})\nLookupError\n")
    assert "test_errors.py" in line
    assert " in fail" in line
    assert "caused by ValueError" in line
    assert SECRET not in caplog.text
    assert "Traceback" not in caplog.text


def test_an_error_that_discord_py_wrapped_is_taken_by_what_is_inside() -> None:
    async def callback(interaction: discord.Interaction) -> None: ...

    command: app_commands.Command[Any, ..., None] = app_commands.Command(name="x", description="x", callback=callback)
    wrapped = app_commands.CommandInvokeError(command, InvalidRequest("Say which."))
    assert explain(wrapped, "/x").text == "Say which."


def test_what_describes_an_error_is_its_class_alone() -> None:
    assert describe(OSError(SECRET)) == "OSError"
