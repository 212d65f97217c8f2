"""Gives every passage a vector, in the background, after each change of the corpus. Not for what they are used for."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from bot.errors import CuepointError
from bot.log import get_logger
from bot.search.meaning import Meaning, key_of
from bot.store import vectors
from bot.store.database import Store
from bot.store.searching import Candidate

_NOTED = 500  # passages read at a time to see which are new
_TOGETHER = 16  # passages encoded between two writes: about a second's work
_READ_LIMIT = 30.0  # seconds: nobody waits for this, and everything else goes first
_NICE = 10  # the thread that encodes gets a tenth of a busy core; with less, it would hold the interpreter up for long

log = get_logger(__name__)


class Encoding:
    """Keeps the vectors up to date with the corpus."""

    def __init__(self, corpus: Store, meaning: Meaning) -> None:
        self._corpus = corpus
        self._store = meaning.store
        self._encoder = meaning.encoder
        self._changed = meaning.changed

    async def run(self) -> None:
        """Catch up whenever `meaning.changed` is set, until cancelled."""
        while True:
            await self._changed.wait()
            try:
                await self.catch_up()
            except CuepointError as error:
                log.warning("meaning: encoding stopped until the next reload: %s", error)
            except Exception as error:  # the model's own; their texts may hold a page's words
                log.error("meaning: encoding stopped until the next reload (%s)", type(error).__name__)

    async def catch_up(self) -> None:
        """Forget the vectors that nothing needs, make those that lack. Ends early where the corpus changes meanwhile.

        When cancelled, only the passage in hand is finished. Raises StoreError and ReadTooSlow.
        """
        self._changed.clear()
        await self._note()
        pool = ThreadPoolExecutor(1, "encoding", _step_back)
        stopped = threading.Event()
        try:
            count = await self._encode_lacking(pool, stopped)
        finally:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
        if count:
            log.info("meaning: %d passages encoded", count)

    async def _note(self) -> None:
        """Bring the list of what is wanted up to date, all at once, and forget vectors that nothing needs."""
        async with self._store.write() as writer:
            await vectors.forget_wanted(writer)
            last = 0
            while found := await self._after(last):
                keys = await asyncio.to_thread(self._keys, found)
                await vectors.want(writer, [(key, one.passage) for key, one in zip(keys, found, strict=True)])
                last = found[-1].passage
            await vectors.forget_unwanted(writer)

    async def _after(self, passage: int) -> list[Candidate]:
        async with self._corpus.read(_READ_LIMIT) as reader:
            return await vectors.candidates_after(reader, passage, _NOTED)

    def _keys(self, candidates: Sequence[Candidate]) -> list[int]:
        return [key_of(self._encoder.name, candidate) for candidate in candidates]

    async def _encode_lacking(self, pool: ThreadPoolExecutor, stopped: threading.Event) -> int:
        """Encode in the order of keys, which is no order of the corpus; return how many."""
        after: int | None = None
        count = 0
        while not self._changed.is_set():
            async with self._store.read(_READ_LIMIT) as reader:
                wanted = await vectors.lacking(reader, after, _TOGETHER)
            if not wanted:
                break
            after = wanted[-1][0]
            async with self._corpus.read(_READ_LIMIT) as reader:
                found = await vectors.shown_texts(reader, [passage for _, passage in wanted])
            keys = self._keys([indexed for indexed, _ in found])  # not those wanted: a reload may have reused row ids
            texts = [shown for _, shown in found]
            made = await asyncio.get_running_loop().run_in_executor(pool, self._encode, texts, stopped)
            async with self._store.write() as writer:
                await vectors.keep(writer, list(zip(keys, made, strict=True)))
            count += len(made)
        return count

    def _encode(self, texts: Sequence[str], stopped: threading.Event) -> list[bytes]:
        """The texts' vectors; none any more when nobody waits for them."""
        return [vector for text in texts if not stopped.is_set() for vector in self._encoder.encode([text])]


def _step_back() -> None:
    """Let every other thread go first; where the system cannot, one core of several is busy."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
