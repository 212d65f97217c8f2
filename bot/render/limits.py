"""Discord's limits on a message, all of them, and what keeps a reply within them. Not for how a reply looks.

Source: Discord's documentation of messages, embeds and components (August 2026). Lengths count code points; an
embed's total is its title, description, field names and values, footer and author's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import discord

from bot.render.cutting import ELLIPSIS, cut, whole_lines
from bot.render.reply import Button, Menu, MenuItem, Reply

__all__ = ["ELLIPSIS", "check", "cut", "distinct", "fit", "size", "trim", "whole_lines"]

CONTENT = 2_000
EMBEDS = 10
EMBED_TOTAL = 6_000  # over all embeds of a message
TITLE = 256
DESCRIPTION = 4_096
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1_024
FOOTER = 2_048
AUTHOR = 256
EMBED_URL = 2_048
ROWS = 5
BUTTONS = 5  # in a row
BUTTON_LABEL = 80
LINK_URL = 512
MENU_ITEMS = 25
MENU_LABEL = 100
MENU_DESCRIPTION = 100
PLACEHOLDER = 150
FILES = 10
FILE_BYTES = 10 * 1024 * 1024  # of one message, in a server without boosts


def size(embeds: Iterable[discord.Embed]) -> int:
    """How many characters embeds count together, of EMBED_TOTAL."""
    return sum(len(embed) for embed in embeds)


def fit(embeds: Sequence[discord.Embed], total: int = EMBED_TOTAL) -> tuple[discord.Embed, ...]:
    """Copies of the embeds with every part within its limit, and `total` characters over all of them.

    What is over is lost from the end: long texts are cut, then fields go, then whole embeds.
    """
    kept: list[discord.Embed] = []
    for embed in embeds[:EMBEDS]:
        fitted = _fit_one(embed, total)
        if fitted is None:
            break
        kept.append(fitted)
        total -= len(fitted)
    return tuple(kept)


def distinct(reply: Reply) -> Reply:
    """The reply without buttons and menu items that repeat an earlier one: Discord refuses a custom_id given twice."""
    seen: set[object] = set()

    def first(button: Button) -> bool:
        mark = button.action or button.url
        repeats = bool(mark) and mark in seen
        seen.add(mark)
        return not repeats

    rows: list[tuple[Button, ...] | Menu] = []
    for row in reply.rows:
        if isinstance(row, Menu):
            choices: dict[object, MenuItem] = {}
            for item in row.items:
                choices.setdefault(item.action, item)
            rows.append(replace(row, items=tuple(choices.values())))
        else:
            rows.append(tuple(button for button in row if first(button)))
    return replace(reply, rows=tuple(row for row in rows if row and (not isinstance(row, Menu) or row.items)))


def trim(reply: Reply) -> Reply:
    """The reply with everything over a limit cut or left out. The last resort: what is built well passes unchanged."""
    rows: list[tuple[Button, ...] | Menu] = []
    for row in distinct(reply).rows[:ROWS]:
        if isinstance(row, Menu):
            rows.append(_trim_menu(row))
        else:
            rows.append(_trim_buttons(row))
    files = reply.files[:FILES]
    while sum(len(file.data) for file in files) > FILE_BYTES:
        files = files[:-1]
    text, kept = cut(reply.text, CONTENT), tuple(row for row in rows if row)
    trimmed = replace(reply, text=text, embeds=fit(reply.embeds), rows=kept, files=files)
    return trimmed if trimmed.text.strip() or trimmed.embeds or trimmed.files else replace(trimmed, text=ELLIPSIS)


def check(reply: Reply) -> list[str]:
    """Everything for which Discord would refuse this reply, one line each; an empty list where it is sound."""
    problems = list(_over("the text", len(reply.text), CONTENT))
    if not (reply.text.strip() or reply.embeds or reply.files):
        problems.append("the message is empty")
    problems += _over("embeds", len(reply.embeds), EMBEDS)
    problems += _over("the embeds together", size(reply.embeds), EMBED_TOTAL)
    for number, embed in enumerate(reply.embeds, 1):
        problems += (f"embed {number}: {problem}" for problem in _check_embed(embed))
    problems += _over("rows", len(reply.rows), ROWS)
    for number, row in enumerate(reply.rows, 1):
        found = _check_menu(row) if isinstance(row, Menu) else _check_buttons(row)
        problems += (f"row {number}: {problem}" for problem in found)
    if _count(distinct(reply)) != _count(reply):
        problems.append("two buttons or menu items do the same")
    problems += _over("files", len(reply.files), FILES)
    problems += _over("bytes of files", sum(len(file.data) for file in reply.files), FILE_BYTES)
    return problems


def _count(reply: Reply) -> int:
    return sum(len(row.items) if isinstance(row, Menu) else len(row) for row in reply.rows)


def _fit_one(embed: discord.Embed, total: int) -> discord.Embed | None:
    fitted = discord.Embed(colour=embed.colour, timestamp=embed.timestamp, url=_address(embed.url))
    fitted.set_thumbnail(url=_address(embed.thumbnail.url)).set_image(url=_address(embed.image.url))
    if embed.title:
        fitted.title = cut(embed.title, TITLE)
    if embed.author.name:
        name, icon = cut(embed.author.name, AUTHOR), _address(embed.author.icon_url)
        fitted.set_author(name=name, url=_address(embed.author.url), icon_url=icon)
    if embed.footer.text:
        fitted.set_footer(text=cut(embed.footer.text, FOOTER), icon_url=_address(embed.footer.icon_url))
    room = total - len(fitted)
    if room < 0:
        return None
    if embed.description:
        fitted.description = cut(embed.description, min(DESCRIPTION, room)) or None
        room -= len(fitted.description or "")
    for one in embed.fields[:FIELDS]:
        name, value = cut(one.name or "", FIELD_NAME), cut(one.value or "", FIELD_VALUE)
        if not name.strip() or not value.strip():
            continue
        if len(name) + len(value) > room:
            break
        fitted.add_field(name=name, value=value, inline=bool(one.inline))
        room -= len(name) + len(value)
    return fitted if len(fitted) or embed.image.url or embed.thumbnail.url else None


def _trim_buttons(row: Sequence[Button]) -> tuple[Button, ...]:
    sound = [button for button in row if not button.url or (_is_link(button.url) and not button.action)]
    return tuple(replace(one, label=cut(one.label, BUTTON_LABEL).strip() or ELLIPSIS) for one in sound[:BUTTONS])


def _trim_menu(menu: Menu) -> Menu:
    items = tuple(
        replace(
            item,
            label=cut(item.label, MENU_LABEL).strip() or ELLIPSIS,
            description=cut(item.description, MENU_DESCRIPTION),
        )
        for item in menu.items[:MENU_ITEMS]
    )
    if sum(item.chosen for item in items) > 1:
        items = tuple(replace(item, chosen=False) for item in items)
    return replace(menu, placeholder=cut(menu.placeholder, PLACEHOLDER), items=items)


def _over(what: str, count: int, limit: int) -> Iterator[str]:
    if count > limit:
        yield f"{what}: {count} of {limit}"


def _check_embed(embed: discord.Embed) -> Iterator[str]:
    yield from _over("title", len(embed.title or ""), TITLE)
    yield from _over("description", len(embed.description or ""), DESCRIPTION)
    yield from _over("footer", len(embed.footer.text or ""), FOOTER)
    yield from _over("author", len(embed.author.name or ""), AUTHOR)
    yield from _over("fields", len(embed.fields), FIELDS)
    for number, one in enumerate(embed.fields, 1):
        yield from _over(f"field {number}'s name", len(one.name or ""), FIELD_NAME)
        yield from _over(f"field {number}'s value", len(one.value or ""), FIELD_VALUE)
        if not (one.name or "").strip() or not (one.value or "").strip():
            yield f"field {number} is empty"
    for what, url in _addresses(embed):
        if not _is_address(url):
            yield f"{what}'s address is not one, or longer than {EMBED_URL}"
    if not (len(embed) or embed.image.url or embed.thumbnail.url):
        yield "empty"


def _addresses(embed: discord.Embed) -> Iterator[tuple[str, str]]:
    pictures = {"picture": embed.image.url, "thumbnail": embed.thumbnail.url, "footer": embed.footer.icon_url}
    named = {"title": embed.url, "author": embed.author.url, **pictures}
    yield from ((what, url) for what, url in named.items() if url)


def _address(url: str | None) -> str | None:
    return url if url and _is_address(url) else None


def _is_address(url: str) -> bool:
    return url.startswith(("https://", "http://", "attachment://")) and len(url) <= EMBED_URL


def _is_link(url: str) -> bool:
    return url.startswith("https://") and len(url) <= LINK_URL


def _check_menu(menu: Menu) -> Iterator[str]:
    yield from _over("placeholder", len(menu.placeholder), PLACEHOLDER)
    yield from _over("items", len(menu.items), MENU_ITEMS)
    if not menu.items:
        yield "a menu without items"
    if sum(item.chosen for item in menu.items) > 1:
        yield "more than one item is chosen"
    for item in menu.items:
        yield from _over("an item's label", len(item.label), MENU_LABEL)
        yield from _over("an item's description", len(item.description), MENU_DESCRIPTION)
        if not item.label.strip():
            yield "an item without a label"


def _check_buttons(row: tuple[Button, ...]) -> Iterator[str]:
    yield from _over("buttons", len(row), BUTTONS)
    if not row:
        yield "no buttons"
    for button in row:
        yield from _over("a label", len(button.label), BUTTON_LABEL)
        if not button.label.strip():
            yield "a button without a label"
        if button.url and button.action:
            yield "a button with both an action and a link"
        if button.url and not _is_link(button.url):
            yield f"a link that is not https, or longer than {LINK_URL}"
