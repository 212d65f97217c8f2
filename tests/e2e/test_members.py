"""What a member of a server sees: commands, autocomplete, menus, buttons, misses."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import REPOSITORY, Running, Shared
from tests.fake_discord import FakeDiscord

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORIGINALS = REPOSITORY.parent / "shared" / "seeds"


async def test_topic_shows_a_page_and_its_menus_lead_on(shared: Shared) -> None:
    discord, _ = shared
    completed = await discord.autocomplete("topic", "query", "opne sorce vs")
    assert completed.choices
    assert "Open source vs closed" in completed.choices[0]["name"]
    topic = (await discord.slash("topic", {"query": completed.choices[0]["value"]})).expect()
    embed = topic.embeds[0]
    assert embed["title"].startswith("Open source vs closed")
    assert embed["thumbnail"]["url"] == "https://i.ytimg.com/vi/_N2KPEdh69s/hqdefault.jpg"
    assert "https://youtu.be/_N2KPEdh69s?t=" in topic.text
    assert "redpointai" in embed["author"]["name"]
    sections = topic.selects[0]
    section = (await discord.select(topic, sections["options"][1]["label"].strip())).expect()
    assert section.embeds[0]["title"] != embed["title"]
    back = (await discord.click(section, label="Whole page")).expect()
    assert back.embeds[0]["title"] == embed["title"]
    moments = (await discord.click(back, label="All moments")).expect()
    assert moments.embeds[0]["author"]["name"] == "42 moments"
    assert (await discord.click(moments, label="Next")).expect().embeds[0]["description"] != ""
    assert discord.problems() == []


async def test_timestamp_puts_the_right_second_first(shared: Shared) -> None:
    discord, _ = shared
    found = (await discord.slash("timestamp", {"query": "sparse attention"})).expect()
    assert found.embeds[0]["description"].startswith("[▶ 15:37](https://youtu.be/_N2KPEdh69s?t=937)")
    assert "told by 1 more page" in found.text
    assert found.message is not None
    assert not any(found.message.pings.values())
    around = (await discord.click(found, label="More around 15:37")).expect()
    assert "[▶ 15:37]" in around.text
    assert discord.problems() == []


async def test_a_typo_is_repaired_and_the_literal_words_are_one_tap_away(shared: Shared) -> None:
    discord, _ = shared
    found = (await discord.slash("timestamp", {"query": "sparce atention"})).expect()
    assert "sparse attention" in found.embeds[0]["title"]
    literal = (await discord.click(found, label="Search for the literal words")).expect()
    assert "sparce atention" in literal.text
    assert discord.problems() == []


async def test_quicktakes_answers_one_question_across_videos(shared: Shared) -> None:
    discord, _ = shared
    completed = await discord.autocomplete("quicktakes", "take", "over")
    assert completed.choices
    takes = (await discord.slash("quicktakes", {"take": completed.choices[0]["value"]})).expect()
    assert "[▶ 30:27](https://youtu.be/_N2KPEdh69s?t=1827) Synthetic data" in takes.text
    assert "Arthur Mensch" in takes.text
    other = (await discord.select(takes, "Underhyped")).expect()
    assert "ptimization" in other.text
    assert discord.problems() == []


async def test_a_miss_is_private_and_offers_the_nearest_topics(shared: Shared) -> None:
    discord, _ = shared
    miss = (await discord.slash("topic", {"query": "Mistral funding Nvidia partner news"})).expect()
    assert miss.ephemeral
    assert miss.buttons
    topic = (await discord.click(miss, index=0)).expect()
    assert topic.embeds[0]["title"]
    nothing = (await discord.slash("timestamp", {"query": "zzyzx qwghlm"})).expect()
    assert nothing.ephemeral
    assert discord.problems() == []


async def test_search_and_library_reach_articles_too(shared: Shared) -> None:
    discord, _ = shared
    found = (await discord.slash("search", {"query": "valuation", "source": "Daily Neural Digest"})).expect()
    assert "$6.2 billion" in found.text
    everything = (await discord.slash("library")).expect()
    assert everything.embeds[0]["author"]["name"] == "5 documents"
    one = (await discord.select(everything, "CCN", custom_id="v1:menu:1")).expect()
    assert one.embeds[0]["author"]["name"] == "1 document"
    opened = (await discord.select(one, one.selects[0]["options"][0]["label"], custom_id="v1:menu:0")).expect()
    assert "James Morales" in opened.embeds[0]["author"]["name"]
    assert discord.problems() == []


async def test_a_message_finds_its_moments_for_the_one_who_asks(shared: Shared) -> None:
    discord, _ = shared
    said = discord.say("did anyone catch what he said on sparse attention and memory?")
    found = (await discord.message_command("Find in library", said)).expect()
    assert found.ephemeral
    assert "[▶ 15:37]" in found.text
    nothing = (await discord.message_command("Find in library", discord.say("👍"))).expect()
    assert nothing.ephemeral
    assert discord.problems() == []


async def test_ask_answers_in_sentences_with_their_times_or_says_that_nothing_does(shared: Shared) -> None:
    discord, _ = shared
    answer = (await discord.slash("ask", {"question": "How many H100 GPUs does Mistral train with?"})).expect()
    assert "1.5K" in answer.text
    assert "https://youtu.be/_N2KPEdh69s?t=" in answer.text
    assert (await discord.click(answer, label="More on this")).expect().embeds
    miss = (await discord.slash("ask", {"question": "Who won the football world cup in 1990?"})).expect()
    assert miss.ephemeral
    assert "Nothing in the library answers" in miss.text
    assert discord.problems() == []


async def test_private_answers_are_private_and_help_is_complete(shared: Shared) -> None:
    discord, _ = shared
    assert (await discord.slash("topic", {"query": "open source", "private": True})).expect().ephemeral
    assert not (await discord.slash("topic", {"query": "open source"})).expect().ephemeral
    text = (await discord.slash("help")).expect().text
    for name in ("/topic", "/timestamp", "/quicktakes", "/help"):
        assert name in text
    assert (await discord.slash("topic", {"query": "open source"}, guild=None)).expect().embeds
    assert discord.problems() == []


async def test_somebody_elses_press_leaves_a_public_reply_alone(shared: Shared) -> None:
    discord, _ = shared
    topic = (await discord.slash("topic", {"query": "open source"})).expect()
    assert topic.message is not None
    before = topic.embeds
    copy = (await discord.click(topic, label="All moments", user=discord.add_user("other"))).expect()
    assert copy.ephemeral
    assert topic.message.embeds == before
    assert (await discord.click(topic, label="All moments")).expect().text == copy.text
    assert topic.message.embeds != before
    assert discord.problems() == []


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the original documents are not beside the project")
async def test_the_originals_give_the_same_answers(running: Running) -> None:
    async with running(CORPUS_DIRS=str(ORIGINALS)) as (discord, _):
        assert "open source" in (await _ask(discord, "topic", query="open source")).lower()
        assert (await _ask(discord, "timestamp", query="sparse attention")).startswith("[▶ 15:37]")
        takes = await _ask(discord, "quicktakes", take="Overhyped")
        assert "[▶ 30:27](https://youtu.be/_N2KPEdh69s?t=1827) Synthetic data" in takes
        assert discord.problems() == []


async def _ask(discord: FakeDiscord, name: str, **options: str) -> str:
    embed = (await discord.slash(name, options)).expect().embeds[0]
    return str(embed["title"] if name == "topic" else embed["description"])
