"""The audit: who did what, with what outcome, whatever happens."""

from __future__ import annotations

import asyncio

import pytest

from bot.curation.audit import Audit
from bot.errors import NotAllowed, ReloadRefused, StoreError
from bot.models import AuditEntry, Outcome
from bot.store import audit
from bot.store.database import Database


async def entries(database: Database) -> list[tuple[int, str, str, Outcome, str]]:
    return [
        (entry.who, entry.action, entry.subject, entry.outcome, entry.note)
        for entry in await audit.entries(database.state)
    ]


async def test_an_action_is_noted_with_its_outcome(database: Database) -> None:
    async with Audit(database.state).acting(7, "upload", "x.md") as act:
        assert await entries(database) == [(7, "upload", "x.md", Outcome.OPEN, "")]
        act.note = "+ 1"
    assert await entries(database) == [(7, "upload", "x.md", Outcome.DONE, "+ 1")]


@pytest.mark.parametrize(
    ("error", "outcome", "note"),
    [
        (ReloadRefused("too much"), Outcome.REFUSED, "too much"),
        (StoreError("disk full"), Outcome.FAILED, "disk full"),
        (ValueError("a secret"), Outcome.FAILED, "ValueError"),
        (asyncio.CancelledError(), Outcome.FAILED, "CancelledError"),
    ],
)
async def test_what_goes_wrong_is_its_outcome_and_raised(
    error: BaseException, outcome: Outcome, note: str, database: Database
) -> None:
    with pytest.raises(type(error)):
        async with Audit(database.state).acting(7, "reload"):
            raise error
    assert await entries(database) == [(7, "reload", "", outcome, note)]


async def test_without_a_note_nothing_is_done_and_a_refusal_is_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise StoreError("state.db could not be written")

    monkeypatch.setattr("bot.store.audit.begin", fail)
    with pytest.raises(StoreError):
        async with Audit(database.state).acting(7, "reload"):
            pytest.fail("done without a note")
    await Audit(database.state).refused(77_665_544, "corpus reload", NotAllowed("no"))
    assert "could not be noted" in caplog.text
    assert "77665544" not in caplog.text


async def test_what_a_stop_cut_off_is_closed_at_the_next_start(database: Database) -> None:
    for done, outcome in ((False, Outcome.FAILED), (True, Outcome.DONE)):
        await audit.begin(database.state, 7, "reload", "")
        await Audit(database.state).close_open(done=done)
        assert (await audit.entries(database.state))[0].outcome is outcome


async def test_the_listener_is_told_of_each_end(database: Database) -> None:
    told: list[AuditEntry] = []

    async def listen(entry: AuditEntry) -> None:
        told.append(entry)

    noted = Audit(database.state)
    noted.listener = listen
    async with noted.acting(7, "reload"):
        assert told == []
    await noted.refused(8, "corpus reload", NotAllowed("no"))
    assert [(entry.who, entry.outcome) for entry in told] == [(7, Outcome.DONE), (8, Outcome.REFUSED)]


async def test_the_last_change_is_the_last_that_was_done(database: Database) -> None:
    noted = Audit(database.state)
    assert await noted.last_change() is None
    for who, action in ((7, "upload"), (8, "export")):
        async with noted.acting(who, action):
            pass
    last = await noted.last_change()
    assert last is not None
    assert (last.who, last.action) == (7, "upload")


async def test_only_the_last_entries_are_kept(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "KEPT", 3)
    for who in range(6):
        await audit.begin(database.state, who, "reload", "")
    assert [entry[0] for entry in await entries(database)] == [5, 4, 3]


async def test_refusals_push_out_older_refusals_only(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "KEPT_REFUSED", 2)
    noted = Audit(database.state)
    async with noted.acting(7, "undo"):
        pass
    for who in range(10, 20):
        await noted.refused(who, "reload", NotAllowed("Only moderators."))
    async with noted.acting(8, "reload"):
        pass
    assert [entry.who for entry in await audit.entries(database.state)] == [8, 19, 18, 7]
