"""The corpus page in a real browser: what is seen, pressed and read out of each view. Skipped without Chromium."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.preview.app import Preview
from tests.invented import BEES, LIGHTS, PAGES, anchor, page, write_corpus
from tests.preview.browsing import PHONE, WIDE, Tab, loaded, opened, serious

from playwright.async_api import Browser, expect  # isort: skip # browsing skips where it is missing

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
WRONG = page(
    f'"{HOSTILE}"',
    f"See [[{HOSTILE}]]. Far away {anchor('99:99:99')}, past it {anchor('00:30:00')}, and near {anchor('00:01:00')}.",
    LIGHTS,
    guest='"<b onmouseover=alert(5)>"',
)
FILES = {
    **PAGES,
    "wrong.md": WRONG,
    f"{HOSTILE.replace('/', '')}.md": "---\ntitle: never closed\n",
    "videos.csv": f"video_id,duration_seconds\n{LIGHTS},600\n",
    **{f"more/p{number:02}.md": page(f"More {number}", "See [[hub]] and [[nowhere]].", "") for number in range(25)},
}
VIEWS = {
    "loaded": "/corpus",
    "findings": "/corpus?view=findings",
    "file": "/corpus?view=findings&file=corpus/wrong.md",
    "search": "/corpus?view=search&q=bees+winter",
    "videos": "/corpus?view=videos",
    "timeline": f"/corpus?view=videos&video={LIGHTS}",
    "links": "/corpus?view=links",
}


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """The invented corpus, a page with wrong times and markup where words belong, and a file that is rejected."""
    return write_corpus(tmp_path / "corpus", FILES)


@pytest_asyncio.fixture(loop_scope="session")
async def preview(tmp_path: Path, corpus_folder: Path) -> AsyncIterator[Preview]:
    """The preview of that corpus."""
    async with loaded(tmp_path / "data", corpus_folder) as preview:
        yield preview


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, preview: Preview) -> AsyncIterator[Tab]:
    """An empty tab, of a page without the player."""
    async with opened(browser, replace(preview, videos=False)) as tab:
        yield tab


async def test_one_goes_from_the_preview_to_the_corpus_and_back(tab: Tab) -> None:
    await tab.open()
    pages = tab.page.get_by_role("navigation", name="Pages")
    await pages.get_by_role("link", name="corpus").click()
    await expect(tab.page.get_by_role("heading", name="30 documents from 3 sources")).to_be_visible()
    await expect(pages.get_by_role("link", name="corpus")).to_have_attribute("aria-current", "page")
    await pages.get_by_role("link", name="preview").click()
    await expect(tab.page.get_by_role("combobox", name="Message")).to_be_visible()


async def test_views_are_gone_through_with_the_address_and_the_browsers_back(tab: Tab) -> None:
    await tab.go("/corpus")
    for name, heading in (("Findings", "Findings"), ("Videos", "Videos"), ("Links", "Links")):
        await tab.page.get_by_role("navigation", name="Views").get_by_role("link", name=name).click()
        await expect(tab.page.get_by_role("heading", name=heading, level=2)).to_be_focused()
        assert f"view={name.lower()}" in tab.page.url
    await tab.page.go_back()
    await expect(tab.page.get_by_role("heading", name="Videos", level=2)).to_be_visible()
    await expect(tab.page).to_have_title("Videos · Cuepoint preview")


async def test_the_plotting_library_is_loaded_only_by_what_draws_with_it(tab: Tab) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    await tab.open("/topic bees")
    for view in ("loaded", "findings", "search", "videos"):
        await tab.go(VIEWS[view])
    assert [url for url in asked if "vendor" in url] == []
    await tab.go(VIEWS["timeline"])
    assert len([url for url in asked if "vendor" in url]) == 1


async def test_sources_are_sorted_and_filtered(tab: Tab) -> None:
    await tab.go("/corpus")
    table = tab.page.get_by_role("table", name="Sources")
    first = table.get_by_role("rowheader").first
    await expect(first).to_have_text("no source named")
    await table.get_by_role("button", name="Stated").click()
    await expect(table.get_by_role("columnheader", name="Stated")).to_have_attribute("aria-sort", "descending")
    await expect(first).to_have_text("hivetalks")
    await table.get_by_role("button", name="Source").click()
    await expect(first).to_have_text("coastcast")
    await tab.page.get_by_role("searchbox", name="Filter sources").fill("HIVE")
    await expect(table.get_by_role("rowheader")).to_have_text(["hivetalks"])


async def test_a_finding_is_found_by_kind_opened_and_read_in_its_lines(tab: Tab) -> None:
    await tab.go("/corpus")
    await tab.page.get_by_role("link", name="doubtful times").click()
    file = tab.page.locator(".file-findings")
    await expect(file).to_have_count(1)
    await file.locator("summary").click()
    await expect(file.locator(".line.it .said")).to_contain_text("See [[<img src=x onerror=alert(1)></script>")
    await expect(file.locator("mark").first).to_have_text("99:99:99")
    await expect(file).to_contain_text("shown without a link")
    await expect(file).to_contain_text("Find the place in the video")
    await file.get_by_role("link", name="Link to this file").click()
    await expect(tab.page.get_by_role("heading", name="corpus/wrong.md")).to_be_visible()
    assert "file=corpus%2Fwrong.md" in tab.page.url


async def test_findings_are_paged_and_narrowed_down_while_the_field_keeps_the_focus(tab: Tab) -> None:
    await tab.go("/corpus?view=findings&code=dead-link")
    files = tab.page.locator(".file-findings")
    await expect(files).to_have_count(20)
    await tab.page.get_by_role("button", name="Next").click()
    await expect(tab.page.get_by_text(re.compile("^21–"))).to_be_visible()
    field = tab.page.get_by_role("searchbox", name="Filter by path")
    await field.press_sequentially("p07")
    await expect(files).to_have_count(1)
    await expect(field).to_be_focused()
    await expect(field).to_have_value("p07")
    assert "words=p07" in tab.page.url


async def test_a_search_shows_the_parts_as_a_bar_and_as_numbers(tab: Tab) -> None:
    await tab.go("/corpus?view=search")
    await tab.page.get_by_role("searchbox", name="Question").fill("queen winter")
    await tab.type("Enter")
    first = tab.page.locator(".result").first
    await expect(first.locator("mark").first).to_be_visible()
    assert await first.locator(".score-bar span").count() >= 2
    await first.get_by_text("The numbers").click()
    total = first.get_by_role("row", name=re.compile("^Score"))
    await expect(total.get_by_role("cell")).to_have_text(await first.locator(".sum").inner_text())
    await first.get_by_role("button", name="As members get the topic").click()
    await expect(first.locator(".message .embed")).to_be_visible()


async def test_a_miss_and_a_repair_are_said(tab: Tab) -> None:
    await tab.go("/corpus?view=search&q=zeppelins")
    await expect(tab.page.get_by_text("members get a miss")).to_be_visible()
    await tab.go("/corpus?view=search&q=fresmel+lens")
    await expect(tab.page.get_by_text("Searched as fresnel lens")).to_be_visible()
    await tab.page.get_by_role("link", name="literal words").click()
    await expect(tab.page.get_by_text("Searched as")).to_have_count(0)


async def test_a_timeline_shows_which_page_has_wrong_times(tab: Tab) -> None:
    await tab.go(VIEWS["videos"])
    await tab.page.locator(f"table.videos a[href*='{LIGHTS}']").click()
    await expect(tab.page.get_by_text("10:00 long, by videos.csv")).to_be_visible()
    tracks = tab.page.locator(".track:not(.top-line)")
    await expect(tracks).to_have_count(2)
    await expect(tracks.first.locator(".name")).to_contain_text("of 3 not as written")
    shapes = await tab.page.locator("path.mark").evaluate_all(
        "(marks) => Object.fromEntries(marks.map((mark) => [mark.classList[1], mark.getAttribute('d')]))"
    )
    assert len(shapes) >= 2
    assert len(set(shapes.values())) == len(shapes)
    off = await tracks.first.locator("rect.off").bounding_box()
    doubtful = await tracks.first.locator("path.mark.doubtful").first.bounding_box()
    assert off is not None
    assert doubtful is not None
    assert off["x"] <= doubtful["x"] <= off["x"] + off["width"]


async def test_a_mark_is_told_at_its_place_and_opened_as_members_get_it(tab: Tab) -> None:
    await tab.go(f"/corpus?view=videos&video={BEES}")
    mark = tab.page.get_by_role("button", name=re.compile("^3:10, stated"))
    await mark.hover()
    await expect(tab.page.locator(".card")).to_contain_text("The angle of the dance")
    await mark.click()
    await expect(tab.page.locator(".opened .message")).to_contain_text("Around 3:10")
    await expect(tab.page.locator(".card")).to_be_hidden()


async def test_a_timeline_is_gone_through_with_keys_alone(tab: Tab) -> None:
    await tab.go(f"/corpus?view=videos&video={BEES}")
    await tab.page.locator("path.mark[tabindex='0']").focus()
    assert await tab.page.locator("path.mark[tabindex='0']").count() == 1
    names = []
    for key in ("Home", "ArrowRight", "ArrowDown", "End"):
        await tab.type(key)
        names.append(await tab.focused())
    assert len(set(names)) == 4
    await expect(tab.page.locator(".card")).to_be_visible()
    await tab.type("Escape")
    await expect(tab.page.locator(".card")).to_be_hidden()
    await tab.type("Enter")
    await expect(tab.page.locator(".opened .message .embed")).to_be_visible()


async def test_the_table_is_the_timelines_equal(tab: Tab) -> None:
    await tab.go(VIEWS["timeline"])
    await tab.page.get_by_text("The same as a table (7 moments)").click()
    table = tab.page.get_by_role("table", name="Moments")
    await expect(table.get_by_role("rowheader")).to_have_count(7)
    row = table.get_by_role("row").filter(has_text="99:99:99")
    await expect(row).to_contain_text("doubtful")
    await row.get_by_role("button").click()
    await expect(tab.page.locator(".opened .message")).to_contain_text("time unverified: 99:99:99")
    await tab.page.locator(".opened").get_by_role("button", name="Page").click()
    await expect(tab.page.locator(".opened .message").last).to_contain_text("See <img src=x")


async def test_topics_are_found_focused_and_opened(tab: Tab) -> None:
    await tab.go(VIEWS["links"])
    await expect(tab.page.locator("svg.map a").first).to_be_visible()
    await tab.page.get_by_role("link", name=re.compile("^Hub, no page of its own, linked from 25")).press("Enter")
    await expect(tab.page.get_by_role("heading", name="Hub")).to_be_focused()
    side = tab.page.get_by_role("region", name="Linked from")
    await expect(side.get_by_role("listitem")).to_have_count(12)
    await side.get_by_role("button", name="Show 13 more").click()
    await expect(side.get_by_role("listitem")).to_have_count(25)
    await expect(tab.page.locator("svg.joins path")).to_have_count(25)
    await tab.page.get_by_role("combobox", name="Topic").press_sequentially("lightho")
    await expect(tab.page.get_by_role("option").first).to_be_visible()
    await tab.type("Enter")
    await expect(tab.page.get_by_role("heading", name="Lighthouses")).to_be_focused()
    await tab.page.get_by_role("button", name="As members get it").click()
    await expect(tab.page.locator(".opened .message .embed")).to_be_visible()


async def test_the_maps_topics_stand_apart_and_are_listed(tab: Tab) -> None:
    await tab.go(VIEWS["links"])
    await expect(tab.page.locator("svg.map a").first).to_be_visible()
    overlaps = await tab.page.locator("svg.map text").evaluate_all(
        """(names) => {
            const boxes = names.map((name) => name.getBoundingClientRect());
            const meet = (one, other) => one.left < other.right && other.left < one.right
                && one.top < other.bottom && other.top < one.bottom;
            return boxes.flatMap((one, at) => boxes.slice(at + 1).filter((other) => meet(one, other))).length;
        }"""
    )
    assert overlaps == 0
    await tab.page.get_by_text("The same as a table").click()
    rows = tab.page.get_by_role("table", name="Most linked topics").get_by_role("rowheader")
    assert await rows.count() == await tab.page.locator("svg.map a").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(tab: Tab, scheme: str) -> None:
    await tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two that it names
    found: list[str] = []
    for name, address in VIEWS.items():
        await tab.go(address)
        for fold in await tab.page.locator("#corpus summary").all():
            await fold.click()
        await tab.page.wait_for_load_state("networkidle")
        found += [f"{name}: {one}" for one in await serious(tab.page, scheme)]
    hub = tab.page.get_by_role("link", name=re.compile("^Hub"))
    await tab.go(VIEWS["links"])
    await hub.first.click()
    await expect(tab.page.get_by_role("heading", name="Hub")).to_be_visible()
    found += [f"a topic: {one}" for one in await serious(tab.page, scheme)]
    assert found == []


@pytest.mark.parametrize("name", VIEWS)
async def test_nothing_is_cut_at_a_phones_width(tab: Tab, name: str) -> None:
    await tab.page.set_viewport_size({"width": PHONE, "height": 844})
    await tab.go(VIEWS[name])
    for fold in await tab.page.locator("#corpus summary").all():
        await fold.click()
    await tab.page.wait_for_load_state("networkidle")
    assert await tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    inside = ".top *, .views *, #corpus > *, #corpus > * *:not(.wide *):not(svg *)"
    assert await tab.page.locator(inside).evaluate_all(WIDE) == []


async def test_words_of_the_corpus_are_text_and_nothing_else(tab: Tab) -> None:
    for address in (*VIEWS.values(), "/corpus?view=findings&words=img", "/corpus?view=search&q=far+away+hostile"):
        await tab.go(address)
        for fold in await tab.page.locator("#corpus summary").all():
            await fold.click()
        await tab.page.wait_for_load_state("networkidle")
        assert await tab.page.locator("#corpus img:not(.avatar), #corpus script, #corpus b").count() == 0, address
        links = await tab.page.locator("#corpus a").evaluate_all(
            "(links) => links.map((link) => link.href.baseVal ?? link.href)"
        )
        assert [link for link in links if not link.startswith(("/corpus", tab.home, "https://youtu.be/"))] == []
    assert tab.outside == []


async def test_beside_a_running_bot_findings_are_not_shown_and_it_is_said_why(
    browser: Browser, preview: Preview
) -> None:
    async with opened(browser, replace(preview, closed="This is a copy.")) as tab:
        for view in ("loaded", "findings"):
            await tab.go(VIEWS[view])
            await expect(tab.page.get_by_text("This is a copy.")).to_be_visible()
        await tab.go(VIEWS["timeline"])
        await expect(tab.page.locator("path.mark").first).to_be_visible()
        await expect(tab.page.locator("body")).not_to_contain_text("corpus/wrong.md")


async def test_an_empty_library_says_what_to_do_next(browser: Browser, preview: Preview, corpus_folder: Path) -> None:
    shutil.rmtree(corpus_folder)
    write_corpus(corpus_folder, {})
    await preview.curator.reload(force=True)
    async with opened(browser, replace(preview, videos=False)) as tab:
        for address in VIEWS.values():
            await tab.go(address)
            if "findings" not in address:
                await expect(tab.page.get_by_role("heading", name="Nothing is loaded yet")).to_be_visible()
        await tab.go("/corpus")
        await tab.page.get_by_role("link", name="/corpus reload").click()
        await expect(tab.page.get_by_text("switch to Moderator first")).to_be_visible()


async def test_what_is_gone_and_a_server_that_is_gone_are_said_in_words(tab: Tab) -> None:
    await tab.go("/corpus?view=videos&video=nosuchvideo")
    await expect(tab.page.get_by_text("Choose another from the list")).to_be_visible()
    await tab.page.route("**/api/corpus/**", lambda route: route.abort())
    await tab.page.get_by_role("navigation", name="Views").get_by_role("link", name="Links").click()
    await expect(tab.page.get_by_text("Start it again, then load this page again")).to_be_visible()
    assert len(tab.complaints) == 2
    tab.complaints.clear()  # the browser's own words on the requests


async def test_light_and_dark_are_chosen_for_both_pages(tab: Tab) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    await tab.go("/corpus")
    light = await tab.page.evaluate(background)
    await tab.page.get_by_role("button", name="Light or dark").click()
    dark = await tab.page.evaluate(background)
    assert light != dark
    await tab.open()
    assert await tab.page.evaluate(background) == dark
