"""Settling: what a video's pages make of their stamps together, with its length known or not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.settling import settle
from bot.models import PageStamps, Settled, Trust
from tests.corpus.test_timecode import STAMPS


def page(*written: str, name: str = "a.md") -> PageStamps:
    return PageStamps(name, tuple((stamp, stamp) for stamp in written))


def clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def shifted(seconds: int) -> str:
    return f"{seconds // 60:02}:{seconds % 60:02}:00"


def without_digit(seconds: int) -> str:
    return f"{seconds // 600:02}:{seconds % 60:02}:00"


def told(length: int, count: int, seed: int = 1) -> list[int]:
    """Moments of a talk, in order, none at a full minute."""
    chance = random.Random(seed)
    return sorted(moment + (moment % 60 == 0) for moment in (chance.randrange(20, length) for _ in range(count)))


def starts(settled: list[Settled]) -> list[int | None]:
    return [one.start for one in settled]


def trusts(settled: list[Settled]) -> set[Trust]:
    return {one.trust for one in settled}


TALK = told(3000, 40)
SOUND = page(*map(clock, TALK), name="sound.md")


def test_a_sound_page_is_taken_as_written() -> None:
    [settled] = settle([SOUND])
    assert starts(settled) == TALK
    assert trusts(settled) == {Trust.STATED}
    assert {one.reason for one in settled} == {""}


def test_a_page_that_writes_minutes_one_place_too_high_is_repaired() -> None:
    [settled] = settle([page(*map(shifted, TALK))])
    assert starts(settled) == TALK
    assert trusts(settled) == {Trust.REPAIRED}


def test_a_repair_says_what_was_written_and_what_speaks_against_it() -> None:
    [settled] = settle([page("18:49:00")], duration=3000)
    assert settled == [
        Settled(
            1129,
            None,
            Trust.REPAIRED,
            "minutes and seconds, written one place too high; as written it lies past the video's end at 50:00",
        )
    ]


def test_times_that_would_fit_a_long_video_are_repaired_where_another_page_shows_it_is_short() -> None:
    early = [moment for moment in TALK if 60 <= moment < 720]
    _, settled = settle([SOUND, page(*map(shifted, early), name="shifted.md")])
    assert starts(settled) == early


def test_a_lost_digit_is_found_where_the_other_pages_cite_the_same_moments() -> None:
    late = [moment for moment in TALK if moment >= 600]
    _, settled = settle([SOUND, page(*map(without_digit, late), name="lost.md")])
    right = sum(found == moment for found, moment in zip(starts(settled), late, strict=True))
    assert right >= 0.8 * len(late)
    assert Trust.STATED not in trusts(settled)


def test_an_hour_too_many_is_taken_off_where_the_other_pages_cite_the_same_moments() -> None:
    hours = page(*(clock(moment + 3600) for moment in TALK), name="hours.md")
    _, settled = settle([SOUND, hours])
    assert starts(settled) == TALK
    assert trusts(settled) == {Trust.REPAIRED}


def test_a_long_video_stays_long() -> None:
    moments = told(4 * 3600, 60)
    [settled] = settle([page(*map(clock, moments))])
    assert starts(settled) == moments


def test_a_page_of_a_long_video_stays_beside_pages_that_cite_its_start() -> None:
    moments = told(2 * 3600, 40, seed=2)
    whole = page(*map(clock, moments), name="whole.md")
    opening = page(*(clock(moment) for moment in moments if moment < 5400), name="opening.md")
    _, settled = settle([opening, whole])
    assert starts(settled) == moments


def test_a_few_stamps_at_full_minutes_are_taken_as_written() -> None:
    moments = sorted([*TALK, 600, 1200, 2400])
    [settled] = settle([page(*map(clock, moments))])
    assert starts(settled) == moments


def test_one_wild_stamp_does_not_stretch_the_video() -> None:
    [settled] = settle([page(*map(clock, TALK), "09:58:57")])
    assert starts(settled[:-1]) == TALK
    assert settled[-1].start is None or settled[-1].start <= max(TALK)


def test_text_that_is_no_time_is_doubtful_and_leaves_the_others_alone() -> None:
    [settled] = settle([page(*map(clock, TALK), "tomorrow")])
    assert starts(settled) == [*TALK, None]
    assert settled[-1] == Settled(None, None, Trust.DOUBTFUL, "no time can be read from it")


@pytest.mark.parametrize("wild", [(), ("09:58:57",)], ids=["nothing else", "another wild stamp"])
def test_a_zero_after_later_times_is_doubtful_and_one_before_them_is_not(wild: tuple[str, ...]) -> None:
    [settled] = settle([page("00:00:00", "00:00:50", "00:00:00", *map(clock, TALK), "00:00:00", *wild)])
    assert starts(settled)[: len(TALK) + 4] == [0, 50, 0, *TALK, None]
    assert settled[len(TALK) + 3] == Settled(None, None, Trust.DOUBTFUL, "a zero after later times")


def test_a_stamp_past_a_known_end_that_fits_no_way_is_doubtful() -> None:
    [settled] = settle([page("00:00:10", "00:50:40")], duration=120)
    assert settled[0].start == 10
    assert settled[1] == Settled(None, None, Trust.DOUBTFUL, "no reading of it lies inside the video")


def test_a_known_length_keeps_what_looks_too_long_without_it() -> None:
    moments = told(6 * 3600, 30)
    [settled] = settle([page(*map(clock, moments))], duration=7 * 3600)
    assert starts(settled) == moments
    assert trusts(settled) == {Trust.STATED}


def test_a_range_keeps_its_end_unless_the_video_is_over_by_then() -> None:
    stamps = PageStamps("a.md", (("00:01:10", "00:01:25"), ("00:01:50", "00:02:10")))
    [settled] = settle([stamps], duration=120)
    assert [(one.start, one.end) for one in settled] == [(70, 85), (110, None)]


def test_a_label_helps_where_data_t_cannot_be_read() -> None:
    stamps = PageStamps("a.md", tuple(("HH:MM:SS", clock(moment)) for moment in TALK))
    [settled] = settle([stamps])
    assert starts(settled) == TALK
    assert trusts(settled) == {Trust.REPAIRED}


def test_the_order_of_the_pages_does_not_matter() -> None:
    pages = [SOUND, page(*map(shifted, TALK[::2]), name="b.md"), page(*map(without_digit, TALK[1::2]), name="c.md")]
    assert settle(pages[::-1]) == settle(pages)[::-1]


@pytest.mark.parametrize("duration", [None, 0, 3000])
def test_pages_without_stamps_settle_to_nothing(duration: int | None) -> None:
    assert settle([], duration) == []
    assert settle([page(), page()], duration) == [[], []]


@given(
    st.lists(st.lists(st.tuples(STAMPS, STAMPS), max_size=12), max_size=4),
    st.one_of(st.none(), st.integers(0, 50000)),
)
def test_any_text_in_place_of_a_stamp_settles_and_never_lands_past_a_known_end(
    stamps: list[list[tuple[str, str]]], duration: int | None
) -> None:
    settled = settle([PageStamps(f"{number}.md", tuple(held)) for number, held in enumerate(stamps)], duration)
    assert [len(one) for one in settled] == [len(one) for one in stamps]
    limit = 12 * 3600 if duration is None else duration
    for one in (one for held in settled for one in held):
        assert (one.start is None) == (one.trust is Trust.DOUBTFUL)
        assert (one.reason == "") == (one.trust is Trust.STATED)
        assert one.start is None or 0 <= one.start <= limit
        assert one.end is None or (one.start is not None and one.start < one.end <= limit)
