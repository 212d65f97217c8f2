"""Who is a moderator, and what of the options reaches a handler."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import discord
import pytest

from bot.commands.declare import options_of
from bot.gateway.desk import Interaction, is_manager, is_moderator, may_be_public, wants_private
from bot.models import ServerSettings
from tests.gateway.stand_in import HOME

MANAGE = discord.Permissions(manage_guild=True)


def asked_in(
    server: int | None, rights: discord.Permissions, channel: int = 1, parent: int | None = None
) -> Interaction:
    place = SimpleNamespace(id=channel, parent_id=parent)
    user = SimpleNamespace(id=1, roles=[])
    return cast(
        Interaction,
        SimpleNamespace(guild_id=server, permissions=rights, channel_id=channel, channel=place, user=user),
    )


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
    here = asked_in(HOME, MANAGE)
    for default in (ServerSettings(private=True), ServerSettings()):
        assert wants_private({"private": True}, here, default)
        assert not wants_private({"private": False}, here, default)
        assert wants_private({"private": None}, here, default) is default.private


@pytest.mark.parametrize(("channel", "parent", "public"), [(7, None, True), (8, None, False), (8, 7, True)])
def test_where_a_server_names_channels_replies_are_public_only_there_and_in_their_threads(
    channel: int, parent: int | None, public: bool
) -> None:
    here = asked_in(HOME, MANAGE, channel, parent)
    assert wants_private({"private": False}, here, ServerSettings(channels=(7,))) is not public
    assert may_be_public(here, ServerSettings())


@pytest.mark.parametrize(
    ("server", "rights", "expected"),
    [
        (HOME + 1, MANAGE, True),
        (HOME, discord.Permissions(administrator=True), True),
        (HOME, discord.Permissions(manage_messages=True), False),
        (None, MANAGE, False),
    ],
)
def test_a_manager_has_manage_server_in_any_server(
    server: int | None, rights: discord.Permissions, expected: bool
) -> None:
    assert is_manager(asked_in(server, rights)) is expected
