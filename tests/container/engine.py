"""A container engine, where this machine has one: builds the image, starts containers as docker-compose.yml does.

What is peculiar to a machine comes from the environment, as words for a shell:

CUEPOINT_ENGINE       the engine and its own options; without it docker, then podman, each only if it works
CUEPOINT_BUILD_FLAGS  for `build`: where pip finds its settings and certificates, say
CUEPOINT_RUN_FLAGS    for `run`: limits that this machine needs, say
CUEPOINT_COMPOSE      Compose, where it is not `docker compose`

Where CUEPOINT_ENGINE is set, whatever does not work fails; otherwise it is a reason to skip.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
IMAGE = "localhost/cuepoint-test"
BASE = "python:3.13-slim"
BUILD_WITHIN = 600  # seconds
STOP_WITHIN = 10  # seconds, as docker gives

# As docker-compose.yml says; tests/container/test_files.py compares.
HARDENED = (
    *("--read-only", "--tmpfs", "/tmp:rw,noexec,nosuid,size=16m"),
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--pids-limit", "128", "--memory", "384m"),
)


class Unusable(Exception):
    """No engine, or one that cannot do it; says why."""


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


class Engine:
    """One engine."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    def run(self, *arguments: str, within: float = 120) -> Ran:
        """Run one of its commands."""
        try:
            done = subprocess.run(
                [*self._command, *arguments], check=False, capture_output=True, text=True, timeout=within
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return Ran(-1, "", str(error))
        return Ran(done.returncode, done.stdout, done.stderr)

    def must(self, *arguments: str, within: float = 120) -> str:
        """What it says; raises Unusable where it fails."""
        ran = self.run(*arguments, within=within)
        if ran.code:
            last = (ran.err or ran.out).strip().splitlines()[-1:] or ["nothing said"]
            raise Unusable(f"`{self._command[0]} {arguments[0]}` failed: {last[0][:300]}")
        return ran.out.strip()

    def build(self) -> None:
        """Build the image from this repository, and start it once."""
        flags = shlex.split(os.environ.get("CUEPOINT_BUILD_FLAGS", ""))
        self.must("build", *flags, "--tag", IMAGE, str(ROOT), within=BUILD_WITHIN)
        self.must("run", "--rm", *run_flags(), IMAGE, "python", "-m", "bot", "--version")

    def inspect(self, name: str) -> Any:
        """What it knows of an image or a container."""
        return json.loads(self.must("inspect", name))[0]


def health_check(engine: Engine) -> list[str]:
    """The image's health check, as a command."""
    told = engine.inspect(IMAGE)
    check = told.get("Healthcheck") or told["Config"]["Healthcheck"]  # as podman says it, and docker
    kind, *command = check["Test"]
    assert kind == "CMD"
    return [str(part) for part in command]


def run_flags() -> list[str]:
    """What this machine needs for `run`."""
    return shlex.split(os.environ.get("CUEPOINT_RUN_FLAGS", ""))


def find_engine() -> Engine:
    """An engine that answers. Raises Unusable."""
    given = shlex.split(os.environ.get("CUEPOINT_ENGINE", ""))
    reasons = []
    for command in [given] if given else [["docker"], ["podman"]]:
        if shutil.which(command[0]) is None:
            reasons.append(f"{command[0]} is not installed")
            continue
        engine = Engine(command)
        try:
            engine.must("info", within=30)
        except Unusable as error:
            reasons.append(str(error))
        else:
            return engine
    raise Unusable("; ".join(reasons))


@dataclass
class Container:
    """A container, running or stopped."""

    engine: Engine
    name: str

    def run(self, *command: str) -> Ran:
        """Run something in it."""
        return self.engine.run("exec", self.name, *command)

    def log(self) -> str:
        """All that it wrote."""
        ran = self.engine.run("logs", self.name)
        return ran.out + ran.err

    @property
    def state(self) -> Any:
        """How it is, as the engine says."""
        return self.engine.inspect(self.name)["State"]

    def wait_for_health(self, within: float = 60) -> None:
        """Wait until the image's own health check is content: engines ask it only now and then, some never."""
        check = health_check(self.engine)
        end = time.monotonic() + within
        while self.run(*check).code:
            assert time.monotonic() < end, self.log()
            assert self.state["Running"], self.log()
            time.sleep(0.2)

    def stop(self) -> int:
        """Its exit code; 137 where the engine had to kill it."""
        self.engine.must("stop", "--time", str(STOP_WITHIN), self.name)
        return int(self.state["ExitCode"])

    def wait(self, within: float = 60) -> int:
        """Wait for its end; the exit code."""
        return int(self.engine.must("wait", self.name, within=within))
