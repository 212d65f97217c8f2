"""Answers for a terminal: plain text, whatever files and questions contain."""

from __future__ import annotations

import io

from hypothesis import HealthCheck, given, settings
from rich.console import Console

from bot.models import DocumentRef, Kind, Miss, Moment, MomentsAnswer, ReloadReport, Topic, Trust
from bot.render.terminal import print_moments, print_report
from tests.render.answers import MOMENTS_ANSWER
from tests.render.test_corpus import REPORT

BIG = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
PAGE = DocumentRef("0" * 16, "Bees [red]", Kind.PAGE, "corpus/bees.md", "hivetalks", "beesAAAAAA1")
MOMENT = Moment("beesAAAAAA1", 61, "", "They [bold]dance[/bold]\x1b[31m", Trust.STATED, PAGE, highlights=((0, 4),))


def console() -> Console:
    return Console(file=io.StringIO(), width=100, color_system=None)


def written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@BIG
@given(MOMENTS_ANSWER)
def test_nothing_from_a_file_drives_the_terminal(answer: MomentsAnswer) -> None:
    terminal = console()
    print_moments(answer, terminal)
    assert all(char.isprintable() or char == "\n" for char in written(terminal))


@BIG
@given(REPORT)
def test_nothing_in_a_report_drives_the_terminal(report: ReloadReport) -> None:
    terminal = console()
    print_report(report, terminal)
    assert all(char.isprintable() or char == "\n" for char in written(terminal))


def test_a_moment_is_its_time_its_words_and_its_link() -> None:
    terminal = console()
    print_moments(MomentsAnswer("dance", (MOMENT,), 3), terminal)
    assert written(terminal) == (
        "    1:01  They [bold]dance[/bold] [31m\n          Bees [red] · https://youtu.be/beesAAAAAA1?t=61\n2 more\n"
    )


def test_a_miss_names_the_nearest_topics() -> None:
    terminal = console()
    print_moments(Miss("x\x1b", (Topic("k", "Bees"), Topic("l", "Queens"))), terminal)
    assert written(terminal) == 'Nothing in the library says "x ".\nNearest topics: Bees, Queens\n'
