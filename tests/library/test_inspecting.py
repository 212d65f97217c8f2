"""The library as those who keep it look at it: counts, findings, timelines, links, and why a passage ranks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.curation import Curator
from bot.library import Library
from bot.library.inspecting import Inspector
from bot.library.linking import MOST_LINKED
from bot.library.surveying import FILES_PAGE, VIDEOS_PAGE, VideoOrder
from bot.models import Miss, SearchAnswer, Severity, Trust
from bot.store.database import Database
from tests.invented import BEES, LIGHTS, anchor, many_pages, page, write_corpus


@pytest.fixture
def inspector(library: Library, curator: Curator) -> Inspector:
    """An inspector of the invented corpus."""
    return Inspector(library)


async def inspected(database: Database, folder: Path, files: dict[str, str]) -> Inspector:
    """An inspector of these files."""
    library = Library(database)
    await Curator(database, [write_corpus(folder, files)], library.refresh).reload()
    return Inspector(library)


async def test_every_source_is_counted_and_the_nameless_too(inspector: Inspector) -> None:
    summary = await inspector.summary()
    counts = {one.source: (one.pages, one.articles, one.videos, one.stated) for one in summary.sources}
    assert counts == {"hivetalks": (2, 0, 1, 11), "coastcast": (1, 0, 1, 4), "": (0, 1, 0, 0)}
    assert (summary.generation, summary.videos, summary.topics) == (1, 2, 8)
    assert summary.loaded_at > 0


async def test_a_change_of_the_corpus_is_counted_anew(
    inspector: Inspector, curator: Curator, corpus_folder: Path
) -> None:
    await inspector.summary()
    write_corpus(corpus_folder, {"wasps.md": page("Wasps", f"Wasps make paper {anchor('00:00:10')}.")})
    await curator.reload()
    summary = await inspector.summary()
    assert summary.generation == 2
    assert sum(one.pages for one in summary.sources) == 4


async def test_an_empty_library_has_nothing_of_anything(library: Library) -> None:
    inspector = Inspector(library)
    assert (await inspector.summary()).sources == ()
    assert (await inspector.files()).files == ()
    assert (await inspector.videos()).videos == ()
    assert (await inspector.link_map()).nodes == ()
    assert await inspector.video(BEES) is None
    assert await inspector.links("0" * 16) is None
    assert (await inspector.search("bees")).total == 0


async def test_files_with_findings_are_narrowed_down_and_paged_worst_first(database: Database, tmp_path: Path) -> None:
    files = {f"p{number:02}.md": page(f"Page {number}", "See [[nowhere]].") for number in range(FILES_PAGE + 5)}
    files["sub/bad.md"] = "---\ntitle: x\n"
    inspector = await inspected(database, tmp_path / "c", files)
    found = await inspector.files()
    assert (len(found.files), found.files_total, found.findings_total) == (FILES_PAGE, FILES_PAGE + 6, FILES_PAGE + 6)
    assert (found.files[0].path, found.files[0].severity, found.files[0].key) == ("c/sub/bad.md", Severity.REJECTED, "")
    assert found.kinds == (
        ("front-matter-open", Severity.REJECTED, 1),
        ("dead-link", Severity.NOTE, FILES_PAGE + 5),
    )
    assert len((await inspector.files(offset=FILES_PAGE)).files) == 6
    assert (await inspector.files(code="dead-link")).files_total == FILES_PAGE + 5
    assert [one.path for one in (await inspector.files(severity="rejected")).files] == ["c/sub/bad.md"]
    assert [one.path for one in (await inspector.files(words="SUB bad")).files] == ["c/sub/bad.md"]
    assert (await inspector.files(words="nowhere.md")).files_total == 0


async def test_a_files_findings_are_all_there_by_line(database: Database, tmp_path: Path) -> None:
    body = "\n\n".join(f"See [[nowhere {number}]]." for number in range(120))
    inspector = await inspected(database, tmp_path / "c", {"p.md": page("Page", body)})
    seen: list[int] = []
    while len(seen) < 120:
        found = await inspector.findings("c/p.md", offset=len(seen))
        assert found.total == 120
        seen += [one.line for one in found.findings]
    assert seen == sorted(seen)
    assert (await inspector.findings("c/p.md", severity="warning")).findings == ()
    assert (await inspector.findings("c/other.md")).total == 0


async def test_a_timeline_has_a_track_a_page_with_the_wrong_times_first(database: Database, tmp_path: Path) -> None:
    sound = " ".join(f"Words {number} {anchor(f'00:{number:02}:10')}." for number in range(1, 20))
    wrong = f"Far away {anchor('99:99:99')}. Near {anchor('00:05:10')}. No time {anchor('xx')}."
    inspector = await inspected(
        database,
        tmp_path / "c",
        {
            "a.md": page("A sound page", sound),
            "b.md": page("B wrong page", wrong),
            "videos.csv": f"video_id,duration_seconds\n{BEES},1200\n",
        },
    )
    found = await inspector.video(BEES)
    assert found is not None
    assert (found.seconds, found.origin, found.is_cut) == (1200, "videos.csv", False)
    assert [track.title for track in found.tracks] == ["B wrong page", "A sound page"]
    far, near, none = found.tracks[0].marks
    assert (far.trust, far.start, far.written) == (Trust.DOUBTFUL, None, "99:99:99")
    assert far.reason
    assert (near.trust, near.start, near.stated, near.words) == (Trust.STATED, 310, 310, "Near")
    assert (none.start, none.stated) == (None, None)
    assert found.tracks[1].marks[0].line == 6


async def test_videos_are_ordered_searched_and_paged(database: Database, tmp_path: Path) -> None:
    files = many_pages(3 * (VIDEOS_PAGE + 2))
    files["wrong.md"] = page("Wrong times", f"Far {anchor('99:99:99')} and near {anchor('00:01:00')}.", LIGHTS)
    inspector = await inspected(database, tmp_path / "c", files)
    found = await inspector.videos()
    assert (found.total, len(found.videos)) == (VIDEOS_PAGE + 3, VIDEOS_PAGE)
    assert (found.videos[0].video, found.videos[0].pages) == (LIGHTS, 1)
    assert (await inspector.videos(order=VideoOrder.MOMENTS)).videos[0].moments == 3
    assert (await inspector.videos(order=VideoOrder.TITLE)).videos[0].title == "Topic 0"
    assert len((await inspector.videos(offset=VIDEOS_PAGE)).videos) == 3
    assert [one.video for one in (await inspector.videos(words="wrong TIMES")).videos] == [LIGHTS]
    assert [one.video for one in (await inspector.videos(words=LIGHTS)).videos] == [LIGHTS]


async def test_a_topic_has_its_neighbours_with_and_without_pages(inspector: Inspector, library: Library) -> None:
    key = next(key for key, one in library.catalogue.documents.items() if one.title == "How bees find flowers")
    found = await inspector.links(key)
    assert found is not None
    assert [(node.title, node.kind) for node in found.linking] == [("Queen bees", "page")]
    assert {(node.title, node.kind) for node in found.linked} == {("Flower meadows", ""), ("Winter clusters", "")}
    unwritten = next(node.key for node in found.linked if node.title == "Winter clusters")
    back = await inspector.links(unwritten)
    assert back is not None
    assert ([node.key for node in back.linking], back.linked, back.topic.kind) == ([key], (), "")


async def test_the_link_map_is_the_most_linked_topics_however_many_there_are(
    database: Database, tmp_path: Path
) -> None:
    files = many_pages(MOST_LINKED + 20)
    files["one.md"] = page("One", "See [[hub]], [[topic_3]] and [[topic_5]].")
    files["two.md"] = page("Two", "See [[hub]], [[topic_3]] and [[One]].")
    files["three.md"] = page("Three", "See [[hub]] and [[topic_3]].")
    inspector = await inspected(database, tmp_path / "c", files)
    found = await inspector.link_map()
    assert len(found.nodes) == MOST_LINKED
    titles = [node.title for node in found.nodes]
    assert (titles[0], found.nodes[0].kind, found.nodes[0].uses) == ("Topic 3", "page", 4)
    hub, third = titles.index("Hub"), titles.index("Topic 3")
    assert (min(hub, third), max(hub, third), 2) in found.together
    if "One" in titles:
        assert (titles.index("One"), third, 1) in found.links
    assert all(one != other for one, other, _ in found.links)


async def test_in_a_small_corpus_the_documents_that_link_stand_on_the_map_too(inspector: Inspector) -> None:
    found = await inspector.link_map()
    titles = [node.title for node in found.nodes]
    assert {"How bees find flowers", "Queen bees", "Lighthouses", "Automation"} <= set(titles)
    assert (titles.index("Lighthouses"), titles.index("Automation"), 1) in found.links
    assert found.together == ()


@pytest.mark.parametrize("query", ["bees winter", '"queen warm"', "waggle danse", "the sun", "bees -winter", "nectar"])
async def test_the_parts_of_a_score_add_up_to_the_members_ranking(
    inspector: Inspector, library: Library, query: str
) -> None:
    explained = await inspector.search(query)
    members = await library.search(query)
    assert not isinstance(members, Miss)
    shown = [(one.document.key, one.words) for one in explained.results]
    assert shown[: len(members.results)] == [(one.document.key, one.words) for one in members.results]
    assert (explained.total, explained.repaired) == (members.total, members.repaired)
    scores = [parts.score for parts in explained.parts]
    assert scores == sorted(scores, reverse=True)
    for parts in explained.parts:
        assert min(parts.text, parts.heading, parts.title, parts.covered, parts.together) >= -1e-9
        brought = sum(value for *_, value in parts.words)
        assert brought == pytest.approx(parts.text + parts.heading + parts.title)


async def test_the_score_that_is_explained_is_the_one_that_ranks(inspector: Inspector, library: Library) -> None:
    from bot.search.engine import search_passages

    async with library.reading() as reader:
        found = await search_passages(reader, "bees winter queen", limit=10)
    explained = await inspector.search("bees winter queen")
    assert [parts.score for parts in explained.parts] == pytest.approx([hit.score for hit in found.hits])


async def test_a_search_of_one_source_is_explained_too(inspector: Inspector, library: Library) -> None:
    explained = await inspector.search("bees", source="coastcast")
    assert {one.document.source for one in explained.results} == {"coastcast"}
    answer = await library.search("bees", source="coastcast")
    assert isinstance(answer, SearchAnswer)
    assert explained.total == answer.total
