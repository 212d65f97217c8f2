"""Attachments as given files."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from bot.commands.declare import GivenFile
from bot.errors import InvalidRequest
from bot.gateway.attaching import with_files


def attachment(content: bytes | Exception) -> discord.Attachment:
    async def get_from_cdn(_: str) -> bytes:
        if isinstance(content, Exception):
            raise content
        return content

    data = {"id": "1", "filename": "x.md", "size": 5, "url": "https://x", "proxy_url": "https://x"}
    state = SimpleNamespace(http=SimpleNamespace(get_from_cdn=get_from_cdn))
    return discord.Attachment(data=cast(Any, data), state=cast(Any, state))


async def test_an_attachment_is_a_file_that_is_fetched_when_it_is_read() -> None:
    file = with_files({"file": attachment(b"words"), "replace": True})["file"]
    assert isinstance(file, GivenFile)
    assert (file.name, file.size) == ("x.md", 5)
    assert await file.read() == b"words"


async def test_one_that_cannot_be_fetched_says_what_to_do() -> None:
    file = with_files({"file": attachment(OSError("gone"))})["file"]
    assert isinstance(file, GivenFile)
    with pytest.raises(InvalidRequest, match="Attach it again"):
        await file.read()


def test_other_values_stay_as_they_are() -> None:
    assert with_files({"replace": True, "name": "x", "none": None}) == {"replace": True, "name": "x", "none": None}
