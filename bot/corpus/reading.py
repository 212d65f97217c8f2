"""Read and parse files, many of them on several processes. Not for what becomes of the documents."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.corpus import folder
from bot.corpus.folder import FileStat
from bot.corpus.parse import PARSER_VERSION, parse
from bot.corpus.working import Workers
from bot.models import Finding, Parsed, Severity

_BATCH = 32  # files handed to a worker at once: small enough to keep all busy, large enough to pay for the hand-over
_PROCESSES_FROM = 200  # files; starting processes costs about as much as parsing a hundred pages
_HASH_BYTES = 16

Result = TypeVar("Result")
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


def hash_of(data: bytes) -> bytes:
    """A file's or text's hash: what one is known by."""
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).digest()


def read_file(file: FileStat, known: KnownFile | None, keep: Keep | None = None) -> ReadFile:
    """Read one file and parse it unless its content is known. One that cannot be is rejected, and tried again.

    `keep` is given the text of one that is not rejected; what it raises is raised.
    """
    try:
        data = folder.read(file)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        finding = Finding(file.path, 0, "file-unreadable", Severity.REJECTED, message, "check its permissions")
        return ReadFile(file, b"", PARSER_VERSION, Parsed(None, (finding,)))
    digest = hash_of(data)
    if known is not None and known.hash == digest and known.parser_version == PARSER_VERSION:
        parsed, sound = None, not known.rejected
    else:
        try:
            parsed = parse(file.path, data)
        except Exception as error:  # a mistake of ours in one file is no reason to load none
            return ReadFile(file, b"", PARSER_VERSION, Parsed(None, (_failed_on(file, error),)))
        sound = parsed.document is not None
    if keep is not None and sound:
        keep(data)
    return ReadFile(file, digest, PARSER_VERSION, parsed)


def _failed_on(file: FileStat, error: Exception) -> Finding:
    """Where the parser failed, without the exception's text: whoever has the file can tell the rest."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    message = f"Cuepoint itself fails on this file ({type(error).__name__}, {Path(place.filename).name}:{place.lineno})"
    return Finding(file.path, 0, "parser-failed", Severity.REJECTED, message, "file left out; report it with the file")


_Job = Sequence[tuple[FileStat, KnownFile | None]]


def _read_batch(then: Callable[[Sequence[ReadFile]], Result], keep: Keep | None, batch: _Job) -> Result:
    return then([read_file(file, known, keep) for file, known in batch])


def read_files(
    files: Sequence[FileStat],
    known: Mapping[str, KnownFile],
    then: Callable[[Sequence[ReadFile]], Result],
    workers: Workers,
    keep: Keep | None = None,
) -> AsyncIterator[Result]:
    """Read files in order; what `then` makes of each batch. It and `keep` may run in another process."""

    async def jobs() -> AsyncIterator[_Job]:
        for start in range(0, len(files), _BATCH):
            yield [(file, known.get(file.path)) for file in files[start : start + _BATCH]]

    return workers.run(partial(_read_batch, then, keep), jobs(), many=len(files) >= _PROCESSES_FROM)
