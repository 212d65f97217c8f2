"""Quick takes as replies."""

from __future__ import annotations

import discord

from bot.library import TAKES_PAGE
from bot.models import Kind, TakeGroup, TakeRef, TakesAnswer
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import MENU_ITEMS, MENU_LABEL, TITLE, fit
from bot.render.reply import Button, Menu, MenuItem, Reply
from bot.render.text import COLOURS, escape, part, plural, retold, snippet, time_link
from bot.search.titles import fold

_TEXT = 160  # code points of one take


def takes_reply(answer: TakesAnswer, topic_key: str = "") -> Reply:
    """Takes by person or video, or, asked for nothing, the questions there are."""
    menu = _labels_menu(answer, topic_key)
    embed = discord.Embed(colour=COLOURS[Kind.PAGE])
    if not answer.groups:
        embed.title = "Quick takes"
        embed.description = (
            "Short answers to the same questions, across all videos. Choose a question:"
            if answer.labels
            else "No page in the library has a quick-takes list yet."
        )
        return Reply((embed,), (menu,) if menu else ())
    asked = bool(answer.label)  # one question, for which several labels may stand
    one = asked and len({fold(take.label) for group in answer.groups for take in group.takes}) == 1
    where = f" · {answer.topic.title}" if answer.topic else ""
    embed.title = cut(escape(f"{answer.label or 'Quick takes'}{where}"), TITLE)
    embed.set_author(
        name=f"{plural(answer.total, 'answer')} in {plural(answer.videos, 'video')}"
        if asked
        else plural(answer.total, "take")
    )
    embed.description = "\n".join(_group(group, one) for group in answer.groups)
    last = answer.offset + sum(len(group.takes) for group in answer.groups)
    paths = {take.document.path for group in answer.groups for take in group.takes}
    source = next(iter(paths)) if len(paths) == 1 else plural(len(paths), "page")
    shown = part(answer.offset, last - answer.offset, answer.total)
    embed.set_footer(text=f"{shown}{' · ' if shown else ''}{source}")
    buttons = []
    if answer.offset:
        back = max(answer.offset - TAKES_PAGE, 0)
        buttons.append(Button("Back", verbs.takes(topic=topic_key, label=answer.label, offset=back)))
    if last < answer.total:
        buttons.append(Button("Next", verbs.takes(topic=topic_key, label=answer.label, offset=last)))
    rows: list[tuple[Button, ...] | Menu] = [menu] if menu else []
    return Reply(fit([embed]), (*rows, tuple(buttons)) if buttons else tuple(rows))


def _group(group: TakeGroup, one_label: bool) -> str:
    lines = [f"**{escape(cut(group.heading, 100))}**", *(_take(take, one_label) for take in group.takes)]
    return "\n".join(lines)


def _take(take: TakeRef, one_label: bool) -> str:
    time = f"{time_link(take.moment)} " if take.moment else ""
    label = "" if one_label or not take.label else escape(f"{take.label}: ")
    return f"{time}{label}{snippet(take.text, (), _TEXT)}{retold(take.also)}"


def _labels_menu(answer: TakesAnswer, topic_key: str) -> Menu | None:
    """The same question across all videos: one tap away, without going through the topic."""
    others = [label for label in answer.labels if label != answer.label][:MENU_ITEMS]
    items = tuple(MenuItem(cut(label, MENU_LABEL), verbs.takes(label=label)) for label in others)
    return (
        Menu("The same question across all videos" if topic_key or answer.label else "Questions", items)
        if items
        else None
    )
