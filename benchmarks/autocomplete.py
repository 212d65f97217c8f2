"""Measure autocomplete over N titles made from the title lines of a folder of pages: time, hits, memory, building.

    python benchmarks/autocomplete.py FOLDER [N] [--json FILE]

A made title has as many words as some title of the folder and takes each word from another one. It is asked for by its
first 60 %, by the same with one edit, and from its middle on: a hit is the very title among 25. The scan with
rapidfuzz's WRatio, the usual way, answers the first few of the same queries.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import re
import time
import tracemalloc
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.search.titles import FUNCTION_WORDS, GOOD_MATCH, Title, TitleIndex, fold

SEED = 3
QUERIES = 1000
SCANNED_QUERIES = 60
CHOICES = 25
TYPED = 0.6
LEAST_TYPED = 8
FEW_TITLES = 200  # with fewer title lines, headings and other short lines are taken too
LONGEST_HEADING = 70
LEAST_EDITED = 3  # letters
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def title_lines(folder: Path) -> list[str]:
    """Return the titles that the files of a folder state: front matter, else the first line."""
    titles: dict[str, None] = {}
    headings: dict[str, None] = {}
    for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.txt")]):
        lines = [line.strip() for line in path.read_text("utf-8", "replace").splitlines() if line.strip()]
        stated = [line.removeprefix("title:").strip(" \"'") for line in lines if line.startswith("title:")]
        titles.update(dict.fromkeys((stated or [line.lstrip("# ") for line in lines])[:1]))
        short = (line.lstrip("# ") for line in lines if len(line) <= LONGEST_HEADING and line[-1] not in ".:>")
        headings.update(dict.fromkeys(short))
    return list(titles if len(titles) >= FEW_TITLES else titles | headings)


def make_titles(originals: list[str], count: int, chance: random.Random) -> list[str]:
    """Return `count` different titles, the originals first."""
    words = [word for title in originals for word in title.split()]
    lengths = [max(3, len(title.split())) for title in originals]
    made = dict.fromkeys(originals[:count])
    while len(made) < count:
        made[" ".join(chance.choices(words, k=chance.choice(lengths)))] = None
    return list(made)


def edit(text: str, chance: random.Random) -> str:
    """Return `text` with one letter dropped, put in, replaced, or swapped with the next."""
    if len(text) < LEAST_EDITED:
        return text
    at = chance.randrange(1, len(text) - 1)
    letter = chance.choice(ALPHABET)
    edits = (
        text[:at] + text[at + 1 :],
        text[:at] + letter + text[at:],
        text[:at] + letter + text[at + 1 :],
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    )
    return chance.choice(edits)


def start_of(title: str) -> str:
    return title[: max(LEAST_TYPED, round(TYPED * len(title)))]


def middle_of(title: str) -> str:
    """Return what is typed by someone who remembers the title from a middle word on."""
    starts = [match.start() for match in re.finditer(r"\S+", title)]
    return title[starts[len(starts) // 2] :]


def within_word(title: str) -> str:
    """Return the title from the middle of a middle word on."""
    middle = middle_of(title)
    return middle[len(middle.split()[0]) // 2 :]


def typed_queries(names: list[str], chance: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Return (typed, title) pairs by kind. No list can be sure to hold one of more titles than it is long, so starts
    and middles that more than CHOICES titles have are not asked; "each key" takes them as they come."""
    ordered = sorted(name.casefold() for name in names)
    everything = "\n".join(ordered)

    def is_start(typed: str) -> bool:
        after = bisect_left(ordered, typed.casefold()) + CHOICES
        return after >= len(ordered) or not ordered[after].startswith(typed.casefold())

    def is_middle(typed: str) -> bool:
        return everything.count(typed.casefold()) <= CHOICES

    asked = chance.sample(names, min(QUERIES, len(names)))
    starts = [(start_of(name), name) for name in asked if is_start(start_of(name))]
    return {
        "clean": starts,
        "typo": [(edit(typed, chance), name) for typed, name in starts],
        "mid-title": [(middle_of(name), name) for name in asked if is_middle(middle_of(name))],
        "mid-word": [(within_word(name), name) for name in asked if is_middle(within_word(name))],
        "each key": [(name[: chance.randint(1, len(name))], name) for name in asked],
    }


