"""Slash commands and autocomplete, as members and moderators meet them."""

from __future__ import annotations

import logging

import pytest
import simcord

from bot.gateway import answering, errors
from bot.gateway.client import Bot
from bot.store.database import Store
from tests.gateway.conftest import Scene, settle_in
from tests.gateway.stand_in import HOME, SECRET_WORDS, desk

SLASH = 2  # Discord's number for a command's interaction
DEFERRED = 5  # Discord's number for a deferral's callback


def words_of(result: simcord.InteractionResult) -> str:
    """What the reply to an interaction says."""
    assert result.response is not None
    return result.response.content or result.response.embeds[0].description or ""


async def test_a_member_command_answers_in_public_and_without_deferring(scene: Scene) -> None:
    result = await scene.ann.slash(scene.channel, "say", query="hello", loud=True)
    assert words_of(result) == "{'loud': True, 'query': 'hello'}"
    assert not result.ephemeral
    assert scene.sent("POST", "/callback") == 1


async def test_private_shows_the_reply_to_the_asker_alone_and_is_no_option_of_the_command(scene: Scene) -> None:
    result = await scene.ann.slash(scene.channel, "say", query="hello", private=True)
    assert result.ephemeral
    assert words_of(result) == "{'query': 'hello'}"


async def test_a_private_reply_is_private_even_if_the_asker_wanted_it_public(scene: Scene) -> None:
    result = await scene.ann.slash(scene.channel, "miss", private=False)
    assert result.ephemeral


async def test_the_context_says_who_asks_and_where(scene: Scene) -> None:
    await scene.ann.slash(scene.channel, "say", query="hello")
    context = scene.registry.contexts[-1]
    assert (context.asker, context.server, context.is_moderator) == (scene.ann.id, HOME, False)
    assert context.has_moderators


async def test_a_reply_with_a_file_carries_it(scene: Scene) -> None:
    result = await scene.ann.slash(scene.channel, "file")
    assert result.response is not None
    assert [attachment.filename for attachment in result.response.attachments] == ["findings.csv"]


async def test_a_request_that_cannot_be_answered_says_what_to_change(scene: Scene) -> None:
    result = await scene.ann.slash(scene.channel, "wrong")
    assert words_of(result) == "Say which video."
    assert result.ephemeral


async def test_a_bug_is_an_apology_with_the_id_of_its_log_line(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    result = await scene.ann.slash(scene.channel, "boom")
    assert result.ephemeral
    assert words_of(result).startswith("Something went wrong (id ")
    incident = words_of(result).split("(id ")[1][:6]
    assert f"(id {incident})" in caplog.text
    assert "stand_in.py" in caplog.text
    assert "ValueError" in caplog.text
    assert SECRET_WORDS not in caplog.text
    assert str(scene.ann.id) not in caplog.text


async def test_a_reply_over_a_limit_is_trimmed_not_lost(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    result = await scene.ann.slash(scene.channel, "huge")
    assert len(words_of(result)) == 4096
    assert "description: 5000 of 4096" in caplog.text


async def test_a_command_that_takes_too_long_says_to_narrow_it_down(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "ANSWER_WITHIN", 0.05)
    result = await scene.ann.slash(scene.channel, "slow")
    assert "Narrow it down" in words_of(result)
    assert result.ephemeral


async def test_too_many_requests_are_slowed_down_for_one_person_only(scene: Scene) -> None:
    for _ in range(5):
        await scene.ann.slash(scene.channel, "say", query="hello")
    result = await scene.ann.slash(scene.channel, "say", query="hello")
    assert words_of(result).startswith("Slow down: try again in ")
    assert result.ephemeral
    assert words_of(await scene.bob.slash(scene.channel, "say", query="hello")) == "{'query': 'hello'}"


async def test_moderators_commands_are_deferred_and_private(scene: Scene) -> None:
    result = await scene.moderator.slash(scene.channel, "corpus reload", force=True)
    answers = [entry.json or {} for entry in scene.env.http_requests if "/callback" in entry.path]
    assert [answer["type"] for answer in answers] == [DEFERRED]
    assert result.ephemeral
    assert words_of(result) == "Reloaded"
    assert scene.registry.contexts[-1].is_moderator


async def test_discord_hides_moderators_commands_from_members(scene: Scene) -> None:
    assert "corpus reload" not in scene.ann.available_commands(scene.channel)
    assert "corpus reload" in scene.moderator.available_commands(scene.channel)


async def test_a_member_who_gets_at_a_moderators_command_is_refused(scene: Scene) -> None:
    reload = {"type": 1, "name": "reload", "options": []}
    forged = {"id": "1", "name": "corpus", "type": 1, "guild_id": str(HOME), "options": [reload]}
    result = await scene.ann._dispatch_interaction(SLASH, scene.channel, forged)
    assert words_of(result) == "Only moderators may do that."
    assert result.ephemeral


async def test_a_command_that_is_registered_but_no_longer_here_says_so(scene: Scene, bot: Bot) -> None:
    bot.tree.remove_command("say")
    result = await scene.ann.slash(scene.channel, "say", query="hello")
    assert words_of(result) == errors.STALE.text
    assert result.ephemeral


async def test_autocomplete_gives_what_discord_takes(scene: Scene) -> None:
    choices = await scene.ann.autocomplete(scene.channel, "say", "query", "he", video="abc")
    assert choices == [{"name": "he · {'video': 'abc'}", "value": "key"}]


async def test_autocomplete_is_not_counted_as_a_request(scene: Scene) -> None:
    for number in range(10):
        assert await scene.ann.autocomplete(scene.channel, "say", "query", str(number))
    assert words_of(await scene.ann.slash(scene.channel, "say", query="hello")) == "{'query': 'hello'}"


async def test_autocomplete_that_fails_offers_nothing_and_logs_no_words(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    assert await scene.ann.autocomplete(scene.channel, "say", "query", "boom") == []
    assert "autocomplete of /say" in caplog.text
    assert SECRET_WORDS not in caplog.text


@pytest.mark.parametrize("status", [404, 400, 403])
async def test_an_answer_that_discord_refuses_is_one_log_line(
    scene: Scene, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    scene.env.inject_error("POST", "/interactions/*/*/callback", status=status, code=10062)
    with caplog.at_level(logging.WARNING):
        await scene.ann.slash(scene.channel, "say", query="hello")
    assert len(caplog.records) == 1
    assert "/say: the answer was not delivered" in caplog.text
    assert "code 10062" in caplog.text
    assert "hello" not in caplog.text


async def test_without_a_home_server_there_is_no_moderators_command(state: Store) -> None:
    async with simcord.run(Bot(desk(state, 0))) as env:
        scene = settle_in(env, desk(state, 0))
        await env.settle()
        assert "corpus reload" not in scene.moderator.available_commands(scene.channel)
        assert scene.sent("PUT", "/guilds/") == 0


async def test_once_the_bot_is_stopping_new_requests_are_put_off(scene: Scene) -> None:
    await scene.desk.flight.finish(0)
    result = await scene.ann.slash(scene.channel, "say", query="hello")
    assert words_of(result) == errors.RESTARTING.text
