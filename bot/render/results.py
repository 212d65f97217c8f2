"""Passages of every kind of document as replies, and the list of documents."""

from __future__ import annotations

import discord

from bot.library import DOCUMENTS_PAGE, PAGE
from bot.models import DocumentRef, Kind, LibraryAnswer, SearchAnswer, SearchResult
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import MENU_DESCRIPTION, MENU_ITEMS, MENU_LABEL, TITLE, fit
from bot.render.remarks import is_only_unquoted, remarks
from bot.render.reply import Button, Menu, MenuItem, Reply
from bot.render.text import (
    COLOURS,
    THIS_VIDEO,
    escape,
    found,
    joined,
    origin,
    part,
    plural,
    retold,
    snippet,
    time_link,
    where,
)

_WORDS = 240  # code points of a passage


def search_reply(answer: SearchAnswer, *, source: str = "", video: str = "", literal: bool = False) -> Reply:
    """Passages, best first. `source`, `video` and `literal` are what was asked, for the buttons that ask on."""
    last = answer.offset + len(answer.results)
    asked = escape(answer.repaired or answer.query)
    kinds = {result.document.kind for result in answer.results}
    colour = COLOURS[Kind.PAGE if Kind.PAGE in kinds else Kind.ARTICLE]
    count = found(answer.total, "passage", best=answer.cut_short)
    embed = discord.Embed(title=cut(f"{count} for {asked}", TITLE), colour=colour)
    embed.description = "\n".join([*remarks(answer), *(_result(result) for result in answer.results)])
    shown = part(answer.offset, len(answer.results), answer.total, best=answer.cut_short)
    embed.set_footer(text=joined(*where(video and (answer.scope or THIS_VIDEO), source), "best first", shown))
    documents = {result.document.key: result.document for result in answer.results}
    menu = Menu("Open a page", tuple(_item(document) for document in documents.values()))

    def at(label: str, offset: int) -> Button:
        return Button(label, verbs.search(answer.query, source=source, video=video, offset=offset, literal=literal))

    buttons = []
    if answer.offset:
        buttons.append(at("Back", max(answer.offset - PAGE, 0)))
    if last < answer.total:
        buttons.append(at("Next", last))
    if answer.repaired and not is_only_unquoted(answer):
        action = verbs.search(answer.query, source=source, video=video, literal=True)
        buttons.append(Button("Search for the literal words", action))
    return Reply(fit([embed]), (menu, tuple(buttons)) if buttons else (menu,))


def ask_reply(answer: SearchAnswer) -> Reply:
    """An answer in sentences of the corpus; each says where it stands."""
    kinds = {result.document.kind for result in answer.results}
    colour = COLOURS[Kind.PAGE if Kind.PAGE in kinds else Kind.ARTICLE]
    embed = discord.Embed(title=cut(escape(answer.repaired or answer.query), TITLE), colour=colour)
    embed.description = "\n".join(_result(result) for result in answer.results)
    embed.set_footer(text="in the library's own words")
    documents = {result.document.key: result.document for result in answer.results}
    menu = Menu("Open a page", tuple(_item(document) for document in documents.values()))
    more = Button("More on this", verbs.search(answer.query))
    return Reply(fit([embed]), (menu, (more,)))


def _result(result: SearchResult) -> str:
    times = "".join(f"{time_link(moment)} " for moment in result.moments[:1])
    where = [cut(result.document.title, 80), *([cut(result.section, 60)] if result.section else [])]
    words = snippet(result.words, result.highlights, _WORDS, result.told_from)
    return f"{times}{words}\n-# {escape(' › '.join(where))}{retold(result.also)}"


def _item(document: DocumentRef) -> MenuItem:
    return MenuItem(cut(document.title, MENU_LABEL), verbs.topic(document.key), cut(origin(document), MENU_DESCRIPTION))


def library_reply(answer: LibraryAnswer) -> Reply:
    """What there is to read, newest first, with a menu to open and one to choose a source."""
    last = answer.offset + len(answer.documents)
    name = answer.source or "The library"
    embed = discord.Embed(title=cut(escape(name), TITLE), colour=COLOURS[Kind.PAGE])
    embed.set_author(name=plural(answer.total, "document"))
    lines = [
        f"- {escape(cut(document.title, 120))}{_details(document, answer.source)}" for document in answer.documents
    ]
    embed.description = "\n".join(lines) or "Nothing is loaded yet."
    if answer.documents:
        order = "newest first" if any(document.published for document in answer.documents) else "by title"
        shown = part(answer.offset, len(answer.documents), answer.total)
        embed.set_footer(text=f"{order}{' · ' if shown else ''}{shown}")
    rows: list[tuple[Button, ...] | Menu] = []
    if answer.documents:
        rows.append(Menu("Open a page", tuple(_item(document) for document in answer.documents)))
    if len(answer.sources) > 1:
        items = [
            MenuItem(cut(source, MENU_LABEL), verbs.library(source), plural(count, "document"), source == answer.source)
            for source, count in answer.sources[: MENU_ITEMS - 1]
        ]
        items.append(MenuItem("All sources", verbs.library(), chosen=not answer.source))
        rows.append(Menu("Sources", tuple(items)))
    buttons = []
    if answer.offset:
        back = max(answer.offset - DOCUMENTS_PAGE, 0)
        buttons.append(Button("Back", verbs.library(answer.source, back)))
    if last < answer.total:
        buttons.append(Button("Next", verbs.library(answer.source, last)))
    return Reply(fit([embed]), (*rows, tuple(buttons)) if buttons else tuple(rows))


def _details(document: DocumentRef, source: str) -> str:
    parts = [document.guest or document.author, "" if source else document.source, document.published]
    known = " · ".join(escape(part) for part in parts if part)
    return f"\n-# {known}" if known else ""
