"""How often one person may ask: a few requests at once, then one at a time. In memory, for one process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.models import ServerSettings
from bot.servers import BURST

EVERY = ServerSettings().every  # seconds for each further one, where the server sets no other
REMEMBERED = 10_000  # people; whoever asked longest ago is forgotten first


class Cooldown:
    """A token bucket for each user in each server, kept as the time at which it is full again (monotonic seconds)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, remembered: int = REMEMBERED) -> None:
        self._clock = clock
        self._remembered = remembered
        self._full_at: OrderedDict[tuple[int, int], float] = OrderedDict()

    def wait(self, user: int, server: int = 0, every: float = EVERY) -> float:
        """Count a request; 0 where it may go on, else the seconds after which one may (and nothing is counted).

        `every` is what this server has set, in seconds; a server of 0 is a direct message.
        """
        asker = (user, server)
        now = self._clock()
        full_at = max(self._full_at.get(asker, now), now)
        wait = full_at - now - (BURST - 1) * every
        if wait > 0:
            return wait
        self._full_at[asker] = full_at + every
        self._full_at.move_to_end(asker)
        if len(self._full_at) > self._remembered:
            self._full_at.popitem(last=False)
        return 0