def measure(complete: Callable[[str], list[str]], queries: list[tuple[str, str]]) -> dict[str, float]:
    """Return the share of hits and the milliseconds of `complete` for (typed, title) pairs."""
    hits = 0
    times = []
    for typed, title in queries:
        started = time.perf_counter()
        choices = complete(typed)
        times.append(1000 * (time.perf_counter() - started))
        hits += title in choices
    times.sort()
    percentile = {f"p{share}": round(times[len(times) * share // 100], 3) for share in (50, 95, 99)}
    return {"hits": round(hits / len(queries), 3), **percentile, "max": round(times[-1], 3)}


def lookups(titles: list[str], chance: random.Random) -> dict[str, dict[str, float]]:
    """Return how `lookup` does on three words of titles, and how often it answers when their titles are left out."""
    left_out = chance.sample(titles, min(len(titles) // 4, 250))
    kept = sorted(set(titles) - set(left_out))
    index = TitleIndex(Title(title, title) for title in kept)

    def ask(title: str, change: Callable[[list[str]], str]) -> tuple[str, float]:
        found = index.lookup(change(title.split()))
        return (found[0][0].title, found[0][1]) if found else ("", 0.0)

    def three(words: list[str]) -> str:
        telling = [word for word in words if fold(word) not in FUNCTION_WORDS] or words
        return " ".join(sorted(chance.sample(telling, min(3, len(telling))), key=telling.index))

    ways: dict[str, Callable[[list[str]], str]] = {
        "three words": three,
        "three words, one typo": lambda words: edit(three(words), chance),
        "all words, shuffled": lambda words: " ".join(chance.sample(words, len(words))),
    }
    table: dict[str, dict[str, float]] = {}
    for name, change in ways.items():
        there = [(title, *ask(title, change)) for title in chance.sample(kept, min(len(kept), 250))]
        absent = [ask(title, change) for title in left_out]
        table[name] = {
            "first": round(sum(title == best for title, best, _ in there) / len(there), 3),
            "first_and_good": round(sum(t == best and s >= GOOD_MATCH for t, best, s in there) / len(there), 3),
            "absent_but_good": round(sum(score >= GOOD_MATCH for _, score in absent) / max(1, len(absent)), 3),
        }
    return table


def resident_megabytes() -> float:
    """Return the process's resident memory, 0 where the system does not tell it this way."""
    status = Path("/proc/self/status")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0


def main() -> None:
    """Print the table; write the same as JSON where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=100_000, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()

    chance = random.Random(SEED)
    originals = title_lines(options.folder)
    names = make_titles(originals, options.count, chance)
    titles = [Title(f"{number:016x}", name) for number, name in enumerate(names)]

    gc.collect()
    before = resident_megabytes()
    started = time.perf_counter()
    index = TitleIndex(titles)
    seconds = time.perf_counter() - started
    grown = resident_megabytes() - before
    tracemalloc.start()
    kept = TitleIndex(titles)
    traced = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del kept

    kinds = typed_queries(names, chance)

    def scan(typed: str) -> list[str]:
        return [name for name, _, _ in process.extract(typed, names, scorer=fuzz.WRatio, limit=CHOICES)]

    def complete(typed: str) -> list[str]:
        return [title.title for title in index.complete(typed, CHOICES)]

    rows: list[dict[str, object]] = []
    for kind, queries in kinds.items():
        rows.append({"way": "index", "typed": kind, "queries": len(queries), **measure(complete, queries)})
        few = queries[:SCANNED_QUERIES]
        rows.append({"way": "WRatio scan", "typed": kind, "queries": len(few), **measure(scan, few)})

    print(f"{len(names)} titles from {len(originals)} title lines; built in {seconds:.2f} s")
    print(f"index {traced:.1f} MB beside the titles themselves ({grown:.1f} MB resident after building)\n")
    print("| way | typed | queries | hits among 25 | p50 ms | p95 ms | p99 ms | max ms |\n" + "|---" * 8 + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")
    table = lookups(originals, chance)
    print(f"\nlookup over the {len(originals)} title lines, part of them left out; good: a score of {GOOD_MATCH:g}\n")
    print("| question | right one first | first and good | good though left out |\n" + "|---" * 4 + "|")
    for question, shares in table.items():
        print("| " + " | ".join([question, *map(str, shares.values())]) + " |")
    if options.json:
        result = {"titles": len(names), "lines": len(originals), "seconds": seconds, "megabytes": traced}
        options.json.write_text(json.dumps(result | {"complete": rows, "lookup": table}, indent=1) + "\n")


if __name__ == "__main__":
    main()
