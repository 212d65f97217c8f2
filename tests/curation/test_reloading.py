"""A reload's work: the same through worker processes as in the bot itself, and no more than what changed needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus import reading
from bot.curation import Curator, reloading
from bot.library import Library
from bot.store.database import open_database
from tests.invented import anchor, many_pages, page, write_corpus
from tests.store.dump import check_index, dump


async def loaded(folder: Path, data: Path) -> dict[str, list[tuple[object, ...]]]:
    async with open_database(data) as database:
        await Curator(database, [folder], Library(database).refresh).reload()
        await check_index(database.corpus)
        return await dump(database.corpus)


async def test_worker_processes_make_the_same_corpus_of_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = ("00:01:00", "00:02:30", "12:10:00", "01:02", "nonsense")
    pages = many_pages(70) | {
        f"q{number}.md": page(f"Other {number}", f"Words {anchor(stamps[number % 5])}.", f"video{number // 4:06}")
        for number in range(70)
    }
    folder = write_corpus(tmp_path / "corpus", pages)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    here = await loaded(folder, tmp_path / "here")
    monkeypatch.setattr(reading, "_PROCESSES_FROM", 1)
    monkeypatch.setattr(reloading, "_PROCESSES_FROM", 1)
    assert await loaded(folder, tmp_path / "there") == here
    assert {row[8] for row in here["moment"]} == {"stated", "repaired", "doubtful"}
