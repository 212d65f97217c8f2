"""`/topic`: pages, their sections and moments, and what is no page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import ButtonExpired, InvalidRequest
from bot.render import verbs
from bot.render.reply import Action, Menu, Reply
from bot.store.layout import document_key
from tests.invented import page, write_corpus
from tests.sound import all_text, labels

BEES = document_key("corpus/bees.md")


async def topic(context: Context, query: str) -> Reply:
    return await registry.run_command("topic", context, {"query": query})


async def test_a_page_without_takes_leads_to_those_that_another_page_on_its_video_has(
    context: Context, corpus_folder: Path
) -> None:
    write_corpus(
        corpus_folder, {"wax.md": page("Wax", "Wax comes from glands."), "salt.md": page("Salt", "Sea.", "s" * 11)}
    )
    await context.curator.reload()
    assert "Quick takes" in labels(await topic(context, "wax"))
    assert "Quick takes" not in labels(await topic(context, "salt"))


@pytest.mark.parametrize(
    "query", ["How bees find flowers", "how BEES find flowers", "bees", BEES, "how bees find flwoers"]
)
async def test_a_page_is_found_by_title_file_name_key_and_with_a_typo(query: str, context: Context) -> None:
    reply = await topic(context, query)
    assert reply.embeds[0].title == "How bees find flowers"
    assert reply.embeds[0].url == "https://youtu.be/beesAAAAAA1"
    assert not reply.private


async def test_a_page_says_who_where_from_and_leads_with_a_linked_time(context: Context) -> None:
    reply = await topic(context, "bees")
    assert reply.embeds[0].author.name == "Interview with Ada Keeper · hivetalks · 10:00"
    assert (reply.embeds[0].description or "").startswith("[▶ 0:40](https://youtu.be/beesAAAAAA1?t=40) Bees steer")
    assert reply.embeds[0].footer.text == "one of 2 pages on this video · corpus/bees.md"
    assert labels(reply) == ["All moments", "Quick takes", "Watch"]


async def test_a_page_offers_its_sections_and_what_is_related(context: Context) -> None:
    sections, others = (row for row in (await topic(context, "bees")).rows if isinstance(row, Menu))
    assert [item.label.strip() for item in sections.items] == [
        "Introduction",
        "The waggle dance",
        "Life with winter clusters",
        "Quick Takes",
    ]
    assert others.items[0].label == "Queen bees"
    assert others.items[0].description == "on the same video"


async def test_a_topic_that_only_a_heading_names_is_told_by_the_words_below_it(context: Context) -> None:
    reply = await topic(context, "winter clusters")
    assert "shiver to keep the queen warm" in (reply.embeds[0].description or "")
    assert "No page of its own" in all_text(reply)
    assert "named in 1 page" in all_text(reply)


async def test_a_miss_is_private_and_offers_the_nearest_topics_as_buttons(context: Context) -> None:
    reply = await topic(context, "zeppelins over meadows")
    assert reply.private
    assert 'No topic in the library is called "zeppelins over meadows".\nNearest topics:' in all_text(reply)
    assert labels(reply) == ["How bees find flowers", "Search for its words"]


async def test_words_that_name_no_topic_are_searched_for_with_one_tap(context: Context) -> None:
    miss = await topic(context, "shiver")
    assert miss.private
    (row,) = (row for row in miss.rows if isinstance(row, tuple))
    action = row[-1].action
    assert action is not None
    assert "**shiver**" in all_text(await registry.run_action(action, context))


async def test_a_topic_that_is_gone_is_not_named_by_its_key(context: Context) -> None:
    reply = await registry.run_action(verbs.topic("0" * 16), context)
    assert "not in the library any more" in all_text(reply)
    assert "0" * 16 not in all_text(reply)


@pytest.mark.parametrize("query", ["", "   ", "\u3000", "*", "?!", "🐝"])
async def test_no_words_are_answered_with_what_to_do(query: str, context: Context) -> None:
    with pytest.raises(InvalidRequest, match="start typing"):
        await topic(context, query)


async def test_a_section_is_opened_from_the_menu_and_leads_to_its_page(context: Context) -> None:
    reply = await registry.run_action(verbs.section(BEES, 1), context)
    assert reply.embeds[0].title == "The waggle dance"
    assert "[▶ 3:10](https://youtu.be/beesAAAAAA1?t=190) The angle of the dance" in (reply.embeds[0].description or "")
    assert labels(reply) == ["Whole page", "Watch"]


async def test_all_moments_of_a_page_come_by_time(context: Context) -> None:
    reply = await registry.run_action(verbs.page_moments(BEES), context)
    times = [line.split("]")[0] for line in (reply.embeds[0].description or "").splitlines()]
    assert times == ["[▶ 0:40", "[▶ 2:05", "[▶ 3:10", "[▶ 3:31", "[▶ 6:00", "[▶ 8:00", "[▶ 8:04"]
    assert labels(reply) == ["Page"]


async def test_a_topic_without_a_page_says_how_many_pages_name_it(context: Context, corpus_folder: Path) -> None:
    pages = {f"{number}.md": f"# Paint {number}\n\nMixed with [[raw umber]].\n" for number in range(25)}
    write_corpus(corpus_folder, pages)
    await context.curator.reload()
    reply = await topic(context, "raw umber")
    assert reply.embeds[0].footer.text == "named in 25 pages; the first 5 are listed"


async def test_words_that_several_titles_have_mean_a_document_before_a_topic_without_one(
    context: Context, corpus_folder: Path
) -> None:
    pages = {
        "a.md": "# Raw umber in the north of old Umbria\n\nIt is dug by hand. See [[Raw umber kilns]].\n",
        "b.md": "# Kilns\n\nThe others.\n",
    }
    write_corpus(corpus_folder, pages)
    await context.curator.reload()
    assert (await topic(context, "raw umber")).embeds[0].title == "Raw umber in the north of old Umbria"
    assert (await topic(context, "raw umber kilns")).embeds[0].title == "Raw umber kilns"


async def test_a_topic_that_is_only_linked_to_says_so_and_can_be_searched_for(
    context: Context, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"a.md": "# Paints\n\nSee also:\n\n- [[Burnt sienna]]\n"})
    await context.curator.reload()
    reply = await topic(context, "burnt sienna")
    assert reply.embeds[0].description == "Pages link to it; none says more of it there."
    assert [item.label for row in reply.rows if isinstance(row, Menu) for item in row.items] == ["Paints"]
    assert labels(reply) == ["Search for its words"]


@pytest.mark.parametrize(
    "action",
    [
        verbs.topic("f" * 16),
        verbs.section("f" * 16, 0),
        verbs.section(BEES, 99),
        verbs.page_moments("f" * 16),
        verbs.page_moments(BEES, 9999),
        verbs.around("nowhereAAA1", 5),
    ],
    ids=lambda action: f"{action.verb} {action.arguments}",
)
async def test_a_button_of_what_is_gone_says_so(action: Action, context: Context) -> None:
    reply = await registry.run_action(action, context)
    assert reply.private
    assert "not in the library any more" in all_text(reply) or "Nothing in the library" in all_text(reply)


@pytest.mark.parametrize("given", [(), ("x",), (BEES, "1"), ("../bees", "1", "0"), (BEES, "-1", "0"), (BEES, "1", "x")])
async def test_a_forged_section_has_expired(given: tuple[str, ...], context: Context) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(Action(verbs.SECTION, given), context)


def test_completion_is_ranked_forgives_typos_and_sends_keys(context: Context) -> None:
    (first, *_) = registry.complete("topic", "query", "quen be", {}, context)
    assert (first.name, first.value) == ("Queen bees", document_key("corpus/queens.md"))
    assert len(registry.complete("topic", "query", "", {}, context)) == 8
