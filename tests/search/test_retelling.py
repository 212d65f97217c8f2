"""What several pages on one video say is shown once; nothing else is."""

from __future__ import annotations

import pytest

from bot.search.retelling import told_once
from bot.store.searching import Candidate

SAID = "The queen leaves the hive once, on a warm day, to mate high above the meadow."
RETOLD = "Once, on a warm day, a queen will leave her hive and mate above meadows."
OTHER = "The queen lays two thousand eggs a day and never sees the meadow again."


def candidate(document: int, words: str, video: str = "beesAAAAAA1", passage: int = 0) -> Candidate:
    return Candidate(passage or document, document, words, "", "Page", video)


def told(*candidates: Candidate) -> list[tuple[int, tuple[int, ...]]]:
    """Each passage that stays, with the documents that say the same."""
    return [(first.passage, also) for first, also in told_once(candidates)]


def test_what_three_pages_on_a_video_say_is_told_by_the_first() -> None:
    assert told(candidate(1, SAID), candidate(2, RETOLD), candidate(3, OTHER), candidate(4, SAID)) == [
        (1, (2, 4)),
        (3, ()),
    ]


def test_a_page_that_says_it_twice_is_named_once() -> None:
    assert told(candidate(1, SAID), candidate(2, RETOLD, passage=2), candidate(2, SAID, passage=3)) == [(1, (2,))]


@pytest.mark.parametrize(
    "other",
    [
        candidate(2, RETOLD, "lightsBBBB2"),  # another video
        candidate(1, RETOLD, passage=2),  # the same page
        candidate(2, "A queen and her hive."),  # too short to tell
    ],
)
def test_what_is_no_retelling_stays(other: Candidate) -> None:
    assert [passage for passage, _ in told(candidate(1, SAID), other)] == [1, other.passage]


def test_passages_of_pages_on_no_video_stay_two() -> None:
    assert told(candidate(1, SAID, ""), candidate(2, SAID, "")) == [(1, ()), (2, ())]
