"""Workers: results in order, on processes and on a thread, and no worker outlives who started it."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.corpus import working
from bot.corpus.working import Workers, cores
from bot.errors import WorkerLost

ORPHAN = """
import asyncio, os, signal
from bot.corpus.working import Workers
from tests.corpus.test_working import pid, some

async def main():
    async for found in Workers().run(pid, some([0])):
        print(found, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""


def double(number: int) -> int:
    return 2 * number


def pid(_: int) -> int:
    return os.getpid()


def fail(_: int) -> int:
    raise OSError("no room")


def die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


async def some(jobs: Iterable[int]) -> AsyncIterator[int]:
    for job in jobs:
        yield job


@pytest.mark.parametrize("many", [True, False])
async def test_results_come_in_the_order_of_the_jobs(many: bool) -> None:
    workers = Workers()
    assert [found async for found in workers.run(double, some(range(30)), many=many)] == list(range(0, 60, 2))
    workers.end()


async def test_only_many_jobs_go_to_other_processes() -> None:
    workers = Workers()
    assert [found async for found in workers.run(pid, some([1]), many=False)] == [os.getpid()]
    assert os.getpid() not in [found async for found in workers.run(pid, some([1]))]
    workers.end()


@pytest.mark.parametrize(("spare", "workers"), [(0, 2), (1, 1), (5, 1)])
async def test_cores_that_are_spared_get_no_worker(monkeypatch: pytest.MonkeyPatch, spare: int, workers: int) -> None:
    started: list[int] = []

    class Counted(ThreadPoolExecutor):
        def __init__(self, count: int, **_: object) -> None:
            started.append(count)
            super().__init__(count)

    monkeypatch.setattr(working, "cores", lambda: 2)
    monkeypatch.setattr(working, "ProcessPoolExecutor", Counted)
    some_workers = Workers(spare=spare)
    assert [found async for found in some_workers.run(double, some([1]))] == [2]
    assert started == [workers]
    some_workers.end()


async def test_where_no_process_can_be_started_a_thread_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(working, "ProcessPoolExecutor", refuse)
    workers = Workers()
    assert [found async for found in workers.run(pid, some([1]))] == [os.getpid()]
    workers.end()


@pytest.mark.parametrize(("limit", "count"), [("max 100000", 8), ("100000 100000", 1), ("250000 100000", 2), ("x", 8)])
def test_a_containers_limit_counts_before_the_machines_cores(
    tmp_path: Path, limit: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 8)
    (tmp_path / "cpu.max").write_text(limit)
    assert cores(tmp_path / "cpu.max") == count
    assert cores(tmp_path / "none") == 8


async def test_jobs_are_taken_no_faster_than_results_are() -> None:
    taken: list[int] = []

    async def jobs() -> AsyncIterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    workers = Workers()
    results = workers.run(double, jobs(), many=False)
    assert await anext(results) == 0
    assert len(taken) < 10
    workers.end()


@pytest.mark.parametrize("many", [True, False])
async def test_what_a_job_raises_is_raised(many: bool) -> None:
    workers = Workers()
    with pytest.raises(OSError, match="no room"):
        await anext(workers.run(fail, some([1]), many=many))
    workers.end()


async def test_a_worker_that_the_system_ends_is_told_once_with_what_to_do() -> None:
    reported: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(str(context["message"])))

    async def told() -> str:
        workers = Workers()
        try:
            return str(await anext(workers.run(die, some(range(20)))))
        except WorkerLost as error:
            return str(error)
        finally:
            ((executor, _),) = workers._executors.values()
            await asyncio.to_thread(executor.shutdown)  # waits until what else was under way has ended
            workers.end()

    assert "more memory" in await told()
    gc.collect()
    assert reported == []


def test_a_worker_ends_with_the_process_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "orphan.py").write_text(ORPHAN)
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, tmp_path / "orphan.py"],
        env={**os.environ, "PYTHONPATH": root},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    worker = int(done.stdout)
    deadline = time.monotonic() + 30
    while _is_up(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _is_up(worker)


def _is_up(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
