"""Dockerfile and docker-compose.yml as files: what they promise, and what their own checkers say where they are."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import SETTINGS
from tests.container.engine import HARDENED, ROOT


@pytest.fixture
def service() -> Any:
    """The one service of docker-compose.yml."""
    (service,) = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"].values()
    return service


def test_the_service_has_no_rights_and_limits(service: Any) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)
    flags = dict(pairwise(HARDENED))
    assert flags["--memory"] == service["mem_limit"]
    assert flags["--pids-limit"] == str(service["pids_limit"])
    assert [flags["--tmpfs"]] == service["tmpfs"]


def test_only_this_machine_reaches_what_is_published(service: Any) -> None:
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])


def test_the_service_sets_only_what_there_is(service: Any) -> None:
    assert set(service["environment"]) <= {setting.name for setting in SETTINGS}


def test_the_image_runs_as_a_user_by_number_from_hash_checked_packages() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert not re.search(r"^(ADD|ENV .*TOKEN|ARG .*TOKEN)", text, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in ignored
    assert [line for line in ignored if line.startswith("!")] == ["!bot", "!seeds", "!requirements.lock"]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="hadolint is not installed")
def test_hadolint_finds_nothing() -> None:
    with (ROOT / "Dockerfile").open() as file:
        ran = subprocess.run(["hadolint", "-"], check=False, stdin=file, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_compose_takes_the_file(tmp_path: Path) -> None:
    command = shlex.split(os.environ.get("CUEPOINT_COMPOSE", "docker compose"))
    found = shutil.which(command[0]) is not None
    if not found or subprocess.run([*command, "version"], check=False, capture_output=True).returncode:
        pytest.skip("docker compose is not installed")
    environment = {name: value for name, value in os.environ.items() if name not in {one.name for one in SETTINGS}}
    ran = subprocess.run(
        [*command, "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
