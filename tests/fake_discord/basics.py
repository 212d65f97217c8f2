"""What every module of the fake needs: the type of JSON objects, the clock, ids and time stamps."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from typing import Any

Json = dict[str, Any]
"""A JSON object as Discord sends or receives it."""

now = time.perf_counter
"""Seconds on a clock that never jumps; the origin means nothing."""

DISCORD_EPOCH_MS = 1420070400000
SNOWFLAKE_COUNTER_BITS = 22
_counter = itertools.count(1)


def snowflake() -> str:
    """A new id: milliseconds since Discord's epoch above 22 bits that count up."""
    ms = int(time.time() * 1000) - DISCORD_EPOCH_MS
    return str((ms << SNOWFLAKE_COUNTER_BITS) | (next(_counter) & ((1 << SNOWFLAKE_COUNTER_BITS) - 1)))


def timestamp() -> str:
    """The time now, as Discord writes it (ISO 8601, UTC)."""
    return dt.datetime.now(dt.UTC).isoformat()
