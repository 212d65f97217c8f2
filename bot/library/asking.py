"""The sentences that answer a question, each with its source and its moment. One snapshot."""

from __future__ import annotations

from bot.library.showing import show_moment, telling
from bot.models import SearchAnswer, SearchResult
from bot.search.answering import answer
from bot.search.engine import highlight
from bot.store import reading
from bot.store.database import Reader
from bot.store.reading import MomentRow


async def ask(reader: Reader, question: str) -> SearchAnswer | None:
    """The best-supported sentences, best first; None where nothing in the library answers the question."""
    answered = await answer(reader, question)
    if not answered.sentences:
        return None
    ids = [sentence.passage for sentence in answered.sentences]
    passages = await reading.passages(reader, ids)
    documents = await reading.documents(reader, (sentence.document for sentence in answered.sentences))
    moments = await reading.moments_in(reader, ids)
    results = []
    for sentence in answered.sentences:
        passage, document = passages[sentence.passage], documents[sentence.document]
        words = passage.text[sentence.start : sentence.end]
        marked = highlight(words, answered.query)
        in_passage = [(sentence.start + start, sentence.start + end) for start, end in marked]
        own = [row for row in moments.get(sentence.passage, []) if _belongs(row, sentence.start, sentence.end)]
        told = telling(own, in_passage)
        shown = tuple(show_moment(row, passage, document) for row in told)
        told_from = max(told[0].span[0] - sentence.start, 0) if told else 0
        results.append(SearchResult(document, passage.heading, words, marked, shown, told_from))
    return SearchAnswer(question, tuple(results), len(results), 0, answered.repaired)


def _belongs(moment: MomentRow, start: int, end: int) -> bool:
    """Whether a moment's own words and a sentence of the same passage have any in common."""
    return moment.span[0] < end and start < moment.span[1]
