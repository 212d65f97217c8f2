"""Walking folders: what is a document, what is said of the rest, and that nothing is followed or waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.corpus import folder
from bot.corpus.folder import FileStat, name_folders, read, scan


@pytest.fixture(name="corpus")
def _corpus(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    return corpus


def write(path: Path, text: str = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def paths(corpus: Path) -> list[str]:
    return [file.path for file in scan({"c": corpus})[0]]


def codes(corpus: Path) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in scan({"c": corpus})[1]]


def stat_of(path: Path) -> FileStat:
    return FileStat(path.name, str(path), 0, 0)


def test_documents_are_listed_by_path_with_their_size_and_time(corpus: Path) -> None:
    file = write(corpus / "b.md")
    for name in ("sub/deep/d.txt", "a.MD", "sub/c.markdown"):
        write(corpus / name)
    files, findings = scan({"c": corpus})
    assert [file.path for file in files] == ["c/a.MD", "c/b.md", "c/sub/c.markdown", "c/sub/deep/d.txt"]
    assert (files[1].size, files[1].mtime_ns) == (5, file.stat().st_mtime_ns)
    assert findings == []


def test_other_files_and_hidden_ones_are_none_of_its_business(corpus: Path) -> None:
    for name in ("picture.png", ".hidden.md", ".git/notes.md", "Makefile"):
        write(corpus / name)
    assert (paths(corpus), codes(corpus)) == ([], [])


def test_a_missing_folder_is_a_finding(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere") == [("c", "folder-unreadable")]


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_folder_is_a_finding_and_the_rest_loads(corpus: Path) -> None:
    write(corpus / "shut" / "a.md").parent.chmod(0)
    write(corpus / "b.md")
    assert (paths(corpus), codes(corpus)) == (["c/b.md"], [("c/shut", "folder-unreadable")])
    (corpus / "shut").chmod(0o700)


def test_a_link_to_a_file_or_a_folder_is_reported_and_not_followed(tmp_path: Path, corpus: Path) -> None:
    outside = write(tmp_path / "outside" / "secret.md")
    (corpus / "file.md").symlink_to(outside)
    (corpus / "folder").symlink_to(outside.parent)
    (corpus / "round").symlink_to(corpus)
    (corpus / "picture.png").symlink_to(outside)
    assert paths(corpus) == []
    assert codes(corpus) == [("c/file.md", "symlink"), ("c/folder", "symlink"), ("c/round", "symlink")]


def test_a_link_that_leads_nowhere_is_reported(corpus: Path) -> None:
    (corpus / "a.md").symlink_to(corpus / "nowhere")
    assert codes(corpus) == [("c/a.md", "symlink")]


def test_a_pipe_is_reported_and_not_waited_for(corpus: Path) -> None:
    os.mkfifo(corpus / "pipe.md")
    assert (paths(corpus), codes(corpus)) == ([], [("c/pipe.md", "not-a-file")])


def test_a_file_over_the_limit_is_reported_and_the_rest_loads(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_BYTES", 10)
    write(corpus / "large.md", "x" * 11)
    write(corpus / "small.md", "x" * 10)
    assert (paths(corpus), codes(corpus)) == (["c/small.md"], [("c/large.md", "too-large")])


def test_files_over_the_number_that_is_read_are_reported_once(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_FILES", 2)
    for name in "abcd":
        write(corpus / f"{name}.md")
    assert (paths(corpus), codes(corpus)) == (["c/a.md", "c/b.md"], [("c/c.md", "too-many-files")])


@pytest.mark.parametrize("name", ["line\nend.md", "escape\x1b[31m.md", "long" * 50 + ".md"])
def test_a_name_that_would_garble_a_report_is_refused_and_shown_safely(
    corpus: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MAX_PATH", 100)
    write(corpus / name)
    ((path, code),) = codes(corpus)
    assert (code, path.isprintable(), len(path) <= 100) == ("file-name", True, True)


@pytest.mark.parametrize("name", [b"caf\xe9.md", b"caf\xe9/a.md"])
def test_a_name_that_is_no_utf8_is_reported_for_files_and_folders(corpus: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(corpus), name)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    except OSError:
        pytest.skip("this file system has no such names")
    assert paths(corpus) == []
    assert codes(corpus) == [("c/caf?.md" if name.endswith(b"e9.md") or b"/" not in name else "c/caf?", "file-name")]


def test_a_folder_in_another_folder_of_the_corpus_is_read_once(corpus: Path) -> None:
    write(corpus / "sub" / "a.md")
    files, _ = scan({"c": corpus, "sub": corpus / "sub"})
    assert [file.path for file in files] == ["c/sub/a.md"]


def test_folders_are_named_by_the_least_that_tells_them_apart(tmp_path: Path) -> None:
    one, two, three = tmp_path / "a" / "pages", tmp_path / "b" / "pages", tmp_path / "notes"
    assert name_folders([one, two, three, three]) == {"a/pages": one, "b/pages": two, "notes": three}


def test_a_folder_that_is_a_link_goes_by_the_links_name_and_is_one_with_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    link = tmp_path / "current"
    link.symlink_to("v1")
    assert name_folders([link]) == {"current": link}
    assert name_folders([tmp_path / "v1", link, tmp_path / "x" / ".." / "v1"]) == {"v1": tmp_path / "v1"}


def test_the_root_folder_has_a_name_too() -> None:
    assert name_folders([Path("/")]) == {"root": Path("/")}


def test_a_file_is_read_whole(corpus: Path) -> None:
    assert read(stat_of(write(corpus / "a.md", "words"))) == b"words"


def test_a_file_that_has_become_a_link_is_not_followed(corpus: Path) -> None:
    target = write(corpus / "secret")
    (corpus / "a.md").symlink_to(target)
    with pytest.raises(OSError, match=r"link"):
        read(stat_of(corpus / "a.md"))


def test_a_file_that_has_become_a_pipe_is_not_waited_for(corpus: Path) -> None:
    os.mkfifo(corpus / "a.md")
    with pytest.raises(OSError, match="not a regular file"):
        read(stat_of(corpus / "a.md"))


def test_a_file_that_has_grown_over_the_limit_is_not_read(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_BYTES", 4)
    with pytest.raises(OSError, match="larger than 4 bytes"):
        read(stat_of(write(corpus / "a.md", "words")))


def test_a_time_that_no_database_keeps_is_the_latest_that_one_does(corpus: Path) -> None:
    os.utime(write(corpus / "a.md"), ns=(0, 13_000_000_000 * 10**9))  # the year 2381
    assert [file.mtime_ns for file in scan({"c": corpus})[0]] == [2**63 - 1]


@pytest.mark.parametrize("name", ["می\u200cخواهم.md", "a\u00a0b.md", "x\u202ey.md"])
def test_what_is_wrong_with_a_file_is_said_of_exactly_its_path(corpus: Path, name: str) -> None:
    (corpus / name).symlink_to(corpus)
    assert codes(corpus) == [(f"c/{name}", "symlink")]
