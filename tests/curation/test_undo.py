"""Undo: what it goes back to, what it sets aside, and what ends that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.curation import Curator
from bot.errors import InvalidRequest, ReloadRefused
from bot.library import Library
from bot.models import Miss
from bot.store.database import Database, open_database
from tests.invented import PAGES, write_corpus
from tests.store.dump import check_index, dump

NEW = "# Zeppelins\n\nA zeppelin carries its gas in bags.\n"


async def finds(library: Library, words: str) -> bool:
    return not isinstance(await library.search(words), Miss)


async def load(database: Database, folder: Path) -> tuple[Curator, Library]:
    """A bot's start."""
    library = Library(database)
    curator = Curator(database, [folder], library.refresh)
    await curator.reload()
    return curator, library


async def test_an_undo_goes_back_to_the_corpus_before_the_last_reload(
    curator: Curator, library: Library, database: Database, corpus_folder: Path
) -> None:
    before = await dump(database.corpus)
    write_corpus(corpus_folder, {"new.md": NEW, "tides.md": "# Why tides turn\n\nOther words.\n"})
    (corpus_folder / "lights.md").unlink()
    await curator.reload()
    report = await curator.undo()
    assert (report.added, report.changed, report.removed, report.generation) == (
        ("corpus/lights.md",),
        ("corpus/tides.md",),
        ("corpus/new.md",),
        3,
    )
    assert await dump(database.corpus) == before
    await check_index(database.corpus)
    assert not await finds(library, "zeppelin")
    assert await finds(library, "Fresnel lens")


async def test_a_list_of_lengths_is_undone_too(database: Database, curator: Curator, corpus_folder: Path) -> None:
    (corpus_folder / "videos.csv").write_text("video_id,duration_seconds\nbeesAAAAAA1,450\n")
    await curator.reload()
    changed = await dump(database.corpus)
    (corpus_folder / "videos.csv").write_text("video_id,duration_seconds\nbeesAAAAAA1,650\n")
    await curator.reload()
    await curator.undo()
    assert await dump(database.corpus) == changed


