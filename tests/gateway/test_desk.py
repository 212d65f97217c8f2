"""Who is a moderator, and what of the options reaches a handler."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import discord
import pytest

from bot.gateway.desk import Interaction, is_moderator, options_of, wants_private
from tests.gateway.stand_in import HOME

MANAGE = discord.Permissions(manage_guild=True)


def asked_in(server: int | None, rights: discord.Permissions) -> Interaction:
    return cast(Interaction, SimpleNamespace(guild_id=server, permissions=rights))


@pytest.mark.parametrize(
    ("home", "server", "rights", "expected"),
    [
        (HOME, HOME, MANAGE, True),
        (HOME, HOME, discord.Permissions(administrator=True), True),
        (HOME, HOME, discord.Permissions(manage_messages=True, kick_members=True), False),
        (HOME, HOME, discord.Permissions.none(), False),
        (HOME, HOME + 1, MANAGE, False),
        (HOME, None, MANAGE, False),
        (0, HOME, MANAGE, False),
        (0, None, MANAGE, False),
        (0, 0, MANAGE, False),
    ],
)
def test_a_moderator_has_manage_server_in_the_home_server(
    home: int, server: int | None, rights: discord.Permissions, expected: bool
) -> None:
    assert is_moderator(home, asked_in(server, rights)) is expected


def test_texts_are_clamped_and_what_was_not_given_is_left_out() -> None:
    given = {"query": "x" * 6000, "loud": False, "video": None, "private": True}
    assert options_of(given) == {"query": "x" * 100, "loud": False}


def test_private_is_what_the_asker_said_and_else_public() -> None:
    assert wants_private({"private": True}, HOME)
    assert not wants_private({"private": False}, HOME)
    assert not wants_private({"private": None}, HOME)
