"""All commands together: names that Discord takes, verbs that each have one handler, and who may do what."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from bot.commands import registry
from bot.commands.declare import Command, Context
from bot.errors import ButtonExpired, NotAllowed
from bot.render import verbs
from bot.render.reply import Action
from tests.sound import all_text

NAME = re.compile(r"[a-z0-9_-]{1,32}")
VERBS = {value for name, value in vars(verbs).items() if name.isupper() and isinstance(value, str)}
VERBS -= {verbs.SET_PRIVATE, verbs.SET_EVERY, verbs.TAKE_OFF, verbs.EVERYWHERE}  # arguments of one
MODERATORS = [command.name for command in registry.COMMANDS if command.moderators]


@pytest.mark.parametrize("command", registry.COMMANDS, ids=lambda command: command.name)
def test_names_and_descriptions_are_within_discords_limits(command: Command) -> None:
    words = command.name.split(" ")
    assert 1 <= len(words) <= 2
    assert all(NAME.fullmatch(word) for word in words)
    assert 1 <= len(command.description) <= 100
    assert len(command.options) <= 24  # `private` comes on top
    for option in command.options:
        assert NAME.fullmatch(option.name)
        assert 1 <= len(option.description) <= 100
    required = [option.required for option in command.options]
    assert required == sorted(required, reverse=True)
    names = [option.name for option in command.options]
    assert len({*names, "private"}) == len(names) + 1


def test_a_whole_command_is_within_discords_8000_characters() -> None:
    for group in {command.name.split(" ")[0] for command in registry.COMMANDS}:
        texts = [
            text
            for command in registry.COMMANDS
            if command.name.split(" ")[0] == group
            for text in (command.name, command.description, *(o.name + o.description for o in command.options))
        ]
        assert sum(map(len, texts)) < 8000


def test_no_two_commands_share_a_name_and_no_group_is_a_command() -> None:
    names = [command.name for command in registry.COMMANDS] + [entry.name for entry in registry.MESSAGE_COMMANDS]
    assert len(set(names)) == len(names)
    groups = {name.split(" ")[0] for name in names if " " in name and name in {c.name for c in registry.COMMANDS}}
    assert groups.isdisjoint(names)
    assert all(1 <= len(entry.name) <= 32 for entry in registry.MESSAGE_COMMANDS)


def test_every_verb_that_a_button_can_carry_has_one_handler() -> None:
    handled = Counter(verb for feature in registry.FEATURES for verb in feature.actions)
    assert set(handled) == VERBS
    assert set(handled.values()) == {1}


def test_moderator_verbs_are_handled_where_they_are_named() -> None:
    for feature in registry.FEATURES:
        assert feature.moderator_verbs <= set(feature.actions)


@pytest.mark.parametrize("name", MODERATORS)
async def test_a_member_is_refused_a_moderators_command(name: str, context: Context) -> None:
    with pytest.raises(NotAllowed, match=r"Only moderators .*Manage Server"):
        await registry.run_command(name, context, {})


async def test_a_member_with_a_moderators_button_is_refused(context: Context) -> None:
    with pytest.raises(NotAllowed):
        await registry.run_action(verbs.findings("dead-link"), context)


@pytest.mark.parametrize("verb", ["", "nosuch", "menu", "off", "corpus.nosuch"])
async def test_an_unknown_verb_is_an_expired_button(verb: str, moderator: Context) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(Action(verb), moderator)


async def test_help_lists_every_members_command_and_to_moderators_and_managers_theirs_too(
    context: Context, moderator: Context
) -> None:
    for asker in (context, moderator, replace(context, is_manager=True)):
        text = all_text(await registry.run_command("help", asker, {}))
        for command in registry.COMMANDS:
            theirs = asker.is_moderator if command.moderators else asker.is_manager or not command.managers
            assert (f"`/{command.name}" in text) == theirs
        for entry in registry.MESSAGE_COMMANDS:
            assert f"`Apps > {entry.name}` {entry.description}" in text


async def test_help_says_how_words_can_be_asked_for(context: Context) -> None:
    text = all_text(await registry.run_command("help", context, {}))
    for way in ('"words in quotes"', "`-word`", "`source:name`", "`video:title`"):
        assert way in text


async def test_help_is_for_the_asker_and_says_what_is_kept_and_how_long(context: Context) -> None:
    reply = await registry.run_command("help", context, {})
    assert reply.private
    assert "Nothing that names you" in all_text(reply)
    assert "90 days" in all_text(reply)
    assert "The people who host it." in all_text(reply)
    there = await registry.run_command("help", replace(context, server=3), {})
    assert "The people who invited it to this server." in all_text(there)


def test_an_option_without_completion_completes_to_nothing(context: Context, moderator: Context) -> None:
    assert registry.complete("timestamp", "query", "bees", {}, context) == []
    assert registry.complete("timestamp", "nosuch", "bees", {}, context) == []
    assert registry.complete("corpus reload", "force", "t", {}, moderator) == []
