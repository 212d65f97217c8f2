"""Common words, counted when the corpus is written: to count the passages of one for a question takes milliseconds."""

from __future__ import annotations

from bot.store import reports, writing
from bot.store.database import Reader, Writer

COMMON = 2_000  # passages: in so many, a word is common
_STALE = COMMON // 2  # passages that came or went since words were counted: what was common then still is


async def count_common_words(writer: Writer) -> None:
    """Count the words that are common now, unless hardly anything came or went since they were counted."""
    now = await writer.fetch("SELECT coalesce(max(id), 0), count(*) FROM passage")
    highest, passages = now[0]
    then = await reports.fact(writer, "words_counted")
    highest_then, passages_then = map(int, then.split()) if then else (0, 0)
    came = abs(highest - highest_then)
    went = abs(passages_then + came - passages)
    if came + went < _STALE:
        return
    await writer.execute("DELETE FROM common_word")
    await writer.execute(
        "INSERT INTO common_word SELECT term, doc, coalesce((SELECT doc FROM passage_column_term AS own"
        " WHERE own.term = passage_term.term AND own.col = 'words'), 0) FROM passage_term WHERE doc >= ?",
        (COMMON,),
    )
    await writing.set_meta(writer, words_counted=f"{highest} {passages}")


async def common_words(reader: Reader) -> dict[str, tuple[int, int]]:
    """The common words as the index has them, with how many passages have each, about: anywhere, headings and title
    included, and in their own text.
    """
    kept = reader.remembered
    if kept.common is None:
        rows = await reader.fetch("SELECT term, anywhere, own FROM common_word")
        kept.common = {str(row[0]): (int(row[1]), int(row[2])) for row in rows}
    return kept.common
