"""Reading one stamp: every form that pages use, what else it could mean, and text that is no time at all."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.corpus.timecode import MAX_SECONDS, Form, Reading, format_time, read

STAMPS = st.one_of(
    st.text(max_size=40),
    st.text('0123456789:[]-–= ?&thms"٣', max_size=40),
    st.lists(st.integers(0, 99999), min_size=1, max_size=5).map(lambda parts: ":".join(f"{part:02}" for part in parts)),
)


def starts(written: str, label: str = "") -> dict[Form, int]:
    readings = read(written, label)
    found = {reading.form: reading.start for reading in reversed(readings.others)}
    return found if readings.plain is None else {readings.plain.form: readings.plain.start} | found


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("00:07:41", 461),
        ("7:41", 461),
        ("1:07:41", 4061),
        ("75:10", 4510),
        ("00:07:41]", 461),
        ("[00:07:41]", 461),
        ("000:07:41", 461),
        ("01:7:41", 4061),
        (" 00:07:41 ", 461),
        ("https://youtu.be/abc?t=461", 461),
        ("https://youtu.be/abc?x=1&t=461s", 461),
        ("https://youtu.be/abc?t=1h7m41s", 4061),
    ],
)
def test_a_well_formed_stamp_is_taken_at_its_word(written: str, seconds: int) -> None:
    assert read(written).plain == Reading(Form.WRITTEN, seconds)


@pytest.mark.parametrize("written", ["", "soon", "12", "1:", ":30", "::", "٠٠:٠٧:٤١", "00:07:४१", "1" * 500, ":" * 500])
def test_what_is_no_time_has_no_plain_reading(written: str) -> None:
    assert read(written).plain is None


def test_a_time_in_other_digits_than_ascii_has_no_reading_at_all() -> None:
    assert read("٠٠:٠٧:٤١").others == ()


def test_three_parts_may_be_shifted_by_one_place_or_have_lost_a_digit_or_have_an_hour_too_many() -> None:
    assert starts("03:24:00") == {Form.WRITTEN: 12240, Form.SHIFTED: 204, Form.TENS: 1824, Form.HOUR: 1440}
    assert [reading.start for reading in read("03:24:00").others if reading.form is Form.HOUR] == [1440, 8640]


def test_the_third_part_is_told_so_that_zeros_can_be_counted() -> None:
    assert read("03:24:00").last == 0
    assert read("03:24:09").last == 9
    assert read("03:24").last is None


def test_a_stamp_below_an_hour_means_one_thing() -> None:
    assert read("00:24:09").others == ()


def test_two_parts_may_be_hours_and_minutes() -> None:
    assert starts("01:24") == {Form.WRITTEN: 84, Form.HOURS_MINUTES: 5040}


def test_more_than_59_seconds_are_carried_over_but_never_at_their_word() -> None:
    assert starts("01:12:75") == {Form.CARRIED: 4395, Form.SHIFTED: 72}
    assert read("01:12:75").plain is None


def test_four_parts_are_too_many_at_either_end() -> None:
    assert starts("01:02:33:00") == {Form.FIRST_PARTS: 3753, Form.LAST_PARTS: 9180, Form.SHIFTED: 62}


def test_a_bare_number_is_seconds_or_a_time_without_colons() -> None:
    assert starts("1835") == {Form.COUNT: 1835, Form.DIGITS: 1115}
    assert starts("10203") == {Form.COUNT: 10203, Form.DIGITS: 3723}
    assert starts("1875") == {Form.COUNT: 1875}


@pytest.mark.parametrize(
    ("written", "label", "end"),
    [
        ("00:04:20", "00:04:33", 273),
        ("00:04:20", "00:04:20 - 00:04:33", 273),
        ("00:04:20-00:04:33", "", 273),
        ("00:04:20 – 01:04:20", "", 3860),
    ],
)
def test_a_range_has_an_end(written: str, label: str, end: int) -> None:
    assert read(written, label).plain == Reading(Form.WRITTEN, 260, end)


def test_a_shifted_range_ends_as_it_starts() -> None:
    shifted = next(reading for reading in read("04:20:00", "04:29:00").others if reading.form is Form.SHIFTED)
    assert (shifted.start, shifted.end) == (260, 269)


def test_a_label_that_says_another_time_is_a_rival_and_no_end() -> None:
    readings = read("01:15:20", "00:15:20")
    assert readings.plain == Reading(Form.WRITTEN, 4520)
    assert Reading(Form.LABEL, 920) in readings.others


def test_a_label_far_later_is_a_rival_and_no_end() -> None:
    readings = read("00:15:20", "00:51:20")
    assert readings.plain == Reading(Form.WRITTEN, 920)
    assert Reading(Form.LABEL, 3080) in readings.others


@pytest.mark.parametrize("label", ["", "00:15:20", "15:20", "listen here", "0:15:20"])
def test_a_label_that_says_the_same_or_nothing_changes_nothing(label: str) -> None:
    assert read("00:15:20", label) == read("00:15:20")


def test_a_label_stands_in_for_a_broken_data_t_but_not_at_its_word() -> None:
    assert read("HH:15:20", "00:15:20").plain is None
    assert starts("HH:15:20", "00:15:20") == {Form.LABEL: 920}


def test_a_label_alone_is_what_is_written() -> None:
    assert read("", "00:15:20") == read("00:15:20")


@given(STAMPS, STAMPS)
@example("0", "720:1")  # a label past what a video can last
def test_any_text_is_read(written: str, label: str) -> None:
    readings = read(written, label)
    assert all(0 <= reading.start <= MAX_SECONDS for reading in readings.others)
    assert readings.plain is None or readings.plain.start >= 0
    for reading in readings.others if readings.plain is None else (readings.plain, *readings.others):
        assert reading.end is None or reading.end > reading.start


@given(st.integers(0, MAX_SECONDS))
def test_a_time_as_shown_reads_as_itself(seconds: int) -> None:
    assert read(format_time(seconds)).plain == Reading(Form.WRITTEN, seconds)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59, "0:59"), (721, "12:01"), (3600, "1:00:00"), (3723, "1:02:03"), (-5, "0:00")],
)
def test_times_are_shown_as_players_show_them(seconds: int, shown: str) -> None:
    assert format_time(seconds) == shown
