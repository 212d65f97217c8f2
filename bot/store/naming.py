"""Whether a change touched any name: what a catalogue is made of, by document, and a mark that changes with it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from bot.store import reading, writing
from bot.store.database import Writer

COMPARED = 200  # documents of one change, at most, whose names are compared: more have hardly all kept theirs

_MADE_OF = (
    f"SELECT 'document', {reading.DOCUMENT} FROM document WHERE path = ?",
    "SELECT 'name', slug, rank, shown FROM name WHERE document = (SELECT id FROM document WHERE path = ?)",
    "SELECT 'link', slug, target FROM link WHERE document = (SELECT id FROM document WHERE path = ?)",
    "SELECT 'take', label FROM take WHERE document = (SELECT id FROM document WHERE path = ?)",
    "SELECT 'video', video, title FROM video_title WHERE document = (SELECT id FROM document WHERE path = ?)",
)


async def names_in(writer: Writer, paths: Sequence[str]) -> list[str]:
    """All that a catalogue takes from these documents, in an order that does not depend on row ids."""
    found = [repr(tuple(row)) for path in paths for sql in _MADE_OF for row in await writer.fetch(sql, (path,))]
    return sorted(found)


async def mark_names(writer: Writer) -> None:
    """Note that names are other than before: the mark is never the same twice, in no corpus."""
    await writing.set_meta(writer, names=secrets.token_hex(8))
