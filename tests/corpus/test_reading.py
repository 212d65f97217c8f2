"""Reading files: what is parsed, what need not be, and that many are read in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.corpus import reading
from bot.corpus.folder import FileStat, scan
from bot.corpus.parse import PARSER_VERSION
from bot.corpus.reading import KnownFile, is_unchanged, read_file, read_files
from bot.corpus.working import Workers
from bot.models import Severity


@pytest.fixture(name="files")
def _files(tmp_path: Path) -> list[FileStat]:
    for number in range(5):
        (tmp_path / f"{number}.md").write_text(f"Kite number {number}.")
    return scan({"c": tmp_path})[0]


@pytest.fixture(name="workers")
def _workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.end()


def known(file: FileStat) -> KnownFile:
    return KnownFile(file.size, file.mtime_ns, read_file(file, None).hash, PARSER_VERSION, rejected=False)


def test_a_new_file_is_parsed(files: list[FileStat]) -> None:
    found = read_file(files[0], None)
    assert found.parsed is not None
    assert found.parsed.document is not None
    assert found.parsed.document.passages[0].text == "Kite number 0."


def test_a_file_whose_content_is_known_is_not_parsed(files: list[FileStat]) -> None:
    found = read_file(files[0], replace(known(files[0]), mtime_ns=0))
    assert found.parsed is None


def test_a_file_that_an_older_parser_read_is_parsed_again(files: list[FileStat]) -> None:
    assert read_file(files[0], replace(known(files[0]), parser_version=PARSER_VERSION - 1)).parsed is not None


def test_a_file_of_the_same_size_and_time_is_unchanged(files: list[FileStat]) -> None:
    before = known(files[0])
    assert is_unchanged(files[0], before)
    assert not is_unchanged(files[0], None)
    assert not is_unchanged(files[0], replace(before, size=before.size + 1))
    assert not is_unchanged(files[0], replace(before, mtime_ns=before.mtime_ns + 1))
    assert not is_unchanged(files[0], replace(before, parser_version=PARSER_VERSION - 1))


def test_a_file_that_the_parser_fails_on_is_rejected_and_tried_again(
    files: list[FileStat], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("bot.corpus.parse.split", lambda text: text[10_000])
        found = read_file(files[0], None)
    assert found.parsed is not None
    (finding,) = found.parsed.findings
    assert (finding.code, finding.severity) == ("parser-failed", Severity.REJECTED)
    assert "IndexError, test_reading.py:" in finding.message
    known = KnownFile(files[0].size, files[0].mtime_ns, found.hash, PARSER_VERSION, rejected=True)
    assert not is_unchanged(files[0], known)


def test_a_file_that_has_gone_is_rejected_with_a_reason(files: list[FileStat]) -> None:
    Path(files[0].location).unlink()
    found = read_file(files[0], None)
    assert found.parsed is not None
    assert found.parsed.document is None
    assert [finding.code for finding in found.parsed.findings] == ["file-unreadable"]


@pytest.mark.parametrize("processes_from", [3, 100])
async def test_files_are_read_in_order_a_batch_at_a_time(
    files: list[FileStat], processes_from: int, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 2)
    monkeypatch.setattr(reading, "_PROCESSES_FROM", processes_from)
    batches = [batch async for batch in read_files(files, {files[1].path: known(files[1])}, list, workers)]
    assert [[found.stat.path for found in batch] for batch in batches] == [
        ["c/0.md", "c/1.md"],
        ["c/2.md", "c/3.md"],
        ["c/4.md"],
    ]
    assert [found.parsed is None for found in batches[0]] == [False, True]


async def test_reading_can_be_left_off(
    files: list[FileStat], workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 1)
    batches = read_files(files, {}, list, workers)
    assert len(await anext(batches)) == 1
    await batches.aclose()  # type: ignore[attr-defined]
    assert [batch async for batch in batches] == []


async def test_no_files_are_no_batches(workers: Workers) -> None:
    assert [batch async for batch in read_files([], {}, list, workers)] == []
