"""A bot started as a real process: its output, its use of the machine, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .basics import now

STOP_SECONDS = 10.0
"""Seconds that a container runtime waits after SIGTERM before it kills."""
COLOUR_OFF = "\x1b[0m"
REDIRECT = Path(__file__).resolve().parent / "redirect"


@dataclass(eq=False)
class BotProcess:
    """A running bot. Its output is kept in the file `log_path`."""

    proc: asyncio.subprocess.Process = field(repr=False)
    log_path: Path
    guard_log: Path = field(repr=False)
    started: float

    @property
    def pid(self) -> int:
        return self.proc.pid

    @property
    def returncode(self) -> int | None:
        """The exit code; None while it runs."""
        return self.proc.returncode

    def log(self) -> str:
        """Everything it wrote to stdout and stderr."""
        return self.log_path.read_text(errors="replace")

    def tracebacks(self) -> list[str]:
        """The last line of every traceback in the output, also where each line of it is a JSON object."""
        out, inside = [], False
        for line in self._lines():
            if line.startswith("Traceback (most recent call last)"):
                inside = True
            elif inside and line and not line.startswith((" ", "\t")):
                out.append(line.removesuffix(COLOUR_OFF))
                inside = False
        return out

    def _lines(self) -> Iterator[str]:
        """The output's lines, and instead of a JSON object the lines of every text in it."""
        for line in self.log().splitlines():
            try:
                told = json.loads(line)
            except ValueError:
                told = None
            if isinstance(told, dict):
                yield from (part for text in told.values() for part in str(text).splitlines())
            else:
                yield line

    def refused_connections(self) -> list[str]:
        """What it tried to reach beyond loopback, one line each."""
        return self.guard_log.read_text().splitlines() if self.guard_log.exists() else []

    def stats(self) -> dict[str, float]:
        """rss_mb, peak_mb, cpu_s, threads, fds, from /proc; empty where there is no /proc or no process."""
        out: dict[str, float] = {}
        proc = Path(f"/proc/{self.pid}")
        with contextlib.suppress(OSError):
            status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
            # After the command's name (in brackets): state is field 3 of proc(5), utime 14, stime 15.
            fields = (proc / "stat").read_text().rpartition(")")[2].split()
            out = {
                "rss_mb": int(status["VmRSS"].split()[0]) / 1024,
                "peak_mb": int(status["VmHWM"].split()[0]) / 1024,
                "threads": int(status["Threads"]),
                "cpu_s": (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"),
                "fds": len(list((proc / "fd").iterdir())),
            }
        return out

    async def stop(self, sig: int = signal.SIGTERM, within: float = STOP_SECONDS) -> tuple[int | None, float]:
        """Send `sig`, wait, kill after `within` seconds. Returns (exit code, seconds it took); killed, it is -9."""
        start = now()
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.proc.send_signal(sig)
            try:
                await asyncio.wait_for(self.proc.wait(), within)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self.proc.kill()
                await self.proc.wait()
        return self.returncode, now() - start


async def start(
    argv: Sequence[str | Path], cwd: str | Path | None, log_path: Path, env: Mapping[str, str]
) -> BotProcess:
    """Start a bot; its output goes to `log_path`, the addresses it was refused to a file beside it."""
    guard_log = log_path.with_suffix(".guard")
    started = now()
    handle = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        proc = await asyncio.create_subprocess_exec(
            *map(str, argv),
            cwd=cwd,
            env={**env, "FAKE_DISCORD_GUARD_LOG": str(guard_log)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
        )
    finally:
        os.close(handle)
    return BotProcess(proc, log_path, guard_log, started)
