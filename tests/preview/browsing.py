"""A real browser over a server of its own, for the preview's tests. Skips whoever imports it without Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestServer

from bot.curation import Curator
from bot.library import Library
from bot.preview.app import Preview, make_app
from bot.store.database import open_database

playwright_api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.async_playwright", reason="axe-playwright-python is not installed")
from playwright.async_api import Browser, Locator, Page, Route, async_playwright  # noqa: E402

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("Chromium is not installed", allow_module_level=True)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = 390  # CSS pixels
ARROWS = ("ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End")
KEYS = frozenset(("Enter", "Tab", "Escape", "Backspace", "Shift+Tab", *ARROWS))
# What the browser refuses because of the policy goes where everything else goes that it complains about.
REPORTS = """document.addEventListener("securitypolicyviolation",
    (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""
WIDE = """(nodes) => nodes.filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
    .map((node) => node.outerHTML.slice(0, 80))"""


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A browser that asks nothing of anybody by itself."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Tab:
    """A page that is open: what it asked for elsewhere, and what the browser complained about."""

    page: Page
    home: str
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def open(self, line: str = "") -> None:
        """Load the page, with a command in its address."""
        await self.page.goto(f"{self.home}/{f'?q={quote(line)}' if line else ''}")
        await self.page.wait_for_selector("html[data-ready]")

    async def go(self, address: str) -> None:
        """Load a page by its address, and wait until it is drawn."""
        await self.page.goto(f"{self.home}{address}")
        await self.page.wait_for_selector("html[data-ready]")

    async def type(self, *keys: str) -> None:
        """Press keys of these names; everything else is typed."""
        for key in keys:
            if key in KEYS:
                await self.page.keyboard.press(key)
            else:
                await self.page.keyboard.type(key)

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.page.locator(".message").last

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button or link of the newest message."""
        return self.last.get_by_role("button", name=name).or_(self.last.get_by_role("link", name=name))

    async def focused(self) -> str:
        """The name of what has the focus."""
        return str(await self.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent"))


@asynccontextmanager
async def loaded(data: Path, corpus_folder: Path) -> AsyncIterator[Preview]:
    """The preview of a library loaded from a folder. The fixture of that name has no part in the browser's loop."""
    async with open_database(data) as database:
        library = Library(database)
        curator = Curator(database, [corpus_folder], library.refresh)
        await curator.reload()
        yield Preview(library, curator, database.state)


@asynccontextmanager
async def opened(browser: Browser, preview: Preview) -> AsyncIterator[Tab]:
    """A tab over a server of its own, with nothing kept of others; the browser may complain of nothing in it."""
    async with TestServer(make_app(preview)) as server:
        context = await browser.new_context(viewport={"width": 1100, "height": 800}, color_scheme="light")
        tab = Tab(await context.new_page(), str(server.make_url("")).rstrip("/"))
        await _watch(tab)
        yield tab
        await context.close()
    assert tab.complaints == []


async def _watch(tab: Tab) -> None:
    async def answer(route: Route) -> None:
        if route.request.url.startswith((tab.home, "blob:")):
            await route.continue_()
            return
        tab.outside.append(route.request.url)
        await route.fulfill(body="", content_type="text/html")

    await tab.page.add_init_script(REPORTS)
    await tab.page.route("**/*", answer)
    tab.page.on("console", lambda said: tab.complaints.append(said.text) if said.type == "error" else None)
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on("dialog", lambda dialog: tab.complaints.append(f"a dialog: {dialog.message}"))


async def serious(page: Page, scheme: str) -> list[str]:
    """What axe finds serious on a page as it is; in the dark scheme only what colours can be to blame for."""
    options = {"resultTypes": ["violations"], **({"runOnly": ["color-contrast"]} if scheme == "dark" else {})}
    results = await axe.Axe().run(page, options=options)
    return [
        f"{violation['id']}: {[node['html'][:200] for node in violation['nodes']]}"
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
