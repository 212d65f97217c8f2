"""Pages to sections, passages and takes."""

from __future__ import annotations

import pytest

from bot.corpus.wiki import Body, read_body
from bot.models import Link

from .pages import anchor, own_words

A, B, C = anchor("00:01"), anchor("00:02"), anchor("00:03")


def body(text: str, *, stamps: bool = True) -> Body:
    return read_body(text, 1, stamps=stamps)


def texts(found: Body) -> list[str]:
    return [passage.text for passage in found.passages]


def takes(text: str) -> list[tuple[str, str]]:
    return [(take.label, take.text) for take in body(text).takes]


@pytest.mark.parametrize(
    "line", ["From: [[skychannel]] <br/> ", "From: [[skychannel | skychannel]]", "From:  [[skychannel]]"]
)
def test_the_first_line_names_the_source_and_is_no_passage(line: str) -> None:
    found = body(f"{line}\n\nKites fly.")
    assert (found.source, texts(found)) == ("skychannel", ["Kites fly."])


def test_words_right_below_the_source_are_a_passage() -> None:
    found = body(f"From: [[skychannel]] <br/> \nKites fly {A}.")
    assert (found.source, texts(found)) == ("skychannel", ["Kites fly."])


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        (f"**Deployment Flexibility** The model can run {A}.", "Deployment Flexibility: The model can run."),
        (f"**Cost (total)** {A} The fees {B}", "Cost (total): The fees"),
        ("**Mental Exhaustion**\n  The routine wore on.", "Mental Exhaustion: The routine wore on."),
        ("**Cost**: The fees", "Cost: The fees"),
        ("**Cost:** The fees", "Cost: The fees"),
        ("**Costs** rise", "Costs rise"),
        ("**Why?** Nobody knows", "Why? Nobody knows"),
        ("**Open**AI", "OpenAI"),
        ("The **cost** The fees", "The cost The fees"),
        ("**Cost** [[fees | The fees]]", "Cost The fees"),
    ],
)
def test_a_bold_label_of_an_item_is_told_from_the_sentence_after_it(item: str, shown: str) -> None:
    assert texts(body(f"- {item}")) == [shown]


def test_bold_words_that_start_a_paragraph_are_no_label() -> None:
    assert texts(body("**Ada** Keeper dances.")) == ["Ada Keeper dances."]


def test_such_a_line_further_down_is_words() -> None:
    assert body("Kites fly.\n\nFrom: [[skychannel]]").source == ""


def test_a_section_knows_the_headings_above_it() -> None:
    found = body("# Kites\n## Parts\n### Tail\n## Wind\n#### Gusts\n# String\n")
    assert [section.path for section in found.sections] == [
        (),
        ("Kites",),
        ("Kites", "Parts"),
        ("Kites", "Parts", "Tail"),
        ("Kites", "Wind"),
        ("Kites", "Wind", "Gusts"),
        ("String",),
    ]


def test_a_passage_knows_its_section_and_line() -> None:
    found = body("Lead.\n\n## Parts\n\n- a tail\n")
    assert [(passage.section, passage.line, passage.is_item) for passage in found.passages] == [
        (0, 1, False),
        (1, 5, True),
    ]


def test_a_heading_keeps_its_links_and_loses_their_brackets() -> None:
    section = body("## Future of [[big_kites | Big Kites]]\n").sections[1]
    assert (section.heading, section.links) == ("Future of Big Kites", (Link("big_kites", 10, 19),))


def test_a_heading_with_a_stamp_is_a_passage_too() -> None:
    found = body(f"## Parts of a kite {A}\n\nThe tail {B}.")
    assert found.sections[1].heading == "Parts of a kite"
    assert [own_words(passage) for passage in found.passages] == [
        [("00:01", "Parts of a kite")],
        [("00:02", "The tail")],
    ]


def test_a_heading_as_long_as_a_paragraph_is_a_paragraph() -> None:
    found = body("Kites fly. " * 40 + "\n---\n\nMore.")
    assert len(found.sections) == 1
    assert len(found.passages) == 2


def test_a_heading_without_words_is_no_section() -> None:
    assert len(body("#\n\n## <br>\n\nwords").sections) == 1


