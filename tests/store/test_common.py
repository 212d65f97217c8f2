"""Words that very many passages have: counted in advance, anew when enough came or went, else asked of the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.curation import Curator
from bot.search.engine import search_passages
from bot.search.explaining import explain_passages
from bot.store import common, searching
from bot.store.common import common_words, count_common_words
from bot.store.database import Database, Reader


async def nothing() -> None: ...


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four passages are many, and two that came or went are enough to count again."""
    monkeypatch.setattr(common, "COMMON", 4)
    monkeypatch.setattr(common, "_STALE", 2)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    made.mkdir()
    (made / "a.md").write_text("# Herons\n\n" + "".join(f"Herons fish at pond {number}.\n\n" for number in range(5)))
    (made / "b.md").write_text("# Otters\n\nOtters fish.\n\nOtters sleep.\n")
    return made


async def known(database: Database) -> dict[str, tuple[int, int]]:
    async with database.corpus.read() as reader:
        return await common_words(reader)


@pytest.mark.usefixtures("few")
async def test_common_words_are_counted_with_and_without_headings_and_title(database: Database, folder: Path) -> None:
    await Curator(database, [folder], nothing).reload()
    assert await known(database) == {"at": (5, 5), "fish": (6, 6), "heron": (5, 5), "pond": (5, 5)}
    (folder / "a.md").write_text("# Herons at dawn\n\n" + "Egrets stand.\n\n" * 5)
    await Curator(database, [folder], nothing).reload()
    assert await known(database) == {
        **dict.fromkeys(("at", "dawn", "heron"), (5, 0)),
        **dict.fromkeys(("egret", "stand"), (5, 5)),
    }


@pytest.mark.usefixtures("few")
async def test_they_are_counted_again_when_enough_came_or_went(database: Database, folder: Path) -> None:
    curator = Curator(database, [folder], nothing)
    await curator.reload()
    (folder / "c.md").write_text("# Ponds\n\nHerons fish.\n")
    await curator.reload()
    assert (await known(database))["fish"] == (6, 6)
    (folder / "d.md").write_text("# Ponds\n\nHerons fish again.\n")
    await curator.reload()
    assert (await known(database))["fish"] == (8, 8)
    (folder / "c.md").unlink()
    (folder / "d.md").unlink()
    await curator.reload()
    assert (await known(database))["fish"] == (6, 6)


@pytest.mark.usefixtures("few")
async def test_only_other_words_are_counted_for_a_question(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Curator(database, [folder], nothing).reload()
    asked: list[str] = []
    count = searching.match_counts

    async def noted(reader: Reader, expressions: list[str]) -> list[int]:
        asked.extend(expressions)
        return await count(reader, expressions)

    monkeypatch.setattr(searching, "match_counts", noted)
    async with database.corpus.read() as reader:
        found = await search_passages(reader, "fishing otters")
    assert found.total == 2  # the others only have the common word
    assert {expression for expression in asked if "fish" in expression} <= {'"fishingotters"'}
    assert '"otters"' in asked


async def test_common_words_change_no_answer(database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await Curator(database, [folder], nothing).reload()
    assert await known(database) == {}
    questions = ("fish", "herons at the pond", "otters fish", '"at pond"', "fish -herons", "fihs")

    async def answers() -> list[object]:
        async with database.corpus.read() as reader:
            return [await explain_passages(reader, question) for question in questions]

    counted = await answers()
    monkeypatch.setattr(common, "COMMON", 1)
    monkeypatch.setattr(common, "_STALE", 0)
    async with database.corpus.write() as writer:
        await count_common_words(writer)
    assert len(await known(database)) > 5
    assert [str(answer) for answer in await answers()] == [str(answer) for answer in counted]
