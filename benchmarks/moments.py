"""Measure the moments and answers for the questions of questions.json over the five pages of FOLDER (`seeds`).

    python benchmarks/moments.py FOLDER [--semantic] [--json FILE] [--wrong]

Each answered question names the seconds that answer it. Every second question, and every second one without an answer,
is held out: not looked at while the ranking was tuned, and reported apart. `--wrong` lists what failed of the others.
`--semantic` asks as with SEMANTIC=on, once every passage is encoded (`pip install '.[semantic]'`).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.retrieval import all_encoded
from bot.curation import Curator
from bot.search.answering import answer
from bot.search.engine import search_moments
from bot.search.meaning import Meaning
from bot.store.database import Database, open_database
from bot.store.reading import moments_by_id

QUESTIONS = Path(__file__).with_name("questions.json")
NEAR = 8  # seconds: so far off, a moment still begins with the answer
AMONG = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the seconds that answer it, none where nothing does."""

    text: str
    kind: str
    seconds: tuple[int, ...]
    is_held_out: bool


def read_questions() -> list[Question]:
    """The questions, the answered ones first."""
    data = json.loads(QUESTIONS.read_text("utf-8"))
    answered = [(row["text"], row["kind"], tuple(row["seconds"])) for row in data["answered"]]
    rows = [answered, [(text, "unanswered", ()) for text in data["unanswered"]]]
    return [Question(*row, is_held_out=number % 2 == 1) for part in rows for number, row in enumerate(part)]


async def rank_of(database: Database, question: Question, meaning: Meaning | None = None) -> int:
    """The rank of the first right moment from 1, or 0."""
    async with database.corpus.read() as reader:
        found = await search_moments(reader, question.text, meaning=meaning)
        rows = await moments_by_id(reader, [hit.moment for hit in found.hits])
    starts = [rows[hit.moment].start for hit in found.hits]
    right = [start is not None and any(abs(start - second) <= NEAR for second in question.seconds) for start in starts]
    return right.index(True) + 1 if any(right) else 0


async def measure(
    database: Database, questions: list[Question], meaning: Meaning | None
) -> tuple[list[tuple[Question, int]], list[tuple[Question, float, bool]]]:
    """The rank of each answered question's moment; the support of each question, and whether an answer was given."""
    found = [(question, await rank_of(database, question, meaning)) for question in questions if question.seconds]
    answers = []
    for question in questions:
        async with database.corpus.read() as reader:
            answered = await answer(reader, question.text)
        answers.append((question, answered.support, bool(answered.sentences)))
    return found, answers


async def run(folder: Path, *, semantic: bool) -> tuple[list[tuple[Question, int]], list[tuple[Question, float, bool]]]:
    """Load the folder and ask everything."""

    async def nothing() -> None: ...

    with tempfile.TemporaryDirectory() as place:
        async with open_database(Path(place)) as database:
            await Curator(database, [folder], nothing).reload()
            async with all_encoded(database, Path(place)) if semantic else nullcontext() as meaning:
                return await measure(database, read_questions(), meaning)


def share(values: list[bool]) -> float:
    """The share that is true, in per cent."""
    return 100 * sum(values) / max(len(values), 1)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--semantic", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    found, answers = asyncio.run(run(arguments.folder, semantic=arguments.semantic))
    results: dict[str, dict[str, float]] = {}
    for name, half in (("tuned", False), ("held out", True)):
        ranks = [rank for question, rank in found if question.is_held_out == half]
        mine = [row for row in answers if row[0].is_held_out == half]
        results[name] = {
            "questions": len(ranks),
            "first %": share([rank == 1 for rank in ranks]),
            f"among {AMONG} %": share([0 < rank <= AMONG for rank in ranks]),
            "answered %": share([given for question, _, given in mine if question.seconds]),
            "wrongly answered %": share([given for question, _, given in mine if not question.seconds]),
        }
        print(f"{name:9}", "  ".join(f"{key} {value:.1f}" for key, value in results[name].items()))
    if arguments.wrong:
        for question, rank in found:
            if rank != 1 and not question.is_held_out:
                print(f"rank {rank}: {question.text} ({question.kind})")
        for question, support, given in answers:
            if given != bool(question.seconds) and not question.is_held_out:
                print(f"support {support:.2f}: {question.text} ({question.kind})")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
