"""videos.csv: what is read from it, what is said about the rest, and whose word on a length counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.durations import bring_together, read_durations
from bot.models import LengthOrigin, Severity, VideoFacts

A, B = "-QsTmu2CqhA", "2XgU6T4DalY"


def lengths(text: str) -> dict[str, int] | None:
    return read_durations("pages/videos.csv", text.encode())[0]


def test_a_list_gives_seconds_by_video() -> None:
    found, findings = read_durations("videos.csv", f"video_id,duration_seconds\n{A},5264\n{B},4424\n".encode())
    assert found == {A: 5264, B: 4424}
    assert findings == []


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeffvideo_id,duration_seconds\r\n{A},60\r\n",
        f"video_id,duration_seconds\r{A},60",
        f"title,duration_seconds,video_id,views\nA talk,60,{A},7\n",
        f'video_id,title,duration_seconds\n{A},"two\nlines, one ""title""",60\n',
        f" Video_ID , Duration_Seconds \n\n {A} , 60 \n,\n",
        f"video_id,duration_seconds\n{A},60.9\n",
    ],
    ids=["BOM and CRLF", "CR", "other columns", "quoted", "spaces and empty lines", "fractions are cut off"],
)
def test_other_ways_to_write_the_same_list(text: str) -> None:
    found, findings = read_durations("videos.csv", text.encode())
    assert found == {A: 60}
    assert findings == []


@pytest.mark.parametrize(
    "row",
    ["short,60", f"{A}", f"{A},", f"{A},1:02:03", f"{A},0", f"{A},-5", f"{A},nan", f"{A},inf", f"{A},1e9", f"{A},٣"],
)
def test_a_line_that_cannot_be_used_is_named_and_the_rest_is_read(row: str) -> None:
    text = f"video_id,duration_seconds\n{row}\n{B},60\n"
    found, [finding] = read_durations("pages/videos.csv", text.encode())
    assert found == {B: 60}
    assert (finding.path, finding.line, finding.severity) == ("pages/videos.csv", 2, Severity.WARNING)


def test_of_two_lengths_of_one_video_the_first_counts() -> None:
    text = f"video_id,duration_seconds\n{A},60\n{A},60\n{A},90\n"
    found, [finding] = read_durations("videos.csv", text.encode())
    assert found == {A: 60}
    assert finding.line == 4


def test_many_bad_lines_are_counted_not_listed() -> None:
    found, findings = read_durations("videos.csv", b"video_id,duration_seconds\n" + b"x,1\n" * 100)
    assert found == {}
    assert len(findings) == 21
    assert "80 more" in findings[-1].message


@pytest.mark.parametrize("text", ["", "\n", f"{A},60\n", f"video_id;duration_seconds\n{A};60\n"])
def test_a_list_without_its_header_is_rejected(text: str) -> None:
    found, [finding] = read_durations("videos.csv", text.encode())
    assert found is None
    assert finding.severity is Severity.REJECTED
    assert "video_id,duration_seconds" in finding.message


def test_a_list_that_is_not_utf8_is_rejected() -> None:
    found, [finding] = read_durations("videos.csv", f"video_id,duration_seconds\n{A},60\n".encode("utf-16"))
    assert found is None
    assert finding.severity is Severity.REJECTED


def test_what_follows_a_field_without_end_is_left_out() -> None:
    text = f'video_id,duration_seconds\n{A},60\n{B},"' + "x" * 200_000
    found, [finding] = read_durations("videos.csv", text.encode())
    assert found == {A: 60}
    assert finding.line == 3


@given(st.binary() | st.text().map(str.encode), st.booleans())
def test_no_bytes_whatever_raise(data: bytes, with_header: bool) -> None:
    found, findings = read_durations("videos.csv", b"video_id,duration_seconds\n" * with_header + data)
    assert found is not None or findings[0].severity is Severity.REJECTED
    assert all(seconds > 0 for seconds in (found or {}).values())


def test_youtube_counts_more_than_the_list_and_that_more_than_the_page() -> None:
    youtube = {A: VideoFacts("A talk", "A channel", "2024-02-03", 100, LengthOrigin.YOUTUBE)}
    assert bring_together({A: 300, B: 300}, {A: 200, B: 200}, youtube) == {
        A: youtube[A],
        B: VideoFacts(seconds=200, origin=LengthOrigin.LISTED),
    }
    assert bring_together({A: 300}, {}, {}) == {A: VideoFacts(seconds=300, origin=LengthOrigin.PAGE)}


def test_a_stream_without_a_length_takes_it_from_the_list() -> None:
    [known] = bring_together({A: None}, {A: 200}, {A: VideoFacts("A stream", "A channel")}).values()
    assert known == VideoFacts("A stream", "A channel", seconds=200, origin=LengthOrigin.LISTED)


def test_only_videos_that_pages_cite_are_known() -> None:
    assert bring_together({A: None}, {B: 200}, {B: VideoFacts("A talk")}) == {}
