"""Runs pure functions over many jobs off the event loop, on several processes where that pays. Knows none of them."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import wait
from typing import TypeVar

from bot.errors import WorkerLost

_AHEAD = 3  # jobs in flight for each worker, so that memory stays bounded while who takes the results is slower
_NICE = 10  # a worker gets a tenth of a core that answers are made on: they come first
_RARELY = 100_000  # new objects between two looks for cycles: what workers make has none, and goes soon

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workers:
    """Where jobs are run: started when they are needed, ended by `end`."""

    def __init__(self, preload: Sequence[str] = ()) -> None:
        """`preload` names the modules of the jobs' functions."""
        self._preload = list(preload)
        self._executors: dict[int, Executor] = {}

    async def run(
        self, function: Callable[[Job], Result], jobs: AsyncIterable[Job], *, many: bool = True
    ) -> AsyncIterator[Result]:
        """The results in the order of the jobs, which are taken as workers get free.

        With `many`, on a process for each core: then function, jobs and results are pickled. Else on one thread.
        Raises what the function raises, and WorkerLost.
        """
        loop = asyncio.get_running_loop()
        count = (os.cpu_count() or 1) if many else 1
        if count not in self._executors:
            self._executors[count] = await asyncio.to_thread(_start, count, self._preload)
        executor = self._executors[count]
        waiting: deque[asyncio.Future[Result]] = deque()
        try:
            async for job in jobs:
                waiting.append(loop.run_in_executor(executor, function, job))
                if len(waiting) >= count * _AHEAD:
                    yield await waiting.popleft()
            while waiting:
                yield await waiting.popleft()
        except BrokenExecutor as error:
            raise WorkerLost(
                "The system ended a process that reads pages, most likely for want of memory; nothing was changed. "
                "Give the bot more memory, and reload."
            ) from error

    def end(self) -> None:
        """Let go of all workers; what they still had to do is not done."""
        for executor in self._executors.values():
            executor.shutdown(wait=False, cancel_futures=True)
        self._executors = {}


def _start(count: int, preload: Sequence[str]) -> Executor:
    """Start workers: a thread, or processes that are no forks of this one, whose threads have locks that a fork copies.

    Starting processes takes a tenth of a second and more: not for the event loop.
    """
    if count == 1:
        return ThreadPoolExecutor(1, thread_name_prefix="corpus")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))  # so that they are imported once for all workers
    executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    for _ in range(count):
        executor.submit(os.getpid)  # whatever: the first jobs start the processes
    return executor


def _begin() -> None:
    """Make a worker out of a new process."""
    os.nice(_NICE)
    gc.freeze()
    gc.set_threshold(_RARELY)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Stop when the parent is gone, however it ended: a pool's worker waits for its next job for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
