"""Topics and sections as replies: within the limits and readable whatever they say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import DocumentRef, Excerpt, Kind, Moment, SectionAnswer, SectionRef, Topic, TopicAnswer, Trust
from bot.render.reply import Menu
from bot.render.topics import section_reply, topic_reply
from tests.render.answers import SECTION_ANSWER, TOPIC_ANSWER
from tests.sound import all_text, assert_sound, labels

PAGE = DocumentRef("0" * 16, "Bees", Kind.PAGE, "corpus/bees.md", "hivetalks", "beesAAAAAA1")
TOPIC = TopicAnswer(Topic(PAGE.key, "Bees"), PAGE, (Excerpt((((), "Bees fly."),)),), (), (), 0, (), (), (), (), 0)
BIG = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@BIG
@given(TOPIC_ANSWER)
def test_any_topic_is_a_sound_reply(answer: TopicAnswer) -> None:
    assert_sound(topic_reply(answer))


@BIG
@given(SECTION_ANSWER, st.integers(-3, 99))
def test_any_section_is_a_sound_reply(answer: SectionAnswer, page: int) -> None:
    assert_sound(section_reply(answer, page))


def test_times_stand_before_the_words_they_belong_to() -> None:
    moment = Moment("beesAAAAAA1", 61, "", "They dance", Trust.STATED, PAGE)
    excerpt = Excerpt(((((moment,)), "They dance."), ((), "So it is said.")), is_item=True, references=(2, 3))
    reply = topic_reply(replace(TOPIC, lead=(excerpt,)))
    assert reply.embeds[0].description == (
        "- [▶ 1:01](https://youtu.be/beesAAAAAA1?t=61) They dance. So it is said. \\[2, 3\\]"
    )


def test_a_very_long_lead_is_cut_at_a_word() -> None:
    reply = topic_reply(replace(TOPIC, lead=(Excerpt((((), "many words " * 1000),)),)))
    description = reply.embeds[0].description or ""
    assert len(description) < 1000
    assert description.endswith("words…") or description.endswith("many…")


def test_takeaways_come_first_and_the_lead_after_them() -> None:
    reply = topic_reply(replace(TOPIC, takeaways=("First.", "Second.")))
    assert reply.embeds[0].description == "- First.\n- Second.\nBees fly."


def test_a_page_without_more_has_no_button_for_it() -> None:
    assert labels(topic_reply(TOPIC)) == ["Watch"]
    assert topic_reply(replace(TOPIC, document=replace(PAGE, video=""))).rows == ()


def test_of_many_sections_the_menu_holds_those_around_the_chosen_one() -> None:
    sections = tuple(SectionRef(number, f"Part {number}", 0, 1) for number in range(60))
    answer = SectionAnswer(PAGE, sections[40], ("Part 40",), TOPIC.lead, sections, ())
    menu = section_reply(answer).rows[0]
    assert isinstance(menu, Menu)
    assert len(menu.items) == 25
    assert [item.label for item in menu.items if item.chosen] == ["Part 40"]


def test_a_long_section_is_read_on_page_by_page_without_losing_a_passage() -> None:
    excerpts = tuple(Excerpt((((), f"Passage {number}. " + "word " * 100),)) for number in range(12))
    answer = SectionAnswer(PAGE, SectionRef(1, "Long", 0, 12), ("Long",), excerpts, (SectionRef(1, "Long", 0, 12),), ())
    page, seen = 0, ""
    while True:
        reply = section_reply(answer, page)
        seen += reply.embeds[0].description or ""
        if "Read on" not in labels(reply):
            break
        page += 1
    assert all(f"Passage {number}." in seen for number in range(12))
    assert f"part {page + 1} of {page + 1}" in all_text(reply)
    assert "Back" in labels(reply)


def test_a_section_names_the_sources_that_its_marks_refer_to_by_their_numbers() -> None:
    excerpt = Excerpt((((), "Said."),), references=(3,))
    references = ((1, "One"), (3, "Three"))
    section = SectionRef(0, "", 0, 1)
    reply = section_reply(SectionAnswer(PAGE, section, (), (excerpt,), (section,), references))
    (sources,) = reply.embeds[0].fields
    assert sources.value == "\\[3\\] Three"
