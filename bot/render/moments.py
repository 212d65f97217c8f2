"""Moments as replies: search results, all moments of a page, what is said around one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import discord

from bot.corpus.timecode import format_time
from bot.library import PAGE, PAGE_MOMENTS
from bot.models import Kind, Moment, MomentsAnswer
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import TITLE, fit
from bot.render.remarks import is_only_unquoted, remarks
from bot.render.reply import Button, Reply, Style
from bot.render.text import (
    COLOURS,
    THIS_VIDEO,
    escape,
    found,
    joined,
    part,
    plural,
    retold,
    snippet,
    thumbnail_url,
    time_link,
    video_url,
    where,
)

_WORDS = 200  # code points of a moment's words


def found_reply(answer: MomentsAnswer, *, video: str = "", source: str = "", literal: bool = False) -> Reply:
    """Search results, best first. `video`, `source` and `literal` are what was asked, for the buttons that ask on."""
    last = answer.offset + len(answer.moments)
    count = found(answer.total, "moment", best=answer.cut_short)
    shown = part(answer.offset, len(answer.moments), answer.total, best=answer.cut_short)
    embed = discord.Embed(
        title=cut(f"{count} for {escape(answer.repaired or answer.query)}", TITLE), colour=COLOURS[Kind.PAGE]
    )
    embed.description = "\n".join([*remarks(answer), *(_with_page(moment) for moment in answer.moments)])
    embed.set_footer(text=joined(*where(video and (answer.scope or THIS_VIDEO), source), "best first", shown))
    best = answer.moments[0]
    embed.set_thumbnail(url=thumbnail_url(best.video))
    buttons = []
    if best.start is not None:
        buttons.append(Button(f"Watch {format_time(best.start)}", url=video_url(best.video, best.start)))
        buttons.append(Button(f"More around {format_time(best.start)}", verbs.around(best.video, best.start)))

    def at(offset: int) -> Button:
        label = "Next" if offset > answer.offset else "Back"
        return Button(label, verbs.moments(answer.query, video=video, source=source, offset=offset, literal=literal))

    if answer.offset:
        buttons.append(at(max(answer.offset - PAGE, 0)))
    if last < answer.total:
        buttons.append(at(last))
    if answer.repaired and not is_only_unquoted(answer):
        action = verbs.moments(answer.query, video=video, source=source, literal=True)
        buttons.append(Button("Search for the literal words", action, style=Style.QUIET))
    return Reply(fit([embed]), (tuple(buttons),) if buttons else ())


def about_reply(answer: MomentsAnswer) -> Reply:
    """The moments that a message is about."""
    embed = discord.Embed(title="In the library", colour=COLOURS[Kind.PAGE])
    embed.description = "\n".join(_with_page(moment) for moment in answer.moments)
    best = answer.moments[0]
    embed.set_thumbnail(url=thumbnail_url(best.video))
    embed.set_footer(text="what comes closest to that message, best first")
    return Reply(fit([embed]), private=True)


def _with_page(moment: Moment) -> str:
    """A moment and, on its own line, where it is told."""
    page = escape(cut(moment.document.title, 100))
    return f"{time_link(moment)} {snippet(moment.words, moment.highlights, _WORDS)}\n-# {page}{retold(moment.also)}"


def _by_words(moments: Sequence[Moment]) -> str:
    """Moments without the page that they share; those with the same words on one line, with a link for each."""
    told: dict[tuple[str, str], list[Moment]] = defaultdict(list)
    for moment in moments:
        told[moment.document.key, moment.words].append(moment)
    return "\n".join(f"{' '.join(map(time_link, same))} {snippet(words, (), 150)}" for (_, words), same in told.items())


def page_moments_reply(answer: MomentsAnswer, key: str) -> Reply:
    """All moments of a page by time, a view at a time."""
    first = answer.moments[0]
    embed = discord.Embed(title=cut(escape(answer.scope), TITLE), colour=COLOURS[Kind.PAGE], url=video_url(first.video))
    embed.set_author(name=plural(answer.total, "moment"))
    embed.description = _by_words(answer.moments)
    last = answer.offset + len(answer.moments)
    shown = part(answer.offset, len(answer.moments), answer.total)
    embed.set_footer(text=f"{shown}{' · ' if shown else ''}{first.document.path}")
    buttons = [Button("Page", verbs.topic(key))]
    if answer.offset:
        buttons.append(Button("Back", verbs.page_moments(key, max(answer.offset - PAGE_MOMENTS, 0))))
    if last < answer.total:
        buttons.append(Button("Next", verbs.page_moments(key, last)))
    return Reply(fit([embed]), (tuple(buttons),))


def around_reply(answer: MomentsAnswer, second: int) -> Reply:
    """What is said around a moment, from every page on that video."""
    first = answer.moments[0]
    embed = discord.Embed(
        title=cut(f"Around {format_time(second)} · {escape(answer.scope or THIS_VIDEO)}", TITLE),
        colour=COLOURS[Kind.PAGE],
        url=video_url(first.video, second),
    )
    embed.description = _by_words(answer.moments)
    paths = {moment.document.path for moment in answer.moments}
    embed.set_footer(text=first.document.path if len(paths) == 1 else f"from {len(paths)} pages on this video")
    return Reply(
        fit([embed]), ((Button(f"Watch {format_time(second)}", url=video_url(first.video, second)),),), fresh=True
    )
