"""Reading documents and moments: what depends on several files, and questions about nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.curation import Curator
from bot.models import Trust
from bot.store import reading, searching
from bot.store.database import Database, Reader, Row
from bot.store.layout import document_key

BEES_KEY = document_key("corpus/bees.md")


async def test_questions_about_nothing_are_answered_with_nothing(curator: Curator, database: Database) -> None:
    async with database.corpus.read() as reader:
        assert await reading.documents(reader, []) == {}
        assert await reading.passages(reader, []) == {}
        assert await reading.moments_in(reader, []) == {}
        assert await reading.moments_by_id(reader, []) == {}
        assert await reading.takes(reader, labels=[]) == []
        assert await reading.document_id(reader, "nowhere") == 0
        assert await reading.references(reader, 0) == ()
        assert await reading.same_video(reader, "") == []


async def test_the_pages_of_a_video_are_found_by_an_index(
    curator: Curator, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, plans = Reader.fetch, []

    async def explained(reader: Reader, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        plans.append([row["detail"] for row in await fetch(reader, f"EXPLAIN QUERY PLAN {sql}", parameters)])
        return await fetch(reader, sql, parameters)

    async with database.corpus.read() as reader:
        monkeypatch.setattr(Reader, "fetch", explained)
        assert len(await reading.same_video(reader, "beesAAAAAA1")) == 2
        assert len(await searching.documents_of(reader, "beesAAAAAA1", "", 0)) == 2
    assert ["document_video" in plan[0] for plan in plans] == [True, True]


async def test_thousands_of_ids_fit_one_question(curator: Curator, database: Database) -> None:
    ids = range(1, 20_000)
    async with database.corpus.read(limit=30) as reader:
        assert len(await reading.documents(reader, ids)) == 4
        assert len(await reading.passages(reader, ids)) == 13


async def test_moments_of_a_page_come_by_time_each_second_once(curator: Curator, database: Database) -> None:
    async with database.corpus.read() as reader:
        number = await reading.document_id(reader, BEES_KEY)
        moments = await reading.moments_of(reader, number, 100)
        assert [moment.start for moment in moments] == [40, 125, 190, 211, 360, 480, 484]
        assert await reading.moment_count(reader, number) == 7
        assert [moment.start for moment in await reading.moments_of(reader, number, 2, offset=5)] == [480, 484]
        assert {moment.trust for moment in moments} == {Trust.STATED}


@pytest.mark.parametrize(
    ("slug", "words"),
    [("flowermeadows", "Bees steer by the sun"), ("winterclusters", "Bees do not sleep through the winter")],
)
async def test_a_topic_without_a_page_is_told_by_passages_that_link_to_it_or_stand_under_a_heading_that_does(
    slug: str, words: str, curator: Curator, database: Database
) -> None:
    async with database.corpus.read() as reader:
        ids = await reading.passages_naming(reader, slug, 10)
        (passage,) = (await reading.passages(reader, ids)).values()
    assert passage.text.startswith(words)


async def test_links_are_followed_both_ways(curator: Curator, database: Database) -> None:
    async with database.corpus.read() as reader:
        queens = await reading.document_id(reader, document_key("corpus/queens.md"))
        bees = await reading.document_id(reader, BEES_KEY)
        linked = await reading.linked_from(reader, queens)
        assert linked == [(BEES_KEY, "howbeesfindflowers"), ("", "themoonlanding")]
        assert await reading.linking_to(reader, bees, 5) == [document_key("corpus/queens.md")]
