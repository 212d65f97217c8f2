"""Makes small wiki pages for the tests of this folder."""

from __future__ import annotations

from bot.corpus.parse import parse
from bot.models import Document, Passage

VIDEO = "abcDEF-_123"


def anchor(time: str, label: str | None = None) -> str:
    """A timestamp anchor as wiki pages have it; the label is the time unless told."""
    return f'<a class="yt-timestamp" data-t="{time}">[{time if label is None else label}]</a>'


def page(body: str, *fields: str) -> bytes:
    """A wiki page with a title, a video and these front matter lines more. Its body starts on line 5 plus those."""
    return "\n".join(["---", "title: On kites", f"videoId: {VIDEO}", *fields, "---", body]).encode()


def read(data: bytes | str, path: str = "c/kites.md") -> Document:
    """The document that comes of a file; fails where the file is rejected."""
    document = parse(path, data.encode() if isinstance(data, str) else data).document
    assert document is not None
    return document


def own_words(passage: Passage) -> list[tuple[str, str]]:
    """What each stamp of a passage says, and the words that are its own."""
    return [(stamp.written, passage.text[stamp.start : stamp.end]) for stamp in passage.stamps]
