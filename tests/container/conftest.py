"""The image, built once, and containers of it that are gone after each test."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest

from tests.container.engine import HARDENED, IMAGE, Container, Engine, Unusable, find_engine, run_flags

Start = Callable[..., Container]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """An engine that has built the image; without one the test is skipped, with the reason."""
    try:
        engine = find_engine()
        engine.build()
    except Unusable as reason:
        if os.environ.get("CUEPOINT_ENGINE"):
            raise
        pytest.skip(f"no container engine that can build here: {reason}")
    return engine


@pytest.fixture
def volume(engine: Engine) -> Iterator[str]:
    """A volume for the data."""
    name = f"cuepoint-test-{token_hex(4)}"
    engine.must("volume", "create", name)
    yield name
    engine.run("volume", "rm", "--force", name)


@pytest.fixture
def start(engine: Engine, volume: str) -> Iterator[Start]:
    """Start a container as docker-compose.yml does; flags first, settings by name."""
    started: list[str] = []

    def start(*flags: str, **settings: str) -> Container:
        name = f"cuepoint-test-{token_hex(4)}"
        started.append(name)
        given = [part for key, value in settings.items() for part in ("--env", f"{key}={value}")]
        where = ("--name", name, "--volume", f"{volume}:/app/data")
        engine.must("run", "--detach", *where, *HARDENED, *run_flags(), *flags, *given, IMAGE)
        return Container(engine, name)

    yield start
    for name in started:
        engine.run("rm", "--force", name)


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
