"""Candidates put into a better order by what they mean, where vectors are there in time; else they stay as they are.

Only the best of what the words found are looked at. Replies never wait for this: what takes longer than BUDGET is left.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b

from bot.corpus.words import index_tokens, tokens_of
from bot.errors import StoreFailure
from bot.search.query import Query
from bot.search.semantic import Encodes
from bot.store import vectors
from bot.store.database import Store
from bot.store.searching import Candidate

# Chosen by benchmarks/retrieval.py --semantic, for Cranfield and XQuAD in five languages.
REORDERED = 50  # candidates
WORDS = 0.5  # of the mixture, the rest is meaning
WORDS_ELSEWHERE = 0.85  # the same where a question is not in plain letters: the extra's model knows English best
WORDS_OF_MOMENTS = 0.85  # and where moments are sought, by benchmarks/moments.py and 286 questions on real pages

BUDGET = 0.03  # seconds for a question's vector and those of its candidates; on an idle machine they take 0.006
_FEWEST = 2  # vectors: fewer have no order
_REMEMBERED = 500  # questions whose vectors are kept, for the pages after the first


class Meaning:
    """The model, and the vectors of the corpus, which bot/encoding.py makes when `changed` is set."""

    def __init__(self, encoder: Encodes, store: Store, *, budget: float = BUDGET) -> None:
        self.encoder = encoder
        self.store = store
        self.changed = asyncio.Event()
        self._budget = budget
        self._pool = ThreadPoolExecutor(1, "meaning")
        self._questions: dict[str, bytes] = {}

    def close(self) -> None:
        """Take no more questions."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def progress(self) -> tuple[int, int]:
        """How many of the corpus's different passages have a vector, and how many there are."""
        async with self.store.read() as reader:
            return await vectors.progress(reader)

    async def reordered(
        self, query: Query, candidates: Sequence[Candidate], scores: Sequence[float], *, moments: bool = False
    ) -> list[Candidate]:
        """The candidates, best first; `scores` are what their words were worth, in the same order, the best first.

        With `moments` they are sought for the moments in them: words tell better what is said at a second.
        Passages that have the question word for word stay before the others. One without a vector keeps its place.
        """
        ordered = list(candidates)
        try:
            async with asyncio.timeout(self._budget):
                likeness = await self._likenesses(asked(query), ordered[:REORDERED])
        except (TimeoutError, StoreFailure):
            return ordered
        places = sorted(likeness)
        share = WORDS_OF_MOMENTS if moments else WORDS if query.text.isascii() else WORDS_ELSEWHERE
        worth = dict(zip(places, mixed(share, [scores[n] for n in places], [likeness[n] for n in places]), strict=True))
        exact = {place for place in places if is_exact(query, ordered[place])}
        best = sorted(places, key=lambda place: (place not in exact, -worth[place], place))
        for place, better in zip(places, best, strict=True):
            ordered[place] = candidates[better]
        return ordered

    async def _likenesses(self, question: str, candidates: Sequence[Candidate]) -> dict[int, float]:
        """How alike each candidate that has a vector is to the question, by its place."""
        keys = [key_of(self.encoder.name, candidate) for candidate in candidates]
        async with self.store.read() as reader:
            found = await vectors.find(reader, keys) if keys else {}
        places = [place for place, key in enumerate(keys) if key in found]
        if len(places) < _FEWEST:
            return {}
        compare = asyncio.get_running_loop().run_in_executor(
            self._pool, self._compare, question, {place: found[keys[place]] for place in places}
        )
        return await compare

    def _compare(self, question: str, others: Mapping[int, bytes]) -> dict[int, float]:
        if not self.encoder.knows(question):
            return {}
        vector = self._questions.get(question)
        if vector is None:
            (vector,) = self.encoder.encode([question])
            self._questions[question] = vector
            if len(self._questions) > _REMEMBERED:
                del self._questions[next(iter(self._questions))]
        return dict(zip(others, self.encoder.likenesses(vector, list(others.values())), strict=True))


def key_of(model: bytes, candidate: Candidate) -> int:
    """What a passage's vector is kept by: 63 bits of a hash of the model's name and all words that are encoded."""
    text = "\n\n".join((candidate.title, candidate.heading, candidate.words))
    digest = blake2b(text.encode(), digest_size=8, key=model).digest()
    return int.from_bytes(digest) >> 1


def asked(query: Query) -> str:
    """What of a question is encoded: all of it, but of one with operators only the words that count."""
    if query.video or query.source or query.excluded:
        return " ".join(word.text for word in query.words)
    return query.text


def mixed(share: float, scores: Sequence[float], likenesses: Sequence[float]) -> list[float]:
    """The mixture of two lists of scores, each scaled so that its worst is 0 and its best 1. `share` is the first's."""
    pairs = zip(_scaled(scores), _scaled(likenesses), strict=True)
    return [share * words + (1 - share) * meaning for words, meaning in pairs]


def _scaled(values: Sequence[float]) -> list[float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(value - low) / (high - low or 1.0) for value in values]


def is_exact(query: Query, candidate: Candidate) -> bool:
    """Whether a passage has all words of a question one after the other, or all its "phrases"."""
    asked_for = query.phrases or (tuple(tokens_of(query.text)),)
    text = f" {' '.join(index_tokens(candidate.words))} "
    return any(len(tokens) > 1 for tokens in asked_for) and all(f" {' '.join(tokens)} " in text for tokens in asked_for)
