"""History: texts by hash, manifests, and what is forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.corpus.reading import hash_of
from bot.curation.history import KEPT, History, Manifest, Text


def kept(history: History, words: str) -> Text:
    data = words.encode()
    history.keep(data)
    return Text(hash_of(data).hex(), len(data), 1)


def test_a_text_comes_back_and_a_damaged_one_does_not(tmp_path: Path) -> None:
    history = History(tmp_path)
    text = kept(history, "words")
    assert history.text(text.hash) == b"words"
    history.location(text.hash).write_bytes(b"other")
    assert history.text(text.hash) is None
    assert history.text("0" * 32) is None


def test_a_text_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    history = History(tmp_path)
    text = kept(history, "words")
    history.location(text.hash).write_bytes(b"")
    kept(history, "words")
    assert history.text(text.hash) == b"words"


def test_a_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    history = History(tmp_path)
    manifest = Manifest(3, 1, {"a/é.md": kept(history, "words")})
    history.write(manifest)
    assert history.manifest(3) == manifest
    assert history.manifest(4) is None


@pytest.mark.parametrize(
    "data",
    [
        "",
        "[]",
        "{",
        '{"origin": 1}',
        '{"origin": 1, "texts": {"a": [1]}}',
        '{"origin": 1, "texts": {"a": "abc"}}',
        '{"origin": 1, "texts": {"a": ["00", "1", 2]}}',
    ],
)
def test_a_damaged_manifest_is_none(data: str, tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(data)
    assert History(tmp_path).manifest(1) is None


def test_the_last_generations_and_their_texts_are_kept_and_no_others(tmp_path: Path) -> None:
    history = History(tmp_path)
    texts = [kept(history, f"words {number}") for number in range(KEPT + 3)]
    for number, text in enumerate(texts, start=1):
        history.write(Manifest(number, number, {"a.md": text}))
    history.prune(len(texts))
    assert history.generations() == list(range(len(texts), len(texts) - KEPT, -1))
    assert [history.text(text.hash) is None for text in texts] == [True] * 3 + [False] * KEPT


def test_what_an_undo_went_back_to_is_kept_beside_them(tmp_path: Path) -> None:
    history = History(tmp_path)
    for number in range(1, KEPT + 1):
        history.write(Manifest(number, number, {"a.md": kept(history, f"words {number}")}))
    history.write(Manifest(KEPT + 1, 1, {"a.md": kept(history, "words 1")}))
    history.prune(KEPT + 1)
    assert len(history.generations()) == KEPT + 1


def test_what_an_undo_went_back_to_stays_while_what_it_undid_does(tmp_path: Path) -> None:
    history = History(tmp_path)
    origins = {1: 1, 2: 2, 3: 1, **{number: number for number in range(4, KEPT + 5)}}
    for number, origin in origins.items():
        history.write(Manifest(number, origin, {"a.md": kept(history, f"words {origin}")}))
        history.prune(number)
        assert (3 in history.generations()) is (3 <= number < KEPT + 3)


def test_the_corpus_before_is_the_newest_with_other_texts(tmp_path: Path) -> None:
    history = History(tmp_path)
    one, two = kept(history, "one"), kept(history, "two")
    for number, text in ((1, one), (2, two), (3, two)):
        history.write(Manifest(number, number, {"a.md": text}))
    assert history.before(3) == history.manifest(1)
    assert history.before(1) is None
    assert history.before(9) is None
