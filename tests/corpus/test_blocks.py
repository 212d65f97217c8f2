"""Markdown to blocks: what is a block, on which line, how deep, and what only looks like code or HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.blocks import Block, read_blocks
from bot.corpus.pieces import Mark

from .pages import anchor

MARKDOWN_PIECES = st.lists(
    st.sampled_from(
        [
            "# ",
            "- ",
            "1. ",
            "> ",
            "    ",
            "```",
            "```markdown",
            "\n",
            "\n\n",
            "| a | b |\n|---|---|\n",
            "<div>",
            "</div>",
            "<!--",
            "-->",
            "[[",
            "]]",
            "|",
            "**",
            "`",
            "[^1]",
            "[^1]: ",
            "![[",
            "words ",
            "[x](https://e.org)",
            anchor("0:01"),
            "<br/>",
        ]
    )
).map("".join)


def words(block: Block) -> str:
    return " ".join("".join(text for mark, text, _ in block.pieces if mark in (Mark.TEXT, Mark.CODE)).split())


def said(text: str, first_line: int = 1) -> list[str]:
    return [words(block) for block in read_blocks(text, first_line)]


def test_headings_paragraphs_items_and_rows_are_blocks() -> None:
    text = "# Kites\n\nThey fly.\nHigh.\n\n- on wind\n- on string\n\n| a | b |\n|---|---|\n| c | d |\n"
    assert said(text) == ["Kites", "They fly. High.", "on wind", "on string", "ab", "cd"]


def test_a_block_knows_its_line_level_and_depth() -> None:
    blocks = read_blocks("## Kites\n\n- one\n  - two\n\nend\n", 11)
    assert [(block.line, block.level, block.depth) for block in blocks] == [
        (11, 2, 0),
        (13, 0, 1),
        (14, 0, 2),
        (16, 0, 0),
    ]


def test_lines_are_counted_in_text_of_many_bytes_a_letter() -> None:
    blocks = read_blocks("凧凧凧\n\n🪁🪁\n\nend", 1)
    assert [block.line for block in blocks] == [1, 3, 5]


def test_a_tables_head_is_told_from_its_rows() -> None:
    blocks = read_blocks("| a | b |\n|---|---|\n| c | d |\n", 1)
    assert [block.is_table_head for block in blocks] == [True, False]


def test_an_item_with_several_paragraphs_is_several_blocks_of_the_same_depth() -> None:
    blocks = read_blocks("- one\n\n  two\n\n  > three\n", 1)
    assert [(words(block), block.depth) for block in blocks] == [("one", 1), ("two", 1), ("three", 1)]


def test_a_heading_that_links_to_a_video_says_which() -> None:
    blocks = read_blocks(
        "### [Kites](https://www.youtube.com/watch?v=abcDEF-_123)\n\n[x](https://e.org/watch?v=abcDEF-_123)", 1
    )
    assert [block.video for block in blocks] == ["abcDEF-_123", ""]


def test_tags_go_and_anchors_and_line_breaks_stay() -> None:
    (block,) = read_blocks(f"a <span>b</span><br/>c <i>d</i> {anchor('0:01')}<!-- e -->", 1)
    assert words(block) == "a b c d [0:01]"
    assert [mark for mark, _, _ in block.pieces if mark in (Mark.ANCHOR, Mark.ANCHOR_END)] == [
        Mark.ANCHOR,
        Mark.ANCHOR_END,
    ]


def test_code_is_marked_as_it_stands() -> None:
    blocks = read_blocks("Use `[0:01]` so.\n\n```\n[0:02]\n```\n", 1)
    code = [text for block in blocks for mark, text, _ in block.pieces if mark is Mark.CODE]
    assert code == ["[0:01]", "[0:02]\n"]


def test_a_fence_called_markdown_is_read_as_what_it_holds() -> None:
    blocks = read_blocks("```markdown\n# Kites\n\nThey fly.\n```\n", 5)
    assert [(words(block), block.level, block.line) for block in blocks] == [("Kites", 1, 6), ("They fly.", 0, 8)]


def test_a_fence_in_such_a_fence_is_code() -> None:
    assert said("````markdown\n```markdown\n# Kites\n```\n````\n") == ["# Kites"]


def test_an_indented_block_is_read_as_markdown_on_its_lines() -> None:
    blocks = read_blocks("Words.\n\n    * one\n    * two\n", 1)
    assert [(words(block), block.depth, block.line) for block in blocks] == [
        ("Words.", 0, 1),
        ("one", 1, 3),
        ("two", 1, 4),
    ]


def test_a_block_of_html_is_read_as_the_markdown_between_its_tags() -> None:
    text = f"""<div class="note">
  <h5>On <b>wind</b>, briefly</h5>
  **It** blows {anchor("0:01")}.
- a
- b
</div>

end"""
    blocks = read_blocks(text, 1)
    assert [(words(block), block.line) for block in blocks] == [
        ("On wind, briefly", 2),
        ("It blows [0:01].", 3),
        ("a", 4),
        ("b", 5),
        ("end", 8),
    ]


@pytest.mark.parametrize(
    "text",
    ["<!-- a\nb -->\n", "<script>\nalert(1)\n</script>\n", "<style>\np {}\n</style>\n", "<hr>\n", "<div>\n<!-- open\n"],
)
def test_html_without_words_is_no_block(text: str) -> None:
    assert said(text) == []


def test_a_comment_in_a_block_of_html_goes_and_its_lines_still_count() -> None:
    (block,) = read_blocks("<div>\n<!-- a\nb -->\n<p>words</p>\n</div>", 1)
    assert (words(block), block.line) == ("words", 4)


def test_a_footnotes_mark_goes_and_its_text_stays() -> None:
    assert said("Kites fly[^1].\n\n[^1]: With wind.\n") == ["Kites fly.", "With wind."]


def test_an_embedded_file_is_not_words() -> None:
    assert said("a ![[kite.png]] b ![[kite.png|300]] ![a drawing](kite.png)") == ["a b a drawing"]


def test_a_tasks_box_and_struck_words_lose_their_marks() -> None:
    assert said("- [ ] one\n- [x] two ~~three~~ 5~10 and 10~20\n") == ["one", "two three 5~10 and 10~20"]


@pytest.mark.parametrize("opening", [">", "- ", "  - ", "[", "<div>", "*a "])
def test_nesting_ten_thousand_deep_ends_and_keeps_the_words(opening: str) -> None:
    assert "word" in said(opening * 10_000 + "word")[-1]


@given(MARKDOWN_PIECES | st.text(), st.integers(1, 9))
def test_any_text_is_cut_into_blocks_with_lines_that_it_has(text: str, first_line: int) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    last_line = first_line + text.count("\n")
    for block in read_blocks(text, first_line):
        assert block.pieces
        assert first_line <= block.line <= last_line
        assert all(line <= last_line for _, _, line in block.pieces)
