"""Reloads: what they report, what they refuse, and that they happen whole or not at all."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.corpus.parse import PARSER_VERSION
from bot.corpus.working import Workers
from bot.curation import Curator
from bot.curation.history import History
from bot.errors import ReloadBusy, ReloadRefused, StoreError
from bot.library import Library
from bot.models import Miss, ReloadReport, Severity, Trust
from bot.store import writing
from bot.store.database import Database, Writer, open_database
from tests.invented import BEES, PAGES, anchor, many_pages, page, write_corpus
from tests.store.dump import check_index, dump

ROOT = Path(__file__).parents[1]
SEED = 20_260_801


def codes(report: ReloadReport) -> set[str]:
    return {finding.code for finding in report.findings}


async def test_the_first_reload_adds_every_document(database: Database, corpus_folder: Path) -> None:
    report = await Curator(database, [corpus_folder], Library(database).refresh).reload()
    assert report.added == tuple(f"corpus/{name}" for name in sorted(PAGES))
    assert (report.parsed, report.documents, report.generation) == (len(PAGES), len(PAGES), 1)
    assert report.is_change


async def test_an_unchanged_second_reload_parses_nothing(curator: Curator) -> None:
    report = await curator.reload()
    assert report.parsed == 0
    assert not report.is_change
    assert report.generation == 1


async def test_a_restart_over_an_unchanged_folder_parses_nothing(tmp_path: Path, corpus_folder: Path) -> None:
    for parsed in (len(PAGES), 0):
        async with open_database(tmp_path / "data") as database:
            library = Library(database)
            report = await Curator(database, [corpus_folder], library.refresh).reload()
        assert report.parsed == parsed
        assert len(library.catalogue.documents) == len(PAGES)


async def test_a_touched_file_is_read_and_not_parsed(curator: Curator, corpus_folder: Path) -> None:
    os.utime(corpus_folder / "bees.md", (1, 1))
    assert (await curator.reload()).parsed == 0


async def test_one_changed_file_is_the_only_one_parsed(curator: Curator, library: Library, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"tides.md": "# Why tides turn\n\nThe moon, mostly, and a zeppelin.\n"})
    report = await curator.reload()
    assert (report.parsed, report.changed, report.generation) == (1, ("corpus/tides.md",), 2)
    assert not isinstance(await library.topic("why tides turn"), Miss)


async def test_a_removed_file_takes_its_document_and_moments_with_it(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    (corpus_folder / "lights.md").unlink()
    report = await curator.reload()
    assert report.removed == ("corpus/lights.md",)
    assert isinstance(await library.moments("Fresnel lens"), Miss)
    assert not any("lights" in title.title for title in library.catalogue.videos.complete(""))


async def test_force_reads_every_file_but_parses_only_other_content(curator: Curator, corpus_folder: Path) -> None:
    path = corpus_folder / "tides.md"
    before = path.stat()
    path.write_text(PAGES["tides.md"].replace("sun helps", "sun hinders"[:9]), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (await curator.reload()).parsed == 0  # same size, same time
    assert (await curator.reload(force=True)).changed == ("corpus/tides.md",)


async def test_a_newer_parser_reads_every_file_again(curator: Curator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.corpus.reading.PARSER_VERSION", PARSER_VERSION + 1)
    assert (await curator.reload()).parsed == len(PAGES)


async def test_a_check_changes_nothing(
    curator: Curator, library: Library, database: Database, corpus_folder: Path
) -> None:
    before = await dump(database.corpus)
    write_corpus(corpus_folder, {"new.md": "# New\n\nSomething new.\n", "bees.md": "# Other bees\n\nOther words.\n"})
    (corpus_folder / "lights.md").unlink()
    report = await curator.check()
    assert (report.added, report.changed, report.removed) == (
        ("corpus/new.md",),
        ("corpus/bees.md",),
        ("corpus/lights.md",),
    )
    assert report.dry
    assert await dump(database.corpus) == before
    assert isinstance(await library.moments("Fresnel"), Miss) is False
    assert (await curator.reload()).generation == 2


REJECTED: dict[str, tuple[bytes, str]] = {
    "binary": (b"\x7fELF\0\0\0", "binary"),
    "not UTF-8": (b"# Caf\xe9\n\nwords\n", "not-utf8"),
    "UTF-16": ("# Words\n\nwords\n".encode("utf-16"), "not-utf8"),
    "empty": (b"", "empty"),
    "YAML that is none": (b"---\n\ttitle: [\n---\n\nwords\n", "front-matter-yaml"),
    "YAML 5,000 deep": (b"---\ntitle: x\na: " + b"[" * 5000 + b"\n  - b\n---\n\nwords\n", "front-matter-yaml"),
    "front matter never closed": (b"---\ntitle: x\n\nwords\n", "front-matter-open"),
    "too large": (b"# Words\n\n" + b"words " * 700_000, "too-large"),
}


@pytest.mark.parametrize("what", REJECTED)
async def test_a_file_that_cannot_be_read_is_rejected_and_the_others_load(
    what: str, database: Database, corpus_folder: Path
) -> None:
    data, code = REJECTED[what]
    (corpus_folder / "bad.md").write_bytes(data)
    report = await Curator(database, [corpus_folder], Library(database).refresh).reload()
    assert report.rejected == ("corpus/bad.md",)
    assert len(report.added) == len(PAGES)
    finding = report.findings[0]
    assert (finding.path, finding.code, finding.severity) == ("corpus/bad.md", code, Severity.REJECTED)


@pytest.mark.parametrize("what", REJECTED)
async def test_a_file_that_went_bad_keeps_its_last_good_version_and_says_so(
    what: str, curator: Curator, library: Library, corpus_folder: Path
) -> None:
    (corpus_folder / "bees.md").write_bytes(REJECTED[what][0])
    for _ in range(2):
        report = await curator.reload()
        assert report.rejected == ("corpus/bees.md",)
        assert not report.is_change
        assert "the version from before stays" in report.findings[0].action
    assert not isinstance(await library.moments("waggle angle sun"), Miss)
    write_corpus(corpus_folder)
    assert (await curator.reload()).rejected == ()


async def test_front_matter_with_tricks_is_read_as_plain_text_with_a_finding(
    database: Database, corpus_folder: Path, tmp_path: Path
) -> None:
    files = {
        "date.md": page("A date", "Words.", published="2020-13-45"),
        "length.md": page("A length", "Words.", duration="1:30:00"),
        "twice.md": "---\ntitle: First\ntitle: Second\n---\n\nWords.\n",
        "tag.md": f'---\ntitle: !!python/object/apply:os.system ["touch {tmp_path}/ran"]\n---\n\nWords.\n',
        "bomb.md": "---\na: &a [x, x]\nb: &b [*a, *a]\ntitle: [*b, *b]\n---\n\nWords.\n",
    }
    write_corpus(corpus_folder, files)
    library = Library(database)
    report = await Curator(database, [corpus_folder], library.refresh).reload()
    assert {"date", "duplicate-key"} <= codes(report)
    documents = {document.path: document for document in library.catalogue.documents.values()}
    assert documents["corpus/date.md"].published == ""
    assert documents["corpus/length.md"].duration == 5400
    assert documents["corpus/twice.md"].title == "First"
    assert not (tmp_path / "ran").exists()
    assert len(documents) + len(report.rejected) == len(PAGES) + len(files)


async def test_marks_and_line_ends_of_windows_make_no_difference(database: Database, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", {"bees.md": PAGES["bees.md"]})
    (folder / "windows.md").write_bytes(b"\xef\xbb\xbf" + PAGES["bees.md"].replace("\n", "\r\n").encode())
    library = Library(database)
    await Curator(database, [folder], library.refresh).reload()
    first, second = library.catalogue.documents.values()
    assert (first.title, first.video) == (second.title, second.video) == ("How bees find flowers", BEES)


async def test_links_pipes_and_unreadable_files_are_findings_and_never_followed(
    database: Database, corpus_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n\nPasswords.\n")
    (corpus_folder / "link.md").symlink_to(tmp_path / "secret.md")
    os.mkfifo(corpus_folder / "pipe.md")
    library = Library(database)
    report = await Curator(database, [corpus_folder], library.refresh).reload()
    assert {"symlink", "not-a-file"} <= codes(report)
    assert report.rejected == ("corpus/link.md", "corpus/pipe.md")
    assert isinstance(await library.moments("passwords"), Miss)


async def test_a_page_whose_file_became_a_link_keeps_its_last_good_version_whatever_its_name(
    curator: Curator, corpus_folder: Path
) -> None:
    name = "می\u200cخواهم.md"  # the joiner is not printable, and is how the word is spelt
    write_corpus(corpus_folder, {name: "# A dirigible\n\nIt flies.\n"})
    await curator.reload()
    (corpus_folder / name).unlink()
    (corpus_folder / name).symlink_to(corpus_folder / "bees.md")
    report = await curator.reload()
    assert (report.removed, report.rejected) == ((), (f"corpus/{name}",))


async def test_a_file_that_could_not_be_opened_is_tried_again(
    database: Database, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    curator = Curator(database, [corpus_folder], Library(database).refresh)
    with monkeypatch.context() as patched:
        patched.setattr("bot.corpus.folder.read", refuse)
        report = await curator.reload()
        assert codes(report) == {"file-unreadable"}
        assert len(report.rejected) == len(PAGES)
    report = await curator.reload()  # the files have the size and time that they had
    assert report.rejected == ()
    assert len(report.added) == len(PAGES)


async def test_too_many_files_are_a_finding_and_the_rest_loads(
    database: Database, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.corpus.folder.MAX_FILES", 2)
    report = await Curator(database, [corpus_folder], Library(database).refresh).reload()
    assert len(report.added) == 2
    assert "too-many-files" in codes(report)


async def test_times_that_cannot_be_are_never_linked(database: Database, tmp_path: Path) -> None:
    stamps = ["00:00:10", "00:99:99", "-00:01:00", "٠٠:٠١:٠٠", "00:01:00:00:00", "99:00:00", "x", ""]
    body = "\n\n".join(f"Sentence {number} here {anchor(stamp)}." for number, stamp in enumerate(stamps))
    folder = write_corpus(tmp_path / "corpus", {"a.md": page("Times", body, duration='"2:00"')})
    await Curator(database, [folder], Library(database).refresh).reload()
    async with database.corpus.read() as reader:
        rows = await reader.fetch("SELECT written, start, trust FROM moment")
    assert ("00:00:10", 10, Trust.STATED) in [tuple(row) for row in rows]
    assert [tuple(r) for r in rows if not (r[1] is None or 0 <= r[1] <= 120)] == []
    assert all((start is None) == (trust == Trust.DOUBTFUL) for _, start, trust in rows)


async def test_equal_titles_both_load_and_are_told_apart_by_their_source(database: Database, tmp_path: Path) -> None:
    files = {f"{source}/same.md": page("Same title", "Words.", source=source) for source in ("one", "two")}
    library = Library(database)
    await Curator(database, [write_corpus(tmp_path / "corpus", files)], library.refresh).reload()
    assert [(topic.title, topic.note) for topic in library.complete_topics("same")] == [
        ("Same title", "one"),
        ("Same title", "two"),
    ]


async def test_links_to_oneself_in_circles_and_to_nowhere_load(database: Database, tmp_path: Path) -> None:
    files = {
        "a.md": "# A page\n\nSee [[A page]], [[b page]] and [[nowhere]].\n",
        "b.md": "# B page\n\nSee [[a_page]].\n",
    }
    library = Library(database)
    report = await Curator(database, [write_corpus(tmp_path / "corpus", files)], library.refresh).reload()
    assert dict(report.counts)["dead-link"] == 1
    answer = await library.topic("a page")
    assert not isinstance(answer, Miss)
    assert [topic.title for topic in answer.related] == ["B page", "Nowhere"]


async def test_a_link_target_that_gets_a_page_is_no_finding_any_more(curator: Curator, corpus_folder: Path) -> None:
    before = dict((await curator.check()).counts)["dead-link"]
    write_corpus(corpus_folder, {"automation.md": "# Automation\n\nMachines keep the light.\n"})
    assert dict((await curator.reload()).counts)["dead-link"] == before - 1


@pytest.mark.parametrize(
    "text",
    [
        "[[" * 20_000,
        "<a " * 20_000,
        "> " * 10_000 + "x",
        "- " * 10_000 + "x",
        "[a" * 10_000 + "](" * 10_000,
        "*" * 40_000,
    ],
    ids=["open wikilinks", "open anchors", "deep quotes", "deep lists", "open links", "stars"],
)
async def test_markup_that_never_ends_loads_or_is_rejected(text: str, database: Database, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"deep.md": f"{page('Deep', text)}"})
    report = await Curator(database, [corpus_folder], Library(database).refresh).reload()
    assert len(report.added) + len(report.rejected) == len(PAGES) + 1


async def test_a_reload_that_would_lose_most_documents_is_refused_unless_forced(
    curator: Curator, database: Database, corpus_folder: Path
) -> None:
    before = await dump(database.corpus)
    for name in ("bees.md", "lights.md", "tides.md"):
        (corpus_folder / name).unlink()
    with pytest.raises(ReloadRefused, match="3 of 4 documents would vanish, so nothing was changed"):
        await curator.reload()
    assert await dump(database.corpus) == before
    assert (await curator.reload(force=True)).documents == 1


async def test_one_of_two_documents_may_go(database: Database, tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", many_pages(2))
    curator = Curator(database, [folder], Library(database).refresh)
    await curator.reload()
    (folder / "p0000.md").unlink()
    assert (await curator.reload()).documents == 1


async def test_a_folder_that_is_empty_all_at_once_is_refused_even_for_one_document(
    database: Database, tmp_path: Path
) -> None:
    folder = write_corpus(tmp_path / "corpus", many_pages(1))
    curator = Curator(database, [folder], Library(database).refresh)
    await curator.reload()
    (folder / "p0000.md").unlink()
    with pytest.raises(ReloadRefused, match="1 of 1 documents would vanish"):
        await curator.reload()


async def test_a_missing_folder_is_refused_by_name(database: Database, tmp_path: Path) -> None:
    curator = Curator(database, [tmp_path / "nowhere"], Library(database).refresh)
    with pytest.raises(ReloadRefused, match=f"not found, .*: {tmp_path / 'nowhere'}.*CORPUS_DIRS"):
        await curator.reload()


async def test_of_two_reloads_at_once_one_runs_and_the_other_is_told_so(
    database: Database, corpus_folder: Path
) -> None:
    curator = Curator(database, [corpus_folder], Library(database).refresh)
    first, second = await asyncio.gather(curator.reload(), curator.reload(), return_exceptions=True)
    assert isinstance(first, ReloadReport)
    assert isinstance(second, ReloadBusy)
    assert (await curator.reload()).parsed == 0


async def test_no_reload_begins_before_the_texts_of_the_last_one_are_tidied_up(
    curator: Curator, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    begun: list[BaseException | None] = []

    def prune(history: History, current: int) -> None:  # takes what no manifest names: also what a reload has just read
        begun.append(asyncio.run_coroutine_threadsafe(curator.reload(), loop).exception(30))

    monkeypatch.setattr(History, "prune", prune)
    write_corpus(corpus_folder, {"new.md": "# New\n\nA dirigible.\n"})
    await curator.reload()
    assert [type(error) for error in begun] == [ReloadBusy]


async def test_members_are_answered_from_the_old_corpus_while_a_reload_runs(
    curator: Curator, library: Library, corpus_folder: Path
) -> None:
    (corpus_folder / "lights.md").unlink()
    answers: list[bool] = []

    async def ask(_: str) -> None:
        answers.append(isinstance(await library.moments("Fresnel lens"), Miss))

    await curator.reload(force=True, progress=ask)
    assert answers
    assert not any(answers)
    assert isinstance(await library.moments("Fresnel lens"), Miss)


class Broken(Exception):
    """Stands for anything that can go wrong in the middle."""


async def test_once_members_are_answered_a_core_is_left_to_that(
    database: Database, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curator = Curator(database, [corpus_folder], Library(database).refresh)
    spared: list[int] = []

    class Noted(Workers):
        def __init__(self, preload: Sequence[str] = (), *, spare: int = 0) -> None:
            spared.append(spare)
            super().__init__(preload, spare=spare)

    monkeypatch.setattr("bot.curation.reloading.Workers", Noted)
    await curator.reload()
    (corpus_folder / "more.md").write_text("# More\n\nWords.\n")
    await curator.check()
    await curator.reload()
    assert spared == [0, 1, 1]


@pytest.mark.parametrize("error", [Broken, asyncio.CancelledError])
async def test_a_reload_that_ends_in_the_middle_changes_nothing_and_the_next_one_runs(
    error: type[BaseException], curator: Curator, database: Database, corpus_folder: Path
) -> None:
    before = await dump(database.corpus)
    write_corpus(corpus_folder, many_pages(40))

    async def fail(_: str) -> None:
        raise error

    with pytest.raises(error):
        await curator.reload(progress=fail)
    assert await dump(database.corpus) == before
    assert len((await curator.reload()).added) == 40
    await check_index(database.corpus)


async def test_a_disk_that_is_full_fails_the_reload_and_the_old_corpus_serves(
    curator: Curator, library: Library, database: Database, corpus_folder: Path
) -> None:
    before = await dump(database.corpus)
    write_corpus(corpus_folder, many_pages(200))
    assert database.corpus._writer is not None
    await database.corpus._writer.execute_fetchall("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match=r"full.*nothing was changed"):
        await curator.reload()
    assert await dump(database.corpus) == before
    assert not isinstance(await library.moments("Fresnel lens"), Miss)


async def test_a_take_over_that_fails_is_made_up_for_by_the_next_reload(
    database: Database, corpus_folder: Path
) -> None:
    library = Library(database)
    failures = [StoreError("no")]

    async def refresh() -> None:
        if failures:
            raise failures.pop()
        await library.refresh()

    curator = Curator(database, [corpus_folder], refresh)
    with pytest.raises(StoreError):
        await curator.reload()
    assert not (await curator.reload()).is_change
    assert len(library.catalogue.documents) == len(PAGES)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.curation import Curator
from bot.store.database import Writer, open_database

left = int(sys.argv[3])

def killing(method):
    async def counted(self, *arguments):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return await method(self, *arguments)
    return counted

async def nothing(): pass

async def main():
    async with open_database(Path(sys.argv[1])) as database:
        for name in ("execute", "many", "fetch"):
            setattr(Writer, name, killing(getattr(Writer, name)))
        await Curator(database, [Path(sys.argv[2])], nothing).reload()

asyncio.run(main())
"""


