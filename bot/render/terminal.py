"""Answers and reports for a terminal, with rich. Everything from files is printed as text, never as markup."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.corpus.timecode import format_time
from bot.models import CorpusStatus, FetchReport, Gap, Miss, Moment, MomentsAnswer, ReloadReport, Severity
from bot.render.corpus import changes, code_name, finding_line, headline
from bot.render.gaps import gap_counts
from bot.render.remarks import remarks
from bot.render.text import plural, video_url

_MISSING = 20  # unknown videos listed
_STYLES = {Severity.REJECTED: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def _plain(text: str) -> str:
    """Text without characters that drive a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def print_moments(answer: MomentsAnswer | Miss, console: Console | None = None) -> None:
    """Search results, best first."""
    console = console or Console()
    if isinstance(answer, Miss):
        nothing = "No moment in a video" if answer.said_elsewhere else "Nothing in the library"
        console.print(Text(f'{nothing} says "{_plain(answer.query)}".'))
        if answer.nearest:
            console.print(Text("Nearest topics: " + ", ".join(_plain(topic.title) for topic in answer.nearest)))
        return
    for line in remarks(answer, _plain, _plain):
        console.print(Text(line, style="italic"))
    for moment in answer.moments:
        console.print(_moment(moment))
    if answer.total > len(answer.moments):
        console.print(Text(f"{answer.total - len(answer.moments):,} more", style="dim"))


def _moment(moment: Moment) -> Text:
    time = format_time(moment.start) if moment.start is not None else f"time unverified: {moment.written}"
    line = Text(f"{_plain(time):>8}  ", style="bold")
    words = Text(_plain(moment.words), style="not bold")
    for start, end in moment.highlights:
        words.stylize("bold", start, end)
    line.append_text(words)
    line.append(
        f"\n          {_plain(moment.document.title)} · {video_url(moment.video, moment.start)}", style="dim not bold"
    )
    return line


def print_report(report: ReloadReport, console: Console | None = None) -> None:
    """What a reload would do, and every finding but the most frequent kinds, of which the first."""
    console = console or Console()
    console.print(Text(headline(report)))
    console.print(Text(changes(report)))
    for finding in report.findings:
        if finding.severity is not Severity.NOTE:
            console.print(Text(_plain(finding_line(finding)), style=_STYLES[finding.severity]), soft_wrap=True)
    for code, count in report.counts:
        console.print(Text(f"{count:>8,}  {code_name(code)}"))


def print_fetch(report: FetchReport, console: Console | None = None) -> None:
    """What was fetched from YouTube, what is left, and the videos that it does not know."""
    console = console or Console()
    fetched = f"Fetched {report.fetched:,} of {plural(report.videos, 'video')}"
    left = f"{report.waiting:,} still to fetch" if report.waiting else "nothing left to fetch"
    console.print(Text(f"{fetched}; {left}."))
    if report.fetched:
        console.print(Text("Replies use it from the next start, or /corpus reload, on."))
    if report.missing:
        console.print(
            Text(f"YouTube does not know {plural(len(report.missing), 'video')}: removed, private or mistyped")
        )
        for video in report.missing[:_MISSING]:
            console.print(Text(f"  {video}", style="yellow"))
        if len(report.missing) > _MISSING:
            console.print(Text(f"  and {len(report.missing) - _MISSING:,} more (--json lists all)", style="dim"))


def print_status(status: CorpusStatus, bot: tuple[int, str] | None, console: Console | None = None) -> None:
    """What is loaded. `bot` is for how many seconds one has been up, and its version; None where none runs."""
    console = console or Console()
    kinds = f"{plural(status.pages, 'page')} on {plural(status.videos, 'video')}, {plural(status.articles, 'article')}"
    moments = ", ".join(f"{count:,} {trust}" for trust, count in status.moments) or "no moments"
    console.print(Text(f"Generation {status.generation}: {kinds}"))
    console.print(Text(f"{plural(status.passages, 'passage')}, {plural(status.takes, 'take')}, moments: {moments}"))
    for source, count in status.sources:
        console.print(Text(f"{count:>8,}  {_plain(source)}"))
    for code, count in status.findings:
        console.print(Text(f"{count:>8,}  {code_name(code)}", style="dim"))
    loaded = f"{datetime.fromtimestamp(status.loaded_at):%Y-%m-%d %H:%M}" if status.loaded_at else "never"
    console.print(Text(f"Last change: {loaded} · {status.bytes / 1_000_000:.1f} MB"))
    if bot is None:
        console.print(Text("No bot uses this data folder."))
    else:
        console.print(Text(f"A bot runs: version {_plain(bot[1])}, up for {bot[0] // 3600} h {bot[0] // 60 % 60} min"))


def print_gaps(gaps: Sequence[Gap], console: Console | None = None) -> None:
    """What the library has no good answer to, most asked first."""
    console = console or Console()
    if not gaps:
        console.print(Text("Nothing is missing: in the last 90 days every question found something."))
    for gap in gaps:
        console.print(Text(f"{gap.times:>5,}  {_plain(gap.wordings[0])}"))
        console.print(Text(f"       {_plain(gap_counts(gap))}", style="dim"), soft_wrap=True)


def print_backup(done: str, file: Path, made_at: int, uploads: int, size: int, console: Console | None = None) -> None:
    """What was backed up or restored. `made_at` is Unix time, `size` in bytes."""
    console = console or Console()
    when = f"{datetime.fromtimestamp(made_at):%Y-%m-%d %H:%M}"
    what = f"state.db and {plural(uploads, 'upload')}, {size / 1_000_000:.1f} MB of {when}"
    console.print(Text(f"{done} {_plain(str(file))}: {what}"), soft_wrap=True)


@contextmanager
def progress_line(first: str = "Reading") -> Iterator[Callable[[str], Awaitable[None]]]:
    """A line on standard error that shows how far long work is; nothing where that is no terminal."""
    console = Console(stderr=True)
    with console.status(first) as status:

        async def show(line: str) -> None:
            status.update(Text(_plain(line)))

        yield show
