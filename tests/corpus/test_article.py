"""Clipped articles: what is the article's own, and what belongs to the page around it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.corpus.article import Article, Line, _body, is_clipped, read_article

TITLE = "Kites Return to the City’s Rooftops"
CLIP = f"""Home / Hobbies / Outdoors / {TITLE}
Hobbies
4 min read
{TITLE}
Published

Ada Stringer

March 4, 2021
Share this article

Key Takeaways

- Sales of kites doubled in a year.
• Rooftops are where they fly.

Kites have come back, and they have come back to roofs. Shops sold twice as many as a year before [1].

Where the Wind Is

Nobody had expected it. The roofs of the old town are high enough for a steady wind [2][3].

{TITLE}

What Comes Next:

The city is thinking of rules. A first draft is due in May.

See more
References

1. Office of Hobbies: Yearly Report
[2] Weather Desk: Roof Winds
3) City Hall: Draft Rules
hobbieskites
Was this article helpful? Yes No
Ada Stringer is The Daily Breeze’s writer for all that flies.
Related Articles
Balloons, Too
"""
FRAGMENTS = st.lists(
    st.sampled_from(
        [*CLIP.split("\n"), "", "x", "References", "- ", "[1]", "A B A B ", "January 99, 2020", "by: ", " / / "]
    )
).map("\n".join)


@pytest.fixture(name="article", scope="module")
def _article() -> Article:
    return read_article(CLIP)


def words(article: Article) -> list[str]:
    return [passage.text for passage in article.passages]


def test_a_clip_is_known_by_its_marks() -> None:
    assert is_clipped(CLIP)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Kites fly.",
        "Kites\n\nThey fly.\n\n- on wind\n",
        "Buy kites\nBuy kites and string\nloading the car\n",
    ],
)
def test_a_note_is_no_clip(text: str) -> None:
    assert not is_clipped(text)


def test_the_title_is_taken_once(article: Article) -> None:
    assert article.title == TITLE
    assert all(TITLE not in text for text in words(article))


def test_byline_date_and_publisher_are_read(article: Article) -> None:
    assert (article.author, article.published, article.source) == ("Ada Stringer", "2021-03-04", "The Daily Breeze")


def test_takeaways_are_takes_without_a_label(article: Article) -> None:
    assert [(take.label, take.text) for take in article.takes] == [
        ("", "Sales of kites doubled in a year."),
        ("", "Rooftops are where they fly."),
    ]


def test_short_lines_above_paragraphs_are_headings(article: Article) -> None:
    headings = [section.heading for section in article.sections if section.heading]
    assert headings == ["Key Takeaways", "Where the Wind Is", "What Comes Next:"]


def test_a_passage_stands_under_its_heading_on_its_line(article: Article) -> None:
    passage = article.passages[3]
    assert article.sections[passage.section].heading == "Where the Wind Is"
    assert CLIP.split("\n")[passage.line - 1].startswith("Nobody had expected it.")


def test_text_after_the_takeaways_is_not_one_of_them(article: Article) -> None:
    assert article.sections[article.passages[2].section].heading == ""


def test_references_are_tied_to_their_marks(article: Article) -> None:
    assert article.references == [
        (1, "Office of Hobbies: Yearly Report"),
        (2, "Weather Desk: Roof Winds"),
        (3, "City Hall: Draft Rules"),
    ]
    assert [passage.references for passage in article.passages if passage.references] == [(1,), (2, 3)]
    assert not any("[" in text for text in words(article))


@pytest.mark.parametrize(
    "furniture", ["See more", "helpful", "Related", "Balloons", "hobbieskites", "min read", "Share", "writer for"]
)
def test_what_belongs_to_the_page_is_in_no_passage(article: Article, furniture: str) -> None:
    assert not any(furniture in text for text in words(article))


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("March 4, 2021", "2021-03-04"),
        ("4 March 2021", "2021-03-04"),
        ("2021-03-04", "2021-03-04"),
        ("February 30, 2021", ""),
        ("2021-13-45", ""),
    ],
)
def test_a_date_is_read_as_it_is_written_or_not_at_all(line: str, published: str) -> None:
    assert read_article(f"A / B / {TITLE}\n{TITLE}\n{line}\n\nKites have come back.").published == published


def test_byline_and_date_may_run_together() -> None:
    article = read_article(
        f"Back to Hobbies\n{TITLE}\n\nBreeze News TeamMay 4, 20214 min read\n\n{TITLE}\n\nKites have come back."
    )
    assert (article.author, article.source, article.published) == ("Breeze News Team", "Breeze", "2021-05-04")


def test_a_byline_may_say_by() -> None:
    assert read_article(f"A / B / {TITLE}\n{TITLE}\nBy Ada Stringer\n\nKites have come back.").author == "Ada Stringer"


def test_a_summary_above_the_byline_is_a_section_of_its_own() -> None:
    summary = "Kites are flown from roofs again, " * 6
    article = read_article(f"{TITLE}\nIn Short In Short {summary}\n\nMay 4, 2021\n{TITLE}\n\nKites have come back.")
    assert article.sections[article.passages[0].section].heading == "In Short"
    assert article.passages[0].text == summary.strip()


def test_an_article_of_nothing_has_nothing() -> None:
    assert read_article("\n \n") == Article()


@given(FRAGMENTS | st.text())
def test_any_text_is_read_without_raising(text: str) -> None:
    is_clipped(text)
    article = read_article(text)
    assert all(passage.text and passage.section < len(article.sections) for passage in article.passages)
    assert all(take.passage < len(article.passages) for take in article.takes)


@pytest.mark.parametrize(
    "text",
    [
        "Aa " * 130_000,
        "A" + "a" * 400_000,
        "January " * 50_000,
        "January" + " " * 400_000,
        "a\n\n" * 130_000,
        "[1]" * 130_000,
    ],
    ids=range(6),
)
def test_a_long_clip_of_nothing_sensible_ends(text: str) -> None:
    clip = f"A / B / C\n{text}\nloading\n5 min read\n\n{text}"
    assert is_clipped(clip)
    assert read_article(clip).title


class Counted(list[Line]):
    """Lines that count how many of them were handed out."""

    given = 0

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        self.given += len(found) if isinstance(index, slice) else 1
        return found


def test_lines_that_all_look_like_headings_are_looked_at_a_few_times_each() -> None:
    lines = Counted((number, ("Kites", "", "Kites fly", "")[number % 4]) for number in range(4_000))
    article = Article()
    _body(article, lines)
    assert len(article.passages) == 1_000  # `Kites` is a heading each time: a longer line follows
    assert lines.given < 10 * len(lines)
