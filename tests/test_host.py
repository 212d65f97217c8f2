"""The host's commands where no bot runs: exit codes, what they print, and what they leave. With one: tests/e2e."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.cli import EXIT_FAILED, main
from bot.config import SETTINGS
from bot.models import GapKind
from bot.store import audit, gaps
from bot.store.database import open_database, open_state
from tests.invented import write_corpus


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The invented corpus and a data folder that is not there yet; no .env of ours."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_DIRS", str(corpus_folder))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


def note(data: Path, *words: str) -> None:
    """Note gaps in state.db."""

    async def write() -> None:
        async with open_state(data) as state:
            await gaps.count(state, [(GapKind.MISSED, one, "") for one in words])

    asyncio.run(write())


def test_a_reload_without_a_bot_is_kept_and_audited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reload"]) == 0
    assert "+ 4 added" in capsys.readouterr().out
    assert main(["reload", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["added"], report["documents"], report["generation"]) == ([], 4, 1)

    async def read() -> list[tuple[int, str, str]]:
        async with open_database(tmp_path / "data", writes=False) as database:
            return [(one.who, one.action, one.subject) for one in await audit.entries(database.state)]

    assert asyncio.run(read()) == [(0, "reload", "at the host's terminal")] * 2


def test_a_reload_that_rejects_a_file_exits_1(corpus_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_corpus(corpus_folder, {"broken.md": "a\0b"})
    assert main(["reload"]) == EXIT_FAILED
    assert "broken.md" in capsys.readouterr().out


def test_a_reload_that_would_lose_most_is_refused_without_force(
    corpus_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reload"]) == 0
    for name in ("bees.md", "queens.md", "lights.md"):
        (corpus_folder / name).unlink()
    assert main(["reload"]) == EXIT_FAILED
    assert "use force" in capsys.readouterr().err
    assert main(["reload", "--force"]) == 0
    assert "- 3 removed" in capsys.readouterr().out


def test_status_says_what_is_loaded_and_that_no_bot_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == EXIT_FAILED
    assert "holds no library yet" in capsys.readouterr().err
    main(["reload"])
    capsys.readouterr()
    assert main(["status"]) == 0
    out = capsys.readouterr().out
    assert "Generation 1: 3 pages on 2 videos, 1 article" in out
    assert "No bot uses this data folder" in out
    assert main(["status", "--json"]) == 0
    loaded = json.loads(capsys.readouterr().out)
    assert (loaded["pages"], loaded["bot"]) == (3, None)


def test_gaps_are_listed_and_cleared_by_their_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gaps"]) == EXIT_FAILED
    assert "start the bot once" in capsys.readouterr().err
    note(tmp_path / "data", "quantum networking", "quantum networking", "wasp nests")
    assert main(["gaps"]) == 0
    out = capsys.readouterr().out
    assert out.index("quantum networking") < out.index("wasp nests")
    assert "found nothing 2 times" in out
    assert main(["gaps", "--done", "Quantum networking"]) == 0
    assert "quantum" not in capsys.readouterr().out
    assert main(["gaps", "--done", "quantum networking"]) == EXIT_FAILED
    assert "no gap of those words" in capsys.readouterr().err
    assert main(["gaps", "--json"]) == 0
    assert [gap["wordings"] for gap in json.loads(capsys.readouterr().out)] == [["wasp nests"]]
    main(["gaps", "--done", "wasp nests"])
    assert "Nothing is missing" in capsys.readouterr().out


def test_with_gaps_off_there_are_none_to_list(settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    settings.setenv("GAPS", "off")
    assert main(["gaps"]) == EXIT_FAILED
    assert "GAPS is off" in capsys.readouterr().err


def test_a_backup_is_restored_and_the_corpus_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["reload"])
    note(tmp_path / "data", "wasp nests")
    assert main(["backup", "kept.tar.gz"]) == 0
    assert "Backed up to kept.tar.gz: state.db and 0 uploads" in capsys.readouterr().out
    main(["gaps", "--done", "wasp nests"])
    assert main(["restore", "kept.tar.gz"]) == 0
    assert "Restored from kept.tar.gz" in capsys.readouterr().out
    main(["gaps"])
    assert "wasp nests" in capsys.readouterr().out
    assert main(["reload", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 4


def test_what_is_no_backup_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "words.txt").write_text("words")
    assert main(["restore", "words.txt"]) == EXIT_FAILED
    assert "no backup of Cuepoint" in capsys.readouterr().err
    assert main(["backup", "kept.tar.gz"]) == EXIT_FAILED
    assert "nothing to back up" in capsys.readouterr().err
