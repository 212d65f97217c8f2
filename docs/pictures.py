"""Takes the README's pictures: the real preview over seeds/, in Chromium, light and dark. Asks nothing of YouTube.

    make pictures

Needs Debian's chromium, and a font such as fonts-noto-core. The pictures say what the code does at that moment: take
them again when the page, the replies or the documents in seeds/ change, and look at each.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Browser, FloatRect, Locator, Page, sync_playwright

DOCS = Path(__file__).parent
ROOT = DOCS.parent
LARGEST = 150_000  # bytes of one picture: they are kept in git
NOON = "2026-01-01T12:00:00"  # when replies seem to come: two takes of one page are alike
MARGIN = 12  # of the page's pixels, around a part of it
SCALE = 1.4  # pixels of a picture for each of the page's: sharp on most screens, small enough
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


Box = FloatRect


def _whole(page: Page) -> Box:
    """The page as it comes."""
    size = page.viewport_size
    assert size is not None
    return {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}


def _reply(page: Page) -> Box:
    """The newest message alone."""
    return _around(page, page.locator(".message").last)


def _slash(page: Page) -> Box:
    """The menu that a slash opens, down to the line."""
    page.get_by_role("combobox").press_sequentially("/")
    return _down_from(page, page.get_by_role("listbox"))


def _around(page: Page, part: Locator) -> Box:
    box = part.bounding_box()
    assert box is not None
    return {"x": 0, "y": box["y"] - MARGIN, "width": _whole(page)["width"], "height": box["height"] + 2 * MARGIN}


def _down_from(page: Page, part: Locator) -> Box:
    part.wait_for()
    box, whole = _around(page, part), _whole(page)
    return {**box, "height": whole["height"] - box["y"]}


@dataclass(frozen=True)
class Picture:
    """One picture: its name, where the page is, how large, and what is done there and then shown."""

    name: str
    path: str
    width: int
    height: int
    shown: Callable[[Page], Box] = _whole


def _ask(line: str) -> str:
    return f"/?q={quote(line)}"


PICTURES = (
    Picture("preview", _ask("/timestamp sparse attention"), 820, 680),
    Picture("timestamp", _ask("/timestamp sparse attention"), 820, 680, _reply),
    Picture("menu", "/", 820, 900, _slash),
    Picture("corpus", "/corpus?view=videos&video=_N2KPEdh69s", 1000, 490),
)


@contextmanager
def preview() -> Iterator[str]:
    """The preview over seeds/ with data of its own; gives its address."""
    with TemporaryDirectory(prefix="cuepoint-") as data:
        settings = {"CORPUS_DIRS": str(ROOT / "seeds"), "DATA_DIR": data, "DISCORD_TOKEN": "", "LOG_LEVEL": "WARNING"}
        command = [sys.executable, "-m", "bot", "preview", "--no-player", "--address", "127.0.0.1:0"]
        environment = {**os.environ, **settings}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                found = re.search(r"http://\S+", process.stdout.readline())
                if found is None:
                    raise SystemExit("The preview did not start; it says why above.")
                yield found[0]
            finally:
                process.terminate()


def take(browser: Browser, home: str, picture: Picture, scheme: str) -> bool:
    """Take one picture, and say so; False where it cannot be kept."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=SCALE,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.clock.set_fixed_time(NOON)
    try:
        response = page.goto(home + picture.path)
        if response is None or not response.ok:
            print(f"{picture.name}: there is no {picture.path} here")
            return False
        page.wait_for_selector("html[data-ready]")
        page.wait_for_load_state("networkidle")
        box = picture.shown(page)
        file = DOCS / "pictures" / f"{picture.name}-{scheme}.png"
        page.screenshot(path=file, clip=box, animations="disabled", caret="hide")
        size = file.stat().st_size
        print(f"{file.relative_to(ROOT)}: {size:,} bytes{', which is too large' if size > LARGEST else ''}")
        return size <= LARGEST
    finally:
        context.close()


def main() -> int:
    """Take all pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("Chromium is needed; on Debian and Ubuntu: apt-get install chromium fonts-noto-core", file=sys.stderr)
        return 1
    with preview() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        kept = [take(browser, home, picture, scheme) for picture in PICTURES for scheme in ("light", "dark")]
        browser.close()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
