"""A model without weights: texts are alike by the words that they share, or that are said to mean the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import hypot
from zlib import crc32

from bot.corpus.words import tokens_of

DIMENSIONS = 64
MOST = 127  # of a signed byte


class FakeModel:
    """`same` gives words the sense of others; `read` are all texts that it got, `on_read` is told of each.

    It knows words in plain letters only.
    """

    def __init__(self, same: Mapping[str, str] | None = None, name: bytes = b"fake") -> None:
        self.name = name
        self.read: list[str] = []
        self.on_read: Callable[[str], object] = len
        self._same = same or {}

    def encode(self, texts: Sequence[str]) -> list[bytes]:
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> bytes:
        self.read.append(text)
        self.on_read(text)
        vector = [0] * DIMENSIONS
        for token in tokens_of(text):
            place = crc32(self._same.get(token, token).encode()) % DIMENSIONS
            vector[place] = min(vector[place] + 1, MOST)
        return bytes(vector)

    def knows(self, text: str) -> bool:
        return text.isascii()

    def likenesses(self, vector: bytes, others: Sequence[bytes]) -> list[float]:
        return [
            sum(a * b for a, b in zip(vector, other, strict=True)) / (hypot(*vector) * hypot(*other) or 1.0)
            for other in others
        ]
