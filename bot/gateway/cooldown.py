"""How often one person may ask: a few requests at once, then one at a time. In memory, for one process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

BURST = 5  # requests at once
EVERY = 2.0  # seconds for each further one
REMEMBERED = 10_000  # people; whoever asked longest ago is forgotten first


class Cooldown:
    """A token bucket for each user, kept as the time at which it would be full again (monotonic seconds)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, remembered: int = REMEMBERED) -> None:
        self._clock = clock
        self._remembered = remembered
        self._full_at: OrderedDict[int, float] = OrderedDict()

    def wait(self, user: int) -> float:
        """Count a request; 0 where it may go on, else the seconds after which one may (and nothing is counted)."""
        now = self._clock()
        full_at = max(self._full_at.get(user, now), now)
        wait = full_at - now - (BURST - 1) * EVERY
        if wait > 0:
            return wait
        self._full_at[user] = full_at + EVERY
        self._full_at.move_to_end(user)
        if len(self._full_at) > self._remembered:
            self._full_at.popitem(last=False)
        return 0
