"""Measure libraries of N passages made from a folder of pages: loading, memory, and what each command takes.

    python benchmarks/scale.py N... [--pages FOLDER] [--keep FOLDER] [--json FILE]
    python benchmarks/scale.py --growth ...          (10,000, 100,000, 742,000 and 1,000,000)

copies.py says what the pages are like. Questions are words of the pages: 1 to 4 of a title, a heading or a passage, and
7 to 20 in a row of a passage. A command's own work is all that it does but building the reply: names, search, and the
rows that it shows. Beside it, for the same questions: a rapidfuzz scan over the passages' texts, and tantivy where that
is installed. `overlap` is the share of the top ten that the unbounded question has too. `--keep` leaves pages and data
for the next run. Times are milliseconds, memory is megabytes; each part is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import mean, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.copies import SEED, add_line, read_pages, write_copies
from bot.corpus.parse import parse
from bot.curation import Curator
from bot.library import Library
from bot.memory import give_back_large_blocks
from bot.models import Document
from bot.search import candidates, snapshot
from bot.search.engine import search_moments, search_passages
from bot.search.query import STOP_WORDS
from bot.store.database import Database, open_database

GROWTH = (10_000, 100_000, 742_000, 1_000_000)
QUESTIONS = 300
SOME = 100  # questions for each command that is no search, and those asked without bounds too
SCANNED = 5  # questions for which every passage is compared
CLAMP = 400  # characters; twenty words are more than a member may type
READ_LIMIT = 60.0  # seconds
TOP = 10
RELOADS = 2  # refreshes after the first, as after reloads
MB = 1e6

Numbers = dict[str, float]
Asked = Callable[[str], Awaitable[object]]


def build(pages: Path, data: Path) -> dict[str, Numbers]:
    """Load cold, unchanged, and with one file changed; seconds."""

    async def nothing() -> None: ...

    first = min(path for path in pages.rglob("*") if path.is_file())

    async def load() -> Numbers:
        async with open_database(data) as database:
            curator = Curator(database, [pages], nothing)
            cold = await curator.reload()
            unchanged = await curator.reload()
            await asyncio.to_thread(add_line, first)
            one = await curator.reload()
        seconds = {"cold s": cold.seconds, "unchanged s": unchanged.seconds, "one changed s": one.seconds}
        return {**seconds, "pages": len(cold.added), "pages a second": len(cold.added) / cold.seconds}

    return {"load": asyncio.run(load())}


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


def questions_of(folder: Path) -> tuple[list[str], list[str]]:
    """`made_questions` of a folder's pages."""
    parsed = (parse(name, text.encode()).document for name, text in read_pages(folder).items())
    return made_questions([document for document in parsed if document and document.passages], random.Random(SEED))


def summary(times: Sequence[float]) -> Numbers:
    """Percentiles of milliseconds."""
    cuts = quantiles(times, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(times)}


async def timed(ask: Asked, questions: Sequence[str]) -> Numbers:
    """What each question takes."""
    times = []
    for question in questions:
        began = time.perf_counter()
        await ask(question)
        times.append((time.perf_counter() - began) * 1000)
    return summary(times)


async def overlap(database: Database, questions: Sequence[str]) -> float:
    """The share of the top ten that the unbounded question has in its top ten too."""

    async def best(question: str) -> set[int]:
        async with database.corpus.read(limit=READ_LIMIT) as reader:
            found = await search_passages(reader, question, clamp=CLAMP, limit=TOP)
        return {hit.passage for hit in found.hits}

    bounded = [await best(question) for question in questions]
    kept = candidates.SMALL
    candidates.SMALL = sys.maxsize
    unbounded = [await best(question) for question in questions]
    candidates.SMALL = kept
    return mean(len(some & all_) / len(all_) for some, all_ in zip(bounded, unbounded, strict=True) if all_)


def commands(pages: Path, data: Path) -> dict[str, Numbers]:
    """What each command takes, from the first question on: nothing is asked before to warm it up."""
    short, long = questions_of(pages)

    async def measure() -> dict[str, Numbers]:
        async with open_database(data, writes=False) as database:
            library = Library(database)
            began = time.perf_counter()
            await library.refresh()
            results = {"names": {"refresh s": time.perf_counter() - began}}

            async def moments(question: str) -> None:
                async with database.corpus.read(limit=READ_LIMIT) as reader:
                    await search_moments(reader, question, clamp=CLAMP)

            async def typed(question: str) -> None:
                library.complete_topics(question[:100])

            async def browsed(source: str) -> None:
                library.browse(source)

            titles = [document.title for document in library.catalogue.documents.values()]
            titles = random.Random(SEED).sample(titles, min(SOME, len(titles)))
            sources = ["", *library.catalogue.sources]
            labels = library.catalogue.labels() or [""]
            for name, ask, questions in (
                ("/timestamp, 1-4 words", moments, short),
                ("/timestamp, 7-20 words", moments, long),
                ("/timestamp, with its rows", library.moments, short),
                ("/search", library.search, short),
                ("/ask", library.ask, [question[:100] for question in long]),
                ("/topic by name", library.topic, titles),
                ("/topic by words", library.topic, short[:SOME]),
                ("/quicktakes of a topic", lambda title: library.takes(topic=title), titles),
                ("/quicktakes of a label", lambda label: library.takes(label=label), (labels * SOME)[:SOME]),
                ("/library", browsed, (sources * SOME)[:SOME]),
                ("find in library", library.moments_about, [question * 3 for question in long[:SOME]]),
                ("autocomplete, each key", typed, [title[: 1 + at % 30] for at, title in enumerate(titles)]),
                ("autocomplete, a typo", typed, [title[:5] + title[6:20] for title in titles]),
            ):
                results[name] = await timed(ask, questions)
            for name, questions in (("/timestamp, 1-4 words", short), ("/timestamp, 7-20 words", long)):
                results[name]["overlap"] = await overlap(database, questions[:SOME])
        return results

    return asyncio.run(measure())


