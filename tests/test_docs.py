"""The README and docs/: what they name exists, and what exists is named."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bot.cli import _parser
from bot.commands import registry
from bot.config import SETTINGS
from bot.corpus.parse import parse
from bot.library import Library
from bot.operation.metrics import Came, Kind, Metrics
from bot.store.database import Database

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = set(re.findall(r"^    ([a-z]+)(?: |$)", _parser().format_help(), re.MULTILINE))
PICTURES = ROOT / "docs" / "pictures"
MADE = {  # by whoever follows what is written there
    *("videos.csv", "bot/commands/NAME.py", "tests/commands/test_NAME.py"),
    *("build/cuepoint.cdx.json", "tokenizer.json", "model.onnx"),
}
LARGEST = 150_000  # bytes of a picture

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FILE = re.compile(r"`((?:[\w.-]+/)*[\w.-]+\.(?:py|sql|toml|yml|service|csv|md|json))`")
_CODE = re.compile(r"^(?: {4}.*\n)+", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def links(page: Path) -> list[str]:
    """Where a page's links and pictures lead."""
    return [link or source for link, source in _LINK.findall(_CODE.sub("", page.read_text("utf-8")))]


def anchors(page: Path) -> set[str]:
    """What a page's headings can be reached by, as GitHub makes it."""
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in _HEADING.findall(page.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        if path.startswith(("https://", "http://127.0.0.1")):
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.is_file(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    for name in set(_FILE.findall(page.read_text("utf-8"))) - MADE:
        places = (name, f"docs/{name}", f"bot/**/{name}", f"tests/**/{name}")
        assert any(found for place in places for found in ROOT.glob(place)), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_shown_can_be_given(page: Path) -> None:
    text = page.read_text("utf-8")
    assert set(re.findall(r"python -m bot ([a-z]+)", text)) <= COMMANDS
    targets = set(re.findall(r"^([\w./-]+(?: [\w./-]+)*):", text_of("Makefile"), re.MULTILINE))
    targets = {target for group in targets for target in group.split()}
    assert set(re.findall(r"(?<![\w-])make ([a-z.][a-z/.]*)(?=\s*(?:[`#]|$))", text, re.MULTILINE)) <= targets


def test_the_readme_lists_every_command_of_the_terminal_and_of_discord() -> None:
    text = text_of("README.md")
    rows = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    assert {row.split()[3] for row in rows if row.startswith("python -m bot ")} == COMMANDS - {"run"}
    for command in registry.COMMANDS:
        assert any(row == f"/{command.name}" or row.startswith((f"/{command.name} ",)) for row in rows), command.name
    for option in (option for command in registry.COMMANDS for option in command.options):
        assert any(option.name in row for row in rows), option.name


def test_what_docs_call_a_setting_is_one() -> None:
    names = {setting.name for setting in SETTINGS} | {setting.default for setting in SETTINGS}
    for page in PAGES:
        named = set(re.findall(r"`([A-Z][A-Z_]{2,})(?:=[^`]*)?`", page.read_text("utf-8")))
        assert named - names <= {"FEATURE", "FEATURES", "SETTINGS"}, page.name


async def test_hosting_lists_every_metric_and_label_value(database: Database) -> None:
    text = text_of("docs/hosting.md")
    told = set(re.findall(r"`(cuepoint_\w+)`", text))
    shown = Metrics(Library(database)).text("")[0].decode()
    exported = set(re.findall(r"^# TYPE (cuepoint_\w+) ", shown, re.MULTILINE))
    assert told == {name for name in exported if not name.endswith("_created")}
    assert all(f"`{value}`" in text for value in (*Kind, *Came))


def test_the_example_page_is_read_as_it_says() -> None:
    block = text_of("docs/corpus.md").partition("## A page on a video")[2]
    example = re.search(r"^    ---\n(?: {4}.*\n|\n)+", block, re.MULTILINE)
    assert example is not None
    parsed = parse("page.md", dedent(example[0]).encode())
    assert parsed.document is not None
    assert parsed.document.title == "Open source vs closed source models"
    assert [take.label for take in parsed.document.takes] == ["Overhyped"]
    assert parsed.findings == ()


def test_pictures_are_small_and_each_is_shown_light_and_dark() -> None:
    shown = {Path(link).name for page in PAGES for link in links(page) if "pictures/" in link}
    there = {file.name for file in PICTURES.glob("*.png")}
    assert shown <= there
    assert shown
    for name in shown:
        assert {name.replace("-light", "-dark"), name.replace("-dark", "-light")} <= shown
    assert all(file.stat().st_size <= LARGEST for file in PICTURES.glob("*.png"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "cuepoint.service"
    text = text_of("docs/cuepoint.service")
    unit.write_text(text.replace("/opt/cuepoint/.venv/bin/python", sys.executable), "utf-8")
    ran = subprocess.run(["systemd-analyze", "verify", str(unit)], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
