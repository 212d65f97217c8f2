"""Everything that a corpus.db says, without row ids and times: two that say the same are equal."""

from __future__ import annotations

from bot.store.database import Store

_OF = "JOIN document AS d ON d.id = t.document"
_WITH_PASSAGE = f"{_OF} LEFT JOIN passage AS p ON p.id = t.passage"
_TABLES = {
    "document": "SELECT path, key, title, kind, source, video, guest, published, duration, words FROM document",
    "name": f"SELECT d.path, t.slug, t.rank, t.shown FROM name AS t {_OF}",
    "section": f"SELECT d.path, t.ordinal, t.path, t.words FROM section AS t {_OF}",
    "passage": f"SELECT d.path, t.section, t.line, t.text, t.words, t.is_searched FROM passage AS t {_OF}",
    "moment": "SELECT d.path, p.text, t.written, t.label, t.span_start, t.span_end, t.start, t.until, t.trust, t.reason"
    f" FROM moment AS t {_WITH_PASSAGE}",
    "take": f"SELECT d.path, p.text, t.label, t.text FROM take AS t {_WITH_PASSAGE}",
    "link": f"SELECT d.path, p.text, t.slug, t.target, t.line FROM link AS t {_WITH_PASSAGE}",
    "finding": "SELECT * FROM finding",
    "file": "SELECT path, size, hash, rejected FROM file",
}


async def dump(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, sorted."""
    async with store.read(limit=30) as reader:
        return {
            name: sorted((tuple(row) for row in await reader.fetch(sql)), key=repr) for name, sql in _TABLES.items()
        }


async def check_index(store: Store) -> None:
    """Raise StoreError where the full-text index does not say what the passages say."""
    async with store.write() as writer:
        await writer.execute("INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)")