def test_stamps_alone_in_a_block_belong_to_the_words_before_them() -> None:
    (passage,) = body(f"Kites fly {A}.\n\n{B}\n\n{C}").passages
    assert own_words(passage) == [("00:01", "Kites fly"), ("00:02", "Kites fly"), ("00:03", "Kites fly")]


def test_stamps_alone_belong_to_what_follows_the_last_stamp_where_that_is_words() -> None:
    (passage,) = body(f"Kites fly {A}. Tails help.\n\n{B}").passages
    assert own_words(passage) == [("00:01", "Kites fly"), ("00:02", "Tails help.")]


def test_stamps_alone_below_a_heading_belong_to_the_heading() -> None:
    found = body(f"Lead.\n\n## Parts\n\n{A}\n\n{B}\n\nThe tail.")
    assert texts(found) == ["Lead.", "Parts", "The tail."]
    assert own_words(found.passages[1]) == [("00:01", "Parts"), ("00:02", "Parts")]


def test_stamps_in_a_heading_without_words_belong_to_the_words_before_them() -> None:
    found = body(f"Kites fly.\n\n## {A}\n\nTails help.")
    assert texts(found) == ["Kites fly.", "Tails help."]
    assert own_words(found.passages[0]) == [("00:01", "Kites fly.")]


def test_stamps_without_any_words_are_reported_with_their_line() -> None:
    found = body(f"\n{A}\n\nKites fly.")
    assert [problem[:2] for problem in found.problems] == [(2, "stamp-without-words")]


def test_a_broken_anchor_is_reported_with_its_line() -> None:
    found = body('Kites\nfly <a class="yt-timestamp" data-00:01>[00:01]</a>.')
    assert [problem[:2] for problem in found.problems] == [(2, "broken-anchor")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("> [!NOTE] Kites fly.", "Kites fly."),
        ("> [!info]- Folded\n>\n", "Folded"),
        ("> [!TIP] Good wind\n> Blows from the sea.", "Good wind: Blows from the sea."),
        ("> [!quote|Good wind]\n> Blows from the sea.", "Good wind: Blows from the sea."),
        ("> [!TIP] Good wind:\n> Blows from the sea.", "Good wind: Blows from the sea."),
        ("> [!TIP]\n> Blows from the sea.", "Blows from the sea."),
        ("> [!TIP] On [[wind]]\n> Blows from the sea.", "On wind: Blows from the sea."),
    ],
)
def test_a_callouts_mark_goes_and_its_title_is_told_from_its_words(text: str, words: str) -> None:
    assert texts(body(text)) == [words]


def test_an_index_page_lists_its_videos() -> None:
    found = body("### [Kites](https://www.youtube.com/watch?v=abcDEF-_123)\n- [[tails | Tails]]\n")
    assert found.videos == (("abcDEF-_123", "Kites"),)
    assert found.has_links


@pytest.mark.parametrize(
    "heading",
    [
        "Quick Takes",
        "Quick Fire Questions",
        "Quickfire Insights",
        "10. Quick-Fire Round",
        "Rapid Fire Round",
        "Rapid-fire Q&A",
        "Lightning Round",
        "Ada's quick takes on [[wind]]",
    ],
)
def test_items_below_such_a_heading_are_takes(heading: str) -> None:
    assert takes(f"## {heading}\n\n- **Overrated**: box kites {A}.\n") == [("Overrated", "box kites.")]


@pytest.mark.parametrize("heading", ["Quick History", "Rapid Growth", "Takes", "Fire", "Making Decisions Quickly"])
def test_items_below_another_heading_are_not(heading: str) -> None:
    assert takes(f"## {heading}\n\n- **Overrated**: box kites.\n") == []


