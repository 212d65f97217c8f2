"""From a question to ranked passages and moments. What is said about a corpus in SQL is in store/searching.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from bot.corpus.stems import stem
from bot.corpus.words import index_tokens, is_unspaced, slug
from bot.search import expressions
from bot.search.candidates import Counted, find_candidates
from bot.search.compounds import with_compounds
from bot.search.matching import Matcher, highlight
from bot.search.meaning import Meaning
from bot.search.moments import RankedMoment, rank_moments
from bot.search.query import CLAMP, Query, Word, in_languages, parse_query, unquoted
from bot.search.repair import repair
from bot.search.retelling import told_once
from bot.search.scoring import score, weigh
from bot.store import searching
from bot.store.common import common_words
from bot.store.database import Reader
from bot.store.searching import Candidate

FAINT = 0.2  # of the best passage's score: what scores less answers something else
LEADING = 10  # passages without a moment whose next moment is offered
MOMENTS = 80  # of the best passages: so many are read and ranked

__all__ = ["EVERYWHERE", "Found", "MomentHit", "PassageHit", "Scope", "highlight", "search_moments", "search_passages"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look: a video's id, a source by its name, a document by its row id. Empty ones do not restrict."""

    video: str = ""
    source: str = ""
    document: int = 0


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that answers, by row ids; a higher score is better. `also` are other documents that say the same."""

    passage: int
    document: int
    score: float
    also: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MomentHit:
    """A moment that answers, by row ids. `also` are other documents that tell the same."""

    moment: int
    passage: int
    document: int
    video: str
    score: float
    also: tuple[int, ...] = ()


HitT = TypeVar("HitT", PassageHit, MomentHit)


@dataclass(frozen=True, slots=True)
class Found(Generic[HitT]):
    """One view of what was found. `total` counts all there is to page through.

    `repaired` is the question as it was searched where words of it were repaired, else empty. `cut_short` tells that
    more matched than were ranked; `unknown` are the words that nothing says.
    """

    hits: tuple[HitT, ...]
    total: int
    query: Query
    repaired: str = ""
    cut_short: bool = False
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates of a question, best first, with their scores, what words weigh, and the number of passages.

    `matcher` finds the question's words. `read` are all that were scored, also the faint ones; `counts` is how many
    passages have each word.
    """

    query: Query
    matcher: Matcher
    repaired: str
    candidates: tuple[Candidate, ...]
    scores: tuple[float, ...]
    weights: tuple[float, ...]
    cut_short: bool
    passages: int = 0
    read: tuple[Candidate, ...] = ()
    counts: tuple[int, ...] = ()


async def search_passages(
    reader: Reader,
    text: str,
    *,
    scope: Scope = EVERYWHERE,
    limit: int = 10,
    offset: int = 0,
    literal: bool = False,
    clamp: int = CLAMP,
    meaning: Meaning | None = None,
) -> Found[PassageHit]:
    """The passages that answer a question, best first, `limit` of them from `offset`. `literal` repairs no word.

    With `meaning`, the best are put in order by what they mean besides.
    """
    ranked = await rank(reader, parse_query(text, clamp), scope, meaning, literal=literal)
    hits = passage_hits(ranked)
    shown = tuple(hits[offset : offset + limit])
    return Found(shown, len(hits), ranked.query, ranked.repaired, ranked.cut_short, _unknown(ranked))


def passage_hits(ranked: Ranked) -> list[PassageHit]:
    """The ranked passages as hits, each thing that is said once."""
    values = {candidate.passage: value for candidate, value in zip(ranked.candidates, ranked.scores, strict=True)}
    return [
        PassageHit(candidate.passage, candidate.document, values[candidate.passage], also)
        for candidate, also in told_once(ranked.candidates)
    ]


async def search_moments(
    reader: Reader,
    text: str,
    *,
    scope: Scope = EVERYWHERE,
    limit: int = 10,
    offset: int = 0,
    literal: bool = False,
    clamp: int = CLAMP,
    meaning: Meaning | None = None,
) -> Found[MomentHit]:
    """The moments that answer a question, best first, `limit` of them from `offset`. `literal` repairs no word.

    With `meaning`, the best are put in order by what they mean besides.
    """
    ranked = await rank(reader, parse_query(text, clamp), scope, meaning, literal=literal, moments=True)
    values = {c.passage: value for c, value in zip(ranked.candidates, ranked.scores, strict=True)}
    if not values:  # it may be said where no time is given: then the moment that follows is where to look
        ranked = await rank(reader, parse_query(text, clamp), scope, None, literal=literal)
        leading = {c.passage: value for c, value in zip(ranked.candidates, ranked.scores, strict=True)}
        after = await searching.moments_after(reader, list(leading)[:LEADING])
        values = {after[passage]: value for passage, value in reversed(leading.items()) if passage in after}
    moments = await searching.moments_in(reader, list(values), MOMENTS)
    best = rank_moments(moments, values, ranked.matcher, ranked.weights)
    hits = tuple(_moment_hit(moment) for moment in best[offset : offset + limit])
    cut_short = ranked.cut_short or len(moments) == MOMENTS
    return Found(hits, len(best), ranked.query, ranked.repaired, cut_short, _unknown(ranked))


def _unknown(ranked: Ranked) -> tuple[str, ...]:
    """The question's words that no passage has, as they were typed."""
    return tuple(word.text for word, count in zip(ranked.query.words, ranked.counts, strict=False) if not count)


