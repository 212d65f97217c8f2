"""The image as a host runs it: what is in it, what it may do, how it starts and stops, and what it keeps.

Skipped where no container engine works; see engine.py.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.container.conftest import Start
from tests.container.engine import BASE, IMAGE, ROOT, Container, Engine, run_flags
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, FakeDiscord

pytestmark = pytest.mark.timeout(900)  # the first test waits for the build

LARGEST = 200_000_000  # bytes
OURS = 75_000_000  # bytes on top of Python's image
MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD


def get(port: int, path: str) -> tuple[int, str]:
    """The status and the text."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
        return response.status, response.read().decode()


def start_preview(start: Start, port: int) -> Container:
    """The preview at a published port, once it is healthy."""
    container = start("--publish", f"127.0.0.1:{port}:8080", PREVIEW_ADDRESS="0.0.0.0:8080")
    container.wait_for_health()
    return container


def test_without_a_token_the_preview_is_at_the_published_port(start: Start, port: int) -> None:
    container = start_preview(start, port)
    status, page = get(port, "/")
    assert status == 200
    assert "Cuepoint preview" in page
    status, health = get(port, "/healthz")
    assert status == 200
    assert json.loads(health)["parts"]["corpus"]["ready"]
    assert "DISCORD_TOKEN is not set" in container.log()


def test_it_runs_as_nobody_with_no_rights_and_can_write_to_its_data_only(start: Start, port: int) -> None:
    container = start_preview(start, port)
    status = container.run("cat", "/proc/1/status").out
    assert re.search(r"^Uid:(\s+10001){4}$", status, re.MULTILINE)
    assert re.search(r"^Gid:(\s+10001){4}$", status, re.MULTILINE)
    for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb"):
        assert re.search(rf"^Cap{kind}:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    for place in ("/app", "/app/bot", "/app/seeds", "/opt/venv", "/etc", "/"):
        assert container.run("touch", f"{place}/new").code != 0, place
    assert container.run("touch", "/app/data/new", "/tmp/new").code == 0


def test_it_stops_at_once_and_says_so(start: Start, port: int) -> None:
    assert start_preview(start, port).stop() == 0


def test_commands_of_the_terminal_work_in_it(start: Start, port: int) -> None:
    container = start_preview(start, port)
    ran = container.run("python", "-m", "bot", "search", "sparse attention")
    assert ran.code == 0, ran.err
    assert "https://youtu.be/" in ran.out
    assert "Generation 1" in container.run("python", "-m", "bot", "status").out
    assert container.run("python", "-m", "bot", "check").code == 0


async def test_with_a_token_it_answers_and_keeps_what_people_set_over_a_restart(start: Start, port: int) -> None:
    async with FakeDiscord() as discord:
        container = await asyncio.to_thread(on_discord, start, discord, HTTP_PORT=str(port))
        await discord.wait_ready(within=60)
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered", within=30)
        assert not (await discord.slash("topic", {"query": "open source"})).expect().ephemeral
        shown = (await discord.slash("settings", permissions=MODERATOR)).expect()
        await discord.click(shown, label="Make replies private", permissions=MODERATOR)
        await asyncio.to_thread(container.wait_for_health)
        status, _ = await asyncio.to_thread(get, port, "/healthz")
        assert status == 200
        assert await asyncio.to_thread(container.stop) == 0
        lines = [json.loads(line) for line in container.log().splitlines()]
        assert any(line["message"].startswith("ready in") for line in lines)
        again = await asyncio.to_thread(
            on_discord, start, discord, HTTP_PORT=str(port)
        )  # another container, on the same volume
        await discord.wait_ready(within=60)
        assert (await discord.slash("topic", {"query": "open source"})).expect().ephemeral
        assert len(discord.command_syncs) == 2
        await asyncio.to_thread(again.wait_for_health)
        _, metrics = await asyncio.to_thread(get, port, "/metrics")
        (memory,) = re.findall(r"^process_resident_memory_bytes (\S+)$", metrics, re.MULTILINE)
        assert 0 < float(memory) < 256 * 2**20
        assert not again.state["OOMKilled"]
        assert discord.problems() == []


async def test_a_refused_token_ends_it_with_78(start: Start) -> None:
    async with FakeDiscord(token="right") as discord:
        container = await asyncio.to_thread(on_discord, start, discord, DISCORD_TOKEN="wrong-token")
        assert await asyncio.to_thread(container.wait) == 78
        assert "DISCORD_TOKEN" in container.log()
        assert "wrong-token" not in container.log()


def on_discord(start: Start, discord: FakeDiscord, **settings: str) -> Container:
    """The bot in a container that reaches the fake Discord on this machine's loopback."""
    redirect = Path(ROOT, "tests/fake_discord/redirect")
    known = discord.env()
    given = {name: known[name] for name in ("DISCORD_TOKEN", "FAKE_DISCORD_URL")}
    return start(
        *("--network", "host", "--volume", f"{redirect}:/redirect:ro"),
        **{**given, "PYTHONPATH": "/redirect", "HOME_GUILD_ID": str(discord.guild.id), **settings},
    )


def test_a_wrong_setting_ends_it_with_78(start: Start) -> None:
    container = start(HOME_GUILD_ID="my server")
    assert container.wait() == 78
    assert "HOME_GUILD_ID" in container.log()


def test_the_image_is_small(engine: Engine) -> None:
    whole = engine.inspect(IMAGE)["Size"]
    base = engine.run("image", "inspect", "--format", "{{.Size}}", BASE)
    assert whole < LARGEST
    if base.code == 0:  # an engine that builds elsewhere need not keep it
        assert whole - int(base.out) < OURS


def test_nothing_is_in_the_image_but_what_runs(engine: Engine) -> None:
    script = (
        "import json, pathlib, sys\n"
        "found = (p for p in pathlib.Path('/app').rglob('*') if p.is_file() and '__pycache__' not in p.parts)\n"
        "site = pathlib.Path(sys.prefix, 'lib').rglob('*/site-packages/*')\n"
        "print(json.dumps([[str(p) for p in found], sorted(p.name for p in site)]))\n"
    )
    out = engine.must("run", "--rm", *run_flags(), IMAGE, "python", "-c", script)
    files, packages = json.loads(out)
    listed = subprocess.run(["git", "ls-files", "bot", "seeds"], cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        assert set(files) <= {f"/app/{name}" for name in listed.stdout.splitlines()}
    assert any(name.endswith("bot/__main__.py") for name in files)
    assert "prometheus_client" in packages
    assert {"pip", "setuptools", "pytest", "tests"}.isdisjoint(packages)


def test_every_module_can_be_imported_in_the_image(engine: Engine) -> None:
    script = (
        "import importlib, pkgutil, bot\n"
        "for found in pkgutil.walk_packages(bot.__path__, 'bot.'):\n"
        "    if found.name != 'bot.__main__':\n"
        "        importlib.import_module(found.name)\n"
        "print('all')\n"
    )
    assert engine.must("run", "--rm", *run_flags(), IMAGE, "python", "-c", script).endswith("all")
