"""The folder of uploaded documents: which names it takes, and files that come and go there. Decides on no document."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from bot.corpus.folder import MAX_BYTES, FileStat, name_folders
from bot.curation.history import History, Text
from bot.errors import InvalidRequest

SUFFIXES = (".md", ".txt")
MAX_NAME = 100  # code points; with 4 bytes each well within what file systems take once the suffix is there
_MAX_NAME_BYTES = 200
_HIDDEN = frozenset(("Cc", "Cf", "Co", "Cs", "Zl", "Zp"))  # controls, direction marks, private use, line ends
_RESERVED = '/\\:*?"<>|'  # a path's, and what some file systems do not take


class Uploads:
    """One `uploads` folder. `name` is what the corpus calls it; all methods but `owns` touch the disk."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name = name

    def owns(self, path: str) -> bool:
        """Whether a corpus path is that of an uploaded document, directly in the folder."""
        return path.startswith(f"{self.name}/") and "/" not in path[len(self.name) + 1 :]

    def path(self, name: str) -> str:
        """The corpus path of a file's name."""
        return f"{self.name}/{name}"

    def file_name(self, path: str) -> str:
        """The file's name of a corpus path that this folder owns."""
        return path[len(self.name) + 1 :]

    def names(self) -> list[str]:
        """The documents that are there, sorted."""
        with suppress(OSError):
            return sorted(entry.name for entry in self.folder.iterdir() if is_name(entry.name) and entry.is_file())
        return []

    def existing(self, name: str) -> str:
        """The name as it is there already, in whatever case; empty where it is not."""
        return next((there for there in self.names() if _same(there) == _same(name)), "")

    def add(self, name: str, content: bytes) -> FileStat:
        """Write a file beside its name, unseen by the corpus until `move`. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.folder / f".{secrets.token_hex(8)}.part"
        try:
            with fresh.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())  # nobody else has it
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            raise
        info = fresh.stat()
        return FileStat(self.path(name), str(fresh), info.st_size, info.st_mtime_ns)

    def move(self, moves: Sequence[tuple[str, str]], drops: Sequence[str]) -> None:
        """Give new files their names and delete others; does no harm the second time. Raises OSError."""
        for fresh, name in moves:
            with suppress(FileNotFoundError):
                (self.folder / fresh).replace(self.folder / name)
        for name in drops:
            (self.folder / name).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete what was written beside its name and never moved there."""
        for path in self.folder.glob(".*.part"):
            with suppress(OSError):
                path.unlink()


class Places:
    """Where the corpus's files are: the mounted folders and the uploads, by the names that the corpus calls them."""

    def __init__(self, folders: Sequence[Path], uploads: Path) -> None:
        names = name_folders([*folders, uploads])
        own = next(name for name, folder in names.items() if folder.resolve() == uploads.resolve())
        self.uploads = Uploads(uploads, own)
        self._mounted = {name: folder for name, folder in names.items() if name != own}

    def missing(self) -> list[Path]:
        """The mounted folders that are not there, or below one that may not be entered."""
        return [folder for folder in self._mounted.values() if not os.path.isdir(folder)]

    def present(self) -> dict[str, Path]:
        """The folders that are there, the uploads' first: of nested folders the first one met has the files."""
        all_of_them = {self.uploads.name: self.uploads.folder, **self._mounted}
        return {name: folder for name, folder in all_of_them.items() if os.path.isdir(folder)}

    def location(self, path: str) -> Path:
        """Where a document's file is on the host."""
        all_of_them = {self.uploads.name: self.uploads.folder, **self._mounted}
        name = max((name for name in all_of_them if path.startswith(f"{name}/")), key=len, default="")
        return all_of_them[name] / path[len(name) + 1 :] if name else Path(path)


def put_back(uploads: Uploads, history: History, texts: Mapping[str, Text]) -> list[tuple[str, str]]:
    """Write kept texts of uploads beside their names; what is to be moved then. Raises OSError."""
    moves: list[tuple[str, str]] = []
    for path, text in texts.items():
        content = history.text(text.hash)
        if content is not None:
            name = uploads.file_name(path)
            moves.append((Path(uploads.add(name, content).location).name, name))
    return moves


def clean_name(given: str) -> str:
    """An attachment's name as the file's. Raises InvalidRequest for a path, hidden characters, another suffix."""
    name = unicodedata.normalize("NFC", given).strip()
    if not name.lower().endswith(SUFFIXES):
        raise InvalidRequest("Only .md and .txt files can be uploaded. Save it as Markdown or plain text (UTF-8).")
    if not is_name(name):
        raise InvalidRequest(
            f"That file name cannot be used. Rename the file: up to {MAX_NAME} letters, digits, spaces, - and _, no "
            "path, not starting with a dot."
        )
    return name


def is_name(name: str) -> bool:
    """Whether a file may be called that."""
    return (
        name.lower().endswith(SUFFIXES)
        and not name.startswith(".")
        and len(name) <= MAX_NAME
        and len(name.encode("utf-8", "replace")) <= _MAX_NAME_BYTES
        and not any(char in _RESERVED or unicodedata.category(char) in _HIDDEN for char in name)
    )


def check_size(size: int) -> None:
    """Raise InvalidRequest for a file of so many bytes that no document may have."""
    if size > MAX_BYTES:
        raise InvalidRequest(f"That file has {size:,} bytes; the limit is {MAX_BYTES:,}. Split it into several files.")


def _same(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def already_there(name: str) -> str:
    """What to say where a name is taken."""
    return f"{name} is among the uploads already. Give the command with `replace`, or rename the file."
