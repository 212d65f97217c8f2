"""Quick takes as replies."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from bot.commands.actions import body_of, parse_body
from bot.library import TAKES_PAGE
from bot.models import DocumentRef, Kind, TakeGroup, TakeRef, TakesAnswer
from bot.render import verbs
from bot.render.takes import takes_reply
from tests.render.answers import KEY, TAKES_ANSWER
from tests.sound import all_text, assert_sound

BIG = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PAGE = DocumentRef("0" * 16, "Bees", Kind.PAGE, "corpus/bees.md", "hivetalks", "beesAAAAAA1")
TAKE = TakeRef("Overhyped", "Honey", PAGE, None)


@BIG
@given(TAKES_ANSWER, KEY)
def test_any_takes_are_a_sound_reply(answer: TakesAnswer, key: str) -> None:
    assert_sound(takes_reply(answer, key if answer.topic else ""))


def test_the_last_short_view_leads_back_to_a_whole_one() -> None:
    answer = TakesAnswer("Overhyped", None, (TakeGroup("Ada", (TAKE,)),), TAKES_PAGE * 2 + 1, 3, (), TAKES_PAGE * 2)
    (row,) = takes_reply(answer).rows
    assert isinstance(row, tuple)
    assert [button.action for button in row] == [verbs.takes(label="Overhyped", offset=TAKES_PAGE)]


def test_without_a_question_each_take_names_its_own() -> None:
    groups = (TakeGroup("Ada", (TAKE,)),)
    assert "Overhyped: Honey" in all_text(takes_reply(TakesAnswer("", None, groups, 1, 1, ())))
    assert "Overhyped: Honey" not in all_text(takes_reply(TakesAnswer("Overhyped", None, groups, 1, 1, ())))


def test_where_several_labels_answer_a_question_each_take_names_its_own() -> None:
    book, city = replace(TAKE, label="Favorite Book", text="Walden"), replace(TAKE, label="Favorite City", text="Rome")
    text = all_text(takes_reply(TakesAnswer("favorite", None, (TakeGroup("Ada", (book, city)),), 2, 1, ())))
    assert "Favorite Book: Walden" in text
    assert "Favorite City: Rome" in text
    again = replace(book, label="favorite book?", text="Emma")
    text = all_text(takes_reply(TakesAnswer("Favorite Book", None, (TakeGroup("Ada", (book, again)),), 2, 1, ())))
    assert "Book:" not in text


def test_a_library_without_takes_says_so() -> None:
    reply = takes_reply(TakesAnswer("", None, (), 0, 0, ()))
    assert "No page in the library has a quick-takes list yet" in all_text(reply)
    assert reply.rows == ()


def test_a_question_of_any_length_can_be_pressed() -> None:
    action = verbs.takes(label="why " * 5000)
    assert parse_body(body_of(action)) == action
