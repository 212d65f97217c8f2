"""Make a library of any size from a folder of pages: copies whose words differ. For other benchmarks; measures nothing.

Each copy of a page has another video, a part of its words drawn anew from all pages, and its rare words spelt another
way, so that common words grow with the library and rare ones stay rare.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from bot.corpus.parse import parse

SEED = 11
DRAWN = 0.15  # of the words of a copy: drawn anew
RARE = 2  # pages that a rare word is in, at most

_WORD = re.compile(r"<[^>]*>|[A-Za-z]{4,}")
_VIDEO = re.compile(r"^(videoId:\s*[\"']?)([A-Za-z0-9_-]{11})", re.MULTILINE)


def read_pages(folder: Path) -> dict[str, str]:
    """Texts of the pages by their path."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".txt"))
    return {str(path.relative_to(folder)): path.read_text("utf-8", "replace") for path in paths}


class Copier:
    """Makes copies of pages whose words differ."""

    def __init__(self, pages: dict[str, str]) -> None:
        self._all: list[str] = []
        self._pages: Counter[str] = Counter()
        for text in pages.values():
            words = [word for word in _WORD.findall(text) if word[0] != "<"]
            self._all += words
            self._pages.update({word.lower() for word in words})

    def copy(self, text: str, number: int, respelt: dict[str, str], chance: random.Random) -> str:
        """Copy `number` of a page; the first is the page itself. `respelt` is shared by the pages of one copy."""
        if number == 0:
            return text

        def other(match: re.Match[str]) -> str:
            word = match[0]
            if word[0] == "<":
                return word
            if self._pages[word.lower()] <= RARE:
                if word not in respelt:
                    at = chance.randrange(1, len(word))
                    respelt[word] = word[:at] + chance.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
                return respelt[word]
            return chance.choice(self._all) if chance.random() < DRAWN else word

        head, fence, body = text.partition("\n---\n") if text.startswith("---") else ("", "", text)
        head = _VIDEO.sub(lambda match: match[1] + f"{number:02d}"[-2:] + match[2][2:], head)
        title = re.sub(r"(?m)^(title: )(.*)$", lambda match: match[1] + _WORD.sub(other, match[2]), head)
        return title + fence + _WORD.sub(other, body)


def copies(folder: Path) -> Iterator[tuple[str, str]]:
    """The folder's pages, then copies of them without end: each with its path and its text."""
    pages = read_pages(folder)
    copier = Copier(pages)
    for number in count():
        chance, respelt = random.Random(SEED + number), dict[str, str]()
        for name, text in pages.items():
            yield f"copy{number:03d}/{name}", copier.copy(text, number, respelt, chance)


def write_pages(folder: Path, target: Path, pages: int) -> None:
    """Write so many pages."""
    for name, text in islice(copies(folder), pages):
        _write(target / name, text)


def write_copies(folder: Path, target: Path, passages: int) -> int:
    """Write pages until they have this many passages; return how many pages."""
    have = made = 0
    for name, text in copies(folder):
        if have >= passages:
            break
        _write(target / name, text)
        document = parse(name, text.encode()).document
        have += len(document.passages) if document else 0
        made += 1
    return made


def add_line(path: Path) -> None:
    """Change a page."""
    path.write_text(path.read_text("utf-8") + "\n\nOne line more.\n", "utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
