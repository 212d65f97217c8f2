"""A topic and its sections as replies."""

from __future__ import annotations

import discord

from bot.models import DocumentRef, Excerpt, SectionAnswer, SectionRef, TopicAnswer
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import MENU_DESCRIPTION, MENU_ITEMS, MENU_LABEL, TITLE, fit
from bot.render.reply import Button, Menu, MenuItem, Reply
from bot.render.text import COLOURS, QUIET, escape, origin, plural, snippet, thumbnail_url, time_link, video_url

_LEAD = 900  # code points of one passage of a lead, its links included
_MOMENT = 90  # code points of a moment's words in the list
_TAKEAWAYS = 5
_NAMED_IN = 5
_SECTION_PAGE = 1_500  # code points of a section in one view


def topic_reply(answer: TopicAnswer) -> Reply:
    """A topic's first view."""
    if answer.document is None:
        return _unwritten(answer)
    document = answer.document
    embed = _head(document)
    lines = [cut(_excerpt(excerpt), _LEAD) for excerpt in answer.lead]
    if answer.takeaways:
        lines = [f"- {snippet(text, (), 200)}" for text in answer.takeaways[:_TAKEAWAYS]] + lines[:1]
    embed.description = "\n".join(lines)
    if answer.moments:
        listed = [f"{time_link(moment)} {snippet(moment.words, (), _MOMENT)}" for moment in answer.moments]
        more = answer.moment_count - len(answer.moments)
        embed.add_field(
            name="Moments", value="\n".join([*listed, *([f"and {more:,} more"] if more > 0 else [])]), inline=False
        )
    if answer.related:
        embed.add_field(
            name="Related", value=" · ".join(escape(cut(topic.title, 60)) for topic in answer.related), inline=False
        )
    embed.set_footer(text=_footer(answer, document))
    rows: list[tuple[Button, ...] | Menu] = []
    if len(answer.sections) > 1:
        rows.append(_sections_menu(document, answer.sections, None))
    if answer.related or answer.siblings:
        rows.append(_others_menu(answer))
    buttons = []
    if answer.moment_count > len(answer.moments):
        buttons.append(Button("All moments", verbs.page_moments(document.key)))
    if answer.take_count:
        buttons.append(Button("Quick takes", verbs.takes(topic=document.key)))
    if document.video:
        buttons.append(Button("Watch", url=video_url(document.video)))
    return Reply(fit([embed]), (*rows, tuple(buttons)) if buttons else tuple(rows))


def _head(document: DocumentRef, title: str = "") -> discord.Embed:
    embed = discord.Embed(title=cut(escape(title or document.title), TITLE), colour=COLOURS[document.kind])
    if document.video:
        embed.url = video_url(document.video)
        embed.set_thumbnail(url=thumbnail_url(document.video))
    if origin(document):
        embed.set_author(name=cut(origin(document), 200))
    return embed


def _footer(answer: TopicAnswer, document: DocumentRef) -> str:
    pages = f"one of {len(answer.siblings) + 1} pages on this video · " if answer.siblings else ""
    return f"{pages}{document.path}"


def _excerpt(excerpt: Excerpt) -> str:
    """A passage: each time stands before the words it belongs to."""
    parts: list[str] = []
    for moments, text in excerpt.pieces:
        times = " ".join(time_link(moment) for moment in moments[:3])
        parts.append(f"{times} {escape(text)}".strip())
    marks = f" \\[{', '.join(map(str, excerpt.references))}\\]" if excerpt.references else ""
    return f"{'- ' if excerpt.is_item else ''}{' '.join(parts)}{marks}"