async def statements(database: Database, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many statements a reload would run."""
    count = 0

    def counting(method: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            nonlocal count
            count += 1
            return method(*arguments)

        return counted

    with monkeypatch.context() as patched:
        for name in ("execute", "many", "fetch"):
            patched.setattr(Writer, name, counting(getattr(Writer, name)))
        await Curator(database, [corpus], Library(database).refresh).check()
    return count


async def test_kill_9_during_a_reload_leaves_the_old_corpus_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, data = write_corpus(tmp_path / "corpus", many_pages(60)), tmp_path / "data"
    async with open_database(data) as database:
        await Curator(database, [corpus], Library(database).refresh).reload()
        before = await dump(database.corpus)
        write_corpus(corpus, {name: text.replace("Words", "New words") for name, text in many_pages(90).items()})
        total = await statements(database, corpus, monkeypatch)
    for kill_at in sorted(random.Random(SEED).sample(range(2, total), 4)):
        command = [sys.executable, "-c", KILLED, str(data), str(corpus), str(kill_at)]
        child = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: ASYNC221
        assert child.returncode == -signal.SIGKILL
        async with open_database(data) as database:
            async with database.corpus.read(limit=30) as reader:
                assert [tuple(row) for row in await reader.fetch("PRAGMA integrity_check")] == [("ok",)]
            assert await dump(database.corpus) == before
    assert not list(data.glob("*.aside"))
    async with open_database(data) as database:
        report = await Curator(database, [corpus], Library(database).refresh).reload()
        assert (len(report.added), len(report.changed)) == (30, 60)
        await check_index(database.corpus)


@pytest.mark.parametrize("parameters", [1, writing._MAX_PARAMETERS])
async def test_after_any_edits_the_corpus_says_what_a_fresh_load_says(
    parameters: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_MAX_PARAMETERS", parameters)  # how many ids one statement takes
    chance = random.Random(SEED + parameters)
    files = {**PAGES, **many_pages(9)}
    folder = write_corpus(tmp_path / "corpus", files)
    async with open_database(tmp_path / "data") as database:
        curator = Curator(database, [folder], Library(database).refresh)
        for step in range(12):
            edit(folder, files, chance, step)
            await curator.reload(force=True)
            await check_index(database.corpus)
        edited = await dump(database.corpus)
    async with open_database(tmp_path / "fresh") as database:
        await Curator(database, [folder], Library(database).refresh).reload()
        assert await dump(database.corpus) == edited


def edit(folder: Path, files: dict[str, str], chance: random.Random, step: int) -> None:
    """Delete, bring back and rewrite a few files."""
    for name in chance.sample(sorted(files), 4):
        path = folder / name
        match chance.choice(("delete", "write", "change")):
            case "delete":
                path.unlink(missing_ok=True)
            case "write":
                path.write_text(files[name], "utf-8")
            case _:
                path.write_text(
                    f"{files[name]}\nStep {step} {anchor(f'00:0{chance.randrange(8)}:{step:02}')}.\n", "utf-8"
                )


async def test_findings_go_with_the_file_that_had_them(curator: Curator, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"odd.md": page("Odd", "Words.", published="never"), "gone.md": ""})
    assert {"date", "empty"} <= codes(await curator.reload())
    write_corpus(corpus_folder, {"odd.md": page("Odd", "Words.")})
    (corpus_folder / "gone.md").unlink()
    assert codes(await curator.reload()).isdisjoint({"date", "empty"})


async def test_progress_is_told_in_words(database: Database, corpus_folder: Path) -> None:
    lines: list[str] = []

    async def note(line: str) -> None:
        lines.append(line)

    await Curator(database, [corpus_folder], Library(database).refresh).reload(progress=note)
    assert lines == ["Reading: 4 of 4 files", "Checking times: 2 of 2 videos"]


async def test_a_link_that_is_led_elsewhere_is_the_same_folder_with_newer_files(
    database: Database, tmp_path: Path
) -> None:
    write_corpus(tmp_path / "v1", {"a.md": "# A\n\nOld words.\n"})
    write_corpus(tmp_path / "v2", {"a.md": "# A\n\nNewer words.\n"})
    (tmp_path / "current").symlink_to("v1")
    curator = Curator(database, [tmp_path / "current"], Library(database).refresh)
    assert (await curator.reload()).added == ("current/a.md",)
    (tmp_path / "next").symlink_to("v2")
    (tmp_path / "next").replace(tmp_path / "current")
    report = await curator.reload()
    assert (report.added, report.changed, report.removed) == ((), ("current/a.md",), ())


async def test_folders_of_one_name_are_told_apart_and_one_in_another_is_read_once(
    database: Database, tmp_path: Path
) -> None:
    for parent in ("one", "two"):
        write_corpus(tmp_path / parent / "notes", {"a.md": f"# Notes of {parent}\n\nWords.\n"})
    folders: Sequence[Path] = [tmp_path / "one" / "notes", tmp_path / "two" / "notes", tmp_path / "two"]
    report = await Curator(database, folders, Library(database).refresh).reload()
    assert len(report.added) == 2
