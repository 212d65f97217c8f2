"""Reload reports, findings and status as moderators see them."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.models import AuditEntry, CorpusStatus, Finding, ReloadReport, Severity
from bot.render import verbs
from bot.render.cutting import cut, whole_lines
from bot.render.limits import DESCRIPTION, FIELD_VALUE, MENU_ITEMS, fit
from bot.render.reply import Button, Menu, MenuItem, Reply
from bot.render.text import QUIET, escape, plural

_PATHS = 8  # listed of each kind of change
_FINDINGS = 15  # listed in one view
_MORE = 24  # code points that "and 1,234,567 more" needs

SET_ASIDE = (
    "What the folders hold now was undone and stays set aside until a file changes or someone uses "
    "`/corpus reload` with `force`."
)
NAMES = {
    "time-repaired": "repaired times",
    "time-doubtful": "doubtful times, shown without a link",
    "dead-link": "links that lead nowhere",
    "broken-anchor": "broken timestamp anchors",
    "length-differs": "video lengths that differ",
    "video-list": "problems in videos.csv",
    "front-matter-yaml": "front matter that is not YAML",
    "binary": "files that are not text",
    "empty": "empty files",
    "symlink": "symbolic links",
}


def report_reply(report: ReloadReport, title: str = "") -> Reply:
    """What a reload did, or would do; what was done can be undone from it."""
    embed = report_embed(report, title or ("Check" if report.dry else "Reload"))
    rows = _menu(report.counts)
    undo = Button("Undo", verbs.undo())
    return Reply(fit([embed]), (*rows, (undo,)) if report.is_change and not report.dry else rows)


def report_embed(report: ReloadReport, title: str) -> discord.Embed:
    """A report without anything to press."""
    lines = [headline(report), changes(report), *([SET_ASIDE] if report.set_aside else [])]
    embed = discord.Embed(title=title, description="\n".join(lines), colour=QUIET)
    for name, paths in (("Added", report.added), ("Changed", report.changed), ("Removed", report.removed)):
        if paths:
            listed = [escape(cut(path, 100)) for path in paths[:_PATHS]]
            embed.add_field(name=name, value=_lines(listed, len(paths), FIELD_VALUE), inline=False)
    rejected = [finding for finding in report.findings if finding.severity is Severity.REJECTED]
    if rejected:
        lines = _finding_lines(rejected[:_PATHS])
        embed.add_field(name="Rejected", value=_lines(lines, len(report.rejected), FIELD_VALUE), inline=False)
    if report.counts:
        embed.add_field(name="Findings", value=_counted(report.counts), inline=False)
    return embed


def headline(report: ReloadReport) -> str:
    """The first line of a report, for Discord and the terminal."""
    if report.dry:
        return f"Checked in {report.seconds:.1f} s; nothing was changed."
    if not report.is_change:
        documents = plural(report.documents, "document")
        return f"Nothing new ({report.seconds:.1f} s): {documents}, generation {report.generation}."
    return (
        f"Reloaded in {report.seconds:.1f} s · generation {report.generation} · {plural(report.documents, 'document')}"
    )


def changes(report: ReloadReport) -> str:
    """The numbers of a report in one line."""
    videos = f"   ~ facts on {plural(report.videos, 'video')}" if report.videos else ""
    return (
        f"+ {len(report.added):,} added   ~ {len(report.changed):,} changed   "
        f"- {len(report.removed):,} removed   ! {len(report.rejected):,} rejected{videos}"
    )


def code_name(code: str) -> str:
    """A finding's code in words."""
    return NAMES.get(code, code.replace("-", " "))


def _counted(counts: Sequence[tuple[str, int]]) -> str:
    return cut(" · ".join(f"{code_name(code)}: {count:,}" for code, count in counts), FIELD_VALUE)


