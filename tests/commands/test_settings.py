"""`/settings`: shown and changed by a server's own managers, and by nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import ButtonExpired, InvalidRequest, NotAllowed
from bot.models import ServerSettings
from bot.render import verbs
from bot.render.limits import check
from bot.render.reply import Action, Menu, Reply
from bot.servers import MAX_CHANNELS, Servers
from bot.store.database import Database
from tests.sound import all_text, labels

SERVER = 1_200_000_000_000_000_001
CHANNEL = "1200000000000000007"


@pytest.fixture
def servers(database: Database) -> Servers:
    return Servers(database.state)


@pytest.fixture
def manager(context: Context, servers: Servers) -> Context:
    return replace(context, server=SERVER, is_manager=True, servers=servers)


def menus(reply: Reply) -> dict[str, dict[str, Action]]:
    """The menus by placeholder, each with its items' actions by label."""
    return {
        row.placeholder: {item.label: item.action for item in row.items} for row in reply.rows if isinstance(row, Menu)
    }


async def test_the_defaults_are_shown_privately_with_what_can_be_changed(manager: Context) -> None:
    reply = await registry.run_command("settings", manager, {})
    assert reply.private
    assert check(reply) == []
    text = all_text(reply)
    assert "Public: everybody sees a reply" in text
    assert "public in every channel" in text
    assert "once every 2 s" in text
    assert labels(reply) == ["Make replies private"]
    (cooldown,) = [row for row in reply.rows if isinstance(row, Menu)]
    assert [item.label for item in cooldown.items if item.chosen] == ["Once every 2 s"]


async def test_every_setting_is_changed_and_shown_changed(manager: Context, servers: Servers) -> None:
    reply = await registry.run_command("settings", manager, {"channel": CHANNEL})
    assert f"1. <#{CHANNEL}>" in all_text(reply)
    reply = await registry.run_action(verbs.settings(verbs.SET_PRIVATE, "on"), manager)
    assert "Private: the asker alone" in all_text(reply)
    reply = await registry.run_action(menus(reply)["Cooldown"]["Once every 30 s"], manager)
    assert "once every 30 s" in all_text(reply)
    assert servers.of(SERVER) == ServerSettings(private=True, channels=(int(CHANNEL),), every=30)
    reply = await registry.run_action(menus(reply)["Take a channel off the list"]["Channel 1"], manager)
    await registry.run_action(verbs.settings(verbs.SET_PRIVATE, "off"), manager)
    assert servers.of(SERVER) == ServerSettings(every=30)
    assert servers.of(SERVER + 1) == ServerSettings()


async def test_the_whole_list_of_channels_fits_and_goes_with_one_press(manager: Context, servers: Servers) -> None:
    for number in range(MAX_CHANNELS):
        reply = await registry.run_command("settings", manager, {"channel": str(int(CHANNEL) + number)})
    assert check(reply) == []
    assert len(menus(reply)["Take a channel off the list"]) == MAX_CHANNELS
    with pytest.raises(InvalidRequest, match="25 channels"):
        await registry.run_command("settings", manager, {"channel": str(int(CHANNEL) + MAX_CHANNELS)})
    await registry.run_action(verbs.settings(verbs.EVERYWHERE, ""), manager)
    assert servers.of(SERVER).channels == ()


async def test_nobody_else_sees_or_changes_them(manager: Context, servers: Servers) -> None:
    for other in (replace(manager, is_manager=False), replace(manager, is_manager=False, is_moderator=True)):
        with pytest.raises(NotAllowed, match="Manage Server"):
            await registry.run_command("settings", other, {})
        with pytest.raises(NotAllowed, match="Manage Server"):
            await registry.run_action(verbs.settings(verbs.SET_PRIVATE, "on"), other)
    assert servers.of(SERVER) == ServerSettings()


async def test_outside_a_server_there_is_nothing_to_set(manager: Context) -> None:
    with pytest.raises(InvalidRequest, match="in one"):
        await registry.run_command("settings", replace(manager, server=0), {})


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("private",),
        ("private", "maybe"),
        ("every", "1"),
        ("every", "-5"),
        ("off", "12"),
        ("off", "9" * 19),
        ("everywhere", "x"),
        ("token", "x"),
    ],
)
async def test_a_forged_press_has_expired(given: tuple[str, ...], manager: Context, servers: Servers) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(Action(verbs.SETTINGS, given), manager)
    assert servers.of(SERVER) == ServerSettings()
