"""Buttons and menus, pressed by the one who asked, by others, late, and with custom_ids that nobody was given."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import simcord

from bot.commands.keeping import find_body
from bot.gateway import pressing, progress
from bot.gateway.client import Bot
from bot.store.database import Store
from tests.gateway.conftest import Scene
from tests.gateway.stand_in import LONG, SECRET_WORDS, desk
from tests.gateway.test_commands import words_of

COMPONENT = 3  # Discord's number for a component's interaction
BUTTON, MENU = 2, 3  # and for kinds of components


@pytest.fixture
async def asked(scene: Scene) -> simcord.InteractionResult:
    """Ann's public reply with buttons and a menu."""
    return await scene.ann.slash(scene.channel, "buttons")


def message_of(result: simcord.InteractionResult) -> simcord.ResponseMessage:
    assert result.response is not None
    return result.response


async def press(scene: Scene, asked: simcord.InteractionResult, data: dict[str, Any]) -> simcord.InteractionResult:
    """Ann presses something that her message does not have."""
    source = message_of(asked).id
    return await scene.ann._dispatch_interaction(COMPONENT, scene.channel, data, source_message_id=source)


async def test_the_one_who_asked_turns_the_page_in_place(scene: Scene, asked: simcord.InteractionResult) -> None:
    pressed = await scene.ann.click(message_of(asked), label="Next")
    assert words_of(asked) == "page 2"
    assert message_of(asked).components == []
    assert pressed.followups == []


async def test_somebody_else_gets_a_copy_of_their_own(scene: Scene, asked: simcord.InteractionResult) -> None:
    pressed = await scene.bob.click(message_of(asked), label="Next")
    assert words_of(asked) == "page 1"
    assert words_of(pressed) == "page 2"
    assert pressed.ephemeral


async def test_a_menu_runs_the_chosen_item(scene: Scene, asked: simcord.InteractionResult) -> None:
    await scene.ann.select(message_of(asked), ["v1:page:one"])
    assert words_of(asked) == "page one"


async def test_a_request_too_long_for_a_custom_id_is_kept_through_a_restart(
    scene: Scene, asked: simcord.InteractionResult, state: Store
) -> None:
    await scene.env.restart_bot(Bot(desk(state)))
    await scene.ann.click(message_of(asked), label="Long")
    assert words_of(asked) == f"page {LONG}"


async def test_a_fresh_reply_leaves_the_pressed_message(scene: Scene, asked: simcord.InteractionResult) -> None:
    pressed = await scene.ann.click(message_of(asked), label="Fresh")
    assert words_of(asked) == "page 1"
    assert words_of(pressed) == "something else"
    assert not pressed.ephemeral


async def test_a_private_reply_does_not_replace_a_public_message(
    scene: Scene, asked: simcord.InteractionResult
) -> None:
    pressed = await scene.ann.click(message_of(asked), label="Hidden")
    assert words_of(asked) == "page 1"
    assert pressed.ephemeral


async def test_a_private_message_is_updated_in_place(scene: Scene) -> None:
    asked = await scene.ann.slash(scene.channel, "buttons", private=True)
    await scene.ann.click(message_of(asked), label="Hidden")
    assert words_of(asked) == "for you alone"


async def test_a_press_that_cannot_be_answered_says_so_and_changes_nothing(
    scene: Scene, asked: simcord.InteractionResult
) -> None:
    pressed = await scene.ann.click(message_of(asked), label="Wrong")
    assert words_of(pressed) == "That video is gone."
    assert pressed.ephemeral
    assert words_of(asked) == "page 1"


async def test_a_bug_in_a_press_is_an_apology(
    scene: Scene, asked: simcord.InteractionResult, caplog: pytest.LogCaptureFixture
) -> None:
    pressed = await scene.ann.click(message_of(asked), label="Boom")
    assert words_of(pressed).startswith("Something went wrong (id ")
    assert SECRET_WORDS not in caplog.text