@pytest.mark.parametrize(
    "item",
    [
        "- **Overrated**: box kites",
        "- **Overrated:** box kites",
        "- **Overrated** – box kites",
        "- **Overrated**\n  box kites",
        "- Overrated: box kites",
        "1. Overrated: box kites",
        "- Overrated：box kites",
        f"- **Overrated {A}**: box kites",
        f"- {A} **Overrated**: box kites",
        "**Overrated**: box kites",
        "- **Overrated**\n  - box kites",
        "- Overrated\n  - box kites",
        "- Overrated:\n  - box kites",
        "### Overrated\n\nbox kites",
        "### Overrated?\n\n- box kites",
        "| Take | Answer | Time |\n|---|---|---|\n| Overrated | box kites | " + A + " |",
        "| Take | Answer |\n|---|---|\n| **Overrated** | box kites |",
    ],
)
def test_a_take_is_read_in_whatever_form_it_comes(item: str) -> None:
    assert takes(f"## Quick Takes\n\n{item}\n") == [("Overrated", "box kites")]


def test_a_take_has_the_stamps_of_its_passage() -> None:
    found = body(f"## Quick Takes\n\n- **Overrated**: box kites {A}\n- **Underrated**: tails {B}\n")
    assert [own_words(found.passages[take.passage]) for take in found.takes] == [
        [("00:01", "Overrated: box kites")],
        [("00:02", "Underrated: tails")],
    ]


def test_each_item_below_a_label_is_a_take_of_that_label() -> None:
    text = "## Quick Takes\n\n- **Overrated**\n  - box kites\n  - rainbows\n- **Underrated**: tails\n"
    assert takes(text) == [("Overrated", "box kites"), ("Overrated", "rainbows"), ("Underrated", "tails")]


def test_what_is_nested_in_a_take_is_its_detail() -> None:
    text = "## Quick Takes\n\n- **Overrated**: box kites\n  - Exception: small ones\n- **Underrated**: tails\n"
    assert takes(text) == [("Overrated", "box kites"), ("Underrated", "tails")]


@pytest.mark.parametrize(
    "item", ["At 12:30 the wind turned", "See https://example.org for more", "- Ada flew for an hour"]
)
def test_a_sentence_with_a_colon_in_it_is_no_take(item: str) -> None:
    assert takes(f"## Quick Takes\n\n{item}\n") == []


def test_a_paragraph_after_a_list_of_takes_may_be_one_too() -> None:
    text = "## Quick Takes\n\n- **Overrated**: box kites\n\n**Underrated**: tails\n\nBoth were asked twice.\n"
    assert takes(text) == [("Overrated", "box kites"), ("Underrated", "tails")]


def test_a_take_ends_with_its_section() -> None:
    assert takes("## Quick Takes\n\n- **Overrated**: box kites\n\n## Wind\n\n- **West**: best\n") == [
        ("Overrated", "box kites")
    ]


@pytest.mark.parametrize("heading", ["Key Takeaways", "Takeaways for pilots", "TL;DR", "Lessons and take-aways"])
def test_items_of_takeaways_are_takes_without_a_label(heading: str) -> None:
    assert takes(f"## {heading}\n\nIn short:\n\n- Mind the **wind**\n") == [("", "Mind the wind")]


def test_a_tables_row_is_one_passage() -> None:
    found = body(f"| Kite | Wind |\n|---|---|\n| Delta | west {A} |\n")
    assert texts(found) == ["Kite | Wind", "Delta | west"]


def test_an_item_of_several_paragraphs_is_several_passages() -> None:
    assert texts(body("- Kites fly.\n\n  With wind.\n- Planes too.\n")) == ["Kites fly.", "With wind.", "Planes too."]


@pytest.mark.parametrize(
    "text",
    [
        "words\n\n" + "[0:01]\n\n" * 50_000,
        "# " + "long " * 40_000 + "\n" + "## x\n" * 20_000,
        "## Quick Takes\n\n" + "- **a**: b\n" * 30_000,
        "## Quick Takes\n\n- **" + "a" * 100_000 + "**\n" + "  - b\n" * 30_000,
        "> [!NOTE] " + "[[a]]" * 60_000,
    ],
    ids=range(5),
)
def test_a_page_of_four_hundred_kilobytes_ends_and_grows_no_larger_than_its_text(text: str) -> None:
    found = body(text)
    size = sum(len(passage.text) for passage in found.passages) + sum(
        len(take.label) + len(take.text) for take in found.takes
    )
    size += sum(len(heading) for section in found.sections for heading in section.path)
    assert size <= 2 * len(text)
