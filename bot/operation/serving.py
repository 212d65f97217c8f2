"""A small HTTP server beside whatever else this process does: listens while a block runs. Knows no page."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import SettingsError
from bot.log import get_logger
from bot.operation.hosts import only_for
from bot.operation.operation import Operation

_GOODBYE = 1.0  # seconds for what is being answered at a stop
_REFUSAL = "Ask by number, such as http://127.0.0.1, or by a name without a dot.\n"
REMEDY = "Choose another with HTTP_HOST and HTTP_PORT, such as 9465."

_log = get_logger(__name__)


class _NoMalformedRequests(logging.Filter):
    """aiohttp quotes what it could not read, which may be a question; whoever sent it is told by the answer's 400."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_log.addFilter(_NoMalformedRequests())


def make_app(operation: Operation, bound: str) -> web.Application:
    """/healthz and /metrics alone; `bound` is the host that it will listen at."""
    app = web.Application(middlewares=[only_for(bound, _REFUSAL)])
    operation.add_routes(app.router)
    return app


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, remedy: str = REMEDY) -> AsyncIterator[int]:
    """Serve `app` while the block runs, and give its port. What is asked is never logged.

    Raises SettingsError, with `remedy`, where the address cannot be used.
    """
    runner = web.AppRunner(app, access_log=None, logger=_log, shutdown_timeout=_GOODBYE)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            number = error.errno or 0  # below 0 where a name was not found, and then none of the system's
            why = os.strerror(number) if number > 0 else error.strerror
            raise SettingsError(f"Cuepoint cannot listen at {host}, port {port} ({why}). {remedy}") from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
