"""Misses: private, with what comes nearest as buttons."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Miss, Topic
from bot.render import verbs
from bot.render.misses import miss_reply
from tests.render.answers import TEXT, TOPICS
from tests.sound import all_text, assert_sound

NEAR = (Topic("0" * 16, "Bees"), Topic("1" * 16, "Queens"))


@given(st.builds(Miss, query=TEXT, nearest=TOPICS, of_takes=st.booleans()))
def test_any_miss_is_a_sound_private_reply(miss: Miss) -> None:
    reply = miss_reply(miss)
    assert reply.private
    assert_sound(reply)


def test_the_nearest_topics_are_buttons_that_open_them() -> None:
    reply = miss_reply(Miss("beez", NEAR))
    assert all_text(reply).startswith('Nothing in the library says "beez".\nNearest topics:')
    (row,) = reply.rows
    assert isinstance(row, tuple)
    assert [(button.label, button.action) for button in row] == [
        ("Bees", verbs.topic("0" * 16)),
        ("Queens", verbs.topic("1" * 16)),
    ]


def test_without_anything_near_it_says_what_to_try() -> None:
    assert all_text(miss_reply(Miss("beez"))).endswith("Try another word.")
    assert all_text(miss_reply(Miss("beez hive"))).endswith("Try other words, or fewer of them.")


def test_of_takes_the_nearest_questions_are_offered() -> None:
    reply = miss_reply(Miss("beez", (Topic("Overhyped", "Overhyped"),), of_takes=True))
    (row,) = reply.rows
    assert isinstance(row, tuple)
    assert row[0].action == verbs.takes(label="Overhyped")
