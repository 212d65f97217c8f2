"""Whatever members type and files contain, every command and every button of its reply answers soundly."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import registry
from bot.commands.actions import actions_of, body_of
from bot.commands.declare import Context, Options, OptionType
from bot.curation import Curator
from bot.errors import ButtonExpired, InvalidRequest
from bot.library import Library
from bot.render.reply import Action, Reply
from bot.store.database import Database
from tests.invented import anchor, page, write_corpus
from tests.sound import NASTY, assert_sound

SEEDS = Path(__file__).parents[2] / "seeds"
MOST_PRESSES = 400

MEMBER = [command for command in registry.COMMANDS if not (command.moderators or command.managers)]
SYNTAX = (
    '"', "*", "NEAR(a b)", "nosuch:x", "-x", "(", ")", "it's", "a AND", "OR", "NOT", "^a", "a:b", "{a b}:c", "a\0b",
    'video:"', "source:x", "+", "--", "/*", "'; DROP TABLE passage; --", "the of and", "\u200b", "\u202e", "🐝",
)  # fmt: skip


async def ask(context: Context, name: str, options: Options) -> Reply | None:
    """A command's reply, checked; None where it says what to change."""
    try:
        reply = await registry.run_command(name, context, options)
    except InvalidRequest:
        return None
    assert_sound(reply)
    return reply


def texts_of(name: str, text: str) -> dict[str, str | bool]:
    """One text for every text option of a command."""
    command = next(command for command in MEMBER if command.name == name)
    return {option.name: text for option in command.options if option.type is OptionType.TEXT}


@pytest.mark.parametrize("name", [command.name for command in MEMBER])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | st.sampled_from(NASTY + SYNTAX) | st.text("\"*()-:^'{} \0aBé猫", max_size=40))
async def test_any_text_is_answered(name: str, text: str, context: Context) -> None:
    options = texts_of(name, text)
    await ask(context, name, options)
    for option in options:
        await ask(context, name, {option: text})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200) | st.sampled_from(NASTY + SYNTAX))
async def test_any_text_is_completed_within_discords_limits(text: str, context: Context) -> None:
    for command in MEMBER:
        for option in command.options:
            found = registry.complete(command.name, option.name, text, {}, context)
            assert len(found) <= 25
            for choice in found:
                assert 1 <= len(choice.name) <= 100
                assert 1 <= len(choice.value) <= 100


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(["topic", "section", "page", "moments", "around", "takes", "search", "library", "nosuch"]),
    arguments=st.lists(
        st.text(max_size=30) | st.sampled_from(["0", "-1", "9" * 30, "beesAAAAAA1", "f" * 16]), max_size=5
    ),
)
async def test_any_forged_press_is_answered_or_has_expired(verb: str, arguments: list[str], context: Context) -> None:
    try:
        reply = await registry.run_action(Action(verb, tuple(arguments)), context)
    except ButtonExpired:
        return
    assert_sound(reply)


def nasty_pages() -> dict[str, str]:
    """A page and an article for each nasty text, that have it in every place where a text can be."""
    pages = {}
    for number, text in enumerate(NASTY):
        line = " ".join(text.split())
        quoted = json.dumps(line, ensure_ascii=False)
        parts = [f"{line} {anchor('00:00:09')} {anchor('99:99:99')} [[{line[:150]}]] [[no_page_{number}]]"]
        for part in range(30 if number < 4 else 2):  # some have more than a menu holds
            parts += [f"## {line[:300]} {part}", f"{line} {anchor(f'00:{part:02}:07')}"]
        parts += ["## Quick Takes", f"* **{line[:2000]}**: {line} {anchor('00:40:00')}"]
        parts += [f"* **Overhyped**: {line} {anchor('00:41:00')}"]
        front = {"guest": quoted, "channel": quoted, "aliases": f"[{quoted}]", "author": quoted}
        pages[f"{number}.md"] = page(quoted, "\n\n".join(parts), f"nastyvid{number:03}", **front)
        pages[f"article{number}.md"] = page(quoted, f"Words {line}\n\n- {line}", video="", author=quoted, source=quoted)
    return pages


@pytest.mark.parametrize("corpus", ["nasty", "shipped"])
async def test_every_reply_that_presses_can_reach_is_sound(corpus: str, database: Database, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "nasty", nasty_pages()) if corpus == "nasty" else SEEDS
    library = Library(database)
    curator = Curator(database, [folder], library.refresh)
    report = await curator.reload()
    assert report.rejected == ()
    context = Context(library, curator, asker=1, is_moderator=True, is_manager=True)
    waiting: deque[Action] = deque()
    seen: set[str] = set()

    def note(reply: Reply | None) -> None:
        for action in actions_of(reply) if reply else ():
            if body_of(action) not in seen:
                seen.add(body_of(action))
                waiting.append(action)

    for command in registry.COMMANDS:
        note(await ask(context, command.name, {}))
    for text in (*NASTY, "overhyped", "open source"):
        for command in MEMBER:
            note(await ask(context, command.name, texts_of(command.name, text)))
            for option in texts_of(command.name, text):
                note(await ask(context, command.name, {option: text}))
    for key in library.catalogue.documents:
        note(await ask(context, "topic", {"query": key}))
    presses = 0
    while waiting and presses < MOST_PRESSES:
        presses += 1
        action = waiting.popleft()
        reply = await registry.run_action(action, context)
        assert_sound(reply)
        note(reply)
    assert presses > 50
