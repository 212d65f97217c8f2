"""Measure the preview over a folder: the first page, what each view of the corpus page asks, and how soon it is drawn.

    python benchmarks/preview.py FOLDER [--rounds N] [--json FILE]

Answers are timed in the process that gives them: wall time of the first and of the best round, and the best round's
CPU time. Drawing is timed in Chromium, from the last answer's last byte to the view being there, best of the rounds;
without Chromium it is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from bot.curation import Curator
from bot.library import Library
from bot.preview.app import Preview, make_app
from bot.store.database import open_database

QUESTION = "product strategy"
COLUMNS = ("", "first ms", "best ms", "cpu ms", "kB")
# What is there once a view is drawn.
DRAWN = {
    "loaded": ("/corpus", "tbody tr"),
    "findings": ("/corpus?view=findings", ".file-findings, #corpus > [role=status]"),
    "search": (f"/corpus?view=search&q={QUESTION.replace(' ', '+')}", ".result, .notice"),
    "videos": ("/corpus?view=videos", "#corpus .pager"),
    "timeline": ("/corpus?view=videos&video={video}", "path.mark"),
    "links": ("/corpus?view=links", "svg.map a, .notice"),
    "topic": ("/corpus?view=links&topic={topic}", ".neighbours .middle"),
    "a reply": (f"/?q=/search+{QUESTION.replace(' ', '+')}", ".message .embed, .message .text"),
}
# Notes when the view is first there, to be set against the end of the last answer before.
WATCH = """(selector) => {
    const look = () => {
        if (!window.drawnAt && document.querySelector(selector)) window.drawnAt = performance.now();
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
}"""
SINCE = """() => {
    const answers = performance.getEntriesByType("resource").filter((one) => one.name.includes("/api/"));
    const ends = answers.map((one) => one.responseEnd).filter((end) => end <= window.drawnAt);
    return window.drawnAt ? { after: window.drawnAt - Math.max(...ends), all: window.drawnAt } : null;
}"""


async def timed(ask: Callable[[], Awaitable[int]], rounds: int) -> dict[str, float]:
    """First and best wall time and best CPU time in milliseconds, and the answer's size in kB."""
    walls, cpus, size = [], [], 0
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        size = await ask()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return {"first": walls[0], "best": min(walls), "cpu": min(cpus), "kB": size / 1000}


async def answers(client: TestClient[Any, Any], rounds: int) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """The time of each answer, and the video and topic with most to draw."""

    async def get(name: str, **given: str) -> Any:
        response = await client.get(f"/api/corpus/{name}", params=given)
        assert response.status == 200, await response.text()
        return json.loads(await response.read())

    async def size(name: str, **given: str) -> int:
        return len(await (await client.get(f"/api/corpus/{name}", params=given)).read())

    found = {"summary": await timed(lambda: size("summary"), rounds)}
    videos = (await get("videos", order="moments"))["videos"]
    files = (await get("files"))["files"]
    topics = (await get("links"))["nodes"]
    most = {"video": videos[0]["video"] if videos else "", "topic": topics[0]["key"] if topics else ""}
    asked: dict[str, dict[str, str]] = {
        "files": {},
        "search": {"q": QUESTION},
        "videos": {},
        "links": {},
        **({"findings": {"path": files[0]["path"]}} if files else {}),
        **({"video": {"id": most["video"]}} if videos else {}),
    }
    for name, given in asked.items():
        found[name] = await timed(partial(size, name, **given), rounds)
    if topics:
        found["links of one"] = await timed(lambda: size("links", topic=most["topic"]), rounds)
    return found, most


async def drawings(home: str, most: dict[str, str], rounds: int) -> dict[str, dict[str, float]]:
    """How long after its answer each view is drawn, and since the address was opened, in milliseconds."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        return {}
    from playwright.async_api import async_playwright

    found: dict[str, dict[str, float]] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (address, there) in DRAWN.items():
            if any(f"{{{part}}}" in address and not given for part, given in most.items()):
                continue
            seen = []
            for _ in range(rounds):
                page = await browser.new_page(viewport={"width": 1200, "height": 850})
                await page.add_init_script(f"({WATCH})({json.dumps(there)})")
                await page.goto(home + address.format(**most))
                await page.wait_for_function("() => window.drawnAt")
                seen.append(await page.evaluate(SINCE))
                await page.close()
            found[name] = {key: min(one[key] for one in seen) for key in ("after", "all")}
        await browser.close()
    return found


async def measure(folder: Path, rounds: int) -> dict[str, Any]:
    """All of it, with a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="cuepoint-") as scratch:
        async with open_database(Path(scratch)) as database:
            library = Library(database)
            curator = Curator(database, [folder], library.refresh)
            await curator.reload()
            loaded = time.perf_counter()
            server = TestServer(make_app(Preview(library, curator, database.state, videos=False)))
            async with TestClient(server) as client:
                await (await client.get("/")).read()
                first_page = 1000 * (time.perf_counter() - loaded)
                found, most = await answers(client, rounds)
                home = str(server.make_url("")).rstrip("/")
                drawn = await drawings(home, most, rounds)
    return {"documents": len(library.catalogue.documents), "first page": first_page, "answers": found, "drawn": drawn}


def show(result: dict[str, Any]) -> None:
    """Print it as two tables."""
    print(f"{result['documents']:,} documents; first page {result['first page']:.0f} ms after they were loaded")
    print("{:<14}{:>10}{:>10}{:>10}{:>10}".format(*COLUMNS))
    for name, one in result["answers"].items():
        print(f"{name:<14}{one['first']:>10.1f}{one['best']:>10.1f}{one['cpu']:>10.1f}{one['kB']:>10.1f}")
    print("{:<14}{:>20}{:>20}".format("", "drawn after, ms", "since opened, ms"))
    for name, one in result["drawn"].items():
        print(f"{name:<14}{one['after']:>20.1f}{one['all']:>20.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = asyncio.run(measure(options.folder, options.rounds))
    show(result)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), "utf-8")


if __name__ == "__main__":
    main()
