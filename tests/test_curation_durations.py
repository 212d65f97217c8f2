"""Lengths of videos in a reload: from videos.csv, from YouTube, from front matter; what changes, and what does not."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from bot.corpus.settling import settle
from bot.curation import Curator
from bot.library import Library
from bot.models import (
    DocumentRef,
    LengthOrigin,
    Moment,
    MomentsAnswer,
    PageStamps,
    ReloadReport,
    Settled,
    TopicAnswer,
    Trust,
    VideoFacts,
)
from bot.render.text import origin
from bot.store.database import Database, open_database
from bot.store.youtube import keep_facts

VIDEO, OTHER = "aaaaaaaaaaa", "bbbbbbbbbbb"
LENGTH = 1_200
TIMES = ["00:01:10", "00:05:20", "00:11:30", "00:19:40", "00:31:50"]  # the last one lies past 20 minutes
BIRDS = ["heron", "stork", "crane", "egret", "bittern"]


class Corpus:
    """A folder of pages with its curator and library."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.library = Library(database)
        self.curator = Curator(database, [folder], self.library.refresh)

    def page(self, name: str = "birds", video: str = VIDEO, front: str = "", times: list[str] = TIMES) -> None:
        head = f"---\ntitle: About {name}\nvideoId: {video}\n{front}---\n\n"
        body = "".join(f"The {bird} stands in the water [{time}]\n\n" for bird, time in zip(BIRDS, times, strict=True))
        (self.folder / f"{name}.md").write_text(head + body, "utf-8")

    def listed(self, *rows: str, name: str = "videos.csv") -> None:
        (self.folder / name).write_text("\n".join(["video_id,duration_seconds", *rows, ""]), "utf-8")

    async def reload(self) -> ReloadReport:
        return await self.curator.reload()

    async def moments(self) -> list[Moment]:
        answer = await self.library.moments("stands in the water")
        assert isinstance(answer, MomentsAnswer)
        return list(answer.moments)

    async def document(self, name: str = "birds") -> DocumentRef:
        answer = await self.library.topic(f"About {name}")
        assert isinstance(answer, TopicAnswer)
        assert answer.document is not None
        return answer.document


@pytest.fixture
async def corpus(tmp_path: Path) -> AsyncIterator[Corpus]:
    folder = tmp_path / "pages"
    folder.mkdir()
    async with open_database(tmp_path / "data") as database:
        yield Corpus(folder, database)


async def past_end(corpus: Corpus) -> list[Moment]:
    moments = await corpus.moments()
    assert len(moments) == len(TIMES)
    return [moment for moment in moments if moment.start is not None and moment.start > LENGTH]


async def test_a_list_that_is_added_takes_back_a_link_past_the_end(corpus: Corpus) -> None:
    corpus.page()
    first = await corpus.reload()
    assert len(await past_end(corpus)) == 1
    corpus.listed(f"{VIDEO},{LENGTH}")
    report = await corpus.reload()
    assert report.is_change
    assert report.generation == first.generation + 1
    assert (report.parsed, report.added, report.changed, report.videos) == (0, (), (), 1)
    assert await past_end(corpus) == []
    assert [moment.trust for moment in await corpus.moments()].count(Trust.STATED) == 4
    counts = dict(report.counts)
    assert counts.get("time-repaired", 0) + counts.get("time-doubtful", 0) == 1


