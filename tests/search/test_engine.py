"""Search as a member sees it: which passages and moments come, in what order, over a real store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.models import Document, Kind, Passage, Section, Stamp
from bot.search import candidates
from bot.search.engine import Found, MomentHit, PassageHit, Scope, search_moments, search_passages
from bot.search.explaining import explain_passages
from bot.search.query import CLAMP, MOST_WORDS
from bot.store import searching, writing
from bot.store.database import Database, open_database
from tests.store.load import load_documents

EVERYWHERE = Scope()
FOREST, TOWN = "forestVideo", "townVideo__"
TOP = Section("", 0, (), 0)
RIVER = Section("River crossings", 2, ("River crossings",), 3)


def passage(text: str, *ends: str, section: int = 0) -> Passage:
    """A passage with a stamp after each of the words in `ends`; the times do not matter here."""
    stamps, start = [], 0
    for words in ends:
        end = text.index(words) + len(words)
        stamps.append(Stamp("00:00:01", "00:00:01", start, end, 1))
        start = end
    return Passage(text, section, 1, stamps=tuple(stamps))


def page(path: str, title: str, *passages: Passage, video: str = FOREST, source: str = "woods") -> Document:
    return Document(path, Kind.PAGE, title, source, video, sections=(TOP, RIVER), passages=passages)


# Documents and their moments' seconds, in the order of the text.
LIBRARY: list[tuple[Document, list[int | None]]] = [
    (
        page(
            "a.md",
            "Otters of the north",
            passage("Otters hold hands while they sleep. Beavers build dams.", "sleep.", "dams."),
            passage("The quick brown heron fished at dawn.", "dawn."),
            passage("A ferry runs twice a day.", "day.", section=1),
        ),
        [10, 20, 30, 40],
    ),
    (
        page(
            "b.md",
            "Sleeping animals",
            passage("While they sleep, otters hold hands so as not to drift.", "drift."),
            passage("Herons: brown ones fish quickly.", "quickly."),
        ),
        [13, 300],
    ),
    (page("c.md", "In town", passage("Town otters nap below a pier.", "pier."), video=TOWN, source="City Desk"), [5]),
    (page("d.md", "Doubts", passage("Badgers dig setts.", "setts."), video="doubtVideo_"), [None]),
    (page("e.md", "More badgers", passage("Badgers dig setts.", "setts."), video="otherVideo_"), [50]),
    (
        Document("f.txt", Kind.ARTICLE, "Statistics", "The Almanac", sections=(TOP,), passages=(
            passage("GPT-4 and the H100 cost 1.5K; C++ is faster than C."),
            passage("東京都の地下鉄は速い。"),
            passage("Der Käfer läuft über die Brücke und nicht mit dem Zug, sondern zu Fuß auf der Straße."),
        )),
        [],
    ),
]  # fmt: skip


async def load(database: Database, library: list[tuple[Document, list[int | None]]]) -> None:
    async with database.corpus.write() as writer:
        await load_documents(writer, [document for document, _ in library])
        seconds = [second for _, times in library for second in times]
        settled = [
            (second, None, "doubtful" if second is None else "stated", "", number)
            for number, second in enumerate(seconds, 1)
        ]
        await writing.settle_moments(writer, settled)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(tmp_path) as database:
        await load(database, LIBRARY)
        yield database


async def passages(
    database: Database, text: str, *, literal: bool = False, scope: Scope = EVERYWHERE
) -> Found[PassageHit]:
    async with database.corpus.read() as reader:
        return await search_passages(reader, text, literal=literal, scope=scope)


async def moments(
    database: Database, text: str, *, scope: Scope = EVERYWHERE, offset: int = 0, limit: int = 10
) -> Found[MomentHit]:
    async with database.corpus.read() as reader:
        return await search_moments(reader, text, scope=scope, offset=offset, limit=limit)


async def texts(database: Database, found: Found[PassageHit]) -> list[str]:
    async with database.corpus.read() as reader:
        return [
            str((await reader.fetch("SELECT text FROM passage WHERE id = ?", (hit.passage,)))[0][0])
            for hit in found.hits
        ]


async def test_every_word_beats_some_words(database: Database) -> None:
    best = (await texts(database, await passages(database, "brown heron dawn")))[0]
    assert best.startswith("The quick brown heron")


async def test_a_phrase_alone_is_insisted_on(database: Database) -> None:
    found = await passages(database, '"brown heron"')
    assert await texts(database, found) == ["The quick brown heron fished at dawn."]


async def test_a_phrase_is_looked_for_where_it_is_said_and_only_else_on_the_page_that_is_called_so(
    tmp_path: Path,
) -> None:
    called = page("a.md", "Otter food", passage("It comes from rivers, at night.", "night."))
    says = page("b.md", "Rivers", passage("In a river, otter food is caught at night.", "night."))
    for pages, found in (([called, says], [2]), ([called], [1])):
        async with open_database(tmp_path / str(len(pages))) as database:
            await load(database, [(one, [10]) for one in pages])
            assert [hit.passage for hit in (await passages(database, '"otter food"')).hits] == found
            assert [hit.passage for hit in (await moments(database, '"otter food"')).hits] == found


async def test_of_several_phrases_one_may_be_what_the_page_is_called(tmp_path: Path) -> None:
    called = page("a.md", "Otter food", passage("It comes from wide rivers, at night.", "night."))
    both = page("b.md", "Rivers", passage("Otter food is caught in wide rivers.", "rivers."))
    async with open_database(tmp_path) as database:
        await load(database, [(called, [10]), (both, [20])])
        found = await passages(database, '"otter food" "wide rivers"')
    assert sorted(hit.passage for hit in found.hits) == [1, 2]


async def test_a_phrase_that_is_nowhere_is_searched_as_words_and_said_so(database: Database) -> None:
    found = await passages(database, '"heron brown dawn"')
    assert found.repaired == "heron brown dawn"
    assert (await texts(database, found))[0].startswith("The quick brown heron")


async def test_a_phrase_that_is_nowhere_is_a_miss_where_literal_words_were_asked_for(database: Database) -> None:
    assert (await passages(database, '"heron brown dawn"', literal=True)).total == 0


async def test_excluded_words_stay_out(database: Database) -> None:
    found = await texts(database, await passages(database, "otters -pier"))
    assert found
    assert not any("pier" in text for text in found)


@pytest.mark.parametrize("asked", ["GPT-4", "gpt4", "GPT 4", "H100", "h100s", "1.5K", "C++", "東京", "地下鉄", "速"])
async def test_code_words_numbers_and_unspaced_scripts_are_found(database: Database, asked: str) -> None:
    assert (await passages(database, asked)).hits[0].document == len(LIBRARY)


async def test_words_of_another_language_are_found_in_their_other_forms(tmp_path: Path) -> None:
    text = (
        "Die Läufer waren nicht mit dem Zug gekommen, und sie sind auf der Brücke zu Fuß gegangen, wie es sich gehört."
    )
    document = replace(LIBRARY[5][0], path="g.txt", passages=(passage(text),))
    async with open_database(tmp_path) as database:
        await load(database, [(document, [])])
        assert (await passages(database, "Brücken", literal=True)).total == 1


@pytest.mark.parametrize(
    ("asked", "searched"),
    [("sleping ottrs", "sleeping otters"), ("bever", "beavers"), ("hernos", "herons"), ("Statistcis", "statistics")],
)
async def test_misspelt_words_are_repaired_and_said_so(database: Database, asked: str, searched: str) -> None:
    found = await passages(database, asked)
    assert found.total
    assert found.repaired.lower().rstrip("s") == searched.rstrip("s")


@pytest.mark.parametrize("asked", ["otters", "otters xyzzyplugh", "dgi", "brown heron"])
async def test_known_short_and_hopeless_words_are_left_alone(database: Database, asked: str) -> None:
    assert (await passages(database, asked)).repaired == ""


@pytest.mark.parametrize(
    ("text", "asked", "meant"),
    [
        (
            "Los investigadores de la ciudad publicaron un informe sobre las inundaciones que no se han evitado.",
            "inundacoin",
            "inundaciones",
        ),
        ("كانت المدينة القديمة مركزا للتجارة بين الشعوب والحضارات", "القدينة", "القديمة"),
    ],
)
async def test_a_misspelt_form_of_a_word_is_repaired_in_other_languages(
    tmp_path: Path, text: str, asked: str, meant: str
) -> None:
    document = replace(LIBRARY[5][0], path="other.txt", passages=(passage(text),))
    async with open_database(tmp_path) as database:
        await load(database, [(document, [])])
        found = await passages(database, asked)
        assert (found.total, found.repaired) == (1, meant)


@pytest.mark.parametrize(
    ("asked", "meant"), [("slep deprivasion", "sleep deprivation"), ("slep stairs", "step stairs"), ("slep", "step")]
)
async def test_which_word_was_meant_the_others_of_the_question_tell(tmp_path: Path, asked: str, meant: str) -> None:
    said = ("Sleep deprivation harms.", "One step.", "A step up the stairs.", "Another step.")
    document = replace(LIBRARY[5][0], path="e.md", passages=tuple(map(passage, said)))
    async with open_database(tmp_path) as database:
        await load(database, [(document, [])])
        assert (await passages(database, asked)).repaired == meant


async def test_a_word_that_stands_with_none_of_the_others_is_another_word(database: Database) -> None:
    assert (await passages(database, "ottr")).repaired == "otters"
    assert (await passages(database, "ottr badgers")).repaired == ""


async def test_counts_that_are_forgotten_are_counted_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_MOST_COUNTS", 1)
    await passages(database, "otters beavers")
    assert (await passages(database, "beavers ferry dawn")).total == 3


@pytest.mark.parametrize("asked", ["opensource models", "open-source models", "open source models", "opensource"])
async def test_words_written_together_or_apart_are_the_same(tmp_path: Path, asked: str) -> None:
    said = ("Open source wins.", "Opensource loses.", "An open-source draw.", "Source of an open question.")
    document = replace(LIBRARY[5][0], path="s.md", passages=tuple(map(passage, said)))
    async with open_database(tmp_path) as database:
        await load(database, [(document, [])])
        found = await passages(database, asked)
        assert found.repaired == ""
        assert {1, 2, 3} <= {hit.passage for hit in found.hits}


async def test_a_moment_that_has_all_of_the_question_comes_before_a_scrap_of_it(tmp_path: Path) -> None:
    told = (
        "The doctor could not say where he was that morning, because in the last three weeks of that year he had "
        "hardly slept, for days and nights on end, as he told us over and over, and as his colleagues who worked the "
        "same shifts at that hospital said as well when they were asked about it much later."
    )
    others = [
        f"A {word} day at the harbour, where nothing came and nothing left but wind and rain and gulls all along."
        for word in ("dull", "windy", "bright", "wet", "long", "short")
    ]
    said = ["Slept: and the doctor?", told, *others]
    document = page("m.md", "Nights", *(passage(text, text[-4:]) for text in said))
    async with open_database(tmp_path) as database:
        await load(database, [(document, list(range(0, 800, 100)))])
        assert (await passages(database, "doctor slept three days")).hits[0].passage == 1
        assert (await moments(database, "doctor slept three days")).hits[0].passage == 2


async def test_literal_words_are_not_repaired(database: Database) -> None:
    assert (await passages(database, "ottrs", literal=True)).total == 0


async def test_words_of_a_removed_document_are_not_repaired_to(database: Database) -> None:
    async with database.corpus.write() as writer:
        await writing.remove_documents(writer, ["c.md"])
    assert (await passages(database, "peir")).repaired == ""


async def test_the_moment_is_the_span_that_says_it(database: Database) -> None:
    found = await moments(database, "beavers dams")
    assert [hit.moment for hit in found.hits] == [2]


async def test_two_pages_on_one_place_come_once_and_both_are_named(database: Database) -> None:
    found = await moments(database, "otters hold hands")
    best = found.hits[0]
    assert (best.document, *best.also) in ((1, 2), (2, 1))
    assert [hit.video for hit in found.hits].count(FOREST) == 1


async def test_the_same_words_far_apart_are_two_moments(database: Database) -> None:
    found = await moments(database, "brown heron fish")
    assert {hit.moment for hit in found.hits} == {3, 6}


async def test_a_doubtful_time_never_outranks_a_sure_one_with_equal_words(database: Database) -> None:
    found = await moments(database, "badgers dig setts")
    assert [hit.video for hit in found.hits] == ["otherVideo_", "doubtVideo_"]


async def test_a_heading_answers_for_its_passages(database: Database) -> None:
    assert [hit.moment for hit in (await moments(database, "river crossings")).hits] == [4]


async def test_a_passage_without_a_moment_is_no_moment(database: Database) -> None:
    assert (await moments(database, "GPT-4")).total == 0


async def test_what_only_announces_a_list_ranks_below_its_items_but_leads_to_its_moment(tmp_path: Path) -> None:
    texts = (passage("Otter food comes from:", "from:"), passage("Rivers, where an otter finds food.", "food."))
    async with open_database(tmp_path) as database:
        await load(database, [(page("a.md", "Eating", *texts), [10, 20])])
        async with database.corpus.read() as reader:
            found = await search_passages(reader, "otter food")
            explained = await explain_passages(reader, "otter food")
        best = await moments(database, "otter food")
    assert [hit.passage for hit in found.hits] == [2, 1]
    assert [parts.score for parts in explained.parts] == pytest.approx([hit.score for hit in found.hits])
    assert [hit.passage for hit in best.hits] == [1, 2]


async def test_what_says_a_word_of_the_question_ranks_above_what_only_its_title_answers(tmp_path: Path) -> None:
    example, river = (
        passage("An example is Looker.", "Looker."),
        passage("They find food in rivers, at night.", "night."),
    )
    async with open_database(tmp_path) as database:
        await load(database, [(page("a.md", "Otter food", example), [10]), (page("b.md", "Otter food", river), [20])])
        async with database.corpus.read() as reader:
            found = await search_passages(reader, "otter food")
            explained = await explain_passages(reader, "otter food")
    assert [hit.passage for hit in found.hits] == [2, 1]
    assert [parts.score for parts in explained.parts] == pytest.approx([hit.score for hit in found.hits])


async def test_what_only_a_title_answers_is_left_out_but_for_the_best_of_a_document_that_would_not_be_shown(
    tmp_path: Path,
) -> None:
    says, silent = passage("The wombat digs."), (passage("It sleeps by day."), passage("It is nobody's pet."))
    async with open_database(tmp_path) as database:
        documents = [page("a.md", "Wombats", says, *silent), page("b.md", "Wombats and marsupials", *silent)]
        await load(database, [(document, []) for document in documents])
        found = await passages(database, "wombat")
        assert [hit.document for hit in found.hits] == [1, 2]
        assert found.total == 2
        assert (await passages(database, "marsupials")).total == 2


@pytest.mark.parametrize(
    ("asked", "scope"),
    [
        ("otters", Scope(video=TOWN)),
        ("otters", Scope(source="City Desk")),
        ("otters", Scope(document=3)),
        (f"otters video:{TOWN}", Scope()),
        ("otters source:citydesk", Scope()),
        ('otters source:"city desk"', Scope()),
    ],
)
async def test_a_scope_restricts(database: Database, asked: str, scope: Scope) -> None:
    assert {hit.document for hit in (await moments(database, asked, scope=scope)).hits} == {3}


async def test_a_scope_of_many_documents_restricts_as_one_of_few(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, scope = "otters sleep heron", Scope(source="woods")
    few = await passages(database, asked, scope=scope)
    monkeypatch.setattr("bot.store.searching._FEW_DOCUMENTS", 0)
    assert await passages(database, asked, scope=scope) == few
    assert {hit.document for hit in few.hits} == {1, 2}


async def test_an_unknown_scope_finds_nothing(database: Database) -> None:
    assert (await moments(database, "otters", scope=Scope(video="nosuchvideo"))).total == 0


async def test_pages_of_results_follow_each_other(database: Database) -> None:
    whole = await moments(database, "otters sleep herons")
    assert whole.total > 2
    paged = [
        (await moments(database, "otters sleep herons", offset=offset, limit=1)).hits for offset in range(whole.total)
    ]
    assert tuple(hit for hits in paged for hit in hits) == whole.hits


async def test_one_video_does_not_fill_the_page(tmp_path: Path) -> None:
    told = [
        passage(f"Granite quarry number {number} lies in the hills.", "hills.")
        for number in ("one", "two", "three", "four")
    ]
    once = passage("A granite quarry lies in the hills by the town, says the number one of the council.", "council.")
    library: list[tuple[Document, list[int | None]]] = [
        (page("many.md", "Stone", *told), [100, 200, 300, 400]),
        (page("one.md", "Council", once, video=TOWN), [7]),
    ]
    async with open_database(tmp_path) as database:
        await load(database, library)
        videos = [hit.video for hit in (await moments(database, "granite quarry")).hits]
    assert TOWN in videos[:4]


async def test_bounded_work_still_finds_the_passage_with_every_word(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "FREE", 1)
    monkeypatch.setattr(candidates, "SMALL", 1)
    monkeypatch.setattr(candidates, "RARE", 1)
    found = await passages(database, "brown heron dawn otters sleep")
    assert found.cut_short
    assert any("dawn" in text for text in await texts(database, found))
    assert (await passages(database, "otters")).total


async def test_of_too_many_passages_with_a_word_those_on_pages_named_for_it_are_ranked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("FREE", "SMALL", "RARE"):
        monkeypatch.setattr(candidates, bound, 0)
    monkeypatch.setattr(candidates, "MATCHED", 2)
    monkeypatch.setattr(candidates, "FEW", 1)
    rivers = [passage(f"Otters and {other}.", section=1) for other in ("herons", "toads", "newts")]
    async with open_database(tmp_path) as database:
        await load(database, [(page("a.md", "Rivers", *rivers), []), (page("z.md", "Otters", passage("Otters.")), [])])
        assert await texts(database, await passages(database, "otters")) == ["Otters."]
        found = await texts(database, await passages(database, "herons"))
    assert found == ["Otters and herons."]


async def test_in_a_small_library_all_that_matches_is_ranked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "FREE", 1)
    assert not (await passages(database, "brown heron dawn otters sleep")).cut_short


async def test_a_removed_document_is_not_found(database: Database) -> None:
    async with database.corpus.write() as writer:
        await writing.remove_documents(writer, ["c.md"])
    assert (await passages(database, "pier", literal=True)).total == 0
    assert (await passages(database, "otters")).total


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text() | st.text(st.sampled_from('"*()-:^ aotersNEARORAND東京'), max_size=2 * CLAMP))
async def test_any_text_is_answered(database: Database, text: str) -> None:
    found = await moments(database, text)
    assert found.total >= len(found.hits)
    assert len(found.query.words) <= MOST_WORDS
