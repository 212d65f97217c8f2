"""Measure the whole bot under load: interactions a second over the fake Discord, open loop.

    python benchmarks/latency.py FOLDER [--rate 100] [--count 2000] [--json FILE]

The unmodified bot process answers over real HTTP and a real WebSocket; the fake Discord and this script share the
machine with it. Half of what is asked is autocomplete, as in life; the words come from the folder's own title lines.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.corpus.folder import SUFFIXES
from bot.corpus.frontmatter import split
from tests.fake_discord import FakeDiscord, Interaction
from tests.fake_discord.load import LoadReport, percentile

SEED = 5
USERS = 1000  # enough that nobody meets the cooldown
LOADED_WITHIN = 600  # seconds
FAILED = "Something went wrong"  # what the bot says of a fault of its own
RESULT_COLUMNS = ("kind", "asked", "lost", "p50 ms", "p95 ms", "p99 ms", "worst ms")

Ask = Callable[[int], Awaitable[Interaction]]


def titles(folder: Path) -> list[str]:
    """The titles that a folder's pages state, or their first lines."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES):
        text = path.read_text("utf-8", errors="replace")
        stated = split(text).fields.get("title")
        first = next((line.strip("# ") for line in text.splitlines() if line.strip("# -")), path.stem)
        found.append(stated if isinstance(stated, str) else first)
    return found


def questions(discord: FakeDiscord, names: list[str], count: int) -> dict[str, Ask]:
    """One way to ask for each kind, each asking its i-th question."""
    random.seed(SEED)
    users = [discord.add_user(f"user {number}") for number in range(USERS)]
    asked = [random.choice(names) for _ in range(count)]
    words = [" ".join(random.sample(name.split(), min(3, len(name.split())))) for name in asked]

    def slash(name: str, option: str, values: list[str]) -> Ask:
        return lambda i: discord.slash(name, {option: values[i][:100]}, user=users[i % USERS])

    def typing(name: str, option: str) -> Ask:
        return lambda i: discord.autocomplete(name, option, asked[i][: 3 + i % 12], user=users[i % USERS])

    return {
        "/topic": slash("topic", "query", asked),
        "/timestamp": slash("timestamp", "query", words),
        "/search": slash("search", "query", words),
        "/quicktakes": slash("quicktakes", "topic", asked),
        "autocomplete of topics": typing("topic", "query"),
        "autocomplete of videos": typing("timestamp", "video"),
    }


async def measure(folder: Path, rate: float, count: int) -> tuple[list[tuple[object, ...]], LoadReport, float]:
    """Rows of the table, the load as a whole, and the bot's resident memory after it, in bytes."""
    with TemporaryDirectory() as data:
        async with FakeDiscord() as discord:
            settings = {"CORPUS_DIRS": str(folder), "DATA_DIR": data, "LOG_LEVEL": "WARNING"}
            bot = await discord.start_bot([sys.executable, "-m", "bot"], env=settings)
            await discord.wait_ready(within=LOADED_WITHIN)
            ways = questions(discord, titles(folder), count)
            kinds = list(ways)
            taken: dict[str, list[float]] = {kind: [] for kind in kinds}
            lost = dict.fromkeys(kinds, 0)

            async def ask(i: int) -> Interaction:
                half = kinds[4:] if i % 2 else kinds[:4]
                kind = half[i // 2 % len(half)]
                interaction = await ways[kind](i)
                if interaction.failed or interaction.latency is None or FAILED in interaction.text:
                    lost[kind] += 1
                else:
                    taken[kind].append(interaction.latency)
                return interaction

            for i in range(min(count, 50)):
                await ask(i)  # warm: the first questions load pages of the database
            for kind in kinds:
                taken[kind].clear()
            report = await discord.load(ask, count, rate=rate)
            memory = bot.stats()["rss_mb"] * 1e6
            rows: list[tuple[object, ...]] = []
            for kind in kinds:
                times = [round(percentile(taken[kind], q) * 1000, 1) for q in (50, 95, 99, 100)]
                rows.append((kind, len(taken[kind]) + lost[kind], lost[kind], *times))
            everything = [round(report.p(q) * 1000, 1) for q in (50, 95, 99, 100)]
            rows.append(("all", report.n, report.errors, *everything))
            for problem in discord.problems()[:5]:
                print("problem:", problem, file=sys.stderr)
    return rows, report, memory


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rate", type=float, default=100, help="interactions started a second")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows, report, memory = asyncio.run(measure(options.folder, options.rate, options.count))
    print(" | ".join(RESULT_COLUMNS))
    for row in rows:
        print(" | ".join(map(str, row)))
    print(f"{report.n / report.wall:.0f} a second, {memory / 1e6:.0f} MB resident")
    if options.json:
        table = [dict(zip(RESULT_COLUMNS, row, strict=True)) for row in rows]
        options.json.write_text(json.dumps({"rows": table, "rss": memory}, indent=1))


if __name__ == "__main__":
    main()