@pytest.mark.parametrize(
    "data",
    [
        {"custom_id": "v1:page", "component_type": BUTTON},
        {"custom_id": "v0:page:1", "component_type": BUTTON},
        {"custom_id": "v1:nothing:1", "component_type": BUTTON},
        {"custom_id": "v1:~:" + "0" * 32, "component_type": BUTTON},
        {"custom_id": "v1:~:'; DROP TABLE payload", "component_type": BUTTON},
        {"custom_id": "v1:menu:0", "component_type": BUTTON},
        {"custom_id": "v1:menu:0", "component_type": MENU, "values": ["anything"]},
        {"custom_id": "v1:menu:0", "component_type": MENU, "values": []},
        {"custom_id": "other", "component_type": MENU, "values": ["v1:page:1"]},
        {"custom_id": "", "component_type": BUTTON},
    ],
)
async def test_what_this_bot_never_gave_out_has_expired(
    scene: Scene, asked: simcord.InteractionResult, data: dict[str, Any]
) -> None:
    pressed = await press(scene, asked, data)
    assert "has expired" in words_of(pressed)
    assert pressed.ephemeral
    assert words_of(asked) == "page 1"


async def test_a_moderators_button_is_refused_for_a_member(scene: Scene, asked: simcord.InteractionResult) -> None:
    pressed = await scene.ann.click(message_of(asked), label="Undo")
    assert words_of(pressed) == "Only moderators may do that."
    assert pressed.ephemeral


async def test_a_moderators_button_works_for_a_moderator(scene: Scene) -> None:
    asked = await scene.moderator.slash(scene.channel, "corpus reload")
    await scene.moderator.click(message_of(asked), label="Undo")
    assert words_of(asked) == "Undone"


async def test_a_moderators_button_on_somebody_elses_message_answers_the_moderator_alone(
    scene: Scene, asked: simcord.InteractionResult
) -> None:
    pressed = await scene.moderator.click(message_of(asked), label="Undo")
    assert words_of(asked) == "page 1"
    assert words_of(pressed) == "Undone"
    assert pressed.ephemeral


async def test_presses_are_slowed_down_too(scene: Scene, asked: simcord.InteractionResult) -> None:
    for _ in range(5):
        await scene.bob.click(message_of(asked), label="Next")
    pressed = await scene.bob.click(message_of(asked), label="Next")
    assert words_of(pressed).startswith("Slow down")


async def test_what_finding_a_kept_request_took_is_not_there_for_answering_it(
    scene: Scene, asked: simcord.InteractionResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slowly(state: Store, carried: str) -> str:
        await asyncio.sleep(0.2)
        return await find_body(state, carried)

    monkeypatch.setattr(pressing, "find_body", slowly)
    monkeypatch.setattr(pressing, "ANSWER_WITHIN", 0.1)
    pressed = await press(scene, asked, {"custom_id": "v1:later:", "component_type": BUTTON})
    assert "took too long" in words_of(pressed)
    assert pressed.ephemeral


async def test_a_kept_request_is_kept_anew_from_each_press_on(
    scene: Scene, asked: simcord.InteractionResult, state: Store
) -> None:
    async with state.write() as writer:
        await writer.execute("UPDATE payload SET used_at = used_at - 80")
    await scene.ann.click(message_of(asked), label="Long")
    async with state.read() as reader:
        row = await reader.one("SELECT max(used_at) - min(used_at) FROM payload")
    assert row is not None
    assert row[0] == 80


async def test_a_line_of_progress_does_not_stay_on_a_message_that_stays(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await scene.moderator.slash(scene.channel, "corpus reload")
    monkeypatch.setattr(progress, "BETWEEN", 0.0)
    pressed = await scene.moderator.click(message_of(asked), label="Again")
    assert message_of(asked).content in (None, "")
    assert words_of(asked) == "Reloaded"
    assert [embed.description for followup in pressed.followups for embed in followup.embeds] == ["Undo?"]


async def test_a_page_that_discord_refuses_is_an_apology_and_the_message_stays(
    scene: Scene, asked: simcord.InteractionResult
) -> None:
    scene.env.inject_error("POST", "/interactions/*/*/callback", status=400, code=50035)
    pressed = await scene.ann.click(message_of(asked), label="Next")
    assert words_of(pressed).startswith("Something went wrong (id ")
    assert pressed.ephemeral
    assert words_of(asked) == "page 1"


async def test_every_answer_forbids_pings(scene: Scene, asked: simcord.InteractionResult) -> None:
    await scene.ann.click(message_of(asked), label="Next")
    answers = [entry.json or {} for entry in scene.env.http_requests if "/callback" in entry.path]
    assert [answer["data"]["allowed_mentions"] for answer in answers] == [{"parse": []}] * len(answers)
    assert len(answers) == 2
