"""Discord's limits: what is over is seen, what is trimmed passes, and a cut spares links, mentions and characters."""

from __future__ import annotations

import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render import limits
from bot.render.reply import Action, Attachment, Button, Menu, MenuItem, Reply

LINK = "[12:01](https://youtu.be/abc?t=721)"


def sound(**changes: object) -> discord.Embed:
    return discord.Embed(**{"title": "Title", "description": "Words", **changes})  # type: ignore[arg-type]


def with_field(name: str, value: str) -> discord.Embed:
    return sound().add_field(name=name, value=value)


def item(label: str, argument: str, description: str = "", chosen: bool = False) -> MenuItem:
    return MenuItem(label, Action("topic", (argument,)), description, chosen)


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(str(number), Action("topic", (str(number),))) for number in range(count))


SOUND = Reply((sound(),), (buttons(5), Menu("Sections", (item("One", "1"), item("Two", "2")))))

REFUSED = {
    "nothing in it": Reply(),
    "long text": Reply(text="x" * 2001),
    "eleven embeds": Reply((sound(),) * 11),
    "long title": Reply((sound(title="x" * 257),)),
    "long description": Reply((sound(description="x" * 4097),)),
    "long footer": Reply((sound().set_footer(text="x" * 2049),)),
    "long author": Reply((sound().set_author(name="x" * 257),)),
    "long field name": Reply((with_field("x" * 257, "x"),)),
    "long field value": Reply((with_field("x", "x" * 1025),)),
    "empty field": Reply((with_field(" ", "x"),)),
    "no address": Reply((sound(url="javascript:alert(1)"),)),
    "too much over all": Reply((sound(description="x" * 3500), sound(description="x" * 2500))),
    "an embed of nothing": Reply((discord.Embed(),)),
    "six rows": Reply((sound(),), tuple((Button("x", Action("topic", (str(n),))),) for n in range(6))),
    "six buttons": Reply((sound(),), (buttons(6),)),
    "an empty row": Reply((sound(),), ((),)),
    "an empty menu": Reply((sound(),), (Menu("x", ()),)),
    "26 items": Reply((sound(),), (Menu("x", tuple(item("x", str(n)) for n in range(26))),)),
    "long item": Reply((sound(),), (Menu("x", (item("x" * 101, "1"),)),)),
    "long item description": Reply((sound(),), (Menu("x", (item("x", "1", "x" * 101),)),)),
    "two items chosen": Reply((sound(),), (Menu("x", (item("x", "1", "", True), item("y", "2", "", True))),)),
    "long placeholder": Reply((sound(),), (Menu("x" * 151, (item("x", "1"),)),)),
    "long label": Reply((sound(),), ((Button("x" * 81, Action("topic")),),)),
    "blank label": Reply((sound(),), ((Button(" ", Action("topic")),),)),
    "long link": Reply((sound(),), ((Button("x", url="https://example.org/" + "x" * 500),),)),
    "a link without TLS": Reply((sound(),), ((Button("x", url="http://example.org"),),)),
    "link and action": Reply((sound(),), ((Button("x", Action("topic"), "https://example.org"),),)),
    "the same button twice": Reply((sound(),), (buttons(1) * 2,)),
    "eleven files": Reply(files=(Attachment("a.md", b"x"),) * 11),
}


def test_a_sound_reply_has_no_problems_and_trimming_leaves_it_alone() -> None:
    assert limits.check(SOUND) == []
    assert limits.trim(SOUND) == SOUND


@pytest.mark.parametrize("reply", REFUSED.values(), ids=REFUSED)
def test_what_discord_refuses_is_seen_and_trimmed(reply: Reply) -> None:
    assert limits.check(reply) != []
    assert limits.check(limits.trim(reply)) == []


def test_at_the_limit_is_within_it() -> None:
    embed = discord.Embed(title="x" * 256, description="x" * 4096).set_footer(text="x" * (6000 - 256 - 4096))
    row = (Button("x" * 80, Action("topic")), Button("x", url="https://example.org/" + "x" * (512 - 20)))
    menu = Menu("x" * 150, tuple(item("x" * 100, str(number), "x" * 100) for number in range(25)))
    assert limits.check(Reply((embed,), (row, menu), "x" * 2000)) == []


def test_fit_keeps_the_first_embeds_and_their_looks() -> None:
    first = sound(description="word " * 800, colour=0x123456).set_thumbnail(url="https://example.org/a.jpg")
    first.add_field(name="Moments", value="x" * 1024, inline=False)
    fitted = limits.fit((first, sound(description="word " * 800), sound()))
    assert limits.size(fitted) <= limits.EMBED_TOTAL
    assert fitted[0] == first
    assert fitted[1].description is not None
    assert fitted[1].description.endswith("word…")


def test_distinct_drops_what_repeats() -> None:
    menu = Menu("x", (item("One", "1"), item("Also one", "1")))
    distinct = limits.distinct(Reply((sound(),), (buttons(2), buttons(3), buttons(2), menu)))
    assert distinct.rows == (buttons(2), buttons(3)[2:], Menu("x", menu.items[:1]))


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("several short words", 12, "several…"),
        ("several short words", 14, "several short…"),
        ("x" * 50, 10, "x" * 9 + "…"),
        (f"see {LINK} there", 20, "see…"),
        (f"see {LINK} there", 42, f"see {LINK}…"),
        ("ask <@123456789012345678> now", 20, "ask…"),
        ("the </corpus reload:123> command", 12, "the…"),
        ("so **very long words** here", 15, "so **very…**"),
        ("so **very long words** here", 8, "so…"),
        ("one 👩‍👩‍👧‍👦", 8, "one…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("cafe\u0301s", 5, "caf…"),
        ("a\\*\\*\\*", 5, "a\\*…"),
        ("words", 0, ""),
        ("words", 1, "…"),
    ],
)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert limits.cut(text, limit) == expected


@given(st.text("ab *[]()<>\\\u0301\u200d👩🏽🇩🇪\n", max_size=80), st.integers(0, 90))
def test_a_cut_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(limits.cut(text, limit)) <= limit


@given(st.lists(st.sampled_from([LINK, "**bold**", "word", "<@1>"]), max_size=12), st.integers(1, 200))
def test_a_cut_leaves_no_half_of_a_link_mention_or_bold(words: list[str], limit: int) -> None:
    kept = limits.cut(" ".join(words), limit)
    rest = kept.replace(LINK, "").replace("<@1>", "")
    assert not re.search(r"[\[\]()<>]", rest)
    assert rest.count("**") % 2 == 0


def test_whole_lines_takes_what_fits_and_counts_it() -> None:
    assert limits.whole_lines(["one", "two", "three"], 8) == ("one\ntwo", 2)
    assert limits.whole_lines(["one"], 2) == ("", 0)
