"""`/timestamp`: moments for words, within one video, a view at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import ButtonExpired, InvalidRequest
from bot.library import PAGE
from bot.render import verbs
from bot.render.reply import Action, Reply
from tests.invented import BEES, anchor, page, write_corpus
from tests.sound import all_text, labels


async def find(context: Context, query: str, video: str = "") -> Reply:
    return await registry.run_command("timestamp", context, {"query": query, "video": video})


async def test_the_best_moment_is_a_link_with_the_asked_words_in_bold(context: Context) -> None:
    reply = await find(context, "angle of the sun")
    first = (reply.embeds[0].description or "").splitlines()[0]
    assert first.startswith("[▶ 3:10](https://youtu.be/beesAAAAAA1?t=190) ")
    assert "**angle**" in first
    assert labels(reply)[:2] == ["Watch 3:10", "More around 3:10"]


async def test_a_moment_that_two_pages_tell_is_shown_once(context: Context) -> None:
    reply = await find(context, "shivering through winter")
    assert reply.embeds[0].title == "1 moment for shivering through winter"
    assert "told by 1 more page" in all_text(reply)


async def test_a_misspelt_word_is_repaired_and_the_literal_words_are_offered(context: Context) -> None:
    reply = await find(context, "frensel lens")
    assert "Showing **fresnel lens**" in all_text(reply)
    assert labels(reply)[-1] == "Search for the literal words"


@pytest.mark.parametrize(
    "video",
    [
        "lightsBBBB2",
        "Lighthouses",
        "lighthuoses",
        "https://youtu.be/lightsBBBB2?t=937",
        "https://www.youtube.com/watch?app=desktop&v=lightsBBBB2&t=5s",
    ],
)
async def test_one_video_only_by_id_title_or_link(video: str, context: Context) -> None:
    reply = await find(context, "bees", video)
    assert all(f"](https://youtu.be/{BEES}" not in text for text in all_text(reply).splitlines())
    assert (reply.embeds[0].footer.text or "").startswith("in this video")


async def test_a_video_that_is_none_is_answered_with_what_to_do(context: Context) -> None:
    with pytest.raises(InvalidRequest, match="No video in the library has that title"):
        await find(context, "bees", "qqqq zzzz")
    with pytest.raises(InvalidRequest, match="no page on that video"):
        await find(context, "bees", "https://youtu.be/dQw4w9WgXcQ")


async def test_no_words_are_answered_with_what_to_do(context: Context) -> None:
    with pytest.raises(InvalidRequest, match="Say what to look for"):
        await find(context, "  ")


async def test_a_miss_is_private_and_offers_topics(context: Context) -> None:
    reply = await find(context, "zeppelins")
    assert reply.private
    assert 'Nothing in the library says "zeppelins".' in all_text(reply)


async def test_around_a_moment_every_pages_words_come_by_time(context: Context) -> None:
    reply = await registry.run_action(verbs.around(BEES, 484), context)
    lines = (reply.embeds[0].description or "").splitlines()
    assert [line.split("]")[0] for line in lines] == ["[▶ 8:00", "[▶ 8:04", "[▶ 8:04", "[▶ 9:00"]
    assert reply.fresh


async def test_around_a_moment_are_all_pages_words_for_it_and_words_of_several_moments_once(
    context: Context, corpus_folder: Path
) -> None:
    body = f"Drones wait {anchor('00:08:02')}{anchor('00:08:04')}{anchor('00:08:09')}."
    write_corpus(corpus_folder, {"drones.md": page("Drones", body)})
    await context.curator.reload()
    lines = (await registry.run_action(verbs.around(BEES, 484), context)).embeds[0].description or ""
    for words in ("Solitary bees, which nobody counts", "Underhyped: Solitary bees\n", "Drones wait"):
        assert lines.count(words) == 1
    links = [f"[▶ 8:{second}](https://youtu.be/{BEES}?t={480 + int(second)})" for second in ("02", "04", "09")]
    assert f"{' '.join(links)} Drones wait" in lines


async def test_around_a_moment_the_video_is_called_by_its_own_title_alone(
    context: Context, corpus_folder: Path
) -> None:
    around = verbs.around(BEES, 484)
    assert (await registry.run_action(around, context)).embeds[0].title == "Around 8:04 · this video"
    write_corpus(corpus_folder, {"index.md": f"# Talks\n\n## [Ada on bees](https://youtu.be/{BEES})\n\nA talk.\n"})
    await context.curator.reload()
    assert (await registry.run_action(around, context)).embeds[0].title == "Around 8:04 · Ada on bees"


async def test_pages_of_results_lead_forth_and_back_to_where_one_was(context: Context, corpus_folder: Path) -> None:
    total = PAGE * 2 + 2
    body = "\n\n".join(f"Zeppelin number {n} flies {anchor(f'00:{n * 2:02}:00')}." for n in range(total))
    write_corpus(corpus_folder, {"z.md": page("Zeppelins", body, "zeppelinsC3")})
    await context.curator.reload()
    seen = []
    reply = await find(context, "zeppelin flies")
    for step in ("Next", "Next", "Back", "Back"):
        seen.append(reply.embeds[0].footer.text)
        (button,) = [b for row in reply.rows if isinstance(row, tuple) for b in row if b.label == step]
        assert button.action is not None
        reply = await registry.run_action(button.action, context)
    seen.append(reply.embeds[0].footer.text)
    assert seen == [
        f"best first · {place}" for place in ("1–5 of 12", "6–10 of 12", "11–12 of 12", "6–10 of 12", "1–5 of 12")
    ]


async def test_where_more_match_than_are_ranked_only_the_best_are_counted(
    context: Context, corpus_folder: Path
) -> None:
    files = {
        f"{n}.md": page(f"Trip {n}", f"A zeppelin flies {anchor('00:01:00')}.", f"zeppelin{n:03}") for n in range(70)
    }
    write_corpus(corpus_folder, files)
    await context.curator.reload()
    for name, what in (("timestamp", "moments"), ("search", "passages")):
        (embed,) = (await registry.run_command(name, context, {"query": "zeppelin"})).embeds
        assert embed.title == f"The best 70 {what} for zeppelin"
        assert embed.footer.text == "best first · 1–5 of the best 70"


async def test_where_only_the_moments_of_the_best_passages_are_ranked_it_says_so(
    context: Context, corpus_folder: Path
) -> None:
    body = "\n\n".join(
        " ".join(f"Zeppelin {n} passes tower {m} {anchor(f'{n:02}:{m * 7:02}:00')}." for m in range(8))
        for n in range(11)
    )
    write_corpus(corpus_folder, {"z.md": page("Trips", body, "zeppelinsC3", duration='"11:00:00"')})
    await context.curator.reload()
    assert (await find(context, "zeppelin")).embeds[0].title == "The best 80 moments for zeppelin"


async def test_a_view_beyond_what_is_left_shows_the_first(context: Context) -> None:
    reply = await registry.run_action(verbs.moments("bees", offset=5000), context)
    assert (reply.embeds[0].description or "").startswith("[▶")


@pytest.mark.parametrize(
    "given", [("bees",), ("bees", "../..", "0", ""), ("bees", "", "-5", ""), ("x" * 101, "", "0", "")]
)
async def test_a_forged_search_has_expired(given: tuple[str, ...], context: Context) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(Action(verbs.MOMENTS, given), context)


async def test_a_message_is_answered_with_the_moments_that_it_is_about(context: Context) -> None:
    (entry,) = registry.MESSAGE_COMMANDS
    reply = await entry.handler(context, "hey, did you know that the keepers left when automation came? crazy")
    assert reply.private
    assert "https://youtu.be/lightsBBBB2?t=240" in all_text(reply)
    with pytest.raises(InvalidRequest):
        await entry.handler(context, " \n")


async def test_of_a_message_addresses_mentions_emoji_and_times_are_no_words(context: Context) -> None:
    (entry,) = registry.MESSAGE_COMMANDS
    noise = "<@123> <@!123> <@&123> <#123> <:bees:123> <a:queens:123> <t:1700000000:R> </honey:123> https://bees.example/sun"
    with pytest.raises(InvalidRequest, match="no words"):
        await entry.handler(context, noise)
    text = all_text(await entry.handler(context, f"{noise} the last keepers"))
    assert "https://youtu.be/lightsBBBB2?t=240" in text
    assert BEES not in text
