"""state.db: what YouTube said about videos, and when it was asked."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from bot.models import LengthOrigin, VideoFacts
from bot.store.database import Store

_READ = 10.0  # seconds: the whole table, for a reload or the command line, never for a member who waits


async def asked_at(state: Store) -> dict[str, int]:
    """When YouTube was asked about each video, in Unix time."""
    async with state.read(_READ) as reader:
        return {row[0]: row[1] for row in await reader.fetch("SELECT id, fetched_at FROM video")}


async def known_facts(state: Store) -> dict[str, VideoFacts]:
    """What YouTube said about each video that it knows."""
    async with state.read(_READ) as reader:
        rows = await reader.fetch("SELECT id, title, channel, published, seconds FROM video WHERE NOT is_missing")
    return {
        row[0]: VideoFacts(row[1], row[2], row[3], row[4], LengthOrigin.YOUTUBE if row[4] else None) for row in rows
    }


async def missing_videos(state: Store) -> set[str]:
    """The ids that YouTube does not know: removed, private or mistyped."""
    async with state.read(_READ) as reader:
        return {row[0] for row in await reader.fetch("SELECT id FROM video WHERE is_missing")}


async def keep_facts(state: Store, asked: Iterable[str], facts: Mapping[str, VideoFacts]) -> None:
    """Keep one answer: of the videos that were asked about, those without facts are missing."""
    now = int(time.time())
    rows = []
    for video in asked:
        known = facts.get(video, VideoFacts())
        rows.append((video, known.title, known.channel, known.published, known.seconds, video not in facts, now))
    async with state.write() as writer:
        await writer.many("INSERT OR REPLACE INTO video VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
