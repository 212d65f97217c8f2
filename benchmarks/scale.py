"""Measure a library of N passages made from a folder of pages: loading, searching, memory.

    python benchmarks/scale.py N [--pages FOLDER] [--keep FOLDER] [--json FILE]

Each copy of a page has another video, a part of its words drawn anew from all pages, and its rare words spelt another
way, so that common words grow with the library and rare ones stay rare. Questions are words of the pages: 1 to 4 of a
title, a heading or a passage, and 7 to 20 in a row of a passage. `--keep` leaves pages and data for the next run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.corpus.parse import parse
from bot.curation import Curator
from bot.library import Library
from bot.models import Document
from bot.search import candidates
from bot.search.engine import search_moments, search_passages
from bot.search.query import STOP_WORDS
from bot.store.database import Database, open_database

SEED = 11
DRAWN = 0.15  # of the words of a copy: drawn anew
RARE = 2  # pages that a rare word is in, at most
QUESTIONS = 300
COMPARED = 100  # questions that are asked without bounds too
CLAMP = 400  # characters; twenty words are more than a member may type
READ_LIMIT = 60.0  # seconds
TOP = 10

_WORD = re.compile(r"<[^>]*>|[A-Za-z]{4,}")
_VIDEO = re.compile(r"^(videoId:\s*[\"']?)([A-Za-z0-9_-]{11})", re.MULTILINE)


def read_pages(folder: Path) -> dict[str, str]:
    """Texts of the pages by their path."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt"))
    return {str(path.relative_to(folder)): path.read_text("utf-8", "replace") for path in paths}


