"""Gaps as moderators see them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Gap
from bot.render.gaps import gap_counts, gaps_reply
from tests.render.answers import TEXT
from tests.sound import all_text, assert_sound

COUNT = st.integers(0, 10_000_000)
GAPS = st.builds(
    Gap,
    key=st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"),
    wordings=st.lists(TEXT.map(lambda text: text[:100]), min_size=1, max_size=8).map(tuple),
    missed=COUNT,
    repaired=COUNT,
    reported=COUNT,
    became=TEXT.map(lambda text: text[:100]),
)


@given(st.lists(GAPS, max_size=12, unique_by=lambda gap: gap.key), st.integers(0, 40))
def test_any_gaps_are_a_sound_private_reply(gaps: list[Gap], offset: int) -> None:
    reply = gaps_reply(gaps, offset)
    assert reply.private
    assert_sound(reply)


def test_a_gap_says_how_often_and_in_which_words() -> None:
    gap = Gap("0" * 16, ("sparce atention", "sparce attention"), 1, 2, 3, "sparse attention")
    assert gap_counts(gap) == (
        "found nothing 1 time, reported 3 times, repaired to “sparse attention” 2 times · also: sparce attention"
    )
    assert "**1.** sparce atention\nfound nothing 1 time" in all_text(gaps_reply([gap]))
