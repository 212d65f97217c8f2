"""Measure what loading a folder takes: for the first time, again with nothing changed, and with one file changed.

    python benchmarks/load.py FOLDER [--pages N ...] [--keep FOLDER] [--json FILE]

With `--pages`, that many pages are made from those of the folder, as scale.py makes them: copies with other videos and
other words. Each load is a process of its own that opens the data folder, reloads and takes the library into memory.
Memory is that of all its processes together, at most. `--keep` leaves pages and data for the next run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.copies import add_line, read_pages, write_pages
from bot.curation import Curator
from bot.library import Library
from bot.store.database import open_database

SAMPLED = 0.05  # seconds between two looks at the memory
LAG = 0.002  # seconds that the event loop is asked to sleep, to see how much longer it does


class Memory:
    """The most memory that the processes of this session have at once, in MB, each without what it shares."""

    def __init__(self) -> None:
        os.setsid()
        self.most = 0.0
        self._page = os.sysconf("SC_PAGE_SIZE") / 1e6
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while True:
            self.most = max(self.most, sum(map(self._own, Path("/proc").glob("[0-9]*"))))
            time.sleep(SAMPLED)

    def _own(self, process: Path) -> float:
        try:
            session = int((process / "stat").read_text().rpartition(")")[2].split()[3])
            if session != os.getsid(0):
                return 0.0
            resident, shared = map(int, (process / "statm").read_text().split()[1:3])
            return (resident - shared) * self._page
        except OSError:  # it has ended
            return 0.0


def load(pages: Path, data: Path) -> dict[str, float]:
    """One load as a start of the bot does it."""
    memory = Memory()

    async def run() -> dict[str, float]:
        waited = [0.0]

        async def watch() -> None:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(LAG)
                waited.append(time.perf_counter() - before - LAG)

        watching = asyncio.create_task(watch())
        began = time.perf_counter()
        async with open_database(data) as database:
            library = Library(database)
            report = await Curator(database, [pages], library.refresh).reload()
            ready = time.perf_counter() - began
        watching.cancel()
        return {
            "pages": report.documents,
            "parsed": report.parsed,
            "reload s": report.seconds,
            "ready s": ready,
            "parsed/s": report.parsed / report.seconds,
            "loop waited ms": max(waited) * 1000,
        }

    return {**asyncio.run(run()), "memory MB": memory.most}


def measure(pages: Path, data: Path) -> dict[str, dict[str, float]]:
    """The three loads."""
    results = {}
    for name in ("first", "unchanged", "one changed"):
        if name == "one changed":
            add_line(min(path for path in pages.rglob("*") if path.is_file()))
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as start:
            results[name] = start.submit(load, pages, data).result()
    return results


def main() -> None:
    """Read the arguments, make pages, load, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, nargs="*", default=[])
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for count in options.pages or [len(read_pages(options.folder))]:
            place = (options.keep or Path(scratch)) / str(count)
            if not (place / "pages").exists():
                write_pages(options.folder, place / "pages", count)
            results[str(count)] = measure(place / "pages", place / "data")
            for name, numbers in results[str(count)].items():
                shown = (f"{key} {value:,.2f}".removesuffix(".00") for key, value in numbers.items())
                print(f"{name:12}", " | ".join(shown), flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
