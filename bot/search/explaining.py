"""Why passages rank as they do: the members' search, with what each score is made of. Ranks nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass

from bot.search.engine import EVERYWHERE, Found, PassageHit, Scope, passage_hits, rank
from bot.search.meaning import Meaning
from bot.search.query import CLAMP, parse_query
from bot.search.scoring import Parts, explain
from bot.store.database import Reader


@dataclass(frozen=True, slots=True)
class Explained:
    """What `search_passages` finds, `parts` of the same hits, and of the question's words and then phrases: how it is
    written, what it weighs, and how many passages have it (None for a phrase).
    """

    found: Found[PassageHit]
    parts: tuple[Parts, ...]
    words: tuple[tuple[str, float, int | None], ...]
    passages: int


async def explain_passages(
    reader: Reader,
    text: str,
    *,
    scope: Scope = EVERYWHERE,
    limit: int = 10,
    offset: int = 0,
    literal: bool = False,
    meaning: Meaning | None = None,
) -> Explained:
    """The passages that answer a question as members get them, with what their scores are made of."""
    ranked = await rank(reader, parse_query(text, CLAMP), scope, meaning, literal=literal)
    query = ranked.query
    every = explain([(one.words, one.heading, one.title) for one in ranked.read], ranked.matcher, ranked.weights)
    parts = {one.passage: found for one, found in zip(ranked.read, every, strict=True)}
    hits = passage_hits(ranked)
    shown = tuple(hits[offset : offset + limit])
    names = [*(word.text for word in query.words), *(f'"{" ".join(phrase)}"' for phrase in query.phrases)]
    counts: list[int | None] = [*ranked.counts, *(None for _ in query.phrases)]
    return Explained(
        found=Found(shown, len(hits), query, ranked.repaired, ranked.cut_short),
        parts=tuple(parts[hit.passage] for hit in shown),
        words=tuple(zip(names, ranked.weights, counts, strict=True)) if ranked.weights else (),
        passages=ranked.passages,
    )
