"""The declarations as Discord gets them: the real commands too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
import pytest

from bot.commands import registry
from bot.commands.declare import Command, Context, Options
from bot.gateway.client import Bot
from bot.gateway.declaring import member_commands
from bot.gateway.desk import Desk
from bot.render.reply import Reply
from bot.store.database import Store
from tests.gateway.stand_in import CURATOR, HOME, LIBRARY, desk

Payload = dict[str, Any]


def payloads(at: Desk) -> tuple[dict[str, Payload], dict[str, Payload]]:
    """What would be sent: for everywhere, and for the home server."""
    tree = Bot(at).tree
    home = discord.Object(HOME)
    everywhere = {command.name: command.to_dict(tree) for command in tree.get_commands()}
    return everywhere, {command.name: command.to_dict(tree) for command in tree.get_commands(guild=home)}


async def test_member_commands_work_everywhere_and_take_private(state: Store) -> None:
    everywhere, _ = payloads(desk(state))
    say = everywhere["say"]
    assert (say["contexts"], say["integration_types"]) == ([0, 1, 2], [0, 1])
    assert say["default_member_permissions"] is None
    query, loud, video, private = sorted(say["options"], key=lambda option: list("qlvp").index(option["name"][0]))
    assert (query["type"], query["required"], query["autocomplete"], query["max_length"]) == (3, True, True, 100)
    assert (loud["type"], loud["required"]) == (5, False)
    assert (video["type"], video["required"]) == (3, False)
    assert (private["name"], private["type"], private["required"]) == ("private", 5, False)


async def test_moderators_commands_are_one_group_in_the_home_server_only(state: Store) -> None:
    everywhere, home = payloads(desk(state))
    assert list(home) == ["corpus"]
    assert "corpus" not in everywhere
    assert home["corpus"]["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    assert [option["name"] for option in home["corpus"]["options"]] == ["reload", "status"]
    assert [option["name"] for option in home["corpus"]["options"][0]["options"]] == ["force"]


async def test_settings_are_for_managers_of_servers_only_and_take_a_channel_that_holds_messages(state: Store) -> None:
    everywhere, _ = payloads(Desk(registry, LIBRARY, CURATOR, state, HOME))
    settings = everywhere["settings"]
    assert (settings["contexts"], settings["integration_types"]) == ([0], [0])
    assert settings["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    (channel,) = settings["options"]
    assert (channel["type"], channel["required"]) == (7, False)
    assert discord.ChannelType.category.value not in channel["channel_types"]


async def test_with_a_moderators_role_the_group_is_hidden_from_nobody(state: Store) -> None:
    _, home = payloads(replace(desk(state), moderator_role=7))
    assert home["corpus"]["default_member_permissions"] is None


async def test_without_a_home_server_there_are_no_moderators_commands(state: Store) -> None:
    everywhere, home = payloads(desk(state, home_server=0))
    assert home == {}
    assert "corpus" not in everywhere


async def test_a_member_command_of_two_words_is_in_a_group_that_works_everywhere() -> None:
    async def handler(context: Context, options: Options) -> Reply:
        return Reply(text="x")

    async def answer(*given: object) -> None: ...

    (group,) = member_commands([Command("library new", "What is new", handler)], answer)
    assert isinstance(group, discord.app_commands.Group)
    assert (group.name, [command.name for command in group.commands]) == ("library", ["new"])
    assert group.allowed_contexts is not None
    assert group.allowed_contexts.dm_channel


MESSAGE_MENU = discord.AppCommandType.message.value  # an entry of a message's Apps menu has no description


@pytest.mark.parametrize("home_server", [0, HOME])
async def test_the_real_commands_are_within_discords_limits(state: Store, home_server: int) -> None:
    for scope in payloads(Desk(registry, LIBRARY, CURATOR, state, home_server)):
        for command in scope.values():
            assert len(command["name"]) <= 32
            assert _characters(command) <= 8000
            for part in _parts(command):
                assert command["type"] == MESSAGE_MENU or 1 <= len(part["description"]) <= 100
                assert len(part.get("options", [])) <= 25


def _parts(command: Payload) -> list[Payload]:
    return [command, *(part for option in command.get("options", []) for part in _parts(option))]


def _characters(command: Payload) -> int:
    return sum(len(part["name"]) + len(part.get("description", "")) for part in _parts(command))