async def test_a_list_of_videos_that_no_page_cites_is_undone_like_any_other_change(
    curator: Curator, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    write_corpus(corpus_folder, {"videos.csv": "video_id,duration_seconds\nabcdefghijk,7\n"})
    assert (await curator.reload()).generation == 3
    assert not (await curator.undo()).is_change  # of what members see
    assert (await curator.undo()).removed == ("corpus/new.md",)


async def test_a_second_undo_goes_back_further_and_a_third_says_that_nothing_is_left(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    write_corpus(corpus_folder, {"newer.md": "# Newer\n\nA dirigible.\n"})
    await curator.reload()
    await curator.undo()
    assert (await finds(library, "dirigible"), await finds(library, "zeppelin")) == (False, True)
    await curator.undo()
    assert (await finds(library, "dirigible"), await finds(library, "zeppelin")) == (False, False)
    with pytest.raises(InvalidRequest, match="nothing to undo"):
        await curator.undo()


async def test_what_was_undone_before_a_change_does_not_come_back_with_its_undo(
    curator: Curator, library: Library
) -> None:
    for name, words in (("kept.md", "A balloon."), ("undone.md", "A dirigible.")):
        await curator.upload(name, f"# {name}\n\n{words}\n".encode(), replace_it=False)
    await curator.undo()
    await curator.upload("new.md", NEW.encode(), replace_it=False)
    report = await curator.undo()
    assert (report.added, report.removed) == ((), ("uploads/new.md",))
    assert await finds(library, "balloon")
    assert not await finds(library, "dirigible")


async def test_an_upload_comes_back_with_the_words_that_it_had_and_not_with_those_undone(
    curator: Curator, library: Library, database: Database
) -> None:
    await curator.upload("page.md", b"# Page\n\nA balloon.\n", replace_it=False)
    await curator.upload("page.md", b"# Page\n\nA dirigible.\n", replace_it=True)
    await curator.undo()
    await curator.remove("uploads/page.md")
    await curator.undo()
    assert await finds(library, "balloon")
    assert not await finds(library, "dirigible")
    assert "balloon" in (database.corpus.path.parent / "uploads" / "page.md").read_text()


async def test_while_a_folder_is_missing_nothing_is_undone(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    corpus_folder.rename(corpus_folder.with_name("elsewhere"))  # noqa: ASYNC240 # a test waits for nobody
    for dry in (True, False):
        with pytest.raises(ReloadRefused, match="Corpus folder not found"):
            await curator.undo(dry=dry)
    assert await finds(library, "zeppelin")
    corpus_folder.with_name("elsewhere").rename(corpus_folder)
    assert (await curator.undo()).removed == ("corpus/new.md",)
    assert (await curator.reload()).set_aside


async def test_after_the_first_load_there_is_nothing_to_undo(curator: Curator) -> None:
    with pytest.raises(InvalidRequest, match="nothing to undo"):
        await curator.undo()


async def test_what_was_undone_stays_set_aside_until_a_file_changes(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    report = await curator.undo()
    assert report.set_aside
    assert await curator.set_aside() is not None
    report = await curator.reload()
    assert (report.is_change, report.set_aside) == (False, True)
    assert not await finds(library, "zeppelin")
    write_corpus(corpus_folder, {"other.md": "# Other\n\nA dirigible.\n"})
    report = await curator.reload()
    assert (report.added, report.set_aside) == (("corpus/new.md", "corpus/other.md"), False)
    assert await curator.set_aside() is None


async def test_force_takes_back_what_was_undone(curator: Curator, library: Library, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    await curator.undo()
    assert (await curator.reload(force=True)).added == ("corpus/new.md",)
    assert await finds(library, "zeppelin")
    assert await curator.set_aside() is None
    assert not (await curator.reload()).is_change


async def test_a_touched_file_is_no_change_of_what_was_set_aside(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    await curator.undo()
    write_corpus(corpus_folder, {"new.md": NEW})
    assert (await curator.reload()).set_aside
    assert not await finds(library, "zeppelin")


@pytest.mark.parametrize(
    "also", [lambda data: None, lambda data: (data / "corpus.db").unlink()], ids=["start", "rebuild"]
)
async def test_what_was_undone_stays_set_aside_through_a_restart_and_a_rebuild(
    also: Callable[[Path], None], tmp_path: Path, corpus_folder: Path
) -> None:
    data = tmp_path / "data"
    async with open_database(data) as database:
        curator, _ = await load(database, corpus_folder)
        before = await dump(database.corpus)
        write_corpus(corpus_folder, {"new.md": NEW, "bees.md": "# Bees\n\nOther words.\n"})
        await curator.reload()
        await curator.undo()
    for _ in range(2):
        also(data)
        async with open_database(data) as database:
            curator, library = await load(database, corpus_folder)
            assert await curator.set_aside() is not None
            assert not await finds(library, "zeppelin")
            assert await dump(database.corpus) == before
    async with open_database(data) as database:
        curator, library = await load(database, corpus_folder)
        await curator.reload(force=True)
        assert await finds(library, "zeppelin")


async def test_a_rebuild_without_the_kept_texts_loads_the_folders_and_says_so(
    tmp_path: Path, corpus_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = tmp_path / "data"
    async with open_database(data) as database:
        curator, _ = await load(database, corpus_folder)
        write_corpus(corpus_folder, {"new.md": NEW})
        await curator.reload()
        await curator.undo()
    (data / "corpus.db").unlink()
    for path in (data / "history" / "texts").glob("*/*"):
        path.unlink()
    async with open_database(data) as database:
        curator, library = await load(database, corpus_folder)
        assert await finds(library, "zeppelin")
        assert await curator.set_aside() is None
    assert "are gone: the folders are loaded" in caplog.text


async def test_an_undo_whose_texts_are_gone_or_damaged_is_refused(
    curator: Curator, database: Database, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"bees.md": "# Bees\n\nOther words.\n"})
    await curator.reload()
    before = await dump(database.corpus)
    for path in (database.corpus.path.parent / "history" / "texts").glob("*/*"):
        path.write_bytes(b"damaged")
    with pytest.raises(InvalidRequest, match="nothing to undo"):
        await curator.undo()
    assert await dump(database.corpus) == before


async def test_an_empty_rebuild_can_be_undone(tmp_path: Path, corpus_folder: Path) -> None:
    async with open_database(tmp_path / "data") as database:
        await Curator(database, [corpus_folder], Library(database).refresh).reload()
    (tmp_path / "data" / "corpus.db").unlink()
    empty = write_corpus(tmp_path / "empty", {})
    async with open_database(tmp_path / "data") as database:
        curator = Curator(database, [empty], Library(database).refresh)
        assert (await curator.reload()).generation == 2
        assert len((await curator.undo()).added) == len(PAGES)


async def test_a_rehearsed_undo_changes_nothing(curator: Curator, database: Database, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    before = await dump(database.corpus)
    report = await curator.undo(dry=True)
    assert (report.removed, report.set_aside, report.dry) == (("corpus/new.md",), True, True)
    assert await dump(database.corpus) == before
    assert await curator.set_aside() is None


async def test_an_undo_of_another_corpus_than_was_asked_for_is_refused(curator: Curator, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    with pytest.raises(InvalidRequest, match="changed since you asked"):
        await curator.undo(generation=1)


async def test_a_page_that_went_bad_comes_back_with_its_last_good_words(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    (corpus_folder / "bees.md").write_bytes(b"\0")
    await curator.reload()
    write_corpus(corpus_folder, {"new.md": NEW})
    await curator.reload()
    report = await curator.undo()
    assert report.removed == ("corpus/new.md",)
    assert await finds(library, "waggle angle sun")


async def test_a_lost_folder_can_be_undone_after_force(curator: Curator, library: Library, corpus_folder: Path) -> None:
    for name in PAGES:
        (corpus_folder / name).unlink()
    await curator.reload(force=True)
    assert library.is_empty
    assert len((await curator.undo()).added) == len(PAGES)
    assert await finds(library, "Fresnel lens")
