"""From ranked passages to ranked moments: the spans that answer, each place once, no video filling the page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache

from bot.models import Trust
from bot.search.matching import Matcher
from bot.search.retelling import shared, telling_words
from bot.store.searching import MomentCandidate

# Chosen by benchmarks/moments.py.
OUTSIDE = 0.4  # of its passage's score: what a span keeps that has none of the question's words
FAINT = 0.2  # of the best moment's score: what scores less answers something else
DOUBTFUL = 0.9  # a doubtful time cannot be linked
SAME_PLACE = 6  # seconds: moments of one video so close are one
SAME_TALK = 75  # seconds: so close, and in the same words on another page, they are one too
ALIKE = 0.4  # share of the shorter span's words that the other has: the same words
TOLD_AGAIN = 0.15  # of another page's score, for telling the same: what several pages keep is what mattered
CROWDED = 2  # moments of one video before a further one of it loses
CROWDING = 0.85  # what each further one keeps of its score
_CLOSING = " .,;:!?)"  # what mostly follows the last anchor of a passage: no words


@dataclass(frozen=True, slots=True)
class RankedMoment:
    """A moment with its score; `also` are the other documents that tell the same."""

    moment: MomentCandidate
    score: float
    also: tuple[int, ...] = ()


def rank_moments(
    moments: Sequence[MomentCandidate], passages: Mapping[int, float], matcher: Matcher, weights: Sequence[float]
) -> list[RankedMoment]:
    """All moments of the passages, best first; `passages` are their scores, `weights` those of the question's words."""
    of_passage: dict[int, list[MomentCandidate]] = defaultdict(list)
    for moment in moments:
        of_passage[moment.passage].append(moment)
    ranked = [
        RankedMoment(moment, passages[passage] * (OUTSIDE + (1 - OUTSIDE) * share) * _trust(moment))
        for passage, own in of_passage.items()
        for moment, share in _shares(own, matcher, weights)
    ]
    ranked.sort(key=lambda item: (-item.score, item.moment.moment))
    return _varied(_merged([item for item in ranked if item.score > FAINT * ranked[0].score]))


def _is_doubtful(moment: MomentCandidate) -> bool:
    return moment.trust is Trust.DOUBTFUL


def _trust(moment: MomentCandidate) -> float:
    return DOUBTFUL if _is_doubtful(moment) else 1.0


def _shares(
    moments: Sequence[MomentCandidate], matcher: Matcher, weights: Sequence[float]
) -> list[tuple[MomentCandidate, float]]:
    """The moments of one passage whose span has words of the question, with the share of the passage's that it has.

    Where no span has any (a heading answers, or the words after the last anchor) all of them, without a share.
    """
    text = moments[0].text
    rest = text[max(moment.span[1] for moment in moments) :]
    found = {span: matcher.words_in(text[slice(*span)]) for span in {moment.span for moment in moments}}
    after = matcher.words_in(rest) if rest.strip(_CLOSING) else set()
    whole = sum(weights[word] for word in after.union(*found.values()))
    if not whole or not any(found.values()):
        return [(moment, 0.0) for moment in moments]
    shares = {span: sum(weights[word] for word in words) / whole for span, words in found.items()}
    return [(moment, shares[moment.span]) for moment in moments if shares[moment.span]]


def _merged(ranked: Sequence[RankedMoment]) -> list[RankedMoment]:
    """Each place once, told by its best words; of a doubtful and a sure time the sure one stays."""
    kept: list[RankedMoment] = []
    of_video: dict[str, list[int]] = defaultdict(list)
    telling = cache(telling_words)
    for item in ranked:
        for place in of_video[item.moment.video]:
            if _same(item.moment, kept[place].moment, telling):
                kept[place] = _joined(kept[place], item)
                break
        else:
            of_video[item.moment.video].append(len(kept))
            kept.append(item)
    return kept


def _same(one: MomentCandidate, other: MomentCandidate, telling: Callable[[str], Set[str]]) -> bool:
    """Whether two moments of one video are the same place, or say the same."""
    if one.passage == other.passage and one.span == other.span:
        return True
    if one.start is not None and other.start is not None:
        apart = abs(one.start - other.start)
        if apart <= SAME_PLACE or apart > SAME_TALK:
            return apart <= SAME_PLACE
    if one.document == other.document:
        return False
    return shared(telling(one.text[slice(*one.span)]), telling(other.text[slice(*other.span)])) >= ALIKE


def _joined(kept: RankedMoment, item: RankedMoment) -> RankedMoment:
    swap = _is_doubtful(kept.moment) and not _is_doubtful(item.moment)
    moment = item.moment if swap else kept.moment
    documents = dict.fromkeys((*kept.also, kept.moment.document, item.moment.document))
    again = TOLD_AGAIN * item.score if len(documents) > 1 + len(kept.also) else 0
    return RankedMoment(moment, kept.score + again, tuple(number for number in documents if number != moment.document))


def _varied(ranked: Sequence[RankedMoment]) -> list[RankedMoment]:
    """The same moments, best first again, those of a video that has many of them further down."""
    ranked = sorted(ranked, key=lambda item: (-item.score, item.moment.moment))
    seen: Counter[str] = Counter()
    spread: list[RankedMoment] = []
    for item in ranked:
        video = item.moment.video
        lost = CROWDING ** max(0, seen[video] - CROWDED + 1)
        spread.append(RankedMoment(item.moment, item.score * lost, item.also))
        seen[video] += 1
    return sorted(spread, key=lambda item: (-item.score, item.moment.moment))
