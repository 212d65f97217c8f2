"""What every reply has to be, whatever the corpus or the question says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from bot.commands.actions import MAX_CUSTOM_ID, actions_of, body_of, custom_id, parse_body
from bot.render.limits import check, distinct
from bot.render.reply import Button, Menu, Reply

NASTY = (
    "A" * 10_000,
    "word " * 2_000,
    "**bold** _lean_ ~~gone~~ ||hidden|| `code` ```block",
    "<@123456789012345678> @everyone @here <@&1> <#2> <:smile:3> :smile:",
    "[click me](https://evil.example) <https://evil.example>",
    "https://evil.example/watch?v=1 and javascript:alert(1)",
    "# a heading",
    "-# small print",
    "- an item",
    "1. a list",
    "> a quote",
    "\u202egnirts drawkcab\u202c and \u2067isolated",
    "שלום עולם, مرحبا بالعالم",
    "👩‍👩‍👧‍👦" * 60,
    "🇩🇪🇫🇷👍🏽" * 40,
    "Z̶̢̛̗͖̀̈́ḁ̸̛̻͋l̶̰̈́g̵̳̚o̴͚͝ " * 40,
    "\ufdfa" * 20,
    "很长的标题没有空格" * 60,
    "ends in a backslash \\",
    "\\* \\\\* \\",
    "%_,: v1:topic:x,y%2C",
    "' OR 1=1; DROP TABLE document; --",
    "x\u2028y\u0085z",
    "() [] [[]] {} <a> </a> &amp;",
)

_LINK = re.compile(r"\[▶ (?:video|([0-9:]+))\]\((https://[^()\s]+)\)")
_MARKUP = re.compile(r"[\[\]<>|_`]|~~|@everyone|@here|://|:[0-9]*[A-Za-z]\w*:")
_OURS = re.compile(r"<t:\d+:R>|<@1>|`[^`\n]*`|\*time unverified\*")  # what replies of ours contain besides links


def assert_sound(reply: Reply) -> None:
    """Discord takes it, its buttons can be pressed, nobody is pinged, links lead where they say and nowhere else."""
    reply = distinct(reply)
    assert check(reply) == []
    for text in _texts(reply):
        assert_plain(text)
    for url in _urls(reply):
        assert_ours(url)
    for action in actions_of(reply):
        assert parse_body(body_of(action)) == action
        assert len(custom_id(action)) <= MAX_CUSTOM_ID


def assert_plain(text: str) -> None:
    """There is no markup in it but our own: links to videos at the second that they name, bold, list marks."""
    text = re.sub(r"\\.", "·", text, flags=re.DOTALL)  # escaped: shown as it is
    for label, url in _LINK.findall(text):
        assert_ours(url, label)
    rest = _OURS.sub("", _LINK.sub("", text))
    assert _MARKUP.findall(rest) == [], rest
    assert not re.search(r"^\s*(#|>|\d+[.)]\s)", rest, re.MULTILINE), rest
    assert not re.search("[\r\u2028\u0085\u202a-\u202e\u2066-\u2069]", rest), rest


def assert_ours(url: str, label: str = "") -> None:
    """It is a video's address, or a video's picture; with a label, at the second that the label says."""
    parts = urlsplit(url)
    assert parts.scheme == "https"
    assert parts.hostname in ("youtu.be", "i.ytimg.com"), url
    if label:
        seconds = 0
        for part in label.split(":"):
            seconds = seconds * 60 + int(part)
        assert parse_qs(parts.query)["t"] == [str(seconds)]


def _texts(reply: Reply) -> Iterator[str]:
    """Everything that Discord shows as Markdown."""
    yield reply.text
    for embed in reply.embeds:
        yield embed.title or ""
        yield embed.description or ""
        for one in embed.fields:
            yield one.name or ""
            yield one.value or ""


def _urls(reply: Reply) -> Iterator[str]:
    for embed in reply.embeds:
        yield from (url for url in (embed.url, embed.thumbnail.url, embed.image.url, embed.author.url) if url)
    for row in reply.rows:
        if not isinstance(row, Menu):
            yield from (button.url for button in row if isinstance(button, Button) and button.url)


def all_text(reply: Reply) -> str:
    """Everything that a reply says, as one text: for looking something up in it."""
    parts = list(_texts(reply))
    for embed in reply.embeds:
        parts += [embed.author.name or "", embed.footer.text or ""]
    for row in reply.rows:
        parts += [item.label for item in row.items] if isinstance(row, Menu) else [button.label for button in row]
    return "\n".join(part for part in parts if part)


def labels(reply: Reply) -> list[str]:
    """The buttons' labels."""
    return [button.label for row in reply.rows if not isinstance(row, Menu) for button in row]