def finding_line(finding: Finding) -> str:
    """One finding as a line of plain text: where, what, and what was done about it."""
    place = f"{finding.path}, line {finding.line}" if finding.line else finding.path
    action = f" ({finding.action})" if finding.action else ""
    return f"{place}: {finding.message}{action}"


def findings_reply(code: str, findings: Sequence[Finding], counts: Sequence[tuple[str, int]]) -> Reply:
    """The first findings of one kind; the command line lists all."""
    total = dict(counts).get(code, len(findings))
    embed = discord.Embed(title=cut(code_name(code), 200), colour=QUIET)
    lines = _finding_lines(findings[:_FINDINGS])
    embed.description = _lines(lines, total, DESCRIPTION) if findings else "None any more."
    if total > _FINDINGS:
        embed.set_footer(text="python -m bot check --json lists all of them")
    return Reply(fit([embed]), _menu(counts), private=True)


def _finding_lines(findings: Sequence[Finding]) -> list[str]:
    return [f"- {escape(cut(finding_line(finding), 220))}" for finding in findings]


def _lines(lines: Sequence[str], total: int, limit: int) -> str:
    """As many whole lines as fit, and how many more there are of `total`."""
    text, shown = whole_lines(lines, limit - _MORE)
    return f"{text}\nand {total - shown:,} more" if total > shown else text


def _menu(counts: Sequence[tuple[str, int]]) -> tuple[Menu, ...]:
    items = tuple(
        MenuItem(f"{code_name(code)} ({count:,})", verbs.findings(code)) for code, count in counts[:MENU_ITEMS]
    )
    return (Menu("Findings", items),) if items else ()


def status_reply(
    status: CorpusStatus, uptime: int, version: str, *, last: AuditEntry | None = None, undone_at: int = 0
) -> Reply:
    """What is loaded. `uptime` in seconds; `last` change that a moderator made; `undone_at` as Unix time, 0: nothing is
    set aside.
    """
    embed = discord.Embed(title=f"Corpus · generation {status.generation}", colour=QUIET)
    embed.description = (
        f"{plural(status.pages, 'page')} on {plural(status.videos, 'video')}, {plural(status.articles, 'article')}\n"
        f"{plural(status.passages, 'passage')}, {plural(status.takes, 'take')}"
    )
    moments = ", ".join(f"{count:,} {trust}" for trust, count in status.moments) or "none"
    embed.add_field(name="Moments", value=moments, inline=False)
    sources = [f"{escape(cut(source, 60))} ({count:,})" for source, count in status.sources[:_PATHS]]
    if len(status.sources) > _PATHS:
        sources.append(f"and {len(status.sources) - _PATHS} more")
    embed.add_field(name="Sources", value="\n".join(sources) or "none", inline=False)
    embed.add_field(name="Findings", value=_counted(status.findings) or "none", inline=False)
    loaded = f"<t:{status.loaded_at}:R>" if status.loaded_at else "never"
    embed.add_field(name="Last change", value=loaded)
    if last is not None:
        embed.add_field(name="Last changed by", value=f"{name_of(last.who)}, {last.action}, <t:{last.at}:R>")
    if undone_at:
        embed.add_field(name="Set aside", value=f"Undone <t:{undone_at}:R>. {SET_ASIDE}", inline=False)
    embed.add_field(name="Size", value=f"{status.bytes / 1_000_000:.1f} MB")
    embed.add_field(name="Up for", value=_duration(uptime))
    if status.meaning is not None:
        ready, total = status.meaning
        embed.add_field(name="Meaning", value=f"{ready:,} of {plural(total, 'passage')}")
    embed.set_footer(text=f"Cuepoint {version}")
    return Reply(fit([embed]), _menu(status.findings), private=True)


def name_of(who: int) -> str:
    """A moderator as Discord shows them, without a ping; 0 is the bot itself."""
    return f"<@{who}>" if who else "the bot"


def _duration(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    return f"{days} d {hours} h" if days else (f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min")