async def test_an_unchanged_list_parses_and_settles_nothing(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus.page()
    corpus.listed(f"{VIDEO},{LENGTH}")
    before = await corpus.reload()

    def settles(*_: object) -> None:
        raise AssertionError("settled again")

    monkeypatch.setattr("bot.store.layout.settle", settles)
    os.utime(corpus.folder / "videos.csv", (0, 0))
    report = await corpus.reload()
    assert not report.is_change
    assert (report.parsed, report.videos, report.generation) == (0, 0, before.generation)


async def test_only_the_videos_whose_length_changed_are_settled_again(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.page()
    corpus.page("others", OTHER)
    corpus.listed(f"{VIDEO},{LENGTH}", f"{OTHER},{LENGTH}")
    await corpus.reload()
    lengths: list[int | None] = []

    def settles(pages: Sequence[PageStamps], duration: int | None) -> list[list[Settled]]:
        lengths.append(duration)
        return settle(pages, duration)

    monkeypatch.setattr("bot.store.layout.settle", settles)
    corpus.listed(f"{VIDEO},{LENGTH}", f"{OTHER},2400")
    await corpus.reload()
    assert lengths == [2400]


async def test_a_list_that_is_gone_gives_the_stamps_back_as_written(corpus: Corpus) -> None:
    corpus.page()
    corpus.listed(f"{VIDEO},{LENGTH}")
    await corpus.reload()
    (corpus.folder / "videos.csv").unlink()
    report = await corpus.reload()
    assert report.videos == 1
    assert {moment.trust for moment in await corpus.moments()} == {Trust.STATED}


async def test_a_list_that_breaks_is_rejected_and_its_lengths_stay(corpus: Corpus) -> None:
    corpus.page()
    corpus.listed(f"{VIDEO},{LENGTH}")
    await corpus.reload()
    (corpus.folder / "videos.csv").write_text("id,length\n", "utf-8")
    report = await corpus.reload()
    assert report.rejected == ("pages/videos.csv",)
    assert not report.is_change
    [finding] = [finding for finding in report.findings if finding.path == "pages/videos.csv"]
    assert "from before stays" in finding.action
    assert await past_end(corpus) == []
    (corpus.folder / "videos.csv").unlink()
    assert (await corpus.reload()).rejected == ()


async def test_bad_lines_are_findings_and_the_others_count(corpus: Corpus) -> None:
    corpus.page()
    corpus.listed("?,60", f"{VIDEO},{LENGTH}")
    report = await corpus.reload()
    [finding] = [finding for finding in report.findings if finding.code == "video-list"]
    assert (finding.path, finding.line) == ("pages/videos.csv", 2)
    assert report.rejected == ()
    assert await past_end(corpus) == []


async def test_lists_in_deeper_folders_count_and_other_csv_files_do_not(corpus: Corpus) -> None:
    corpus.page()
    (corpus.folder / "channel").mkdir()
    corpus.listed(f"{VIDEO},{LENGTH}", name="channel/videos.csv")
    corpus.listed(f"{VIDEO},60", name="other_videos.csv")
    await corpus.reload()
    assert (await corpus.document()).duration == LENGTH


async def test_a_list_counts_more_than_the_page_and_says_where_they_differ(corpus: Corpus) -> None:
    corpus.page(front="duration: 1:00:00\n")
    corpus.page("others", OTHER, front="duration: 20:03\n")
    corpus.listed(f"{VIDEO},{LENGTH}", f"{OTHER},{LENGTH}")
    report = await corpus.reload()
    [finding] = [finding for finding in report.findings if finding.code == "length-differs"]
    assert (finding.path, finding.line) == ("pages/birds.md", 1)
    assert "1:00:00" in finding.message
    assert "0:20:00 by videos.csv" in finding.message
    assert (await corpus.document()).duration == LENGTH


async def test_youtube_completes_what_pages_do_not_state(corpus: Corpus) -> None:
    corpus.page()
    corpus.page("others", OTHER, front="channel: My channel\npublished: 2020-01-01\nduration: 1:00:00\n")
    await corpus.reload()
    facts = VideoFacts("The talk", "Bird talks", "2024-02-03", LENGTH, LengthOrigin.YOUTUBE)
    await keep_facts(corpus.database.state, [VIDEO, OTHER], {VIDEO: facts, OTHER: facts})
    corpus.listed(f"{VIDEO},3000")
    report = await corpus.reload()
    assert (report.parsed, report.videos) == (0, 2)
    assert origin(await corpus.document()) == "Bird talks · 2024-02-03 · 20:00"
    assert origin(await corpus.document("others")) == "My channel · 2020-01-01 · 20:00"
    assert [topic.title for topic in corpus.library.complete_videos("talk")] == ["The talk", "The talk"]
    assert corpus.library.catalogue.sources.keys() == {"Bird talks", "My channel"}
    assert [moment for moment in await corpus.moments() if (moment.start or 0) > LENGTH] == []


async def test_what_youtube_says_stays_when_a_page_changes(corpus: Corpus) -> None:
    corpus.page()
    facts = VideoFacts("The talk", "Bird talks", "2024-02-03", LENGTH, LengthOrigin.YOUTUBE)
    await keep_facts(corpus.database.state, [VIDEO], {VIDEO: facts})
    await corpus.reload()
    corpus.page(front="guest: A. Bird\n")
    report = await corpus.reload()
    assert (report.changed, report.videos) == (("pages/birds.md",), 0)
    assert origin(await corpus.document()) == "Interview with A. Bird · Bird talks · 2024-02-03 · 20:00"
    assert await past_end(corpus) == []


async def test_a_check_says_what_a_list_would_do_and_does_nothing(corpus: Corpus) -> None:
    corpus.page()
    before = await corpus.reload()
    corpus.listed(f"{VIDEO},{LENGTH}")
    report = await corpus.curator.check()
    assert report.dry
    assert report.videos == 1
    assert len(await past_end(corpus)) == 1
    assert (await corpus.reload()).generation == before.generation + 1
