"""The page in a real browser: what a person types, presses, sees and hears of it. Skipped without Chromium."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.commands.declare import Context, Options
from bot.preview.app import Preview
from bot.render.curating import export_reply
from bot.render.reply import Reply
from tests.invented import PAGES, page, write_corpus
from tests.preview.browsing import PHONE, WIDE, Tab, loaded, opened, serious

from playwright.async_api import Browser, Error, expect  # isort: skip # browsing skips where it is missing

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

SECTION = "\n\n".join(f"Bees of kind {number} build their own nests." for number in range(30))
HOSTILE = page(
    '"<img src=x onerror=alert(1)> </script><script>alert(2)</script>"',
    "Hostile words: <img src=x onerror=alert(3)> [press](javascript:alert(4)) </script> "
    "**bold** ||hidden|| https://evil.example/x <https://evil.example> [00:00:10]\n",
    "hostileCCC3",
    guest='"<b onmouseover=alert(5)>"',
)
FILES = {**PAGES, "hostile.md": HOSTILE, "kinds.md": f"# Kinds of bees\n\n## All of them\n\n{SECTION}\n"}


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """The invented corpus, a page with markup where words belong, and one with a section of several pages."""
    return write_corpus(tmp_path / "corpus", FILES)


@pytest_asyncio.fixture(loop_scope="session")
async def preview(tmp_path: Path, corpus_folder: Path) -> AsyncIterator[Preview]:
    """The preview of that corpus."""
    async with loaded(tmp_path / "data", corpus_folder) as preview:
        yield preview


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, preview: Preview) -> AsyncIterator[Tab]:
    """The page without the player, loaded."""
    async with opened(browser, replace(preview, videos=False)) as tab:
        await tab.open()
        yield tab


@pytest_asyncio.fixture(loop_scope="session")
async def player_tab(browser: Browser, preview: Preview) -> AsyncIterator[Tab]:
    """An empty tab, of a page with the player."""
    async with opened(browser, preview) as tab:
        yield tab


async def test_a_command_is_typed_with_autocomplete_and_answered(tab: Tab) -> None:
    page = tab.page
    await tab.type("/to")
    await expect(page.get_by_role("option", name="/topic")).to_have_attribute("aria-selected", "true")
    await tab.type("Enter", "lightho")
    await tab.type("Enter")  # at once: the suggestions for what was typed are waited for
    await expect(page.get_by_role("combobox", name="query")).to_have_value(re.compile("^Lighthouses"))
    await tab.type("Enter")
    await expect(tab.last.get_by_role("heading", name="Lighthouses")).to_be_visible()
    await expect(tab.last.locator(".used")).to_contain_text("You used /topic query: Lighthouses")
    assert tab.outside == []


async def test_options_and_flags_are_sent_as_they_were_chosen(tab: Tab) -> None:
    await tab.type("/timestamp ", "bees")
    await tab.page.get_by_role("button", name="+ video").click()
    await tab.type("queen")
    await expect(tab.page.get_by_role("option").first).to_be_visible()
    await tab.type("Enter")
    await tab.page.get_by_role("button", name="+ private").click()
    await tab.type("t", "Enter", "Enter")
    await expect(tab.last).to_contain_text("Only you can see this")
    await expect(tab.last.locator(".used")).to_contain_text("private: True")
    await tab.button("Dismiss message").click()
    await expect(tab.page.locator(".message")).to_have_count(0)


async def test_a_required_option_is_asked_for(tab: Tab) -> None:
    await tab.type("/timestamp ", "Enter")
    await expect(tab.page.get_by_text("query is needed")).to_be_visible()
    await expect(tab.page.locator(".message")).to_have_count(0)


async def test_a_button_that_opens_something_else_answers_below(tab: Tab) -> None:
    await tab.open("/timestamp waggle angle sun")
    await tab.button(re.compile("^More around")).click()
    await expect(tab.page.locator(".message")).to_have_count(2)
    await expect(tab.last.get_by_role("heading")).to_contain_text("Around 3:10")


async def test_a_menu_is_opened_and_its_choice_drawn_in_place(tab: Tab) -> None:
    await tab.open("/topic How bees find flowers")
    await tab.last.get_by_role("combobox", name=re.compile("^Sections")).click()
    await tab.last.get_by_role("option", name="The waggle dance").click()
    await expect(tab.last.get_by_role("heading")).to_contain_text("The waggle dance")
    await expect(tab.page.locator(".message")).to_have_count(1)
    await tab.button("Whole page").click()
    await expect(tab.last.get_by_role("heading")).to_contain_text("How bees find flowers")


async def test_pages_go_forth_and_back(tab: Tab) -> None:
    await tab.open("/search bees")
    await expect(tab.last.locator(".footer")).to_contain_text("1–5 of")
    await tab.button("Next").click()
    await expect(tab.last.locator(".footer")).to_contain_text("6–10 of")
    assert await tab.focused() == "Next"
    await tab.button("Back").click()
    await expect(tab.last.locator(".footer")).to_contain_text("1–5 of")
    await expect(tab.page.locator(".message")).to_have_count(1)


async def test_a_miss_is_private_and_one_tap_repairs_it(tab: Tab) -> None:
    await tab.open("/topic lighthose keepers of zanzibar")
    await expect(tab.last).to_contain_text("No topic in the library is called")
    await expect(tab.last).to_contain_text("Only you can see this")
    await tab.button(re.compile("Lighthouses")).click()
    await expect(tab.last.get_by_role("heading")).to_contain_text("Lighthouses")


async def test_a_misspelt_question_is_repaired_and_can_be_asked_literally(tab: Tab) -> None:
    await tab.open("/timestamp fresmel lens")
    await expect(tab.last).to_contain_text("Showing fresnel lens")
    await tab.button("Search for the literal words").click()
    await expect(tab.last).not_to_contain_text("Showing")


async def test_a_message_can_be_looked_up(tab: Tab) -> None:
    await tab.type("Does anybody know how the waggle dance works?", "Enter")
    await tab.button(re.compile("Find in library")).click()
    await expect(tab.last).to_contain_text("In the library")
    await expect(tab.last).to_contain_text("Only you can see this")


async def test_moderators_see_and_use_their_commands_and_members_do_not(tab: Tab) -> None:
    await tab.type("/corpus")
    await expect(tab.page.get_by_role("option")).to_have_count(0)
    await tab.type(*["Backspace"] * 7)
    await tab.page.get_by_role("radio", name="Moderator").check(force=True)
    await tab.page.get_by_role("combobox", name="Message").click()
    await tab.type("/corpus st", "Enter", "Enter")
    await expect(tab.last.get_by_role("heading")).to_contain_text("Corpus")
    await tab.last.get_by_role("combobox", name="Findings").click()
    await tab.last.get_by_role("option").first.click()
    await expect(tab.last.locator(".embed")).to_contain_text("line")


async def test_a_moderator_uploads_a_file_and_sees_it_kept(tab: Tab) -> None:
    await tab.page.get_by_role("radio", name="Moderator").check(force=True)
    await tab.page.get_by_role("combobox", name="Message").click()
    await tab.type("/corpus upload", "Enter")
    content = page("Wasps", "Wasps make paper [00:00:10].").encode()
    file = {"name": "wasps.md", "mimeType": "text/markdown", "buffer": content}
    await tab.page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type] # a plain dict
    await tab.page.get_by_role("button", name="Send").click()
    await tab.button("Keep it").click()
    await expect(tab.last).to_contain_text("+ 1 added")
    await tab.open("/topic Wasps")
    await expect(tab.last.get_by_role("heading")).to_contain_text("Wasps")


async def test_a_link_runs_a_members_command_but_no_moderators_one(tab: Tab) -> None:
    await tab.open("/timestamp query: fresnel video: Lighthouses")
    await expect(tab.last.locator(".embed")).to_contain_text("Fresnel")
    assert "q=%2Ftimestamp+query" in tab.page.url
    await tab.open("/corpus reload")
    await expect(tab.page.get_by_text("is for moderators")).to_be_visible()
    await expect(tab.page.locator(".message")).to_have_count(0)


async def test_words_of_the_corpus_are_text_and_nothing_else(tab: Tab) -> None:
    await tab.open("/timestamp hostile words")
    await expect(tab.last.locator(".embed")).to_contain_text("<img src=x onerror=alert(1)> </script>")
    assert await tab.last.locator(".embed img, .embed script, .embed b").count() == 0
    links = await tab.last.locator("a").evaluate_all("links => links.map((link) => link.href)")
    assert [link for link in links if not link.startswith(("https://youtu.be/", tab.home))] == []
    await tab.open("/topic hostile")
    await tab.open("/library")
    await expect(tab.last.locator(".embed")).to_contain_text("<script>alert(2)</script>")


async def test_markdown_is_drawn_as_discord_does_and_scripts_are_no_links(tab: Tab) -> None:
    text = (
        "**bold** *lean* \\*plain\\* \\_so\\_ `code` ~~gone~~ [here](https://youtu.be/x) [no](javascript:alert(1)) "
        "[nor](data:text/html,x) <javascript:alert(1)> https://a.example/b. snake_case_word"
    )
    drawn = await tab.page.evaluate(
        """async (text) => {
            const { blocks } = await import("/static/markdown.js");
            const box = document.createElement("div");
            box.append(blocks(text));
            return box.innerHTML;
        }""",
        text,
    )
    for part in ("<strong>bold</strong>", "<em>lean</em>", "*plain* _so_", "<code>code</code>", "<s>gone</s>"):
        assert part in drawn
    assert re.findall(r'href="([^"]*)"', drawn) == ["https://youtu.be/x", "https://a.example/b"]
    assert "[no](javascript:alert(1))" in drawn


async def test_long_markup_is_drawn_at_once(tab: Tab) -> None:
    drawn = await tab.page.evaluate(
        """async (texts) => {
            const { blocks } = await import("/static/markdown.js");
            return texts.map((text) => blocks(text).textContent.length);
        }""",
        [mark * 1000 for mark in ("**a", "[a](", "*_", "`", "||", "\\", "<t:1", "> ")],
    )
    assert all(length > 0 for length in drawn)


async def test_light_and_dark_follow_the_system_until_one_chooses(tab: Tab) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = await tab.page.evaluate(background)
    await tab.page.emulate_media(color_scheme="dark")
    dark = await tab.page.evaluate(background)
    assert light != dark
    await tab.page.get_by_role("button", name="Light or dark").click()
    assert await tab.page.evaluate(background) == light
    await tab.open()
    assert await tab.page.evaluate(background) == light


@pytest.mark.parametrize(
    "line", ["/topic bees", "/timestamp bees", "/library", "/help", "/quicktakes", "/topic hostile"]
)
async def test_nothing_is_cut_at_a_phones_width(tab: Tab, line: str) -> None:
    await tab.page.set_viewport_size({"width": PHONE, "height": 844})
    await tab.open(line)
    await expect(tab.last).to_be_visible()
    assert await tab.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert await tab.page.locator(".message *, .top *, .bar *").evaluate_all(WIDE) == []
    await tab.type("/timestamp ", "bees")
    for name in ("video", "private"):
        await tab.page.get_by_role("button", name=f"+ {name}").click()
    assert await tab.page.locator(".bar *").evaluate_all(WIDE) == []


async def test_keys_alone_reach_everything(tab: Tab) -> None:
    page = tab.page
    await tab.type("/", "ArrowDown", "ArrowUp", "Enter", "How bees find", "Enter", "Enter")
    await expect(tab.last.get_by_role("heading")).to_contain_text("How bees find flowers")
    for _ in range(30):
        await tab.type("Shift+Tab")
        if await page.evaluate("document.activeElement.ariaLabel?.startsWith('Sections')"):
            break
    await tab.type("Enter", "ArrowDown", "Enter")
    await expect(tab.last.get_by_role("heading")).to_contain_text("The waggle dance")
    assert await page.evaluate("document.activeElement.closest('.message') !== null")
    await tab.type("Enter")
    await expect(tab.last.get_by_role("listbox")).to_be_visible()
    await tab.type("Escape")
    await expect(tab.last.get_by_role("listbox")).to_be_hidden()


async def test_a_command_is_left_with_backspace_and_escape(tab: Tab) -> None:
    line = tab.page.get_by_role("combobox", name="Message")
    await tab.type("/topic", "Enter", "Backspace")
    await expect(line).to_have_value("/topic")
    await tab.type("Enter", "xyz", "Escape", "Escape")
    await expect(line).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(tab: Tab, scheme: str) -> None:
    await tab.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two that it names
    found: list[str] = []

    async def look(where: str) -> None:
        found.extend(f"{where}: {one}" for one in await serious(tab.page, scheme))

    for line in ("", "/topic bees", "/timestamp nothing of this sort", "/help", "/library"):
        await tab.open(line)
        if line:
            await expect(tab.last.locator(".embed, .text").first).to_be_visible()
        await look(line)
    await tab.type("/")
    await look("the slash menu")
    await tab.type("topic", "Enter", "bees")
    await expect(tab.page.get_by_role("option").first).to_be_visible()
    await look("autocomplete")
    await tab.type("Escape", "Escape")
    await tab.last.get_by_role("combobox").first.click()
    await look("a menu")
    assert found == []


async def test_with_the_player_off_nothing_leaves_the_machine(tab: Tab) -> None:
    for line in ("/topic bees", "/timestamp bees", "/library", "/search bees"):
        await tab.open(line)
        await expect(tab.last).to_be_visible()
    link = tab.last.locator("a[href^='https://youtu.be/']").first
    assert await link.get_attribute("target") == "_blank"
    assert tab.outside == []


async def test_a_moment_plays_in_place_only_once_it_is_pressed(player_tab: Tab) -> None:
    tab = player_tab
    await tab.open("/timestamp waggle angle sun")
    await expect(tab.last.locator(".embed")).to_be_visible()
    await tab.page.wait_for_load_state("networkidle")
    assert all(url.startswith("https://i.ytimg.com/vi/") for url in tab.outside)
    await tab.button(re.compile("^▶ 3:10")).click()
    frame = tab.page.locator("iframe")
    await expect(frame).to_have_attribute(
        "src", "https://www.youtube-nocookie.com/embed/beesAAAAAA1?autoplay=1&start=190"
    )
    await expect(frame).to_have_attribute("title", "Video from 03:10 on")
    await tab.button(re.compile("^Watch 3:10")).click()
    await expect(frame).to_have_count(1)
    await tab.page.get_by_role("button", name="Close").click()
    await expect(frame).to_have_count(0)
    assert tab.page.url.startswith(tab.home)


async def test_how_far_a_reload_is_stands_where_its_reply_will(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.preview.telling.BETWEEN", 0.0)
    go_on = asyncio.Event()

    async def work(name: str, context: Context, options: Options) -> Reply:
        assert context.progress is not None
        await context.progress("Reading: 1 of 9 files")
        await context.progress("Reading: 8 of 9 files")
        await go_on.wait()
        return Reply(text="All is read.")

    monkeypatch.setattr("bot.preview.app.registry.run_command", work)
    await tab.type("/help", "Enter", "Enter")
    await expect(tab.last).to_contain_text("Reading: 8 of 9 files")
    go_on.set()
    await expect(tab.last).to_contain_text("All is read.")
    await expect(tab.page.locator(".message")).to_have_count(1)


async def test_a_file_is_let_go_of_when_its_message_goes(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    async def give(name: str, context: Context, options: Options) -> Reply:
        return export_reply("bees.md", "corpus/bees.md", b"# Bees")

    monkeypatch.setattr("bot.preview.app.registry.run_command", give)
    await tab.page.evaluate("""() => {
        const revoke = URL.revokeObjectURL;
        window.gone = [];
        URL.revokeObjectURL = (address) => { window.gone.push(address); revoke.call(URL, address); };
    }""")
    await tab.type("/help", "Enter", "Enter")
    file = tab.last.get_by_role("link", name="bees.md")
    async with tab.page.expect_download() as started:
        await file.click()
    assert (await (await started.value).path()).read_bytes() == b"# Bees"
    address = await file.get_attribute("href")
    assert await tab.page.evaluate("window.gone") == []
    await tab.button("Dismiss message").click()
    assert await tab.page.evaluate("window.gone") == [address]


@pytest.mark.parametrize("line", ["/settings", "/settings private: True", "/SETTINGS"])
async def test_a_command_that_only_discord_has_says_so_where_it_is_typed(tab: Tab, line: str) -> None:
    note = tab.page.get_by_role("status").filter(has_text="changes a Discord server")
    await tab.type(line)
    await expect(note).to_be_visible()
    await tab.type("Enter")
    await expect(note).to_be_visible()
    await expect(tab.page.locator(".message")).to_have_count(0)
    await tab.open(line)
    await expect(note).to_be_visible()
    await tab.type("Backspace", "Backspace", "x")
    await expect(note).to_have_count(0 if line == "/settings" or line == "/SETTINGS" else 1)


async def test_a_server_that_is_gone_is_said_in_words(tab: Tab) -> None:
    await tab.page.route("**/api/command", lambda route: route.abort())
    await tab.type("/help", "Enter", "Enter")
    await expect(tab.last).to_contain_text("Start it again, then load this page again")
    assert len(tab.complaints) == 1
    tab.complaints.clear()  # the browser's own word on the request


async def test_the_browser_itself_runs_no_markup(tab: Tab) -> None:
    with pytest.raises(Error, match="TrustedHTML"):
        await tab.page.evaluate("document.body.innerHTML = '<p>x</p>'")
    await tab.page.evaluate("() => document.title")  # what the browser says of it comes before the next answer
    assert tab.complaints
    assert all("TrustedHTML" in said or "trusted-types" in said for said in tab.complaints)
    tab.complaints.clear()
