"""Titles: folding, completing what is typed, exact names, free questions, and what to offer for a miss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.titles import GOOD_MATCH, PLAUSIBLE_MATCH, Title, TitleIndex, fold
from bot.search.titlewords import TEXT_LIMIT

NAMES = (
    "Open source versus closed models",
    "The open road",
    "Source criticism in history",
    "Sleep and memory",
    "Memory of elephants",
    "How bridges carry load",
    "Deep sea currents",
    "Currents of the Pacific",
    "Kraków's old town",
    "机器学习的历史",
    "深海の生き物",
    "ประวัติศาสตร์ไทย",
    "हिन्दी साहित्य",
    "تاريخ العلوم",
    "GPT-4 and its limits",
)


@pytest.fixture(scope="module")
def index() -> TitleIndex:
    return TitleIndex(Title(f"key{number}", name) for number, name in enumerate(NAMES))


def names(titles: list[Title]) -> list[str]:
    return [title.title for title in titles]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  Open_Source -- vs. CLOSED!  ", "open source vs closed"),
        ("Ærøskøbing, Łódź, Straße, İzmir", "aeroskobing lodz strasse izmir"),
        ("it's what's next", "its whats next"),
        ("ﬁne ＦＵＬＬ width", "fine full width"),
        ("z̷̢̛a̶͝l̵̡g̸o̷͘", "zalgo"),
        ("right\u202eto\u202c le\u00adft\x00now", "rightto left now"),
        ("深海AI", "深海 ai"),
        ("한국어", "한국어"),
        ("हिन्दी", "हिन्दी"),
        ("!?!", "!?!"),
        ("", ""),
    ],
)
def test_fold_keeps_what_counts(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_words_that_a_title_joins_are_found_apart() -> None:
    index = TitleIndex(
        [Title("a", "Stablecoin regulation"), Title("b", "Coin collecting"), Title("c", "A stable home")]
    )
    assert names(index.complete("stable coin reg")) == ["Stablecoin regulation"]
    assert index.lookup("stable coin regulation")[0][0].title == "Stablecoin regulation"


def test_fold_clamps_after_normalising() -> None:
    assert len(fold("\ufdfa" * 90)) <= TEXT_LIMIT


@given(st.text())
def test_fold_is_short_and_trimmed(text: str) -> None:
    folded = fold(text)
    assert len(folded) <= TEXT_LIMIT
    assert folded == " ".join(folded.split())


@given(st.text(max_size=40))
def test_fold_ignores_case(text: str) -> None:
    assert fold(text.swapcase().casefold()) == fold(text.casefold().swapcase().casefold())


def test_nothing_typed_gives_the_first_by_rank_and_name() -> None:
    index = TitleIndex([Title("c", "Anchor", rank=1), Title("b", "Zebra"), Title("a", "Moon")])
    assert names(index.complete("  ")) == ["Moon", "Zebra", "Anchor"]
    assert names(index.complete("", limit=2)) == ["Moon", "Zebra"]


def test_titles_that_start_so_come_before_titles_with_such_a_word(index: TitleIndex) -> None:
    assert names(index.complete("sou")) == ["Source criticism in history", "Open source versus closed models"]


def test_all_typed_words_are_found_in_any_order(index: TitleIndex) -> None:
    assert names(index.complete("mod open clo")) == ["Open source versus closed models"]


def test_words_as_typed_come_before_the_same_words_elsewhere() -> None:
    index = TitleIndex([Title("a", "A study of slow food and fast cars"), Title("b", "Why food and drink slow us")])
    assert names(index.complete("food and d")) == ["Why food and drink slow us"]
    assert names(index.complete("slow food"))[0] == "A study of slow food and fast cars"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("opne sourc", "Open source versus closed models"),
        ("memry of", "Memory of elephants"),
        ("Slepe and", "Sleep and memory"),
        ("xource cri", "Source criticism in history"),
        ("elehpatns", "Memory of elephants"),
        ("deepsea", "Deep sea currents"),
        ("dee psea", "Deep sea currents"),
        ("deepxsea", "Deep sea currents"),
        ("cur rents of", "Currents of the Pacific"),
        ("gpt4", "GPT-4 and its limits"),
        ("bridges carry laod", "How bridges carry load"),
    ],
)
def test_a_typo_still_finds_the_title(index: TitleIndex, typed: str, name: str) -> None:
    assert names(index.complete(typed))[0] == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("closed mod", "Open source versus closed models"),
        ("ticism in hi", "Source criticism in history"),
        ("phants", "Memory of elephants"),
        ("e Pacific", "Currents of the Pacific"),
    ],
)
def test_typing_may_start_inside_the_title(index: TitleIndex, typed: str, name: str) -> None:
    assert names(index.complete(typed))[0] == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("学习", "机器学习的历史"),
        ("机", "机器学习的历史"),
        ("史", "机器学习的历史"),
        ("机器学校", "机器学习的历史"),
        ("生き物", "深海の生き物"),
        ("ศาสตร์", "ประวัติศาสตร์ไทย"),
        ("साहि", "हिन्दी साहित्य"),
        ("العلوم", "تاريخ العلوم"),
        ("krakow", "Kraków's old town"),
    ],
)
def test_every_script_is_found(index: TitleIndex, typed: str, name: str) -> None:
    assert names(index.complete(typed))[0] == name


def test_a_word_that_titles_have_is_not_corrected_away() -> None:
    index = TitleIndex([Title("a", "Form and colour"), Title("b", "From here on")])
    assert names(index.complete("form")) == ["Form and colour"]


def test_documents_come_before_topics_that_only_links_name() -> None:
    index = TitleIndex([Title("a", "Alpha waves", rank=1), Title("b", "Alphabets of the world")])
    assert names(index.complete("alpha")) == ["Alphabets of the world", "Alpha waves"]


def test_a_title_found_by_several_names_is_offered_once_and_the_list_is_still_full() -> None:
    aliased = Title("a", "Moon", aliases=("Moons", "Moon phases", "The moon"))
    others = [Title(f"m{number}", f"Moon base {number}") for number in range(10)]
    found = TitleIndex([aliased, *others]).complete("moon", limit=8)
    assert len(found) == len(set(found)) == 8
    assert aliased in found


def test_exact_takes_keys_names_and_aliases() -> None:
    title = Title("k1", "Deep-Sea Currents!", aliases=("Ocean flow",))
    index = TitleIndex([title, Title("k2", "Deep sea")])
    assert [index.exact(text) for text in ("k1", "deep_sea currents", "OCEAN FLOW")] == [title] * 3
    assert index.exact("deep") is None
    assert index.exact("") is None


def test_exact_prefers_the_same_spelling_where_names_fold_to_one() -> None:
    index = TitleIndex([Title("a", "C++"), Title("b", "C#")])
    found = index.exact("c#")
    assert found is not None
    assert found.key == "b"


@pytest.mark.parametrize(
    "question",
    [
        "open source vs closed",
        "opne sorce closed models",
        "closed open models source",
        "what about open source models?",
    ],
)
def test_lookup_is_sure_of_a_title_that_says_it(index: TitleIndex, question: str) -> None:
    best, score = index.lookup(question)[0]
    assert best.title == "Open source versus closed models"
    assert score >= GOOD_MATCH


def test_lookup_of_an_exact_name_scores_full(index: TitleIndex) -> None:
    assert index.lookup("sleep AND memory")[0] == (Title("key3", "Sleep and memory"), 100.0)


def test_lookup_is_not_sure_where_most_of_the_question_is_elsewhere(index: TitleIndex) -> None:
    assert all(score < GOOD_MATCH for _, score in index.lookup("elephants trained for circus parades"))


def test_lookup_is_not_sure_of_one_among_a_crowd() -> None:
    index = TitleIndex(
        Title(str(number), f"Robots and {word}") for number, word in enumerate(("war", "art", "law", "tea"))
    )
    found = index.lookup("robots")
    assert len(found) == 4
    assert all(score < GOOD_MATCH for _, score in found)


def test_nearest_offers_what_resembles_the_question_and_nothing_else(index: TitleIndex) -> None:
    assert names(index.nearest("memory elephant training"))[0] == "Memory of elephants"
    assert len(index.nearest("memory", limit=1)) == 1
    assert index.nearest("qwxzvb jjkkpp") == []


@pytest.mark.parametrize(
    "text", ["a" * 6000, "\u0300" * 6000, "\ufdfa" * 100, "\x00", "\ud800", '" OR *', "\u202e\u200f", "a " * 50]
)
def test_hostile_text_is_answered(index: TitleIndex, text: str) -> None:
    assert len(index.complete(text)) <= 25
    assert len(index.nearest(text)) <= 5
    assert index.exact(text) is None


def test_an_empty_index_answers_with_nothing() -> None:
    index = TitleIndex([])
    assert [*index.complete(""), *index.complete("a b"), *index.lookup("a b"), *index.nearest("a")] == []
    assert index.exact("a") is None


@given(st.text(max_size=150), st.integers(1, 30))
def test_any_text_is_answered_with_different_titles(text: str, limit: int) -> None:
    index = TitleIndex(Title(name, name) for name in NAMES)
    found = index.complete(text, limit)
    assert len(found) == len(set(found)) <= limit
    scores = [score for _, score in index.lookup(text)]
    assert scores == sorted(scores, reverse=True)
    assert all(PLAUSIBLE_MATCH < score <= 100 for score in scores)


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=8, unique_by=fold))
def test_every_title_is_found_by_its_own_name_and_by_its_start(texts: list[str]) -> None:
    titles = [Title(f"key {number}", text) for number, text in enumerate(texts) if fold(text)]
    index = TitleIndex(titles)
    for title in titles:
        assert index.exact(title.title) == title
        assert title in index.complete(title.title)
        assert title in index.complete(fold(title.title)[:4])


@given(st.lists(st.text(alphabet="abcdeo ", min_size=4, max_size=30), min_size=1, max_size=30), st.data())
def test_any_words_of_a_title_find_it_among_few(texts: list[str], data: st.DataObject) -> None:
    index = TitleIndex(Title(str(number), text) for number, text in enumerate(texts))
    text = data.draw(st.sampled_from(texts))
    typed = " ".join(data.draw(st.permutations(fold(text).split())))
    found = index.complete(typed, limit=len(texts))
    assert text in names(found)
