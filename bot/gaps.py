"""Gaps: what members asked that the library has no good answer to, for its moderators. Never who asked, or where.

Noting one never waits and never fails: it goes into a queue that a task beside the answers writes to state.db.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress

from rapidfuzz import fuzz, process

from bot.errors import CuepointError
from bot.log import get_logger
from bot.models import Gap, GapKind
from bot.store import gaps as store
from bot.store.database import Store

COUNTED_EVERY = 600.0  # seconds in which the same words count once, however often they are asked or reported
MAX_WORDS = 100  # code points, as many as a member may type
_WAITING = 500  # notes that wait to be written; what comes while so many wait is left out
_WRITTEN_WITHIN = 1.0  # seconds
_REMEMBERED = 10_000  # words that were counted lately
_GROUPED = 2_000  # wordings that are compared, most asked first
_ALIKE = 80.0  # of 100, rapidfuzz's token_sort_ratio: an inflected or mistyped word, another order; not another word

log = get_logger(__name__)


class Gaps:
    """What is noted and what has been asked. `run` has to run for notes to be written."""

    def __init__(self, state: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock
        self._waiting: asyncio.Queue[tuple[GapKind, str, str]] = asyncio.Queue(_WAITING)
        self._counted: OrderedDict[tuple[GapKind, str], float] = OrderedDict()

    def note(self, kind: GapKind, words: str, became: str = "") -> None:
        """Note that these words were missed, repaired (to `became`) or reported. Returns at once."""
        words = plain(words)
        if not words or self._waiting.full() or self._is_counted(kind, words):
            return
        self._waiting.put_nowait((kind, words, plain(became)))

    async def run(self) -> None:
        """Write what is noted, until cancelled."""
        while True:
            noted = [await self._waiting.get()]
            while not self._waiting.empty():
                noted.append(self._waiting.get_nowait())
            try:
                await store.count(self._state, noted)
            except CuepointError as error:
                log.warning("what found nothing could not be noted: %s", error)
            finally:
                for _ in noted:
                    self._waiting.task_done()

    async def written(self) -> None:
        """Wait until all that was noted is written."""
        await self._waiting.join()

    async def groups(self) -> list[Gap]:
        """What was asked in the last 90 days, alike wordings together, most asked first. Raises StoreFailure."""
        with suppress(TimeoutError):  # whoever reports something and looks at once finds it
            await asyncio.wait_for(self.written(), _WRITTEN_WITHIN)
        found = await store.asked(self._state, _GROUPED)
        return await asyncio.to_thread(group, found)

    async def done(self, key: str) -> Gap | None:
        """Forget the group that has these words' key; None where there is none (any more). Raises StoreFailure."""
        for gap in await self.groups():
            if key in map(key_of, gap.wordings):
                await store.forget(self._state, gap.wordings)
                return gap
        return None

    def _is_counted(self, kind: GapKind, words: str) -> bool:
        """Whether these words were counted within the last minutes; they are from now on."""
        now = self._clock()
        if now - self._counted.get((kind, words), -COUNTED_EVERY) < COUNTED_EVERY:
            return True
        self._counted[kind, words] = now
        self._counted.move_to_end((kind, words))
        if len(self._counted) > _REMEMBERED:
            self._counted.popitem(last=False)
        return False


def plain(words: str) -> str:
    """Words as they are counted: one spelling, one line, at most 100 code points."""
    folded = unicodedata.normalize("NFC", words[:MAX_WORDS]).casefold()
    return " ".join("".join(char if char.isprintable() else " " for char in folded).split())[:MAX_WORDS]


def key_of(words: str) -> str:
    """What a button names words by."""
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def group(found: Sequence[store.Asked]) -> list[Gap]:
    """Wordings that are alike as one gap, named after the most asked of them; most asked first.

    `found` is in that order already; each wording joins the group whose first is most like it.
    """
    groups: list[list[store.Asked]] = []
    firsts: list[str] = []
    for one in found:
        alike = process.extractOne(one.words, firsts, scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE)
        if alike is None:
            groups.append([one])
            firsts.append(one.words)
        else:
            groups[alike[2]].append(one)
    return sorted(map(_as_gap, groups), key=lambda gap: -gap.times)


def _as_gap(members: Sequence[store.Asked]) -> Gap:
    return Gap(
        key=key_of(members[0].words),
        wordings=tuple(one.words for one in members),
        missed=sum(one.missed for one in members),
        repaired=sum(one.repaired for one in members),
        reported=sum(one.reported for one in members),
        became=next((one.became for one in members if one.became), ""),
    )
