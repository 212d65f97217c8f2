"""Answers made of any text, for what render makes of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import TypeVar

from hypothesis import strategies as st

from bot.models import (
    DocumentRef,
    Excerpt,
    Kind,
    Moment,
    MomentsAnswer,
    SectionAnswer,
    SectionRef,
    TakeGroup,
    TakeRef,
    TakesAnswer,
    Topic,
    TopicAnswer,
    Trust,
)
from tests.sound import NASTY

One = TypeVar("One")


def several(one: st.SearchStrategy[One], most: int, least: int = 0) -> st.SearchStrategy[tuple[One, ...]]:
    """So many, of which at most three differ: to draw each anew takes seconds, and limits go by their number."""

    def repeat(drawn: list[One], count: int) -> tuple[One, ...]:
        return tuple(islice(cycle(drawn), count))

    return st.builds(repeat, st.lists(one, min_size=1, max_size=3), st.integers(least, most))


TEXT = st.sampled_from(NASTY) | st.text(max_size=40)
TITLE = TEXT.map(lambda text: " ".join(text.split())[:250]).filter(lambda text: text.strip("\u200b") != "")
KEY = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
VIDEO = st.sampled_from(["beesAAAAAA1", "a-_456789Z1"])
NUMBER = st.integers(0, 50_000)

DOCUMENT = st.builds(
    DocumentRef,
    key=KEY,
    title=TITLE,
    kind=st.sampled_from(Kind),
    path=TEXT.map(lambda text: text[:400]),
    source=TITLE | st.just(""),
    video=VIDEO | st.just(""),
    guest=TITLE | st.just(""),
    author=TITLE | st.just(""),
    published=st.sampled_from(["", "2026-01-31"]),
    duration=NUMBER | st.none(),
)


def _moment(video: str, start: int | None, written: str, words: str, document: DocumentRef, end: int) -> Moment:
    marks = ((0, min(end, len(words))),) if words else ()
    trust = Trust.DOUBTFUL if start is None else Trust.STATED
    return Moment(video, start, written, words, trust, document, highlights=marks, also=(document,) * (end % 3))


MOMENT = st.builds(_moment, VIDEO, NUMBER | st.none(), TEXT, TEXT, DOCUMENT, st.integers(1, 9))
PIECE = st.tuples(several(MOMENT, 4), TEXT)
EXCERPT = st.builds(
    Excerpt,
    pieces=several(PIECE, 3, least=1),
    is_item=st.booleans(),
    references=st.lists(st.integers(1, 9), max_size=2).map(tuple),
)
TOPIC = st.builds(Topic, key=KEY, title=TITLE, note=st.sampled_from(["", "linked", "no page of its own"]))


def _sections(headings: tuple[str, ...]) -> tuple[SectionRef, ...]:
    return tuple(SectionRef(number, heading, number % 5, 1) for number, heading in enumerate(headings))


def _apart(documents: tuple[DocumentRef, ...]) -> tuple[DocumentRef, ...]:
    return tuple(replace(document, key=f"{number:016x}") for number, document in enumerate(documents))


SECTIONS = several(TITLE | st.just(""), 40).map(_sections)
DOCUMENTS = several(DOCUMENT, 30).map(_apart)
TOPICS = st.lists(TOPIC, max_size=5, unique_by=lambda topic: topic.key).map(tuple)

TOPIC_ANSWER = st.builds(
    TopicAnswer,
    topic=TOPIC,
    document=DOCUMENT | st.none(),
    lead=several(EXCERPT, 4),
    sections=SECTIONS,
    moments=several(MOMENT, 4),
    moment_count=NUMBER,
    takeaways=st.lists(TEXT, max_size=8).map(tuple),
    related=TOPICS,
    siblings=DOCUMENTS,
    named_in=DOCUMENTS,
    take_count=st.integers(0, 3),
)


def _section_answer(answer: SectionAnswer, chosen: int) -> SectionAnswer:
    section = answer.sections[chosen % len(answer.sections)]
    return SectionAnswer(answer.document, section, answer.path, answer.excerpts, answer.sections, answer.references)


SECTION_ANSWER = st.builds(
    _section_answer,
    st.builds(
        SectionAnswer,
        document=DOCUMENT,
        section=st.just(SectionRef(0, "", 0, 1)),
        path=st.lists(TITLE, max_size=5).map(tuple),
        excerpts=several(EXCERPT, 12, least=1),
        sections=SECTIONS.filter(bool),
        references=st.lists(st.tuples(st.integers(1, 9), TEXT), max_size=9).map(tuple),
    ),
    st.integers(0, 40),
)


def _moments_answer(
    query: str, moments: tuple[Moment, ...], more: int, offset: int, repaired: str, scope: str, unknown: str
) -> MomentsAnswer:
    words = (unknown,) if unknown else ()
    return MomentsAnswer(query, moments, offset + len(moments) + more, offset, repaired, scope, more > 9, words)


QUERY = TEXT.map(lambda text: text[:100]).filter(lambda text: text.strip() != "")
MOMENTS_ANSWER = st.builds(
    _moments_answer,
    QUERY,
    several(MOMENT, 12, least=1),
    NUMBER,
    NUMBER,
    QUERY | st.just(""),
    TITLE,
    QUERY | st.just(""),
)

TAKE = st.builds(
    TakeRef,
    label=TEXT,
    text=TEXT,
    document=DOCUMENT,
    moment=MOMENT | st.none(),
    also=st.lists(DOCUMENT, max_size=2).map(tuple),
)
GROUP = st.builds(TakeGroup, heading=TITLE, takes=several(TAKE, 10, least=1))
TAKES_ANSWER = st.builds(
    TakesAnswer,
    label=TEXT,
    topic=TOPIC | st.none(),
    groups=several(GROUP, 4),
    total=NUMBER,
    videos=NUMBER,
    labels=st.lists(TITLE, max_size=30, unique_by=lambda label: label[:100]).map(tuple),
    offset=NUMBER,
)
