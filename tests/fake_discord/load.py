"""Many interactions at once, and the distribution of their latencies."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .basics import now
from .errors import ClientRefusal
from .interaction import Interaction

Make = Callable[[int], Awaitable[Interaction]]
REASON_LENGTH = 120


def percentile(values: list[float], q: float) -> float:
    """The value that q per cent do not exceed (nearest rank); NaN of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(q * len(ordered) / 100) - 1)] if ordered else math.nan


@dataclass
class LoadReport:
    """How `n` interactions went. Latencies in seconds: to the callback, and in `full` to the final text."""

    n: int
    errors: int = 0
    wall: float = 0.0
    latencies: list[float] = field(default_factory=list, repr=False)
    full: list[float] = field(default_factory=list, repr=False)
    failures: Counter[str] = field(default_factory=Counter)

    def p(self, q: float) -> float:
        """The q-th percentile of the latencies to the callback, in seconds."""
        return percentile(self.latencies, q)

    def fail(self, reason: str) -> None:
        self.errors += 1
        self.failures[reason[:REASON_LENGTH]] += 1

    def __str__(self) -> str:
        def ms(values: list[float]) -> str:
            return " ".join(f"p{q}={percentile(values, q) * 1000:.1f}" for q in (50, 95, 99, 100))

        rate = self.n / self.wall if self.wall else math.nan
        head = f"n={self.n} errors={self.errors} wall={self.wall:.2f}s rate={rate:.0f}/s"
        tail = f" | {dict(self.failures)}" if self.failures else ""
        return f"{head} | to callback ms: {ms(self.latencies)} | to final ms: {ms(self.full)}{tail}"


async def run_load(make: Make, n: int, concurrency: int, rate: float | None) -> LoadReport:
    """Await make(0) to make(n-1): `concurrency` at a time, or where `rate` is given that many started a second."""
    report = LoadReport(n)
    gate: contextlib.AbstractAsyncContextManager[object] = asyncio.Semaphore(concurrency)
    if rate is not None:
        gate = contextlib.nullcontext()

    async def one(i: int) -> None:
        async with gate:
            try:
                interaction = await make(i)
            except ClientRefusal as refusal:
                report.fail(f"ClientRefusal: {refusal}")
                return
        latency, full = interaction.latency, interaction.full_latency
        if interaction.failed or latency is None:
            report.fail(interaction.failed or "not answered")
        else:
            report.latencies.append(latency)
            report.full.append(latency if full is None else full)

    start = now()
    tasks = []
    for i in range(n):
        if rate is not None:
            await asyncio.sleep(max(0.0, start + i / rate - now()))
        tasks.append(asyncio.create_task(one(i)))
    await asyncio.gather(*tasks)
    report.wall = now() - start
    return report
