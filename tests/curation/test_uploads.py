"""Uploads: which names are taken, what is kept where, and that the rest of the corpus stays as it is."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from bot.corpus.folder import MAX_BYTES
from bot.curation import Curator
from bot.curation.uploads import Places, check_size, clean_name
from bot.errors import InvalidRequest, StoreError
from bot.library import Library
from bot.models import Miss
from bot.store.database import Database
from tests.invented import write_corpus
from tests.store.access import without_access
from tests.store.dump import check_index, dump

NEW = b"# Zeppelins\n\nA zeppelin carries its gas in bags.\n"


@pytest.fixture
def uploads(database: Database) -> Path:
    return database.corpus.path.parent / "uploads"


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


async def finds(library: Library, words: str) -> bool:
    return not isinstance(await library.search(words), Miss)


@pytest.mark.parametrize("name", ["page.md", "Notes of May.TXT", "Überblick.md", "页面.md", "x" * 97 + ".md"])
def test_a_plain_name_is_kept(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "../../x.md", "/etc/x.md", "a/b.md", "..\\x.md", "C:x.md", ".hidden.md", ".md", "x.md\0.png", "x\0.md",
        "x\n.md", "x.md\0", "\u202edm.exe.md", "x\u200f.md", "x\ufeff.md", "x\ud800.md", "x" * 98 + ".md",
        "页" * 70 + ".md", "x?.md", "x.png", "x.md.zip", "videos.csv", "x", "", " ", "con:.txt",
        "x.markdown", "x\u2028.md",
    ],
)  # fmt: skip
def test_a_name_that_is_a_path_or_hides_something_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"Rename the file|Only \.md and \.txt"):
        clean_name(name)


def test_one_byte_over_the_limit_is_refused_with_both_numbers() -> None:
    check_size(MAX_BYTES)
    with pytest.raises(InvalidRequest, match="4,000,001 bytes; the limit is 4,000,000"):
        check_size(MAX_BYTES + 1)


@pytest.mark.parametrize("name", ["closed/corpus", "x" * 300])
def test_a_corpus_folder_that_cannot_be_looked_at_is_missing(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        there.chmod(0o755)
        (there / "closed" / "corpus").mkdir(parents=True)
        with without_access(there / "closed"):
            places = Places([there / name], there / "uploads")
            assert places.missing() == [there / name]
            assert places.present() == {}


async def test_an_upload_is_kept_and_loaded_alone(
    curator: Curator, library: Library, database: Database, corpus_folder: Path, uploads: Path
) -> None:
    write_corpus(corpus_folder, {"other.md": "# Other\n\nA dirigible.\n"})
    report = await curator.upload("new.md", NEW, replace_it=False)
    assert (report.added, report.parsed, report.generation) == (("uploads/new.md",), 1, 2)
    assert (uploads / "new.md").read_bytes() == NEW
    assert (await finds(library, "zeppelin"), await finds(library, "dirigible")) == (True, False)
    await check_index(database.corpus)
    assert (await curator.reload()).added == ("corpus/other.md",)


async def test_a_try_changes_nothing_and_names_whose_title_is_taken(
    curator: Curator, database: Database, uploads: Path
) -> None:
    before = await dump(database.corpus)
    report = await curator.try_upload("bees.md", b"# How bees find flowers\n\nSee [[nowhere at all]].\n")
    assert report.namesakes == ("corpus/bees.md",)
    assert [finding.code for finding in report.findings] == ["dead-link"]
    assert await dump(database.corpus) == before
    assert not files_in(uploads)


async def test_the_first_thing_that_a_curator_does_may_be_a_try(database: Database, corpus_folder: Path) -> None:
    curator = Curator(database, [corpus_folder], Library(database).refresh)
    assert (await curator.try_upload("new.md", NEW)).added == ("uploads/new.md",)


async def test_a_name_that_is_there_needs_replace_in_whatever_case(
    curator: Curator, library: Library, uploads: Path
) -> None:
    await curator.upload("new.md", NEW, replace_it=False)
    with pytest.raises(InvalidRequest, match=r"new\.md is among the uploads already"):
        await curator.upload("NEW.md", b"# Else\n\nA dirigible.\n", replace_it=False)
    report = await curator.upload("NEW.md", b"# Else\n\nA dirigible.\n", replace_it=True)
    assert report.changed == ("uploads/new.md",)
    assert files_in(uploads) == ["new.md"]
    assert (await finds(library, "zeppelin"), await finds(library, "dirigible")) == (False, True)


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0zip", b"caf\xe9", b"", b"---\ntitle: x\n"])
async def test_what_is_no_document_is_neither_kept_nor_loaded(content: bytes, curator: Curator, uploads: Path) -> None:
    assert (await curator.try_upload("x.md", content)).rejected == ("uploads/x.md",)
    with pytest.raises(InvalidRequest, match="cannot be read"):
        await curator.upload("x.md", content, replace_it=False)
    assert not (uploads / "x.md").exists()
    assert not (await curator.reload()).is_change


async def test_what_a_failed_upload_left_is_gone_with_the_next_change(curator: Curator, uploads: Path) -> None:
    for _ in range(3):
        with pytest.raises(InvalidRequest):
            await curator.upload("new.md", b"\n", replace_it=False)
    await curator.reload()
    assert files_in(uploads) == []


async def test_a_removed_upload_is_gone_and_an_undo_brings_file_and_document_back(
    curator: Curator, library: Library, uploads: Path
) -> None:
    await curator.upload("new.md", NEW, replace_it=False)
    assert (await curator.remove("uploads/new.md")).removed == ("uploads/new.md",)
    assert not (uploads / "new.md").exists()
    assert not await finds(library, "zeppelin")
    report = await curator.undo()
    assert (report.added, report.set_aside) == (("uploads/new.md",), False)
    assert (uploads / "new.md").read_bytes() == NEW
    assert not (await curator.reload()).is_change
    assert await finds(library, "zeppelin")


@pytest.mark.parametrize("path", ["corpus/bees.md", "uploads/../corpus/bees.md", "uploads/a/b.md"])
async def test_a_mounted_file_is_not_removed_and_the_refusal_says_where_it_is(
    path: str, curator: Curator, corpus_folder: Path
) -> None:
    with pytest.raises(InvalidRequest, match="was not uploaded: its file is /"):
        await curator.remove(path)
    assert (corpus_folder / "bees.md").exists()


async def test_an_undone_upload_stays_away_until_force(curator: Curator, library: Library) -> None:
    await curator.upload("new.md", NEW, replace_it=False)
    assert (await curator.undo()).set_aside
    await curator.reload()
    assert not await finds(library, "zeppelin")
    await curator.reload(force=True)
    assert await finds(library, "zeppelin")


async def test_an_upload_leaves_aside_what_was_undone_before(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"bad.md": "# Bad\n\nA dirigible.\n"})
    await curator.reload()
    await curator.undo()
    await curator.upload("new.md", NEW, replace_it=False)
    for _ in range(2):
        assert (await finds(library, "zeppelin"), await finds(library, "dirigible")) == (True, False)
        assert (await curator.reload()).set_aside
    await curator.remove("uploads/new.md")
    assert (await curator.reload()).set_aside
    assert (await finds(library, "zeppelin"), await finds(library, "dirigible")) == (False, False)


async def test_a_full_disk_keeps_the_corpus_and_the_upload_that_was_there(
    curator: Curator, database: Database, uploads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await curator.upload("new.md", NEW, replace_it=False)
    before = await dump(database.corpus)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("bot.curation.history.History.write", full)
        with pytest.raises(StoreError, match=r"No space left on device.*nothing was changed"):
            await curator.upload("new.md", b"# Else\n\nA dirigible.\n", replace_it=True)
    assert await dump(database.corpus) == before
    assert (uploads / "new.md").read_bytes() == NEW
    assert not (await curator.reload()).is_change


async def test_a_file_is_exported_as_it_is_and_from_the_history_where_it_is_gone(
    curator: Curator, corpus_folder: Path
) -> None:
    content = (corpus_folder / "bees.md").read_bytes()
    assert await curator.text("corpus/bees.md") == content
    (corpus_folder / "bees.md").unlink()
    assert await curator.text("corpus/bees.md") == content
    with pytest.raises(InvalidRequest, match="not where it was"):
        await curator.text("corpus/nosuch.md")


async def test_a_data_folder_within_a_corpus_folder_is_no_trouble(database: Database, tmp_path: Path) -> None:
    write_corpus(tmp_path / "notes", {"a.md": "# A note\n\nWords.\n"})
    curator = Curator(database, [tmp_path], Library(database).refresh)
    await curator.reload()
    await curator.upload("new.md", NEW, replace_it=False)
    report = await curator.reload()
    assert (report.is_change, report.documents) == (False, 2)


async def test_folders_that_are_called_uploads_too_are_told_apart(database: Database, tmp_path: Path) -> None:
    mounted = write_corpus(tmp_path / "mine" / "uploads", {"a.md": "# A note\n\nWords.\n"})
    curator = Curator(database, [mounted], Library(database).refresh)
    assert (await curator.reload()).added == ("mine/uploads/a.md",)
    assert (await curator.upload("a.md", NEW, replace_it=False)).added == ("data/uploads/a.md",)
    with pytest.raises(InvalidRequest, match="was not uploaded"):
        await curator.remove("mine/uploads/a.md")
    assert (await curator.remove("data/uploads/a.md")).removed == ("data/uploads/a.md",)
