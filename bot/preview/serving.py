"""From the first request to the last: listens at an address until the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from aiohttp import web

from bot.errors import CuepointError
from bot.preview.app import Preview, make_app

_STOPS = (signal.SIGTERM, signal.SIGINT)
_GOODBYE = 1.0  # seconds for what is being answered at a stop
_ANY = ("", "0.0.0.0", "::")


async def serve(preview: Preview, host: str, port: int, ready: Callable[[bool], None] = lambda is_ready: None) -> None:
    """Serve the preview until SIGTERM or SIGINT, and say where; `ready` is told once it listens.

    Raises CuepointError where the address is taken.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    runner = web.AppRunner(make_app(preview, host), access_log=None, shutdown_timeout=_GOODBYE)  # queries stay unlogged
    await runner.setup()
    for one in _STOPS:
        loop.add_signal_handler(one, stop.set)
    try:
        await web.TCPSite(runner, host, port).start()
        (bound, *_) = runner.addresses
        print(f"Preview: {page_address(host, bound[1])} (Ctrl+C ends it)", flush=True)
        ready(True)
        await stop.wait()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CuepointError(
            f"The preview cannot listen at {host}, port {port} ({why}). Choose another with --address or "
            "PREVIEW_ADDRESS, such as 127.0.0.1:8081."
        ) from error
    finally:
        for one in _STOPS:
            loop.remove_signal_handler(one)
        await runner.cleanup()


def page_address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens at `host`."""
    shown = "127.0.0.1" if host in _ANY else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
