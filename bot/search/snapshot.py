"""A catalogue as a file: the names of 21,000 pages take seconds to index, and a moment to read back. Derived, like
corpus.db: one that is missing, damaged or of another corpus is made anew. Not for what is in a catalogue.
"""

from __future__ import annotations

import inspect
import os
import pickle
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.corpus import words
from bot.log import get_logger
from bot.search import catalogue, packed, titles, titlewords
from bot.search.catalogue import Catalogue
from bot.store import reports
from bot.store.database import Reader

FILE = "names.cache"
FEW = 5_000  # topics: fewer are indexed in the time that a file takes
_MADE_BY = (catalogue, packed, titles, titlewords, words)
_MADE_OF = frozenset(
    {("array", "array"), ("array", "_array_reconstructor"), ("collections", "Counter"), ("builtins", "bytearray")}
    | {(kind.__module__, kind.__qualname__) for kind in (Catalogue, catalogue.Documents, titles.TitleIndex)}
    | {(kind.__module__, kind.__qualname__) for kind in (titlewords.Vocabulary, packed.Texts, packed.Runs)}
)

log = get_logger(__name__)


class _Unpickler(pickle.Unpickler):
    """Makes nothing but what catalogues are made of, whatever a file says."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _MADE_OF:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a catalogue")
        return super().find_class(module, name)


async def key_of(reader: Reader) -> bytes:
    """The line that a snapshot by this code of the names as they are begins with; empty where nothing is loaded."""
    mark = await reports.fact(reader, "names")
    made_by = "".join((sys.version, repr(catalogue.COLUMNS), *map(inspect.getsource, _MADE_BY)))
    return b"%s %s\n" % (mark.encode(), blake2b(made_by.encode(), digest_size=16).hexdigest().encode()) if mark else b""


def load(path: Path, key: bytes) -> Catalogue | None:
    """The catalogue that was kept under this key, if it was."""
    try:
        with path.open("rb") as file:
            found = _Unpickler(file).load() if key and file.readline() == key else None
    except FileNotFoundError:
        return None
    except Exception as error:  # a damaged file may raise anything, and costs no more than the time to make it anew
        log.warning("%s cannot be read (%s): names are indexed anew", path.name, type(error).__name__)
        return None
    return found if isinstance(found, Catalogue) else None


def save(path: Path, key: bytes, made: Catalogue) -> None:
    """Keep a catalogue under this key instead of what was kept; without room, nothing is."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(key)
            pickle.dump(made, file, protocol=5)
        os.replace(part, path)
    except OSError as error:
        log.warning("%s cannot be written (%s): the next start takes longer", path.name, error.strerror or error)
        part.unlink(missing_ok=True)
