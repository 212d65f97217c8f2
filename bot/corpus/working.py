"""Runs pure functions over many jobs off the event loop, on several processes where that pays. Knows none of them."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

from bot.errors import WorkerLost
from bot.log import get_logger

_AHEAD = 3  # jobs in flight for each worker, so that memory stays bounded while who takes the results is slower
_MOST = 3  # workers: they need 50 MB each, and a fourth would only wait for the one writer
_NICE = 10  # a worker gets a tenth of a core that answers are made on: they come first
_RARELY = 100_000  # new objects between two looks for cycles: what workers make has none, and goes soon

log = get_logger(__name__)

Job = TypeVar("Job")
Result = TypeVar("Result")


class Workers:
    """Where jobs are run: started when they are needed, ended by `end`."""

    def __init__(self, preload: Sequence[str] = (), *, spare: int = 0) -> None:
        """`preload` names the modules of the jobs' functions; `spare` cores are left alone, where there are more."""
        self._preload = list(preload)
        self._spare = spare
        self._executors: dict[bool, tuple[Executor, int]] = {}

    async def run(
        self, function: Callable[[Job], Result], jobs: AsyncIterable[Job], *, many: bool = True
    ) -> AsyncIterator[Result]:
        """The results in the order of the jobs, which are taken as workers get free.

        With `many`, on a process for each core: then function, jobs and results are pickled. Else on a thread.
        Raises what the function raises, and WorkerLost.
        """
        loop = asyncio.get_running_loop()
        if many not in self._executors:
            self._executors[many] = await asyncio.to_thread(_start, self._preload, self._spare, many=many)
        executor, count = self._executors[many]
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
        finally:
            for left in waiting:
                left.add_done_callback(_pass_over)

    def end(self) -> None:
        """Let go of all workers; what they still had to do is not done."""
        for executor, _ in self._executors.values():
            executor.shutdown(wait=False, cancel_futures=True)
        self._executors = {}


def _pass_over(left: asyncio.Future[Result]) -> None:
    """Take in how a job ended that nobody waits for, else asyncio reports its error beside the one that is told."""
    if not left.cancelled():
        left.exception()


def _start(preload: Sequence[str], spare: int, *, many: bool) -> tuple[Executor, int]:
    """Start workers, and say how many: processes, or a thread where few or none can be had.

    The processes are no forks of this one, whose threads have locks that a fork copies. Starting them takes a tenth of
    a second and more: not for the event loop.
    """
    if many:
        try:
            count = max(min(cores() - spare, _MOST), 1)
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(list(preload))  # so that they are imported once for all workers
            executor = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
            for _ in range(count):
                executor.submit(os.getpid)  # whatever: the first jobs start the processes
            return executor, count
        except (OSError, ImportError, NotImplementedError) as error:  # no room for their sockets, or no semaphores
            log.warning("no processes can be started (%s): pages are read more slowly", error)
    return ThreadPoolExecutor(1, thread_name_prefix="corpus"), 1


def cores(limit: Path = Path("/sys/fs/cgroup/cpu.max")) -> int:
    """How many cores this process may use at once: those of the machine, or fewer by a container's limit."""
    count = os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no such limit
        quota, period = map(int, limit.read_text().split())
        count = min(count, round(quota / period))
    return max(count, 1)


def _begin() -> None:
    """Make a worker out of a new process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl+C means the bot, which ends its workers
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
