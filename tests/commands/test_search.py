"""`/search` and `/library`: every kind of document, by words and by source."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import InvalidRequest
from bot.library import DOCUMENTS_PAGE
from bot.render import verbs
from tests.invented import PAGES, anchor, many_pages, page, write_corpus
from tests.sound import all_text, labels


async def test_articles_are_found_and_say_where(context: Context) -> None:
    text = all_text(await registry.run_command("search", context, {"query": "moon pulls water"}))
    assert "The **moon pulls** the **water**" in text
    assert "Why tides turn" in text


@pytest.mark.parametrize("filling", ["", " and so on" * 40], ids=["a short passage", "a long one"])
async def test_the_link_is_to_the_moment_that_the_asked_words_belong_to(
    filling: str, context: Context, corpus_folder: Path
) -> None:
    body = f"A narwhal{filling} {anchor('00:01:00')} shows its tusk to another narwhal {anchor('00:02:00')}."
    write_corpus(corpus_folder, {"narwhals.md": page("Arctic", body, "arcticCCCC3")})
    await context.curator.reload()
    for name, option in (("search", "query"), ("ask", "question")):
        text = all_text(await registry.run_command(name, context, {option: "narwhal tusk"}))
        assert text.count("https://youtu.be/arcticCCCC3?t=120") == 1
        assert "**tusk**" in text


async def test_what_three_pages_on_a_video_say_is_shown_once(context: Context, corpus_folder: Path) -> None:
    said = "A narwhal feels how salty the water is with its long spiral tusk"
    pages = {f"{name}.md": page(name, f"{said} {anchor('00:01:00')}.", "arcticCCCC3") for name in ("one", "two", "six")}
    write_corpus(corpus_folder, pages)
    await context.curator.reload()
    reply = await registry.run_command("search", context, {"query": "narwhal tusk"})
    assert reply.embeds[0].title == "1 passage for narwhal tusk"
    assert "told by 2 more pages" in all_text(reply)


@pytest.mark.parametrize("source", ["coastcast", "coastcst"])
async def test_one_source_only(source: str, context: Context) -> None:
    text = all_text(await registry.run_command("search", context, {"query": "bees", "source": source}))
    assert "Bees** nested in the empty towers" in text
    assert "steer" not in text


@pytest.mark.parametrize("name", ["search", "timestamp"])
@pytest.mark.parametrize(
    ("scope", "footer"),
    [("source:Coastcast", "from coastcast · best first"), ("video:lighthouses", "in this video · best first")],
)
async def test_a_source_or_video_among_the_words_is_where_to_look(
    name: str, scope: str, footer: str, context: Context
) -> None:
    (embed,) = (await registry.run_command(name, context, {"query": f"{scope} bees"})).embeds
    assert (embed.title or "").endswith(" for bees")
    assert "**Bees** nested in the empty towers" in (embed.description or "")
    assert "steer" not in (embed.description or "")
    assert embed.footer.text == footer


@pytest.mark.parametrize(("name", "scope"), [("search", "video:Zeppelins"), ("timestamp", "source:flights")])
async def test_pages_of_what_is_found_stay_within_what_was_asked_among_the_words(
    name: str, scope: str, context: Context, corpus_folder: Path
) -> None:
    body = "\n\n".join(f"Zeppelin {n} flies {anchor(f'00:{n * 2:02}:00')}." for n in range(7))
    other = page("Airships", f"A zeppelin flies {anchor('00:01:00')}.")
    write_corpus(corpus_folder, {"z.md": page("Zeppelins", body, "zeppelinsC3", channel="flights"), "a.md": other})
    await context.curator.reload()
    reply = await registry.run_command(name, context, {"query": f"zeppelin {scope}"})
    for step, shown in (("Next", "6–7 of 7"), ("Back", "1–5 of 7")):
        (button,) = [b for row in reply.rows if isinstance(row, tuple) for b in row if b.label == step]
        assert button.action is not None
        reply = await registry.run_action(button.action, context)
        assert shown in all_text(reply)


@pytest.mark.parametrize("query", ["source:coastcast", "-bees", "video:Lighthouses -keepers"])
async def test_where_to_look_without_what_to_look_for_is_answered_with_what_to_do(query: str, context: Context) -> None:
    with pytest.raises(InvalidRequest, match="Say what to look for"):
        await registry.run_command("search", context, {"query": query})


@pytest.mark.parametrize("name", ["search", "library"])
async def test_a_source_that_is_none_is_answered_with_what_to_do(name: str, context: Context) -> None:
    with pytest.raises(InvalidRequest, match="No source in the library has that name"):
        await registry.run_command(name, context, {"query": "bees", "source": "qqqq zzzz"})


async def test_no_words_are_answered_with_what_to_do(context: Context) -> None:
    with pytest.raises(InvalidRequest, match="Say what to look for"):
        await registry.run_command("search", context, {"query": " "})


@pytest.mark.parametrize("name", ["search", "timestamp"])
async def test_words_that_are_everywhere_are_answered_with_what_to_do_unless_quoted(
    name: str, context: Context
) -> None:
    with pytest.raises(InvalidRequest, match=r"nearly every page.*in quotes"):
        await registry.run_command(name, context, {"query": "the of and"})
    assert "**to the**" in all_text(await registry.run_command(name, context, {"query": '"to the"'}))


@pytest.mark.parametrize("name", ["search", "timestamp"])
async def test_a_word_that_nothing_says_is_named_first(name: str, context: Context) -> None:
    (embed,) = (await registry.run_command(name, context, {"query": "pickleball lens"})).embeds
    first, second, *_ = (embed.description or "").splitlines()
    assert first == "Nothing says **pickleball**; shown is what says the rest."
    assert "**lens**" in second
    (embed,) = (await registry.run_command(name, context, {"query": "pickleball frensel"})).embeds
    assert (embed.description or "").startswith("Showing **pickleball fresnel**\nNothing says **pickleball**; shown")


@pytest.mark.parametrize("name", ["search", "timestamp"])
async def test_a_phrase_that_is_nowhere_is_said_to_be(name: str, context: Context) -> None:
    reply = await registry.run_command(name, context, {"query": '"lens that bends"'})
    assert 'Nothing says exactly "lens that bends"; shown is what has its words.' in all_text(reply)
    assert "Showing" not in all_text(reply)
    assert "Search for the literal words" not in labels(reply)


async def test_the_library_lists_all_documents_and_those_of_a_source(context: Context) -> None:
    assert "4 documents" in all_text(await registry.run_command("library", context, {}))
    text = all_text(await registry.run_command("library", context, {"source": "hivetalks"}))
    assert "2 documents" in text
    assert "- Lighthouses" not in text


async def test_the_library_says_in_which_order_it_lists(context: Context, corpus_folder: Path) -> None:
    undated = await registry.run_command("library", context, {})
    assert undated.embeds[0].footer.text == "by title"
    write_corpus(corpus_folder, {"new.md": page("New", "Words.", published="2026-01-31")})
    await context.curator.reload()
    assert (await registry.run_command("library", context, {})).embeds[0].footer.text == "newest first"


async def test_pages_of_the_library_lead_forth_and_back_to_where_one_was(context: Context, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, many_pages(DOCUMENTS_PAGE))
    await context.curator.reload()
    last = await registry.run_action(verbs.library("", DOCUMENTS_PAGE), context)
    assert f"{DOCUMENTS_PAGE + 1}–{DOCUMENTS_PAGE + 4} of {DOCUMENTS_PAGE + 4}" in all_text(last)
    assert labels(last) == ["Back"]
    back = next(b.action for row in last.rows if isinstance(row, tuple) for b in row)
    assert back == verbs.library("", 0)


@pytest.mark.parametrize(("source", "offset"), [("gone", 0), ("", 5000)])
async def test_a_button_of_what_is_gone_says_so(source: str, offset: int, context: Context) -> None:
    reply = await registry.run_action(verbs.library(source, offset), context)
    assert "not in the library any more" in all_text(reply)


async def test_an_empty_library_says_so(context: Context, corpus_folder: Path) -> None:
    for name in PAGES:
        (corpus_folder / name).unlink()
    await context.curator.reload(force=True)
    assert "Nothing is loaded yet" in all_text(await registry.run_command("library", context, {}))
