"""From login to the end: back-off while Discord cannot be reached, and a stop that lets answers finish."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import discord

from bot.errors import CuepointError, LoginFailed
from bot.gateway.backoff import UNREACHABLE, asked_for, delays
from bot.gateway.client import Bot
from bot.gateway.desk import Desk
from bot.gateway.errors import describe
from bot.gateway.quiet import on_loop_error, quieten
from bot.log import get_logger

FINISH_WITHIN = 6.0  # seconds for what is being answered at a stop; all of it has to fit into 10 s
CLOSE_WITHIN = 2.0  # seconds for the connection's own goodbye
_BAD_TOKEN = 4004  # Discord's close code for a token that it does not accept
_STOPS = (signal.SIGTERM, signal.SIGINT)

log = get_logger(__name__)


async def serve(desk: Desk, token: str, ready: Callable[[bool], None] | None = None) -> None:
    """Serve Discord until SIGTERM or SIGINT. Raises LoginFailed; CuepointError where Discord wants us gone.

    `ready` is told when the connection comes and goes.
    """
    quieten()
    if not desk.home_server:
        log.info("HOME_GUILD_ID is not set: /corpus is not available anywhere")
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(on_loop_error)
    stop = asyncio.Event()
    for one in _STOPS:
        loop.add_signal_handler(one, stop.set)
    try:
        connected = asyncio.create_task(_stay_connected(desk, token, ready))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({connected, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not connected.done():
            log.info("stopping")
            await desk.flight.finish(FINISH_WITHIN)
            connected.cancel()
            await asyncio.wait({connected}, timeout=CLOSE_WITHIN)
        if connected.done() and not connected.cancelled():
            connected.result()
    finally:
        for one in _STOPS:
            loop.remove_signal_handler(one)
        loop.set_exception_handler(None)


async def _stay_connected(desk: Desk, token: str, ready: Callable[[bool], None] | None) -> None:
    """Log in and stay; with a new client each time that Discord cannot be reached."""
    for delay in delays():
        client = Bot(desk, ready)
        try:
            await client.login(token)
            await client.connect()
            return
        except discord.LoginFailure:
            raise LoginFailed(_refused()) from None
        except discord.ConnectionClosed as error:
            if error.code == _BAD_TOKEN:
                raise LoginFailed(_refused()) from None
            raise CuepointError(f"Discord has closed the connection for good (code {error.code}).") from None
        except UNREACHABLE as error:
            problem: Exception = error
        except AttributeError as error:  # so discord.py 2.7 fails where its very first connection is refused
            connection: object = client.ws
            if connection is not None:
                raise
            problem = error.__context__ if isinstance(error.__context__, Exception) else error
        finally:
            await client.close()
        wait = max(delay, asked_for(problem))
        log.warning("Discord cannot be reached (%s); trying again in %.0f s", describe(problem), wait)
        await asyncio.sleep(wait)


def _refused() -> str:
    return "Discord refused DISCORD_TOKEN. Copy the token again from the developer portal (Bot, Reset Token) into .env."
