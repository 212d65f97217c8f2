"""The running bot's control socket: how the host's terminal asks it for something. Knows nothing of what is asked.

One request a connection, one JSON object a line: {"do": name, ...}; then any number of {"progress": line}, and at the
end {"result": ...} or {"error": words for a person}. The socket is the user's own who runs the bot.
"""

from __future__ import annotations

import asyncio
import errno
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.errors import CuepointError
from bot.log import get_logger

Progress = Callable[[str], Awaitable[None]]
OnError = Callable[[BaseException, str], str]
Handler = Callable[[Mapping[str, Any], Progress], Awaitable[object]]

_NAME = "control"
_MAX_LINE = 16 * 1024 * 1024  # bytes; a report lists at most 100 findings of each kind, and every changed path
_REQUEST_WITHIN = 5.0  # seconds for the request to come
_UNREAD = 65_536  # bytes that a terminal has not taken: it gets no progress then
_SENT_WITHIN = 10.0  # seconds for the last line to be taken
_LONGEST_PATH = 100  # bytes; a socket's address has room for 108, and for 104 on macOS
_DESCRIPTORS = Path("/proc/self/fd")
_NONE_LISTENS = (errno.ENOENT, errno.ECONNREFUSED, errno.ENOTDIR, errno.ENAMETOOLONG)

log = get_logger(__name__)


@asynccontextmanager
async def serving(folder: Path, handlers: Mapping[str, Handler], on_error: OnError) -> AsyncIterator[None]:
    """Answer requests by what they ask to `do`. The data folder has to be held.

    `on_error` logs what nobody expected and what was done then, and returns the id of the log line.
    Where no socket can be had, one log line says so and the block runs without.
    """
    listening = await asyncio.to_thread(_listen, folder)
    if listening is None:
        yield
        return

    answering: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_answer(handlers, on_error, reader, writer))
        answering.add(task)
        task.add_done_callback(answering.discard)

    server = await asyncio.start_unix_server(connected, sock=listening, limit=_MAX_LINE)
    try:
        yield
    finally:
        server.close()
        (folder / _NAME).unlink(missing_ok=True)
        for task in answering:
            task.cancel()
        if answering:
            await asyncio.wait(answering)  # what they were doing is undone before the data folder is given up


async def ask(folder: Path, do: str, progress: Progress | None = None, **given: object) -> Any:
    """What the bot of this folder answers; None where none listens. Raises CuepointError with what it says is wrong."""
    try:
        with _address(folder) as address:
            reader, writer = await asyncio.open_unix_connection(address, limit=_MAX_LINE)
    except OSError as error:
        if error.errno in _NONE_LISTENS:
            return None
        raise CuepointError(
            f"The bot that uses {folder} cannot be asked, or the folder cannot be entered ({error.strerror or error}). "
            "Do this as the user who runs the bot."
        ) from error
    try:
        writer.write(_line({"do": do, **given}))
        while line := await reader.readline():
            answer = json.loads(line)
            if "result" in answer:
                return answer["result"]
            if "error" in answer:
                raise CuepointError(str(answer["error"]))
            if progress is not None:
                await progress(str(answer["progress"]))
    except (OSError, ValueError) as error:
        log.debug("the control socket failed: %s", type(error).__name__)
    finally:
        writer.close()
    raise CuepointError("The bot stopped before it had answered. Look at its log, then try again.")


async def _answer(
    handlers: Mapping[str, Handler], on_error: OnError, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    async def progress(line: str) -> None:
        if writer.transport.get_write_buffer_size() < _UNREAD:
            writer.write(_line({"progress": line}))

    try:
        answer = await _answer_of(handlers, on_error, reader, progress)
        writer.write(_line(answer))
        await asyncio.wait_for(writer.drain(), _SENT_WITHIN)
    except (OSError, TimeoutError):
        log.debug("a terminal left before it was answered")
    finally:
        writer.close()


async def _answer_of(
    handlers: Mapping[str, Handler], on_error: OnError, reader: asyncio.StreamReader, progress: Progress
) -> dict[str, object]:
    try:
        request = json.loads(await asyncio.wait_for(reader.readline(), _REQUEST_WITHIN))
        handler = handlers[request.pop("do")]
    except (ValueError, LookupError, TypeError, AttributeError, TimeoutError, RecursionError):
        return {"error": "That is not a request that this version of the bot knows."}
    try:
        return {"result": await handler(request, progress)}
    except CuepointError as error:
        return {"error": str(error)}
    except Exception as error:
        incident = on_error(error, "a request of the host's terminal")
        return {"error": f"Something went wrong (id {incident}). The bot's log says more."}


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode() + b"\n"


def _listen(folder: Path) -> socket.socket | None:
    """A listening socket that nobody but this user may connect to. What an earlier bot left is taken away."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        (folder / _NAME).unlink(missing_ok=True)
        with _address(folder) as address:
            listening.bind(address)
        (folder / _NAME).chmod(0o600)  # before anybody can connect: it does not listen yet
        listening.listen()
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        log.warning("the terminal cannot reach this bot: no control socket in the data folder (%s)", error.strerror)
        return None
    return listening


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """The socket's path, in a form that is short enough for one."""
    path = str(folder.absolute() / _NAME)
    if len(os.fsencode(path)) <= _LONGEST_PATH or not _DESCRIPTORS.is_dir():
        yield path
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield str(_DESCRIPTORS / str(descriptor) / _NAME)
    finally:
        with suppress(OSError):
            os.close(descriptor)
