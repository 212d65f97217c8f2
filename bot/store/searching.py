"""What search asks the store: counts, candidates, their texts and moments, spellings. search/ ranks what this finds.

Expressions are FTS5's, made by search/expressions.py of quoted words only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.models import Trust
from bot.store.database import Reader, marks

_UNCITED = 4  # passages that are looked at for each one with a moment
_MOST_COUNTS = 20_000
_MOST_WORDS = 5_000  # looked at for one misspelt word
# Of few documents the passages are listed first, 0.2 microseconds each; of many, each match is looked up instead, 2
# microseconds each: with a fifth of the library or more, enough of them are soon found.
_FEW_DOCUMENTS = 4_000
_IN_FEW = (
    "+rowid IN (SELECT passage.id FROM json_each(?) AS asked CROSS JOIN passage ON passage.document = asked.value)"
)
_IN_MANY = (
    "EXISTS (SELECT 1 FROM passage WHERE passage.id = passage_index.rowid"
    " AND passage.document IN (SELECT value FROM json_each(?)))"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, with all that its rank depends on. `words`, `heading` and `title` are as indexed.

    `video` is what its document cites, empty where that does not matter.
    """

    passage: int
    document: int
    words: str
    heading: str
    title: str
    video: str = ""


@dataclass(frozen=True, slots=True)
class MomentCandidate:
    """A moment of a candidate passage and its own words."""

    moment: int
    passage: int
    document: int
    video: str
    start: int | None
    trust: Trust
    span: tuple[int, int]
    text: str


async def facts(reader: Reader) -> tuple[int, list[str]]:
    """How many passages there are, about (ids have gaps), and the languages besides English that documents are in."""
    kept = reader.remembered
    if kept.facts is None:
        rows = await reader.fetch(
            "SELECT (SELECT max(id) FROM passage),"
            " (SELECT group_concat(DISTINCT language) FROM document WHERE language != '')"
        )
        kept.facts = int(rows[0][0] or 0), sorted(filter(None, (rows[0][1] or "").split(",")))
    return kept.facts


async def match_counts(reader: Reader, expressions: Sequence[str]) -> list[int]:
    """How many passages each expression matches. Remembered until the corpus changes: what is common takes long."""
    known = reader.remembered.counts
    counts = {expression: known.get(expression) for expression in expressions}
    unknown = [expression for expression, count in counts.items() if count is None]
    if unknown:
        count = "(SELECT count(*) FROM passage_index WHERE passage_index MATCH ?)"
        row = await reader.one("SELECT " + ", ".join([count] * len(unknown)), unknown)
        if len(known) > _MOST_COUNTS:
            known.clear()
        counts.update(zip(unknown, map(int, row or ()), strict=True))
        known.update((expression, counts[expression] or 0) for expression in unknown)
    return [counts[expression] or 0 for expression in expressions]


async def best_passages(
    reader: Reader, expression: str, limit: int, documents: Sequence[int] | None, most: int, *, cited: bool = False
) -> list[int]:
    """The passages that match best by bm25, of the first `most` that match; with `documents`, of these only.

    With `cited`, those that have a moment, of some times as many.
    """
    scope = test = ""
    given: tuple[object, ...] = ()
    if documents is not None:
        scope = f"AND {_IN_FEW if len(documents) <= _FEW_DOCUMENTS else _IN_MANY} "
        given = (json.dumps(documents),)
    if cited:
        test = "WHERE EXISTS (SELECT 1 FROM moment WHERE moment.passage = best.id) "
    rows = await reader.fetch(
        "SELECT id FROM (SELECT id, place FROM"
        f" (SELECT rowid AS id, rank AS place FROM passage_index WHERE passage_index MATCH ? {scope}LIMIT ?)"
        f" ORDER BY place, id LIMIT ?) AS best {test}ORDER BY place, id LIMIT ?",
        (expression, *given, most, limit * (_UNCITED if cited else 1), limit),
    )
    return [int(row[0]) for row in rows]


async def candidates(reader: Reader, passages: Sequence[int]) -> list[Candidate]:
    """What these passages say, in the order of their ids."""
    video = "(SELECT video FROM document WHERE id = passage_text.document)"
    rows = await reader.fetch(
        f"SELECT id, document, words, heading, title, {video} FROM passage_text"
        f" WHERE id IN ({marks(passages)}) ORDER BY id",
        passages,
    )
    return [Candidate(*row) for row in rows]