def _moment_hit(ranked: RankedMoment) -> MomentHit:
    moment = ranked.moment
    return MomentHit(moment.moment, moment.passage, moment.document, moment.video, ranked.score, ranked.also)


async def rank(
    reader: Reader, query: Query, scope: Scope, meaning: Meaning | None, *, literal: bool, moments: bool = False
) -> Ranked:
    """The candidates of a question, ranked; with `moments`, only passages that have some."""
    documents = await _documents(reader, query, scope)
    repaired = ""
    if query.is_empty or documents == []:
        return Ranked(query, Matcher(query), "", (), (), (), cut_short=False)
    passages, languages = await searching.facts(reader)
    query = in_languages(query, languages)
    counts, told = await _counts(reader, query)
    compounded = await with_compounds(reader, query, counts)
    if compounded != query:
        query = compounded
        counts, told = await _counts(reader, query)
    phrase = expressions.all_of(map(expressions.phrase, query.phrases)) if query.is_quoted else ""
    quoted = (await searching.match_counts(reader, [phrase]))[0] if phrase else 0
    if not literal and not quoted and (phrase or not all(counts)):
        query, repaired = await _repaired(reader, query, counts)
        counts, told = await _counts(reader, query)
    if phrase and (quoted or literal):  # where it is said, else on the pages that are called so
        said = expressions.below_title(expressions.any_of(map(expressions.phrase, query.phrases)))
        ways = [[Counted(expressions.all_of([said, phrase]), quoted)], [Counted(phrase, quoted)]]
    else:
        ways = [[Counted(expressions.word(word), count) for word, count in zip(query.words, counts, strict=True)]]
    insisting = partial(expressions.insisting, query=query)
    for wanted in ways:
        found, cut_short = await find_candidates(reader, wanted, insisting, documents, passages=passages, cited=moments)
        if found:
            break
    texts = await searching.candidates(reader, found)
    matcher = Matcher(query)
    # By its title, a page's every passage has the title's words: how rare they are, the passages' own words tell.
    weights = weigh(passages, [own or count for own, count in zip(told, counts, strict=True)], query)
    scores = score([(text.words, text.heading, text.title) for text in texts], matcher, weights, alone=not moments)
    faint = FAINT * max(scores, default=0.0)
    order = [number for number in range(len(texts)) if scores[number] > faint]
    order.sort(key=lambda number: (-scores[number], texts[number].passage))
    if not moments:
        order = _saying(order, texts, matcher)
    ranked, values = [texts[number] for number in order], [scores[number] for number in order]
    if meaning is not None:
        ranked = await meaning.reordered(query, ranked, values, moments=moments)
    return Ranked(
        query,
        matcher,
        repaired,
        tuple(ranked),
        tuple(values),
        tuple(weights),
        cut_short,
        passages,
        tuple(texts),
        tuple(counts),
    )


def _saying(order: Sequence[int], texts: Sequence[Candidate], matcher: Matcher) -> list[int]:
    """Without what only the title and the headings answer for, where others say it: the best one of a document stays
    that would else not be shown.
    """

    def says(number: int) -> bool:
        return matcher.is_in(index_tokens(texts[number].words))

    if not any(map(says, order)):  # mostly the first does
        return list(order)
    times = Counter(texts[number].document for number in order)
    said = {number for number in order if times[texts[number].document] > 1 and says(number)}
    shown = {texts[number].document for number in said}
    kept = []
    for number in order:
        document = texts[number].document
        if number in said or document not in shown:
            kept.append(number)
            shown.add(document)
    return kept


async def _counts(reader: Reader, query: Query) -> tuple[list[int], list[int]]:
    """How many passages have each word: anywhere, headings and title included, and in their own text."""
    common = await common_words(reader)
    terms = [_term(word) for word in query.words]
    asked = [expressions.word(word) for word, term in zip(query.words, terms, strict=True) if term not in common]
    found = await searching.match_counts(reader, [*asked, *map(expressions.in_text, asked)])
    rest = zip(found[: len(asked)], found[len(asked) :], strict=True)
    counts = [common[term] if term in common else next(rest) for term in terms]
    return [anywhere for anywhere, _ in counts], [own for _, own in counts]


def _term(word: Word) -> str:
    """The one term of the index that is a word in all its forms; empty where there are several."""
    if is_unspaced(word.text):
        return ""
    stems = {stem(form[0]) if len(form) == 1 else "" for form in word.forms}
    return stems.pop() if len(stems) == 1 else ""


async def _repaired(reader: Reader, query: Query, counts: Sequence[int]) -> tuple[Query, str]:
    """The question with unknown words replaced and without quotes around what is nowhere, and how it reads then."""
    mended = in_languages(await repair(reader, query, counts), query.languages)
    if query.is_quoted:
        mended = replace(mended, is_quoted=False, phrases=(), text=unquoted(mended.text))
    return mended, mended.text if mended != query else ""


async def _documents(reader: Reader, query: Query, scope: Scope) -> list[int] | None:
    """The documents to look in, None for all."""
    video, source = query.video or scope.video, query.source or scope.source
    if not (video or source or scope.document):
        return None
    if source:
        known = await searching.sources(reader)
        source = next((name for name in known if slug(name) == slug(source)), source)
    return await searching.documents_of(reader, video, source, scope.document)
