"""How long to wait before Discord is tried again: longer each time, and not all bots at once."""

from __future__ import annotations

import random
from collections.abc import Iterator

import aiohttp
import discord

FIRST = 2.0  # seconds
LONGEST = 300.0  # seconds; also what a Retry-After counts for at least
_LONGEST_ASKED = 3_600.0  # seconds; a longer Retry-After is not believed

# What goes away by waiting: Discord or the way to it is down.
UNREACHABLE = (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError)


def delays() -> Iterator[float]:
    """Seconds to wait, doubling up to LONGEST, each with up to half of it taken off by chance."""
    delay = FIRST
    while True:
        yield delay * random.uniform(0.5, 1)
        delay = min(delay * 2, LONGEST)


def asked_for(error: BaseException) -> float:
    """The seconds that Discord (or Cloudflare before it) asked to wait; 0 where it did not say."""
    if not isinstance(error, discord.HTTPException) or error.status != 429:
        return 0
    try:
        return min(max(float(error.response.headers.get("Retry-After", 0)), 0), _LONGEST_ASKED)
    except ValueError:
        return 0


def passes(error: BaseException) -> bool:
    """Whether it may go away by waiting: not where Discord says that the request itself is wrong."""
    if isinstance(error, discord.HTTPException):
        return error.status >= 500 or error.status == 429
    return isinstance(error, UNREACHABLE)
