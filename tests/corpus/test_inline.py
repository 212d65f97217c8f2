"""The words of a block: no markup and no labels in them, and each stamp with the words that belong to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.blocks import read_blocks
from bot.corpus.inline import Words, read_words
from bot.corpus.pieces import Mark, Piece
from bot.models import Link

from .pages import anchor

A, B, C = anchor("00:01"), anchor("00:02"), anchor("00:03")
PIECES = st.lists(
    st.tuples(
        st.sampled_from(Mark),
        st.sampled_from(
            ["", " ", "word", " two words ", "(", ")", "((", "))", ", ", "and", "[0:09]", "<a data-t='x'>", "</a>", "|"]
        ),
        st.integers(0, 3),
    )
)


def words(text: str, *, stamps: bool = True) -> Words:
    (block,) = read_blocks(text, 1)
    return read_words(block.pieces, stamps=stamps)


def own(found: Words) -> list[tuple[str, str]]:
    return [(stamp.written, found.text[stamp.start : stamp.end]) for stamp in found.stamps]


def test_a_label_is_not_part_of_the_words_and_leaves_no_space() -> None:
    found = words(f"Kites need wind {A}.")
    assert found.text == "Kites need wind."
    assert own(found) == [("00:01", "Kites need wind")]


def test_each_stamp_has_the_words_since_the_one_before() -> None:
    found = words(f"Kites need wind {A}. String helps {B}, and a tail {C}.")
    assert found.text == "Kites need wind. String helps, and a tail."
    assert own(found) == [("00:01", "Kites need wind"), ("00:02", "String helps"), ("00:03", "and a tail")]


@pytest.mark.parametrize("between", ["", " ", ", ", " and ", ", and ", "; ", " - ", "<br/>"])
def test_stamps_that_follow_each_other_share_their_words(between: str) -> None:
    found = words(f"Kites need wind {A}{between}{B}. More.")
    assert found.text == "Kites need wind. More."
    assert own(found) == [("00:01", "Kites need wind"), ("00:02", "Kites need wind")]


@pytest.mark.parametrize("brackets", ["({})", "[{}]", "(({}))", "( {} )"])
def test_brackets_with_nothing_but_stamps_in_them_go(brackets: str) -> None:
    found = words(f"Kites need wind {brackets.format(f'{A}, {B}')}. More.")
    assert found.text == "Kites need wind. More."
    assert own(found) == [("00:01", "Kites need wind"), ("00:02", "Kites need wind")]


def test_brackets_with_words_in_them_stay() -> None:
    assert words(f"Wind (see {A}) lifts.").text == "Wind (see) lifts."


@pytest.mark.parametrize("dash", ["", " ", " - ", " – ", ": "])
def test_stamps_before_the_words_have_the_words_after_them(dash: str) -> None:
    found = words(f"{A}{dash}Kites need wind. {B}{dash}String helps.")
    assert own(found)[0] == ("00:01", "Kites need wind.")
    assert own(found)[1][1].startswith("String helps")


def test_words_with_a_stamp_on_either_side_belong_to_both() -> None:
    assert own(words(f"{A} Kites need wind. {B}")) == [("00:01", "Kites need wind."), ("00:02", "Kites need wind.")]


@pytest.mark.parametrize("label", ["", "00:09", "[00:09]", "watch", "[[00:09]]", "`[00:09]`", "**[00:09]**"])
def test_any_label_stays_out_of_the_words(label: str) -> None:
    found = words(f'Kites fly <a class="yt-timestamp" data-t="00:01">{label}</a> high.')
    assert found.text == "Kites fly high."
    assert [stamp.written for stamp in found.stamps] == ["00:01"]


def test_a_label_is_kept_beside_what_is_written() -> None:
    (stamp,) = words(f"Kites {anchor('00:01', '00:09')}.").stamps
    assert (stamp.written, stamp.label) == ("00:01", "00:09")


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ('<a class="yt-timestamp" data-23:11:00>', "23:11:00"),
        ('<a class="yt-00:23:11">', "00:23:11"),
        ('<a class="yt>timestamp" data-t="00:23:11">', "00:23:11"),
    ],
)
def test_a_broken_anchor_is_read_as_far_as_it_goes(tag: str, written: str) -> None:
    found = words(f"Kites fly {tag}[00:23:11]</a> high.")
    assert [stamp.written for stamp in found.stamps][:1] == [written]
    assert found.text.startswith("Kites fly")
    assert "00:23:11" not in found.text


def test_words_after_an_anchor_that_is_never_closed_are_kept_with_their_links() -> None:
    found = words('Kites <a class="yt-timestamp" data-t="00:01">[00:01] fly with [[wind]] and string')
    assert found.text == "Kites fly with wind and string"
    assert [link.target for link in found.links] == ["wind"]
    assert found.broken == (1,)


def test_an_anchor_that_is_closed_twice_does_no_harm() -> None:
    found = words(f"Kites {A}</a> fly {B}.")
    assert (found.text, found.broken) == ("Kites fly.", ())


def test_a_time_in_brackets_is_a_stamp_on_a_page_with_a_video() -> None:
    found = words("Kites need wind [00:01, 00:02]. More [00:03-00:04].")
    assert found.text == "Kites need wind. More."
    assert own(found) == [("00:01", "Kites need wind"), ("00:02", "Kites need wind"), ("00:03-00:04", "More")]


def test_without_a_video_a_time_in_brackets_is_words_and_an_anchors_label_still_goes() -> None:
    found = words(f"At [00:01] kites fly {A} high.", stamps=False)
    assert (found.text, found.stamps) == ("At [00:01] kites fly high.", ())


def test_code_is_left_as_it_stands() -> None:
    found = words(f"Write `[00:01] {B}` so.")
    assert found.text == f"Write [00:01] {B} so."
    assert found.stamps == ()


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("[[wind]]", "wind", "wind"),
        ("[[some_wind | the wind]]", "some_wind", "the wind"),
        ("[[ some_wind |the wind ]]", "some_wind", "the wind"),
        ("[[a|b|c]]", "a", "b|c"),
        ("[[wind|]]", "wind", "wind"),
        ("**[[wind]]**", "wind", "wind"),
        ("[[wind | **the** wind]]", "wind", "the wind"),
        (f"[[wind | the wind {A}]]", "wind", "the wind"),
    ],
)
def test_a_wikilink_is_its_words_and_knows_its_target(text: str, target: str, shown: str) -> None:
    found = words(f"Kites, {text}, and string.")
    assert found.text == f"Kites, {shown}, and string."
    assert found.links == (Link(target, 7, 7 + len(shown)),)


@pytest.mark.parametrize("text", ["[[]]", "[[|words]]", "[[open", "closed]]"])
def test_brackets_that_are_no_wikilink_stay_as_text(text: str) -> None:
    found = words(f"Kites {text} fly.")
    assert found.text == f"Kites {text} fly."
    assert found.links == ()


def test_a_wikilink_around_an_anchor_is_no_link_and_the_stamp_is_kept() -> None:
    found = words(f"Kites [[{A}]] fly.")
    assert (found.text, found.links) == ("Kites fly.", ())
    assert own(found) == [("00:01", "Kites")]


def test_a_link_that_only_joins_two_anchors_goes_with_its_words() -> None:
    found = words(f"Kites {A} [[kites | and,]] {B} ")
    assert (found.text, found.links, own(found)) == ("Kites", (), [("00:01", "Kites"), ("00:02", "Kites")])
    assert words(f"Kites {A} [[kites | and,]] {B} fly over the [[sea]].").links == (Link("sea", 19, 22),)


def test_leading_bold_is_measured() -> None:
    assert words("**Best wind**: west").bold == len("Best wind")
    assert words("The **best** wind").bold == 0


def test_reference_marks_go_and_their_numbers_are_kept_once() -> None:
    pieces = [(Mark.TEXT, "Kites fly [1] high[12], they say [1].", 1)]
    found = read_words(pieces, stamps=False, references=True)
    assert (found.text, found.references) == ("Kites fly high, they say.", (1, 12))


def test_cells_are_set_apart_and_empty_ones_are_not_shown() -> None:
    block = read_blocks(f"| a | b | c |\n|---|---|---|\n| one {A} | | two {B} |\n", 1)[1]
    found = read_words(block.pieces, stamps=True)
    assert found.text == "one | two"
    assert own(found) == [("00:01", "one"), ("00:02", "two")]


def test_a_stamp_knows_its_line() -> None:
    found = words(f"Kites\nfly {A}\nhigh [00:02]\nand <br/> far [00:03].")
    assert [stamp.line for stamp in found.stamps] == [2, 3, 4]


@given(PIECES, st.booleans(), st.booleans(), st.booleans())
def test_every_span_lies_in_the_text(pieces: list[Piece], stamps: bool, references: bool, is_item: bool) -> None:
    found = read_words(pieces, stamps=stamps, references=references, is_item=is_item)
    assert found.text == " ".join(found.text.split())
    assert 0 <= found.bold <= len(found.text)
    assert all(0 <= stamp.start <= stamp.end <= len(found.text) for stamp in found.stamps)
    assert all(0 <= link.start < link.end <= len(found.text) for link in found.links)
    starts = [stamp.start for stamp in found.stamps]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000 + "[0:01])" * 50_000,
        "(" * 200_000 + "[0:01]" * 20_000 + ")" * 200_000,
        "[0:01, " * 60_000,
        "[0:01] , " * 40_000,
        "<a data-t " * 40_000,
        '<a data-t="0:01">' * 20_000,
        '<a data-t="0:01">x [[y]] ' * 15_000,
        "[" * 400_000,
        "[[a|" * 100_000,
        "a\n" * 200_000,
    ],
    ids=range(10),
)
def test_a_long_line_of_nothing_sensible_ends(text: str) -> None:
    assert len(words(text).text) <= len(text)
