"""A client that closes: what is on its way goes out, and what is cut off has ended before state.db is closed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from bot.curation.audit import Audit
from bot.gateway import client
from bot.gateway.client import Bot
from bot.models import AuditEntry, Outcome
from bot.store.database import Store
from tests.gateway.stand_in import desk

ENTRY = AuditEntry(1, 0, 0, "reload", "", Outcome.DONE)


def posting(state: Store) -> tuple[Bot, Audit]:
    """A bot with an audit channel, and what tells it of actions once it is set up."""
    audit = Audit(state)
    curator: Any = SimpleNamespace(audit=audit)
    return Bot(replace(desk(state), audit_channel=1, curator=curator)), audit


async def test_audit_posts_go_out_and_cut_off_work_has_ended(state: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    begun = asyncio.Event()

    async def post(*_: object) -> None:
        await asyncio.sleep(0.05)
        done.append("posted")

    async def register(*_: object) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)  # as a write that is rolled back
            done.append("rolled back")

    monkeypatch.setattr(client, "post", post)
    monkeypatch.setattr(client, "sync_members", register)
    bot, audit = posting(state)
    await bot.setup_hook()
    await begun.wait()
    assert audit.listener is not None
    await audit.listener(ENTRY)
    await bot.close()
    assert done == ["posted", "rolled back"]


async def test_a_post_that_never_ends_holds_no_stop_up(state: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []

    async def post(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    monkeypatch.setattr(client, "post", post)
    monkeypatch.setattr(client, "POST_WITHIN", 0.01)
    bot, audit = posting(state)
    await bot.setup_hook()
    assert audit.listener is not None
    await audit.listener(ENTRY)
    await asyncio.sleep(0)
    await bot.close()
    assert ended == ["cancelled"]
