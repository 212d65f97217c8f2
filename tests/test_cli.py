"""The command line: exit codes, one line for what a person can mend, and output for people and for programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from bot import __version__
from bot.cli import EXIT_CONFIG, EXIT_FAILED, main
from bot.config import SETTINGS
from tests.invented import many_pages, page, write_corpus
from tests.store.access import without_access

ROOT = Path(__file__).parents[1]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The invented corpus and a data folder that is not there yet; no .env of ours."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CORPUS_DIRS", str(corpus_folder))
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


def outside(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m bot` in a process of its own."""
    everything = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=everything, check=False)


def test_all_wrong_settings_are_named_and_nothing_is_started(
    settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("DISCORD_TOKEN", f'"{TOKEN}"')
    settings.setenv("LOG_LEVEL", "LOUD")
    assert main([]) == EXIT_CONFIG
    err = capsys.readouterr().err
    assert "DISCORD_TOKEN" in err
    assert "LOG_LEVEL is 'LOUD'" in err
    assert TOKEN not in err
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_used_ends_before_login(
    settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("a file")
    settings.setenv("DISCORD_TOKEN", TOKEN)
    assert main(["run"]) == EXIT_FAILED
    assert str(tmp_path / "data") in capsys.readouterr().err


def test_ranking_by_meaning_without_a_model_says_what_to_do(
    settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.setenv("DISCORD_TOKEN", TOKEN)
    settings.setenv("SEMANTIC", "on")
    settings.setenv("SEMANTIC_MODEL", str(tmp_path))
    assert main(["run"]) == EXIT_CONFIG
    err = capsys.readouterr().err
    assert "SEMANTIC_MODEL has to name" in err or "install the extra" in err


@pytest.mark.parametrize("arguments", [["nosuch"], ["search"], ["check", "--nosuch"]])
def test_wrong_usage_says_so(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: cuepoint" in capsys.readouterr().err


def test_an_address_that_is_none_is_told_what_one_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["preview", "--address", "foo"])
    assert "--address: expected a host and a port, such as 127.0.0.1:8080" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"Cuepoint {__version__}\n"


def test_search_prints_moments_as_text_without_leaving_a_data_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "waggle", "angle", "sun"]) == 0
    out = capsys.readouterr().out
    assert "3:10" in out
    assert "https://youtu.be/beesAAAAAA1?t=190" in out
    assert not (tmp_path / "data").exists()


def test_search_for_programs_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "--json", "Fresnel"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [(moment["video"], moment["start"]) for moment in answer["moments"]] == [("lightsBBBB2", 60)]


def test_a_search_says_what_nothing_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "Fresnel", "zeppelins"]) == 0
    assert "Nothing says zeppelins; shown is what says the rest." in capsys.readouterr().out


def test_a_search_that_finds_nothing_exits_1_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "zeppelins"]) == EXIT_FAILED
    assert 'Nothing in the library says "zeppelins".' in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_words_that_are_no_text_are_searched_all_the_same(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", *more, "\udcff\udcfe"]) == EXIT_FAILED
    capsys.readouterr().out.encode()


def test_a_search_in_a_process_of_its_own_writes_nothing_to_standard_error() -> None:
    ran = outside("search", "--json", "Fresnel")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["total"] == 1


def test_check_says_what_a_reload_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "nothing was changed" in out
    assert "+ 4 added" in out
    assert "4  links that lead nowhere" in out


def test_check_of_a_rejected_file_exits_1_with_file_and_line(
    corpus_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(corpus_folder, {"broken.md": "---\n\ttitle: [\n---\n\nWords.\n"})
    assert main(["check"]) == EXIT_FAILED
    assert "corpus/broken.md, line 2: front matter is not valid YAML" in capsys.readouterr().out
    assert main(["check", "--json"]) == EXIT_FAILED
    report = json.loads(capsys.readouterr().out)
    assert report["rejected"] == ["corpus/broken.md"]
    assert (report["dry"], len(report["added"])) == (True, 4)


def test_check_of_a_missing_folder_names_it(settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    settings.setenv("CORPUS_DIRS", "nowhere")
    assert main(["check"]) == EXIT_FAILED
    err = capsys.readouterr().err
    assert f"Corpus folder not found, or not readable by uid {os.geteuid()}" in err
    assert "nowhere" in err


def test_check_reports_thousands_of_findings_once_each_kind(
    corpus_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_corpus(corpus_folder, many_pages(30))
    assert main(["check"]) == 0
    assert capsys.readouterr().out.count("links that lead nowhere") == 1


def test_check_for_programs_lists_every_finding(corpus_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_corpus(corpus_folder, {"many.md": page("Many", " ".join(f"[[nowhere {n}]]" for n in range(130)))})
    assert main(["check", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    counts = dict(report["counts"])
    assert counts["dead-link"] > 100
    assert Counter(finding["code"] for finding in report["findings"]) == counts


def test_health_is_down_without_a_bot(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["health"]) == EXIT_FAILED


def test_copies_are_made_in_the_data_folder_since_the_systems_own_may_be_small(
    settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reload"]) == 0
    settings.setattr("tempfile.tempdir", str(tmp_path / "nosuch"))
    assert main(["check"]) == 0
    assert main(["backup", str(tmp_path / "kept.tar.gz")]) == 0
    (tmp_path / "data" / "corpus.db").unlink()
    assert main(["search", "Fresnel"]) == 0
    assert not list((tmp_path / "data").glob("scratch-*"))


@pytest.mark.parametrize(
    "arguments", [["backup", "kept.tar.gz"], ["gaps"], ["check"], ["search", "bees"], ["status"], ["preview"]]
)
def test_a_data_folder_that_may_not_be_entered_is_one_sentence(
    arguments: list[str], settings: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        data.mkdir()
        settings.setenv("DATA_DIR", str(data))
        settings.setenv("LOG_FORMAT", "text")
        settings.chdir(folder)
        with without_access(data) as us:
            assert main(arguments) == EXIT_FAILED
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1
    assert f"The data folder {data} cannot be used by uid {us} (Permission denied)" in lines[0]
