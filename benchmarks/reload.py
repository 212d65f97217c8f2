"""Measure what a reload does to the corpus and to members: killed at random points, and while commands come in.

    python benchmarks/reload.py FOLDER [--kills 50] [--rate 20] [--json FILE]

Works on a copy of the folder in which every page gets a line more, so that a reload changes all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.corpus.folder import SUFFIXES
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, FakeDiscord, Interaction
from tests.fake_discord.load import percentile

SEED = 7
USERS = 200
MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD
QUESTIONS = ("how to build a team", "open source", "what is the future", "money and markets", "learning a language")
REPOSITORY = Path(__file__).parents[1]


def pages_of(folder: Path) -> list[Path]:
    """The documents of a folder."""
    return [path for path in folder.rglob("*") if path.suffix in SUFFIXES]


def change(pages: list[Path], number: int) -> None:
    """Give every page another last line."""
    for page in pages:
        text = page.read_bytes().partition(b"\n\nEdition ")[0]
        page.write_bytes(text + b"\n\nEdition %d of this page.\n" % number)


def reload_command(folder: Path, data: Path) -> subprocess.Popen[bytes]:
    """Start `python -m bot reload` on a data folder."""
    settings = {"CORPUS_DIRS": str(folder), "DATA_DIR": str(data)}
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "reload"],
        cwd=REPOSITORY,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def editions(data: Path) -> tuple[str, set[str], int]:
    """What integrity_check says, the editions in the corpus, and how many documents there are."""
    with closing(sqlite3.connect(data / "corpus.db")) as connection:
        (checked,) = connection.execute("PRAGMA integrity_check").fetchone()
        connection.execute("INSERT INTO passage_index (passage_index) VALUES ('integrity-check')")
        connection.rollback()
        found = connection.execute("SELECT DISTINCT text FROM passage WHERE text LIKE 'Edition % of this page.'")
        (documents,) = connection.execute("SELECT count(*) FROM document").fetchone()
        return checked, {row[0] for row in found}, documents


def settings_of(data: Path) -> list[tuple[object, ...]]:
    """What people made: everything in state.db's tables that a reload has no business with."""
    with closing(sqlite3.connect(data / "state.db")) as connection:
        return connection.execute("SELECT * FROM payload").fetchall() + connection.execute("SELECT 1").fetchall()


def measure_kills(folder: Path, kills: int) -> dict[str, object]:
    """Kill a reload at random points; after each, look at what is there."""
    random.seed(SEED)
    pages = pages_of(folder)
    with TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        change(pages, 0)
        reload_command(folder, data).wait()
        change(pages, 1)
        started = time.monotonic()
        reload_command(folder, data).wait()
        whole = time.monotonic() - started
        old, broken, finished = 1, 0, 0
        before = settings_of(data)
        for number in range(2, kills + 2):
            change(pages, number)
            process = reload_command(folder, data)
            time.sleep(random.uniform(0, whole))
            process.send_signal(signal.SIGKILL)
            process.wait()
            checked, found, documents = editions(data)
            (edition,) = {int(text.split()[1]) for text in found} if len(found) == 1 else (-1,)
            sound = checked == "ok" and edition in (old, number) and documents == len(pages)
            broken += not (sound and settings_of(data) == before)
            finished += edition == number
            old = edition
        return {"reload s": round(whole, 1), "kills": kills, "broken": broken, "had committed": finished}


async def measure_commands(folder: Path, rate: float) -> dict[str, object]:
    """Ask at a steady rate while a reload changes every page."""
    pages = pages_of(folder)
    with TemporaryDirectory() as data:
        async with FakeDiscord() as discord:
            home = {"HOME_GUILD_ID": str(discord.guild.id), "LOG_LEVEL": "WARNING"}
            settings = {"CORPUS_DIRS": str(folder), "DATA_DIR": data, **home}
            await discord.start_bot([sys.executable, "-m", "bot"], env=settings)
            await discord.wait_ready(within=600)
            await discord.wait_until(lambda: len(discord.command_syncs) >= 2, within=60)
            users = [discord.add_user(f"user {number}") for number in range(USERS)]
            change(pages, 1000)

            def ask(i: int) -> Awaitable[Interaction]:
                query = QUESTIONS[i % len(QUESTIONS)]
                return discord.slash(("topic", "timestamp", "search")[i % 3], {"query": query}, user=users[i % USERS])

            started = time.monotonic()
            reload = asyncio.create_task(discord.slash("corpus reload", permissions=MODERATOR, settle=300))
            asked: list[asyncio.Future[Interaction]] = []
            while not (reload.done() and "generation" in reload.result().text):  # before that it shows how far it is
                asked.append(asyncio.ensure_future(ask(len(asked))))
                await asyncio.sleep(1 / rate)
            seconds = time.monotonic() - started
            answers = await asyncio.gather(*asked)
            pages[0].write_bytes(pages[0].read_bytes() + b"\nOne more line.\n")
            again = time.monotonic()
            report = await discord.slash("corpus reload", permissions=MODERATOR, settle=300)
            await discord.wait_until(lambda: "generation" in report.text, within=300)
            one = time.monotonic() - again
    taken = [answer.latency for answer in answers if answer.latency is not None and not answer.failed]
    return {
        "reload s": round(seconds, 2),
        "one file s": round(one, 2),
        "asked": len(answers),
        "failed": len(answers) - len(taken),
        **{f"p{q} ms": round(percentile(taken, q) * 1000) for q in (50, 95, 99, 100)},
    }


def main() -> None:
    """Measure, print, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rate", type=float, default=20, help="commands a second while the reload runs")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    measures: dict[str, Callable[[Path], dict[str, object]]] = {
        "killed": lambda folder: measure_kills(folder, options.kills),
        "asked meanwhile": lambda folder: asyncio.run(measure_commands(folder, options.rate)),
    }
    results = {}
    with TemporaryDirectory() as scratch:
        for name, measure in measures.items():
            copy = Path(scratch) / name.replace(" ", "-")
            shutil.copytree(options.folder, copy)
            results[name] = measure(copy)
            print(name, "|", " | ".join(f"{key} {value}" for key, value in results[name].items()))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
