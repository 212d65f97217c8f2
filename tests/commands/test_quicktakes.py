"""`/quicktakes`: by topic, by question, and the questions there are."""

from __future__ import annotations

import pytest

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import ButtonExpired
from bot.render import verbs
from bot.render.reply import Action, Menu, Reply
from tests.sound import all_text, labels


async def takes(context: Context, **options: str) -> Reply:
    return await registry.run_command("quicktakes", context, options)


async def test_without_options_it_offers_the_questions_most_answered_first(context: Context) -> None:
    (menu,) = (await takes(context)).rows
    assert isinstance(menu, Menu)
    assert [item.label for item in menu.items] == ["Overhyped", "Underhyped", "Biggest surprise"]


@pytest.mark.parametrize("take", ["Overhyped", "overhyped?", "overhiped"])
async def test_one_question_is_answered_across_all_videos_by_person(take: str, context: Context) -> None:
    text = all_text(await takes(context, take=take))
    assert "2 answers in 2 videos" in text
    assert "**Ada Keeper**\n[▶ 8:00](https://youtu.be/beesAAAAAA1?t=480) Honey as medicine" in text
    assert "**Bo Lamp**\n[▶ 7:00](https://youtu.be/lightsBBBB2?t=420) Foghorns" in text


async def test_an_answer_that_two_pages_tell_is_shown_once_with_the_longest_words(context: Context) -> None:
    text = all_text(await takes(context, take="underhyped"))
    assert "Solitary bees, which nobody counts · told by 1 more page" in text
    assert text.count("Solitary bees") == 1


async def test_a_topics_takes_are_those_of_its_video_with_their_questions(context: Context) -> None:
    text = all_text(await takes(context, topic="queen bees"))
    assert "Overhyped: Honey as medicine" in text
    assert "Biggest surprise: Queens sing" in text
    assert "Foghorns" not in text


async def test_topic_and_question_together(context: Context) -> None:
    text = all_text(await takes(context, topic="lighthouses", take="overhyped"))
    assert "Foghorns" in text
    assert "Honey" not in text


@pytest.mark.parametrize("options", [{"take": "zzzz"}, {"topic": "zzzz qqqq"}, {"topic": "why tides turn"}])
async def test_a_miss_is_private(options: dict[str, str], context: Context) -> None:
    assert (await takes(context, **options)).private


async def test_a_view_beyond_what_is_left_shows_the_first(context: Context) -> None:
    reply = await registry.run_action(verbs.takes(label="Overhyped", offset=500), context)
    assert "Honey as medicine" in all_text(reply)


@pytest.mark.parametrize("given", [("x", "", "0"), ("", "", "x"), ("",)])
async def test_a_forged_press_has_expired(given: tuple[str, ...], context: Context) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(Action(verbs.TAKES, given), context)


async def test_a_topic_without_a_page_is_not_suggested_and_has_no_takes(context: Context) -> None:
    topics = registry.complete("topic", "query", "automat", {}, context)
    assert [choice.name for choice in topics] == ["Automation · no page of its own"]
    assert registry.complete("quicktakes", "topic", "automat", {}, context) == []
    assert registry.complete("quicktakes", "topic", "lightho", {}, context)[0].name == "Lighthouses"
    for given in ("automation", topics[0].value):
        reply = await takes(context, topic=given)
        text = all_text(reply)
        assert text.startswith('There are no quick takes on "Automation".\nQuestions that have answers:')
        assert "Automation" not in labels(reply)


async def test_what_resembles_a_question_is_called_near_and_other_questions_are_not(context: Context) -> None:
    near = await takes(context, topic="lighthouses", take="biggest surprise")
    assert "Nearest questions:\nBiggest surprise" in all_text(near)
    assert "Questions that have answers:" in all_text(await takes(context, take="zzzz"))


def test_completion_of_questions(context: Context) -> None:
    best, *_ = registry.complete("quicktakes", "take", "over", {}, context)
    assert (best.name, best.value) == ("Overhyped", "Overhyped")
    assert len(registry.complete("quicktakes", "take", "", {}, context)) == 3
