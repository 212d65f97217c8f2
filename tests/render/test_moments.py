"""Moments as replies."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import DocumentRef, Kind, Moment, MomentsAnswer, Trust
from bot.render import verbs
from bot.render.moments import about_reply, around_reply, found_reply, page_moments_reply
from bot.render.reply import Button
from tests.render.answers import KEY, MOMENTS_ANSWER, VIDEO
from tests.sound import assert_sound, labels

BIG = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PAGE = DocumentRef("0" * 16, "Bees", Kind.PAGE, "corpus/bees.md", "hivetalks", "beesAAAAAA1")
MOMENT = Moment("beesAAAAAA1", 61, "00:01:01", "They dance", Trust.STATED, PAGE)


@BIG
@given(MOMENTS_ANSWER, VIDEO | st.just(""), st.booleans(), KEY, st.integers(0, 50_000))
def test_any_moments_are_sound_replies(answer: MomentsAnswer, video: str, literal: bool, key: str, second: int) -> None:
    assert_sound(found_reply(answer, video=video, literal=literal))
    assert_sound(page_moments_reply(answer, key))
    assert_sound(around_reply(answer, second))
    assert_sound(about_reply(answer))


def buttons(answer: MomentsAnswer) -> dict[str, Button]:
    """The buttons of a search's reply by label."""
    return {b.label: b for row in found_reply(answer).rows if isinstance(row, tuple) for b in row}


def test_buttons_of_a_view_in_the_middle_lead_one_page_each_way() -> None:
    middle = buttons(MomentsAnswer("bees", (MOMENT,) * 5, 20, 10))
    assert middle["Next"].action == verbs.moments("bees", offset=15)
    assert middle["Back"].action == verbs.moments("bees", offset=5)


def test_the_last_short_view_leads_back_to_a_whole_one() -> None:
    last = buttons(MomentsAnswer("bees", (MOMENT,), 11, 10))
    assert "Next" not in last
    assert last["Back"].action == verbs.moments("bees", offset=5)
    reply = page_moments_reply(MomentsAnswer("", (MOMENT,), 21, 20, scope="Bees"), PAGE.key)
    assert verbs.page_moments(PAGE.key, 10) in [b.action for row in reply.rows if isinstance(row, tuple) for b in row]


def test_a_doubtful_best_moment_has_no_button_that_starts_the_video_somewhere() -> None:
    doubtful = replace(MOMENT, start=None, trust=Trust.DOUBTFUL)
    reply = found_reply(MomentsAnswer("bees", (doubtful,), 1))
    assert labels(reply) == []
    assert "(time unverified: 00\\:01:01)" in (reply.embeds[0].description or "")


def test_what_is_said_around_a_moment_names_its_page_or_how_many_they_are() -> None:
    other = replace(MOMENT, document=replace(PAGE, key="1" * 16, path="corpus/queens.md"))
    for moments, footer in (((MOMENT, MOMENT), "corpus/bees.md"), ((MOMENT, other), "from 2 pages on this video")):
        assert around_reply(MomentsAnswer("", moments, 2, scope="Bees"), 61).embeds[0].footer.text == footer
