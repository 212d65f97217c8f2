"""What waits for a moderator's confirmation: for a quarter of an hour, once, and for who asked only.

In memory: a file that nobody has decided to keep yet is not written down, and what was shown before a restart need not
be what would be done after it. Whoever presses then is told to give the command again.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import ButtonExpired, NotAllowed

VALID = 900.0  # seconds
_MOST = 8  # that wait at once; of uploads that is 32 MB of memory at worst

EXPIRED = (
    "This confirmation was used already, is older than 15 minutes or from before the bot's last restart, or too many "
    "others wait. Give the command again."
)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that its asker may still confirm. `generation` is the corpus that it was offered for."""

    asker: int
    action: str
    subject: str = ""
    generation: int = 0
    replace: bool = False
    content: bytes = b""


class Offers:
    """Offers by token; after a restart none is valid any more."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: dict[str, tuple[float, Offer]] = {}

    def add(self, offer: Offer) -> str:
        """Keep an offer; its token. Where too many wait, the oldest goes: of the same asker, else of all."""
        token = secrets.token_hex(16)
        self.give_back(token, offer)
        return token

    def give_back(self, token: str, offer: Offer) -> None:
        """Keep an offer that was taken and could not be done: it may be tried again, for as long as a new one."""
        self._forget_old()
        while len(self._waiting) >= _MOST:
            own = (waiting for waiting, (_, other) in self._waiting.items() if other.asker == offer.asker)
            del self._waiting[next(own, next(iter(self._waiting)))]
        self._waiting[token] = (self._clock() + VALID, offer)

    def take(self, token: str, asker: int) -> Offer:
        """Take an offer away. Raises ButtonExpired, and NotAllowed for anybody else: it then stays."""
        self._forget_old()
        if token not in self._waiting:
            raise ButtonExpired(EXPIRED)
        _, offer = self._waiting[token]
        if offer.asker != asker:
            raise NotAllowed("Only the moderator who asked can confirm or cancel that. Give the command yourself.")
        del self._waiting[token]
        return offer

    def _forget_old(self) -> None:
        now = self._clock()
        self._waiting = {token: (until, offer) for token, (until, offer) in self._waiting.items() if until > now}
