"""Read and parse many files, on several processes where that pays. Not for where results are kept."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass

from bot.corpus import folder
from bot.corpus.folder import FileStat
from bot.corpus.parse import PARSER_VERSION, parse
from bot.models import Finding, Parsed, Severity

_BATCH = 32  # files handed to a worker at once: small enough to keep all busy, large enough to pay for the hand-over
_PROCESSES_FROM = 400  # files; starting processes costs about as much as parsing 300 pages
_AHEAD = 3  # batches in flight for each worker, so that memory stays bounded while the writer is slower

Keep = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was read last."""

    size: int
    mtime_ns: int
    hash: bytes
    parser_version: int
    rejected: bool


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file read now. `parsed` is None where its content is what it was, so that nothing had to be parsed."""

    stat: FileStat
    hash: bytes
    parser_version: int
    parsed: Parsed | None


def is_unchanged(file: FileStat, known: KnownFile | None) -> bool:
    """Whether size and time say that a file is as it was when it was read last, by this parser.

    One that could not be read (it has no hash) is tried again: permissions change neither.
    """
    return (
        known is not None
        and known.hash != b""
        and (known.size, known.mtime_ns) == (file.size, file.mtime_ns)
        and known.parser_version == PARSER_VERSION
    )


def read_file(file: FileStat, known: KnownFile | None, keep: Keep | None = None) -> ReadFile:
    """Read one file and parse it unless its content is known. An unreadable one is rejected, not raised.

    `keep` is given the text of one that is not rejected; what it raises is raised.
    """
    try:
        data = folder.read(file)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        finding = Finding(file.path, 0, "file-unreadable", Severity.REJECTED, message, "check its permissions")
        return ReadFile(file, b"", PARSER_VERSION, Parsed(None, (finding,)))
    digest = hashlib.blake2b(data, digest_size=16).digest()
    if known is not None and known.hash == digest and known.parser_version == PARSER_VERSION:
        parsed, sound = None, not known.rejected
    else:
        parsed = parse(file.path, data)
        sound = parsed.document is not None
    if keep is not None and sound:
        keep(data)
    return ReadFile(file, digest, PARSER_VERSION, parsed)


def _read_batch(batch: Sequence[tuple[FileStat, KnownFile | None]], keep: Keep | None) -> list[ReadFile]:
    return [read_file(file, known, keep) for file, known in batch]


async def read_files(
    files: Sequence[FileStat], known: Mapping[str, KnownFile], keep: Keep | None = None
) -> AsyncIterator[list[ReadFile]]:
    """Read files in order, a batch at a time, off the event loop; `keep` may run in another process."""
    loop = asyncio.get_running_loop()
    workers = (os.cpu_count() or 1) if len(files) >= _PROCESSES_FROM else 1
    batches = [files[start : start + _BATCH] for start in range(0, len(files), _BATCH)]
    waiting: deque[asyncio.Future[list[ReadFile]]] = deque()
    executor = _executor(workers)
    try:
        for batch in batches:
            job = [(file, known.get(file.path)) for file in batch]
            waiting.append(loop.run_in_executor(executor, _read_batch, job, keep))
            if len(waiting) >= workers * _AHEAD:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _executor(workers: int) -> Executor:
    """Fresh processes, not forks: this one has threads with locks that a fork would copy."""
    if workers == 1:
        return ThreadPoolExecutor(1, thread_name_prefix="corpus")
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