class Copier:
    """Makes copies of pages whose words differ."""

    def __init__(self, pages: dict[str, str]) -> None:
        self._all: list[str] = []
        self._pages: Counter[str] = Counter()
        for text in pages.values():
            words = [word for word in _WORD.findall(text) if word[0] != "<"]
            self._all += words
            self._pages.update({word.lower() for word in words})

    def copy(self, text: str, number: int, respelt: dict[str, str], chance: random.Random) -> str:
        """Copy `number` of a page; the first is the page itself. `respelt` is shared by the pages of one copy."""
        if number == 0:
            return text

        def other(match: re.Match[str]) -> str:
            word = match[0]
            if word[0] == "<":
                return word
            if self._pages[word.lower()] <= RARE:
                if word not in respelt:
                    at = chance.randrange(1, len(word))
                    respelt[word] = word[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
                return respelt[word]
            return chance.choice(self._all) if chance.random() < DRAWN else word

        head, fence, body = text.partition("\n---\n") if text.startswith("---") else ("", "", text)
        head = _VIDEO.sub(lambda match: match[1] + f"{number:02d}"[-2:] + match[2][2:], head)
        title = re.sub(r"(?m)^(title: )(.*)$", lambda match: match[1] + _WORD.sub(other, match[2]), head)
        return title + fence + _WORD.sub(other, body)


def write_copies(folder: Path, target: Path, passages: int) -> int:
    """Write pages until they have this many passages; return how many pages."""
    pages = read_pages(folder)
    copier = Copier(pages)
    made = have = number = 0
    while have < passages:
        chance, respelt = random.Random(SEED + number), dict[str, str]()
        for name, text in pages.items():
            path = target / f"copy{number:03d}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            copied = copier.copy(text, number, respelt, chance)
            path.write_text(copied, "utf-8")
            document = parse(name, copied.encode()).document
            have += len(document.passages) if document else 0
            made += 1
            if have >= passages:
                break
        number += 1
    return made


def add_line(path: Path) -> None:
    """Change a page."""
    path.write_text(path.read_text("utf-8") + "\n\nOne line more.\n", "utf-8")


def build(pages: Path, data: Path) -> dict[str, float]:
    """Load cold, unchanged, and with one file changed; seconds."""

    async def nothing() -> None: ...

    first = min(path for path in pages.rglob("*") if path.is_file())

    async def load() -> dict[str, float]:
        async with open_database(data) as database:
            curator = Curator(database, [pages], nothing)
            cold = await curator.reload()
            unchanged = await curator.reload()
            await asyncio.to_thread(add_line, first)
            one = await curator.reload()
        seconds = {"cold": cold.seconds, "unchanged": unchanged.seconds, "one changed": one.seconds}
        return {**seconds, "pages": len(cold.added), "pages a second": len(cold.added) / cold.seconds}

    return asyncio.run(load())


def made_questions(documents: list[Document], chance: random.Random) -> tuple[list[str], list[str]]:
    """Short questions, of 1 to 4 words that are no stop words, and long ones, of 7 to 20 words in a row."""
    short: list[str] = []
    long: list[str] = []
    while len(short) < QUESTIONS or len(long) < QUESTIONS:
        document = chance.choice(documents)
        passage = chance.choice(document.passages)
        heading = document.sections[passage.section].heading
        texts = (document.title, heading or document.title, passage.text)
        words = [word for word in re.findall(r"\w+", chance.choice(texts)) if word.lower() not in STOP_WORDS]
        if words:
            at = chance.randrange(len(words))
            short.append(" ".join(words[at : at + chance.randint(1, 4)]))
        all_words = passage.text.split()
        length = chance.randint(7, 20)
        if len(all_words) >= length:
            at = chance.randrange(len(all_words) - length + 1)
            long.append(" ".join(all_words[at : at + length]).replace('"', ""))
    return short[:QUESTIONS], long[:QUESTIONS]


async def ask(database: Database, questions: list[str]) -> tuple[list[float], list[list[int]]]:
    """Milliseconds that each question takes, and the passages of its best moments."""
    times, answers = [], []
    for question in questions:
        async with database.corpus.read(limit=READ_LIMIT) as reader:
            began = time.perf_counter()
            await search_moments(reader, question, clamp=CLAMP)
            times.append((time.perf_counter() - began) * 1000)
            passages = await search_passages(reader, question, clamp=CLAMP, limit=TOP)
        answers.append([hit.passage for hit in passages.hits])
    return times, answers


async def overlap(database: Database, questions: list[str]) -> float:
    """The share of the top ten that the unbounded question has in its top ten too."""
    _, bounded = await ask(database, questions)
    kept = candidates.FREE, candidates.MATCHED
    candidates.FREE = candidates.MATCHED = sys.maxsize  # type: ignore[misc]
    _, unbounded = await ask(database, questions)
    candidates.FREE, candidates.MATCHED = kept  # type: ignore[misc]
    shares = [len({*some} & {*all_}) / len(all_) for some, all_ in zip(bounded, unbounded, strict=True) if all_]
    return mean(shares)


def resident() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure(folder: Path, data: Path) -> dict[str, dict[str, float]]:
    """Times of short and long questions, cold and warm, how they compare with no bounds, and memory."""
    chance = random.Random(SEED)
    parsed = (parse(name, text.encode()).document for name, text in read_pages(folder).items())
    documents = [document for document in parsed if document and document.passages]
    short, long = made_questions(documents, chance)
    del documents
    results: dict[str, dict[str, float]] = {}
    before = resident()
    async with open_database(data, writes=False) as database:
        library = Library(database)
        await library.refresh()
        for name, questions in (("1-4 words", short), ("7-20 words", long)):
            times, _ = await ask(database, questions)
            cuts = quantiles(times, n=100)
            results[name] = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}
        results["memory"] = {"before": before, "serving": resident()}
        for name, questions in (("1-4 words", short), ("7-20 words", long)):
            results[name]["overlap"] = await overlap(database, questions[:COMPARED])
    return results


def main() -> None:
    """Read the arguments, make pages, load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=int)
    parser.add_argument("--pages", type=Path, default=Path("seeds"))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = arguments.keep or Path(temporary)
        results: dict[str, dict[str, float]] = {}
        if not (place / "data" / "corpus.db").exists():
            with ProcessPoolExecutor(1) as worker:  # so that memory is the reader's own
                worker.submit(write_copies, arguments.pages, place / "pages", arguments.passages).result()
            with ProcessPoolExecutor(1) as worker:
                results["load"] = worker.submit(build, place / "pages", place / "data").result()
        results |= asyncio.run(measure(arguments.pages, place / "data"))
        results["file"] = {"MB": (place / "data" / "corpus.db").stat().st_size / 1e6}
    print(f"{arguments.passages:,} passages")
    for name, numbers in results.items():
        print(f"{name:12}", "  ".join(f"{key} {value:,.2f}" for key, value in numbers.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps({str(arguments.passages): results}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