def _unwritten(answer: TopicAnswer) -> Reply:
    """A topic that pages link to but that has no page: what they say where they name it."""
    embed = discord.Embed(title=cut(escape(answer.topic.title), TITLE), colour=QUIET)
    embed.set_author(name="No page of its own" + ("; what other pages say where they name it" if answer.lead else ""))
    told = "\n\n".join(cut(_excerpt(excerpt), _LEAD) for excerpt in answer.lead)
    embed.description = told or "Pages link to it; none says more of it there."
    named = answer.named_in[:_NAMED_IN]
    more = f"; the first {len(named)} are listed" if answer.naming > len(named) else ""
    embed.set_footer(text=f"named in {plural(max(answer.naming, len(answer.named_in)), 'page')}{more}")
    items = tuple(MenuItem(cut(page.title, MENU_LABEL), verbs.topic(page.key), _describe(page)) for page in named)
    search = (Button("Search for its words", verbs.search(answer.topic.title)),)
    return Reply(fit([embed]), (Menu("Pages that name it", items), search) if items else (search,))


def _describe(document: DocumentRef) -> str:
    return cut(origin(document), MENU_DESCRIPTION)


def _heading(section: SectionRef) -> str:
    return section.heading or "Introduction"


def _sections_menu(document: DocumentRef, sections: tuple[SectionRef, ...], chosen: int | None) -> Menu:
    """At most 25 sections fit a menu: the ones around the chosen one."""
    place = next((index for index, section in enumerate(sections) if section.ordinal == chosen), 0)
    first = max(0, min(place - MENU_ITEMS // 2, len(sections) - MENU_ITEMS))
    items = [
        MenuItem(
            cut("\u2003" * min(section.depth, 3) + _heading(section), MENU_LABEL),
            verbs.section(document.key, section.ordinal),
            chosen=section.ordinal == chosen,
        )
        for section in sections[first : first + MENU_ITEMS]
    ]
    return Menu(f"Sections ({len(sections)})", tuple(items))


def _others_menu(answer: TopicAnswer) -> Menu:
    same = [
        MenuItem(cut(page.title, MENU_LABEL), verbs.topic(page.key), "on the same video") for page in answer.siblings
    ]
    related = [MenuItem(cut(topic.title, MENU_LABEL), verbs.topic(topic.key), topic.note) for topic in answer.related]
    room = MENU_ITEMS - len(related)
    return Menu("Related topics, and pages on this video" if same else "Related topics", (*same[:room], *related))


def section_reply(answer: SectionAnswer, page: int = 0) -> Reply:
    """One page of a section, with the way to its neighbours."""
    document = answer.document
    pages = _pages([_excerpt(excerpt) for excerpt in answer.excerpts])
    page = min(max(page, 0), len(pages) - 1)
    embed = _head(document, _heading(answer.section))
    embed.set_author(name=cut(" › ".join([document.title, *answer.path[:-1]]), 200))
    embed.description = "\n".join(pages[page])
    cited = {number for excerpt in answer.excerpts for number in excerpt.references}
    sources = [f"\\[{number}\\] {escape(text)}" for number, text in answer.references if number in cited]
    if sources:
        embed.add_field(name="Sources", value=cut("\n".join(sources), 1000), inline=False)
    count = f"part {page + 1} of {len(pages)} · " if len(pages) > 1 else ""
    embed.set_footer(text=f"{count}{document.path}")
    buttons = [Button("Whole page", verbs.topic(document.key))]
    if page > 0:
        buttons.append(Button("Back", verbs.section(document.key, answer.section.ordinal, page - 1)))
    if page + 1 < len(pages):
        buttons.append(Button("Read on", verbs.section(document.key, answer.section.ordinal, page + 1)))
    if document.video:
        buttons.append(Button("Watch", url=video_url(document.video)))
    rows: list[tuple[Button, ...] | Menu] = []
    if len(answer.sections) > 1:
        rows.append(_sections_menu(document, answer.sections, answer.section.ordinal))
    return Reply(fit([embed]), (*rows, tuple(buttons)))


def _pages(lines: list[str]) -> list[list[str]]:
    """Lines in pages of about _SECTION_PAGE code points; a longer line has a page of its own and is cut there."""
    pages: list[list[str]] = [[]]
    room = _SECTION_PAGE
    for line in lines:
        if pages[-1] and len(line) > room:
            pages.append([])
            room = _SECTION_PAGE
        pages[-1].append(line)
        room -= len(line)
    return pages
