"""The library's answers where commands do not show them whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.curation import Curator
from bot.errors import ReadTooSlow, StoreError
from bot.library import Library
from bot.library.takes import merge_takes
from bot.models import DocumentRef, Kind, Miss, Moment, SearchAnswer, TakeRef, Trust
from bot.store import database as database_module
from bot.store import reading
from bot.store.database import Database, Reader, Row, open_database
from tests.invented import BEES, LIGHTS, anchor, page, write_corpus


def take(label: str, start: int | None, page: str = "one", video: str = BEES, text: str = "text") -> TakeRef:
    document = DocumentRef(page, page, Kind.PAGE, page, video=video)
    moment = None if start is None else Moment(video, start, "", text, Trust.STATED, document)
    return TakeRef(label, text, document, moment)


def merged(*takes: TakeRef) -> list[tuple[str, str, int]]:
    """Each merged take as its label, its page, and how many other pages tell it."""
    return [(take.label, take.document.key, len(take.also)) for take in merge_takes(takes)]


def test_one_answer_of_several_pages_is_one_take_with_the_longest_words() -> None:
    (best,) = merge_takes([take("Overhyped", 480), take("What is overhyped", 483, "two", text="longer text")])
    assert (best.text, best.document.key, [page.key for page in best.also]) == ("longer text", "two", ["one"])


def test_answers_to_two_questions_within_seconds_stay_two() -> None:
    assert merged(take("Overhyped", 480), take("Underhyped", 483, "two")) == [
        ("Overhyped", "one", 0),
        ("Underhyped", "two", 0),
    ]


def test_the_nearest_of_two_answers_is_the_same_one() -> None:
    takes = merged(take("Hype", 480), take("Hype", 484), take("Hype", 484, "two"))
    assert takes == [("Hype", "one", 0), ("Hype", "one", 1)]


def test_answers_that_share_a_stamp_on_both_pages_are_told_apart_by_their_question() -> None:
    takes = [take(label, 480, page) for page in ("one", "two") for label in ("Overhyped", "Underhyped")]
    assert merged(*takes) == [("Overhyped", "one", 1), ("Underhyped", "one", 1)]


@pytest.mark.parametrize(
    "other",
    [
        take("Overhyped", 486, "two"),
        take("Overhyped", 480, "two", LIGHTS),
        take("Overhyped", None, "two"),
        take("Overhyped", 480, "one"),
        take("", 480, "two"),
    ],
    ids=["later", "another video", "no time", "the same page", "a takeaway"],
)
def test_what_is_told_elsewhere_stays_a_take_of_its_own(other: TakeRef) -> None:
    assert len(merged(take("Overhyped", 480), other)) == 2


def test_takes_without_a_video_or_a_time_are_never_merged() -> None:
    assert len(merged(take("Hype", 480, "one", ""), take("Hype", 480, "two", ""))) == 2
    assert len(merged(take("Hype", None), take("Hype", None, "two"))) == 2
    assert merged() == []


async def test_an_empty_library_misses_everything_and_offers_nothing(database: Database) -> None:
    library = Library(database)
    await library.refresh()
    assert library.is_empty
    assert await library.topic("bees") == Miss("bees")
    assert await library.moments("bees") == Miss("bees")
    assert await library.takes(label="bees") == Miss("bees", of_takes=True)
    assert library.complete_topics("b") == library.complete_videos("") == library.complete_labels("") == []


async def test_a_passage_is_cut_at_its_moments(curator: Curator, library: Library) -> None:
    answer = await library.topic("how bees find flowers")
    assert not isinstance(answer, Miss)
    lead = answer.lead[0]
    assert [([moment.start for moment in moments], text) for moments, text in lead.pieces] == [
        ([40], "Bees steer by the sun and remember meadows for days."),
        ([125], "A scout that comes home dances the way to the nectar."),
    ]


async def test_words_after_the_last_moment_stay_without_one(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    text = f"Seals sleep afloat {anchor('00:01:00')} {anchor('00:01:05')}, says she. Nobody knows why"
    write_corpus(corpus_folder, {"seals.md": page("Seals", text, "sealsCCCCC3")})
    await curator.reload()
    answer = await library.topic("seals")
    assert not isinstance(answer, Miss)
    (lead,) = answer.lead
    assert [([moment.start for moment in moments], text) for moments, text in lead.pieces] == [
        ([60, 65], "Seals sleep afloat,"),
        ([], "says she. Nobody knows why"),
    ]


async def test_a_topics_moments_leave_out_what_its_lead_tells(curator: Curator, library: Library) -> None:
    answer = await library.topic("how bees find flowers")
    assert not isinstance(answer, Miss)
    told = {moment.start for excerpt in answer.lead for moments, _ in excerpt.pieces for moment in moments}
    assert told == {40, 125, 190, 211, 360}
    assert [moment.start for moment in answer.moments] == [480, 484]
    assert answer.moment_count == 7


async def test_around_a_moment_only_what_is_near_on_any_page_of_the_video(curator: Curator, library: Library) -> None:
    answer = await library.around(BEES, 350)
    assert not isinstance(answer, Miss)
    assert [moment.start for moment in answer.moments] == [300, 360, 362]
    assert isinstance(await library.around(BEES, 5000), Miss)


async def test_a_reload_between_two_questions_is_seen_whole_by_each(
    curator: Curator, library: Library, database: Database, corpus_folder: Path
) -> None:
    stale = Library(database)
    await stale.refresh()
    (corpus_folder / "lights.md").unlink()
    await curator.reload()
    assert isinstance(await stale.topic("lighthouses"), Miss)
    assert isinstance(await stale.topic("automation"), Miss)


async def test_a_question_that_takes_too_long_leaves_the_library_usable(
    curator: Curator, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(reader: object, key: str) -> int:
        assert isinstance(reader, Reader)
        await reader.fetch("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
        return 0

    with monkeypatch.context() as patched:
        patched.setattr(reading, "document_id", endless)
        patched.setattr(database_module, "READ_LIMIT", 0.5)
        with pytest.raises(ReadTooSlow, match="Narrow it down"):
            await library.topic("lighthouses")
    assert not isinstance(await library.topic("lighthouses"), Miss)


async def test_as_many_statements_read_five_results_as_one(
    curator: Curator, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = Reader.fetch

    async def counted(reader: Reader, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        asked.append(sql)
        return await fetch(reader, sql, parameters)

    monkeypatch.setattr(Reader, "fetch", counted)
    counts = {}
    await library.search("bees flowers")  # how many passages have a word is remembered
    for offset in (0, 5):
        asked.clear()
        answer = await library.search("bees flowers", offset=offset)
        assert isinstance(answer, SearchAnswer)
        counts[len(answer.results)] = len(asked)
    assert len(counts) == 2
    assert len(set(counts.values())) == 1


async def test_status_measures_the_databases(curator: Curator, library: Library) -> None:
    assert (await library.status()).bytes >= 4096


async def test_a_corpus_that_vanished_is_a_store_error_that_names_the_way_out(
    curator: Curator, database: Database
) -> None:
    async with open_database(database.corpus.path.parent, writes=False) as other:
        for path in (database.corpus.path, database.corpus.path.with_name("corpus.db-wal")):
            path.unlink(missing_ok=True)
        with pytest.raises(StoreError, match="restart of the bot rebuilds it"):
            await Library(other).status()
