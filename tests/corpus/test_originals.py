"""The corpus that ships, the five originals that it retells, and real pages: facts and numbers that must come out.

The originals and the real pages lie beside the repository where it is developed, and are skipped elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.corpus.parse import parse
from bot.models import Document, Kind, Severity

ROOT = Path(__file__).parents[2]
OURS = ROOT / "seeds"
ORIGINALS = ROOT.parent / "shared" / "seeds"
VAULT = ROOT.parent / "shared" / "vault" / "pages"
FOLDERS = [
    pytest.param(OURS, id="seeds"),
    pytest.param(
        ORIGINALS,
        id="originals",
        marks=pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the originals are not part of the repository"),
    ),
]
with_vault = pytest.mark.skipif(not VAULT.is_dir(), reason="the real pages are not part of the repository")

VIDEO = "_N2KPEdh69s"
ANCHOR = re.compile(r'<a class="yt-timestamp" data-t="([0-9:]+)">\[([0-9:]+)\]</a>')
WIKILINK = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
SHORT_TAKES = {
    "Overhyped": ["00:30:27"],
    "Underhyped": ["00:30:37"],
    "Biggest Surprise (Positive)": ["00:31:16"],
    "Biggest Surprise (Negative)": ["00:31:01"],
    "Thoughts on Grok Model": ["00:31:33"],
    "Exciting AI Startup (non-Mistral)": ["00:32:01"],
    "Alternative AI Application": ["00:32:36"],
}
LONG_TAKES = {
    "Overhyped in AI": ["00:30:27"],
    "Underhyped in AI": ["00:30:37"],
    "Biggest surprise in building Mistral": ["00:31:16"],
    "What thought would work and didn't": ["00:31:01"],
    "Thoughts on Grok model": ["00:31:33"],
    "Excited about other AI startups": ["00:32:01"],
    "Alternative AI application to build": ["00:32:36", "00:38:40"],
}


def load(folder: Path) -> dict[str, tuple[str, Document]]:
    """The documents of a folder by the kind of their first lines, each with its raw text."""
    found = {}
    for file in sorted(folder.iterdir()):
        if file.suffix not in (".md", ".txt"):
            continue
        parsed = parse(f"seeds/{file.name}", file.read_bytes())
        assert parsed.document is not None
        assert parsed.findings == ()
        found[_name(parsed.document)] = (file.read_text(encoding="utf-8"), parsed.document)
    return found


def _name(document: Document) -> str:
    if document.kind is Kind.PAGE:
        return f"page of {sum(len(passage.stamps) for passage in document.passages)}"
    return "report" if document.references else "news"


@pytest.fixture(name="corpus", params=FOLDERS, scope="module")
def _corpus(request: pytest.FixtureRequest) -> dict[str, tuple[str, Document]]:
    return load(request.param)


def pages(corpus: dict[str, tuple[str, Document]]) -> list[tuple[str, Document]]:
    return [corpus[name] for name in corpus if name.startswith("page")]


def test_there_are_three_pages_and_two_articles_with_every_anchor(corpus: dict[str, tuple[str, Document]]) -> None:
    assert sorted(corpus) == ["news", "page of 42", "page of 63", "page of 83", "report"]


def test_pages_name_their_video_and_channel(corpus: dict[str, tuple[str, Document]]) -> None:
    assert {(page.video, page.source) for _, page in pages(corpus)} == {(VIDEO, "redpointai")}


def test_every_anchor_comes_out_in_order_as_it_is_written(corpus: dict[str, tuple[str, Document]]) -> None:
    for text, page in pages(corpus):
        found = [(stamp.written, stamp.label) for passage in page.passages for stamp in passage.stamps]
        assert found == ANCHOR.findall(text)


def test_every_anchor_has_words_and_its_line(corpus: dict[str, tuple[str, Document]]) -> None:
    for text, page in pages(corpus):
        lines = text.split("\n")
        for passage in page.passages:
            for stamp in passage.stamps:
                assert passage.text[stamp.start : stamp.end].strip()
                assert stamp.written in lines[stamp.line - 1]


def test_every_wikilink_comes_out_those_in_headings_too(corpus: dict[str, tuple[str, Document]]) -> None:
    for text, page in pages(corpus):
        expected = [(target.strip(), (words or target).strip()) for target, words in WIKILINK.findall(text)]
        assert expected.pop(0)[0] == "redpointai"
        found = [
            (link.target, passage.text[link.start : link.end]) for passage in page.passages for link in passage.links
        ]
        found += [
            (link.target, section.heading[link.start : link.end]) for section in page.sections for link in section.links
        ]
        assert Counter(found) == Counter(expected)


def test_links_in_headings_are_among_them(corpus: dict[str, tuple[str, Document]]) -> None:
    in_headings = [link.target for section in corpus["page of 42"][1].sections for link in section.links]
    assert in_headings == ["understanding_language_models", "building_and_utilizing_large_language_models"]


@pytest.mark.parametrize(
    ("name", "expected"), [("page of 42", {}), ("page of 63", SHORT_TAKES), ("page of 83", LONG_TAKES)]
)
def test_every_quick_take_has_its_label_text_and_time(
    corpus: dict[str, tuple[str, Document]], name: str, expected: dict[str, list[str]]
) -> None:
    page = corpus[name][1]
    found = {take.label: [stamp.written for stamp in page.passages[take.passage].stamps] for take in page.takes}
    assert found == expected
    assert all(take.text and take.label not in take.text for take in page.takes)


def test_no_markup_is_left_in_any_words(corpus: dict[str, tuple[str, Document]]) -> None:
    for _, document in corpus.values():
        for text in [p.text for p in document.passages] + [s.heading for s in document.sections]:
            assert not re.search(r"\[|\]|<|>|\*\*|`|\|| {2}|\b[0-9]{2}:[0-9]{2}:[0-9]{2}", text)


def test_the_news_article_is_read(corpus: dict[str, tuple[str, Document]]) -> None:
    text, article = corpus["news"]
    assert text.count(article.title) >= 2
    assert not any(article.title in passage.text for passage in article.passages)
    assert (article.author, article.source, article.kind) == ("James Morales", "CCN", Kind.ARTICLE)
    assert [take.label for take in article.takes] == ["", "", ""]
    headings = [section.heading for section in article.sections if section.heading]
    assert headings[0] == "Key Takeaways"
    assert len(headings) == 1 + 3
    assert [sum(p.section == index for p in article.passages) for index in range(len(article.sections))] == [
        0,
        3,
        2,
        4,
        3,
        3,
    ]


def test_the_report_is_read(corpus: dict[str, tuple[str, Document]]) -> None:
    text, report = corpus["report"]
    assert text.count(report.title) == 2
    assert not any(report.title in passage.text for passage in report.passages)
    assert report.author == "Daily Neural Digest Investigation Team"
    assert (report.source, report.published) == ("Daily Neural Digest", "2025-12-09")
    headings = [section.heading for section in report.sections if section.heading]
    assert headings[0] == "Executive Summary"
    assert len(headings) == 1 + 6


def test_the_reports_references_are_tied_to_their_marks(corpus: dict[str, tuple[str, Document]]) -> None:
    report = corpus["report"][1]
    assert [number for number, _ in report.references] == [1, 2, 3, 4]
    assert [name.partition(":")[0] for _, name in report.references] == [
        "Gartner",
        "IDC",
        "Bloomberg",
        "Morgan Stanley",
    ]
    assert [passage.references for passage in report.passages if passage.references] == [(1,), (2,), (3,), (4,)]


@pytest.mark.parametrize(
    "furniture",
    [
        r"\bloading\b",
        "See more",
        "Back to Investigations",
        "Share this",
        "Was this",
        "Related Articles",
        "investigationmistral",
        "min read",
        "^Published",
        "^Home /",
        "blockchain and crypto",
    ],
)
def test_no_page_furniture_is_in_any_passage(corpus: dict[str, tuple[str, Document]], furniture: str) -> None:
    for name in ("news", "report"):
        document = corpus[name][1]
        assert not any(re.search(furniture, passage.text) for passage in document.passages)


def test_our_seeds_keep_the_originals_times_labels_and_link_targets() -> None:
    if not ORIGINALS.is_dir():
        pytest.skip("the originals are not part of the repository")
    ours, originals = load(OURS), load(ORIGINALS)
    for name in originals:
        (_, mine), (_, theirs) = ours[name], originals[name]
        assert Counter(s.written for p in mine.passages for s in p.stamps) == Counter(
            s.written for p in theirs.passages for s in p.stamps
        )
        assert Counter(link.target for p in mine.passages for link in p.links) == Counter(
            link.target for p in theirs.passages for link in p.links
        )
        assert [take.label for take in mine.takes] == [take.label for take in theirs.takes]


@pytest.fixture(name="vault", scope="module")
def _vault() -> dict[Path, tuple[str, Document]]:
    found = {}
    for file in sorted(VAULT.rglob("*.md")):
        parsed = parse(file.relative_to(VAULT).as_posix(), file.read_bytes())
        if parsed.document is None:
            assert any(finding.severity is Severity.REJECTED for finding in parsed.findings)
        else:
            found[file] = (file.read_text(encoding="utf-8"), parsed.document)
    return found


@with_vault
def test_all_real_pages_load(vault: dict[Path, tuple[str, Document]]) -> None:
    assert len(vault) == 914


@with_vault
def test_every_anchor_of_a_real_page_with_a_video_comes_out(vault: dict[Path, tuple[str, Document]]) -> None:
    short = [
        file
        for file, (text, document) in vault.items()
        if document.video and sum(len(passage.stamps) for passage in document.passages) < text.count("<a class=")
    ]
    assert short == []


@with_vault
def test_no_anchor_is_left_in_the_words_of_real_pages(vault: dict[Path, tuple[str, Document]]) -> None:
    texts = [passage.text for _, document in vault.values() for passage in document.passages]
    assert not [
        text for text in texts if "yt-timestamp" in text or "</a>" in text or re.search(r"\[[0-9]+:[0-9]", text)
    ]


@with_vault
def test_wikilink_brackets_are_left_in_the_words_of_one_broken_real_page_only(
    vault: dict[Path, tuple[str, Document]],
) -> None:
    texts = [passage.text for _, document in vault.values() for passage in document.passages]
    assert sum("[[" in text for text in texts) == 1


@with_vault
def test_the_quick_takes_of_real_pages_are_found(vault: dict[Path, tuple[str, Document]]) -> None:
    takes = {file.stem: len([t for t in document.takes if t.label]) for file, (_, document) in vault.items()}
    assert takes["robbie_ferguson_and_the_founding_of_immutable"] == 7
    assert takes["elizabeth_yins_career_journey_and_experiences"] == 6
    assert takes["growth_tactics_that_do_not_work"] >= 4
