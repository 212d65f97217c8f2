"""From the first request to the last: listens at an address until the process is told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from bot.operation.serving import listening
from bot.preview.app import Preview, make_app

_STOPS = (signal.SIGTERM, signal.SIGINT)
_REMEDY = "Choose another with --address or PREVIEW_ADDRESS, such as 127.0.0.1:8081."
_ANY = ("", "0.0.0.0", "::")


async def serve(preview: Preview, host: str, port: int, ready: Callable[[bool], None] = lambda is_ready: None) -> None:
    """Serve the preview until SIGTERM or SIGINT, and say where; `ready` is told once it listens.

    Raises SettingsError where the address cannot be used.
    """
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for one in _STOPS:
        loop.add_signal_handler(one, stop.set)
    try:
        async with listening(make_app(preview, host), host, port, _REMEDY) as bound:
            print(f"Preview: {page_address(host, bound)} (Ctrl+C ends it)", flush=True)
            ready(True)
            await stop.wait()
    finally:
        for one in _STOPS:
            loop.remove_signal_handler(one)


def page_address(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens at `host`."""
    shown = "127.0.0.1" if host in _ANY else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
