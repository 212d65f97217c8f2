"""Documents into a store without files, a curator or settling."""

from __future__ import annotations

from collections.abc import Iterable

from bot.corpus.folder import FileStat
from bot.corpus.reading import ReadFile
from bot.models import Document, Parsed
from bot.store.database import Writer
from bot.store.layout import lay_out
from bot.store.writing import Loading


async def load_documents(writer: Writer, documents: Iterable[Document]) -> None:
    """Write documents as a reload does; all their moments are doubtful."""
    files = [ReadFile(FileStat(one.path, one.path, 0, 0), b"", 0, Parsed(one)) for one in documents]
    await (await Loading.begin(writer)).write(writer, lay_out(files))
