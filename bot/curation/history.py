"""The texts of the last generations, in files beside the databases: what an undo goes back to. Knows no SQL.

`texts/` holds each text once, named by its hash; a manifest per generation says which paths had which text. Both are
written before the corpus is committed and forgotten afterwards, so a stop in between costs room and nothing else.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bot.corpus.folder import FileStat
from bot.corpus.reading import Keep, KnownFile, hash_of
from bot.log import get_logger

KEPT = 5  # generations

log = get_logger(__name__)


class Text(NamedTuple):
    """One file's text by its hash, and the size and time that its file had (bytes, nanoseconds)."""

    hash: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The texts of a generation by corpus path. `origin` is the generation that an undo went back to, else its own."""

    generation: int
    origin: int
    texts: Mapping[str, Text]

    @property
    def hashes(self) -> dict[str, str]:
        """Each path's text: two generations with the same ones are the same corpus."""
        return {path: text.hash for path, text in self.texts.items()}


class History:
    """One `history` folder. Everything here reads and writes files: call it off the event loop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def keep(self) -> Keep:
        """Keeps a text; it can be sent to another process."""
        return partial(keep_text, self._folder / "texts")

    def location(self, digest: str) -> Path:
        """Where a text is, or would be."""
        return _location(self._folder / "texts", digest)

    def text(self, digest: str) -> bytes | None:
        """A text, or None where it is not kept (any more) as it was."""
        try:
            data = self.location(digest).read_bytes()
        except OSError:
            return None
        return data if hash_of(data).hex() == digest else None

    def write(self, manifest: Manifest) -> None:
        """Write a generation's manifest. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        data = json.dumps({"origin": manifest.origin, "texts": dict(manifest.texts)}, ensure_ascii=False)
        target = self._manifest(manifest.generation)
        fresh = target.with_suffix(".part")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)

    def manifest(self, generation: int) -> Manifest | None:
        """A generation's manifest; None where it is not kept or cannot be read."""
        try:
            data = json.loads(self._manifest(generation).read_text("utf-8"))
            texts = {path: Text(*row) for path, row in data["texts"].items()}
            if not all(type(text) is str and type(size) is type(time) is int for text, size, time in texts.values()):
                raise ValueError("no hash, size and time")
            return Manifest(generation, int(data["origin"]), texts)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            log.warning("history of generation %d cannot be read (%s)", generation, type(error).__name__)
            return None

    def texts(self, generation: int) -> Mapping[str, Text]:
        """A generation's texts by corpus path; none where its manifest is not kept or cannot be read."""
        manifest = self.manifest(generation)
        return manifest.texts if manifest else {}

    def generations(self) -> list[int]:
        """The generations that have a manifest, newest first."""
        stems = (path.stem for path in self._folder.glob("*.json"))
        return sorted((int(stem) for stem in stems if stem.isascii() and stem.isdigit()), reverse=True)

    def before(self, generation: int) -> Manifest | None:
        """The newest corpus before what made this generation, with other texts than it."""
        current = self.manifest(generation)
        if current is None:
            return None
        earlier = (self.manifest(number) for number in self.generations() if number < current.origin)
        return next((found for found in earlier if found and found.hashes != current.hashes), None)

    def files(self, manifest: Manifest, known: Mapping[str, KnownFile]) -> list[FileStat] | None:
        """A generation's texts as files to load; None where one that is needed is not kept as it was.

        Those that the corpus has by `known` are not needed, and listed as it knows them.
        """
        files: list[FileStat] = []
        for path, text in sorted(manifest.texts.items()):
            location = str(self.location(text.hash))
            now = known.get(path)
            if now is not None and not now.rejected and now.hash.hex() == text.hash:
                files.append(FileStat(path, location, now.size, now.mtime_ns))
            elif self.text(text.hash) is not None:
                files.append(FileStat(path, location, text.size, text.mtime_ns))
            else:
                return None
        return files

    def forget(self, generation: int) -> None:
        """Take a generation's manifest away."""
        self._manifest(generation).unlink(missing_ok=True)

    def prune(self, current: int) -> None:
        """Forget all but the last generations that a reload or upload made, and texts of none.

        Those that an undo made since stay too: without them a later undo would go back to what was undone.
        """
        kept = [manifest for number in self.generations() if (manifest := self.manifest(number)) is not None]
        made = [manifest.generation for manifest in kept if manifest.origin == manifest.generation]
        oldest = min([current, *made[:KEPT]])
        for generation in self.generations():
            if generation < oldest:
                self.forget(generation)
        used = {text.hash for manifest in kept if manifest.generation >= oldest for text in manifest.texts.values()}
        for folder in (self._folder / "texts").glob("*/"):
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name not in used:
                        Path(entry).unlink(missing_ok=True)

    def _manifest(self, generation: int) -> Path:
        return self._folder / f"{generation}.json"


def keep_text(folder: Path, data: bytes) -> None:
    """Keep a text once. Raises OSError."""
    target = _location(folder, hash_of(data).hex())
    with suppress(OSError):
        if target.stat().st_size == len(data):  # after a loss of power it may be there and empty
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        fresh.write_bytes(data)
        fresh.replace(target)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def _location(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest
