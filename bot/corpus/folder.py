"""Walk the corpus folders and read files safely. Follows no link, opens nothing but regular files."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.models import Finding, Severity

SUFFIXES = (".md", ".markdown", ".txt")
VIDEO_LIST = "videos.csv"  # no document: it says how long videos last
MAX_BYTES = 4_000_000  # four times the largest page of the real vault
MAX_FILES = 100_000  # five times the real vault
MAX_PATH = 400  # code points; keeps finding lines and replies readable
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LATEST = 2**63 - 1  # nanoseconds, the year 2262: SQLite keeps no larger number, file systems do


@dataclass(frozen=True, slots=True)
class FileStat:
    """One file to read: `path` as the corpus names it, where it is, and what tells that it is unchanged."""

    path: str
    location: str
    size: int
    mtime_ns: int


def name_folders(folders: Sequence[Path]) -> dict[str, Path]:
    """Give each folder the shortest name that tells it from the others: its own, or with its parents' before it.

    A folder that is a link keeps the link's name and place: what it leads to may be exchanged for a newer version.
    """
    there: dict[Path, Path] = {}
    for folder in folders:
        there.setdefault(folder.resolve(), folder.resolve() if ".." in folder.parts else folder.absolute())
    unique = list(there.values())
    names: dict[str, Path] = {}
    for folder in unique:
        others = [other for other in unique if other != folder]
        parts = folder.parts
        for count in range(1, len(parts) + 1):
            tail = parts[-count:]
            if all(other.parts[-count:] != tail for other in others):
                break
        names["/".join(part.strip("/") for part in tail if part.strip("/")) or "root"] = folder
    return names


def scan(folders: dict[str, Path]) -> tuple[list[FileStat], list[Finding]]:
    """List the documents and video lists, sorted by path, and what could not be listed. Raises nothing."""
    files: list[FileStat] = []
    findings: list[Finding] = []
    seen: set[tuple[int, int]] = set()
    for name, folder in folders.items():
        for found in _walk(name, str(folder), seen):
            if isinstance(found, Finding):
                findings.append(found)
            elif len(files) >= MAX_FILES:
                message = f"more than {MAX_FILES} files; from here on none was read"
                findings.append(
                    Finding(found.path, 0, "too-many-files", Severity.REJECTED, message, "split the corpus")
                )
                return sorted(files, key=lambda file: file.path), findings
            else:
                files.append(found)
    files.sort(key=lambda file: file.path)
    return files, findings


def _walk(name: str, folder: str, seen: set[tuple[int, int]]) -> Iterator[FileStat | Finding]:
    waiting = [(name, folder)]
    with suppress(OSError):  # what is wrong with it is said below
        if _twice(os.stat(folder), seen):
            return
    while waiting:
        prefix, location = waiting.pop()
        try:
            with os.scandir(location) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    found = _entry(prefix, entry, seen)
                    if isinstance(found, tuple):
                        waiting.append(found)
                    elif found is not None:
                        yield found
        except OSError as error:
            yield _rejected(
                prefix, "folder-unreadable", f"folder cannot be read: {error.strerror}", "check its permissions"
            )


def _entry(
    prefix: str, entry: os.DirEntry[str], seen: set[tuple[int, int]]
) -> FileStat | Finding | tuple[str, str] | None:
    """A file to read, a folder to walk, a finding, or None for what is none of the corpus's business."""
    if entry.name.startswith("."):
        return None
    path = f"{prefix}/{entry.name}"
    wanted = entry.name.lower().endswith(SUFFIXES) or is_video_list(entry.name)
    try:
        if not _is_utf8(path):
            is_ours = wanted or entry.is_dir()
            return _rejected(path, "file-name", "the name is not valid UTF-8", "rename it") if is_ours else None
        if entry.is_symlink():
            is_ours = wanted or entry.is_dir()
            return _rejected(path, "symlink", "a symbolic link is not followed", "copy it here") if is_ours else None
        info = entry.stat(follow_symlinks=False)
    except OSError as error:
        return _rejected(path, "file-unreadable", f"cannot be read: {error.strerror}", "check its permissions")
    if stat.S_ISDIR(info.st_mode):
        return None if _twice(info, seen) else (path, entry.path)
    if not wanted:
        return None
    if not stat.S_ISREG(info.st_mode):
        return _rejected(path, "not-a-file", "not a regular file", "file left out")
    if len(path) > MAX_PATH or _CONTROL.search(path):
        return _rejected(path, "file-name", "the file's path is too long or has control characters", "rename it")
    if info.st_size > MAX_BYTES:
        return _rejected(path, "too-large", f"{info.st_size:,} bytes; the limit is {MAX_BYTES:,}", "split the file")
    return FileStat(path, entry.path, info.st_size, min(info.st_mtime_ns, _LATEST))


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_video_list(path: str) -> bool:
    """Whether a path is that of a list of videos, not of a document."""
    return path.rpartition("/")[2].lower() == VIDEO_LIST


def _twice(info: os.stat_result, seen: set[tuple[int, int]]) -> bool:
    """Whether this folder was met before: corpus folders may lie in each other. Some file systems have no inodes."""
    identity = (info.st_dev, info.st_ino)
    known = identity in seen and info.st_ino != 0
    seen.add(identity)
    return known


def _rejected(path: str, code: str, message: str, action: str) -> Finding:
    """Of a path that a document may have, exactly that path: by it the document keeps its last good version."""
    shown = _CONTROL.sub("?", path).encode("utf-8", "replace").decode()
    return Finding(shown[:MAX_PATH], 0, code, Severity.REJECTED, message, action)


def read(file: FileStat) -> bytes:
    """Read one file whole. Raises OSError; never blocks on a device or a pipe, never follows a link put there since."""
    descriptor = os.open(file.location, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(f"larger than {MAX_BYTES:,} bytes")
    return data
