"""What moderators confirm before it is done, and what the audit channel is told."""

from __future__ import annotations

import discord

from bot.models import AuditEntry, Finding, ReloadReport
from bot.render import verbs
from bot.render.corpus import changes, finding_line, name_of, report_embed
from bot.render.cutting import cut, whole_lines
from bot.render.limits import CONTENT, FIELD_VALUE, fit
from bot.render.reply import Action, Attachment, Button, Reply, Style
from bot.render.text import QUIET, escape

_FINDINGS = 8  # of an uploaded file
_NAMESAKES = 5
_MORE = 24  # code points that "and 1,234 more" needs


def confirm_reply(title: str, text: str, label: str, token: str, report: ReloadReport | None = None) -> Reply:
    """Ask whether to go on; `report` says what would change then."""
    embed = discord.Embed(title=title, colour=QUIET)
    if report is not None:
        embed = report_embed(report, title)
        text = f"{text}\n{changes(report)}"
    embed.description = text
    return Reply(fit([embed]), (_buttons(label, token, Style.DANGER),), private=True)


def remove_reply(title: str, path: str, token: str, *, loaded: bool) -> Reply:
    """Ask whether an uploaded document is to go; an undo knows only what was loaded."""
    text = f"{escape(path)} is deleted, and members do not find it any more. `/corpus undo` brings it back."
    if not loaded:
        text = (
            f"{escape(path)} is not loaded, so deleting it cannot be undone. `/corpus reload` with `force` loads what "
            "an undo set aside."
        )
    return confirm_reply(f"Remove {escape(cut(title, 100))}?", text, "Remove it", token)


def deleted_reply(path: str) -> Reply:
    """An upload's file is gone that was not loaded."""
    return Reply(
        text=f"{escape(cut(path, 400))} was deleted. It was not loaded, so members find what they found.", private=True
    )


def upload_reply(shown: Reply, report: ReloadReport, name: str, there: str, token: str) -> Reply:
    """What members will get of an upload, and what is wrong in it. `there` is the upload that it replaces, if any."""
    embed = discord.Embed(title=f"Preview of {escape(cut(name, 100))}", colour=QUIET)
    what = f"It replaces {escape(cut(there, 100))}." if there else "It is a new document."
    embed.description = (
        f"{what} Members see the above once you keep it; its links and times are then checked against the other pages."
    )
    if report.namesakes:
        listed = [f"- {escape(cut(path, 100))}" for path in report.namesakes[:_NAMESAKES]]
        text = "Its title is that of another page too. Both stay, told apart by source; links may lead to either.\n"
        embed.add_field(name="Takes a title", value=cut(text + "\n".join(listed), FIELD_VALUE), inline=False)
    embed.add_field(name="Findings", value=_findings(report.findings), inline=False)
    row = _buttons("Replace it" if there else "Keep it", token, Style.DANGER if there else Style.MAIN)
    return Reply(fit([*shown.embeds, embed]), (row,), private=True)


def cancelled_reply() -> Reply:
    """Nothing was done."""
    return Reply(text="Cancelled. Nothing was changed.", private=True)


def export_reply(name: str, path: str, content: bytes) -> Reply:
    """A document's file."""
    return Reply(text=f"{escape(cut(path, 400))}, as it is:", files=(Attachment(name, content),), private=True)


def undone_text(report: ReloadReport) -> str:
    """What confirming an undo means."""
    aside = (
        " What the folders hold now is set aside, until a file changes or someone uses `/corpus reload` with `force`."
    )
    return "Back to the corpus before the last change?" + (aside if report.set_aside else "")


def audit_text(entry: AuditEntry) -> str:
    """An action and its outcome, for the audit channel."""
    subject = f" {escape(cut(entry.subject, 200))}" if entry.subject else ""
    note = f": {escape(cut(entry.note, 500))}" if entry.note else ""
    return cut(f"{name_of(entry.who)} · {escape(entry.action)}{subject} · {entry.outcome.value}{note}", CONTENT)


def _buttons(label: str, token: str, style: Style) -> tuple[Button, ...]:
    cancel: Action = verbs.cancel(token)
    return (Button(label, verbs.confirm(token), style=style), Button("Cancel", cancel))


def _findings(findings: tuple[Finding, ...]) -> str:
    lines = [f"- {escape(cut(finding_line(finding), 220))}" for finding in findings[:_FINDINGS]]
    text, shown = whole_lines(lines, FIELD_VALUE - _MORE)
    return (f"{text}\nand {len(findings) - shown:,} more" if len(findings) > shown else text) or "none"