def memory(pages: Path, data: Path) -> dict[str, Numbers]:
    """Resident memory of a process with all of the bot's modules: before, serving, after reloads, and at its most."""
    import bot.gateway.running  # noqa: F401

    give_back_large_blocks()
    short, long = random.Random(SEED), ["growth", "open source models", "what is a good strategy for small teams"]

    async def measure() -> Numbers:
        results = {"imports": resident()}
        async with open_database(data) as database:
            library = Library(database)
            await library.refresh()
            results["started"] = resident()
            titles = list(library.catalogue.topics.complete("", 200))
            for title in short.sample(titles, min(100, len(titles))):
                for ask in (library.moments, library.search, library.ask, library.topic):
                    await ask(title.title)
            for question in long:
                await library.moments(question)
            results["serving"] = resident()
            for _ in range(RELOADS):  # each indexes all names, as after a change of names, while the last ones serve
                (data / snapshot.FILE).unlink(missing_ok=True)  # a small library has none
                anew = Library(database)
                anew.sizes = library.sizes
                await anew.refresh()
                library = anew
            results["after reloads"] = resident()
        return results | {"most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MB}

    return {"memory": asyncio.run(measure())}


def resident() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def texts_of(data: Path) -> list[str]:
    """The text of every passage."""
    connection = sqlite3.connect(f"{(data / 'corpus.db').absolute().as_uri()}?mode=ro", uri=True)
    return [row[0] for row in connection.execute("SELECT text FROM passage WHERE is_searched ORDER BY id")]


def scan(pages: Path, data: Path) -> dict[str, Numbers]:
    """rapidfuzz over every passage, as a bot without an index would."""
    from rapidfuzz import fuzz, process

    texts, (short, _) = texts_of(data), questions_of(pages)

    async def ask(question: str) -> object:
        return process.extract(question, texts, scorer=fuzz.token_set_ratio, limit=TOP)

    return {"rapidfuzz scan": asyncio.run(timed(ask, short[:SCANNED]))}


def tantivy(pages: Path, data: Path) -> dict[str, Numbers]:
    """tantivy's English stemmer over one field, any of the words; nothing where it is not installed."""
    try:
        import tantivy
    except ImportError:
        return {}
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    with tempfile.TemporaryDirectory() as place:
        index = tantivy.Index(builder.build(), path=place)
        writer = index.writer(heap_size=100_000_000, num_threads=1)
        began = time.perf_counter()
        for number, text in enumerate(texts_of(data)):
            writer.add_document(tantivy.Document(number=number, text=text))
        writer.commit()
        built = time.perf_counter() - began
        index.reload()
        searcher = index.searcher()

        async def ask(question: str) -> object:
            query, _ = index.parse_query_lenient(" ".join(re.findall(r"\w+", question)), ["text"])
            return [searcher.doc(address)["number"] for _, address in searcher.search(query, TOP).hits]

        return {
            f"tantivy, {name}": {**asyncio.run(timed(ask, questions)), "built s": built}
            for name, questions in zip(("1-4 words", "7-20 words"), questions_of(pages), strict=True)
        }


def measured(passages: int, pages: Path, place: Path) -> dict[str, Numbers]:
    """All numbers of one size; `place` is where its pages and data are, or will be."""

    def apart(part: Callable[..., dict[str, Numbers]], *given: object) -> dict[str, Numbers]:
        with ProcessPoolExecutor(1) as worker:
            return worker.submit(part, *given).result()

    results: dict[str, Numbers] = {}
    if not (place / "pages").exists():
        with ProcessPoolExecutor(1) as worker:
            worker.submit(write_copies, pages, place / "pages", passages).result()
    if not (place / "data" / "corpus.db").exists():
        results |= apart(build, place / "pages", place / "data")
    results["file"] = {"MB": (place / "data" / "corpus.db").stat().st_size / MB}
    for part in (memory, commands, scan, tantivy):
        results |= apart(part, pages, place / "data")
    return results


def main() -> None:
    """Read the arguments, make pages, load, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passages", type=int, nargs="*", metavar="N")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--pages", type=Path, default=Path("seeds"))
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    sizes = [*arguments.passages, *(GROWTH if arguments.growth else ())]
    if not sizes:
        parser.error("say how many passages, or --growth")
    results: dict[str, dict[str, Numbers]] = {}
    for passages in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            place = (arguments.keep or Path(temporary)) / str(passages)
            results[str(passages)] = measured(passages, arguments.pages, place)
        print(f"\n{passages:,} passages")
        for name, numbers in results[str(passages)].items():
            print(f"{name:26}", "  ".join(f"{key} {value:,.2f}" for key, value in numbers.items()), flush=True)
        if arguments.json:
            arguments.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