async def moments_in(reader: Reader, passages: Sequence[int], limit: int) -> list[MomentCandidate]:
    """The moments of these passages, passage by passage in this order and then in the order of the text."""
    rows = await reader.fetch(
        "SELECT moment.id, moment.passage, moment.document, moment.video, moment.start, moment.trust,"
        " moment.span_start, moment.span_end, passage.text FROM json_each(?) AS asked"
        " CROSS JOIN moment ON moment.passage = asked.value JOIN passage ON passage.id = moment.passage"
        " ORDER BY asked.key, moment.id LIMIT ?",
        (json.dumps(passages), limit),
    )
    return [
        MomentCandidate(row[0], row[1], row[2], row[3], row[4], Trust(row[5]), (row[6], row[7]), row[8]) for row in rows
    ]


async def moments_after(reader: Reader, passages: Sequence[int]) -> dict[int, int]:
    """For passages without a moment, the passage after each in its section that has one: what it leads over to."""
    rows = await reader.fetch(
        "SELECT passage.id, (SELECT min(moment.passage) FROM moment JOIN passage AS later ON later.id = moment.passage"
        " WHERE moment.document = passage.document AND moment.passage > passage.id AND later.section = passage.section)"
        f" FROM passage WHERE passage.id IN ({marks(passages)})",
        passages,
    )
    return {int(row[0]): int(row[1]) for row in rows if row[1] is not None}


async def documents_of(reader: Reader, video: str, source: str, document: int) -> list[int]:
    """The documents that lie in all of these, where given."""
    tests: list[tuple[str, object]] = [
        ("video = ? AND video != ''", video),
        ("source = ?", source),
        ("id = ?", document),
    ]
    given = [(test, value) for test, value in tests if value]
    rows = await reader.fetch(
        f"SELECT id FROM document WHERE {' AND '.join(test for test, _ in given)}", [value for _, value in given]
    )
    return [int(row[0]) for row in rows]


async def sources(reader: Reader) -> list[str]:
    """Every source, as written."""
    return [str(row[0]) for row in await reader.fetch("SELECT DISTINCT source FROM document WHERE source != ''")]


async def first_letters(reader: Reader) -> list[str]:
    """The letters that known words begin with."""
    rows = await reader.fetch(
        "WITH RECURSIVE letter (char) AS (SELECT substr(min(word), 1, 1) FROM spelling UNION ALL"
        " SELECT (SELECT substr(min(word), 1, 1) FROM spelling WHERE word >= char || char(1114111)) FROM letter"
        " WHERE char IS NOT NULL)"
        " SELECT char FROM letter WHERE char IS NOT NULL"
    )
    return [str(row[0]) for row in rows]


async def known_words(reader: Reader, words: Iterable[str]) -> list[str]:
    """Which of these words the corpus has, or has had."""
    rows = await reader.fetch(
        "SELECT word FROM json_each(?) AS asked JOIN spelling ON spelling.word = asked.value",
        (json.dumps(list(words)),),
    )
    return [str(row[0]) for row in rows]


async def indexed_terms(reader: Reader, terms: Iterable[str]) -> set[str]:
    """Which of these are terms of the index: words as they are stemmed for it."""
    rows = await reader.fetch(
        "SELECT term FROM json_each(?) AS asked CROSS JOIN passage_term ON term = asked.value",
        (json.dumps(list(terms)),),
    )
    return {str(row[0]) for row in rows}


async def words_starting(reader: Reader, starts: Iterable[str], shortest: int, longest: int) -> list[str]:
    """The known words of so many letters that begin with one of these."""
    rows = await reader.fetch(
        "SELECT DISTINCT word FROM json_each(?) AS asked CROSS JOIN spelling"
        " ON spelling.word >= asked.value AND spelling.word < asked.value || char(1114111)"
        " WHERE length(word) BETWEEN ? AND ? LIMIT ?",
        (json.dumps(list(starts)), shortest, longest, _MOST_WORDS),
    )
    return [str(row[0]) for row in rows]
