"""The fake as one object: opening the port, starting bots, waiting for them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

from aiohttp import web

from . import openapi, process
from .basics import now
from .driver import Driver
from .errors import BotExited
from .gateway import Event
from .load import LoadReport, Make, run_load

T = TypeVar("T")
MAX_REQUEST_BYTES = 64 << 20
POLL_SECONDS = 0.25
"""How often a wait looks whether the bot still lives."""
FAKE_TOKEN = "fake.token.for-tests"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class FakeDiscord(Driver):
    """A Discord on loopback. Use it as `async with FakeDiscord() as d`."""

    def __init__(
        self,
        *,
        token: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        deadline: float = 3.0,
        token_ttl: float = 900.0,
        heartbeat_interval: int = 41_250,
        privileged_intents: int = 0,
        guilds: int = 1,
        rate_limits: bool = True,
        openapi_file: str | Path | None = None,
    ) -> None:
        """Make a Discord with that many servers; nothing is reachable before `listen`.

        token: the only good bot token (None: any). port: 0 for a free one. deadline, token_ttl: seconds.
        heartbeat_interval: ms. openapi_file: Discord's OpenAPI file (None: where `openapi.find` finds one).
        """
        super().__init__()
        self.token = token
        self.host = host
        self.port = port
        self.deadline = deadline
        self.token_ttl = token_ttl
        self.heartbeat_interval = heartbeat_interval
        self.privileged_intents = privileged_intents
        self.limits.enabled = rate_limits
        self.openapi = openapi.load(openapi_file)
        self._runner: web.AppRunner | None = None
        self._logs: tempfile.TemporaryDirectory[str] | None = None
        for i in range(guilds):
            self.add_guild(f"Guild {i + 1}")

    async def __aenter__(self) -> Self:
        await self.listen()
        return self

    async def __aexit__(self, *exc: object) -> None:
        for bot in self.bots:
            await bot.stop()
        self.cancel_watchers()
        await self.unlisten()
        if self._logs:
            self._logs.cleanup()

    async def listen(self) -> None:
        """Open the port; again the same one after `unlisten`."""
        app = web.Application(client_max_size=MAX_REQUEST_BYTES)
        app.router.add_get("/", self.serve_gateway)
        app.router.add_get("/resume{tail:.*}", self.serve_gateway)
        app.router.add_get("/cdn/{tail:.*}", self._serve_picture)
        app.router.add_get("/attachments/{key:.*}", self._serve_file)
        app.router.add_route("*", "/api{tail:.*}", self.serve_rest)
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, self.port, reuse_address=True, backlog=1024).start()
        self.port = self._runner.addresses[0][1]

    async def unlisten(self) -> None:
        """Close the port and cut every connection (a full outage); `listen` ends it."""
        self.cut_connections()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _serve_picture(self, request: web.Request) -> web.Response:
        return web.Response(body=PNG_SIGNATURE, content_type="image/png")

    async def _serve_file(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["key"])
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, headers={"Content-Type": file.content_type})

    def env(self) -> dict[str, str]:
        """The environment that sends an unmodified discord.py process to this fake."""
        path = os.pathsep.join(filter(None, [str(process.REDIRECT), os.environ.get("PYTHONPATH")]))
        return {
            **os.environ,
            "FAKE_DISCORD_URL": self.url,
            "PYTHONPATH": path,
            "DISCORD_TOKEN": self.token or FAKE_TOKEN,
            "PYTHONUNBUFFERED": "1",
        }

    async def start_bot(
        self, argv: Sequence[str | Path], *, cwd: str | Path | None = None, env: Mapping[str, object] | None = None
    ) -> process.BotProcess:
        """Start a bot as a process of its own; `env` is added to its environment.

        Its output is kept until this object is left (`async with`).
        """
        self._logs = self._logs or tempfile.TemporaryDirectory(prefix="fake-discord-")
        extra = {key: str(value) for key, value in (env or {}).items()}
        bot = await process.start(argv, cwd, Path(self._logs.name, f"{len(self.bots)}.log"), {**self.env(), **extra})
        self.bots.append(bot)
        return bot

    async def wait_until(self, predicate: Callable[[], T | None], within: float = 10.0, what: str = "a condition") -> T:
        """Return the predicate's value once it is true.

        Raises TimeoutError after `within` seconds, BotExited where the bot ends before: both with its last output.
        """
        end = now() + within
        while not (value := predicate()):
            if self.bots and self.bots[-1].returncode is not None:
                code = self.bots[-1].returncode
                raise BotExited(f"bot exited with {code} while waiting for {what}\n{self.bot_log_tail()}")
            if now() > end:
                raise TimeoutError(f"timed out waiting for {what}\n{self.bot_log_tail()}")
            await self.wait_changed(min(POLL_SECONDS, max(0.0, end - now())))
        return value

    async def wait_ready(self, *, commands: bool = True, within: float = 30.0) -> dict[str, float]:
        """Wait until the bot has a gateway session and, with `commands`, has registered one.

        Returns the seconds from its start to IDENTIFY and to now: {"identify_s", "ready_s"}.
        """
        await self.wait_until(self.live_sessions, within, "IDENTIFY")
        if commands:
            await self.wait_until(lambda: any(self.commands.values()), within, "a registered command")
        started = self.bots[-1].started if self.bots else float("nan")
        identified = next(event.t for event in reversed(self.events) if event.kind == "IDENTIFY")
        return {"identify_s": identified - started, "ready_s": now() - started}

    async def wait_event(self, kind: str, *, since: int = 0, within: float = 15.0) -> Event:
        """Wait for a gateway event; `since` is an index into `events`."""
        return await self.wait_until(
            lambda: next((e for e in self.events[since:] if e.kind == kind), None), within, kind
        )

    async def load(self, make: Make, n: int, *, concurrency: int = 20, rate: float | None = None) -> LoadReport:
        """Run make(i) n times: `concurrency` at a time (closed loop), or `rate` started a second (open loop)."""
        return await run_load(make, n, concurrency, rate)
