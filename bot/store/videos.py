"""corpus.db: what is known of videos, and the lists of their lengths. All inside a reload's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.models import LengthOrigin, VideoFacts
from bot.store.database import Writer


async def cited_videos(writer: Writer) -> dict[str, int | None]:
    """Every video that a page cites, with the longest length that its pages state, in seconds."""
    rows = await writer.fetch("SELECT video, max(stated_duration) FROM document WHERE video != '' GROUP BY video")
    return {row[0]: row[1] for row in rows}


async def listed_lengths(writer: Writer) -> dict[str, dict[str, int]]:
    """The lengths in seconds by video, by the path of the list, in the order of paths."""
    lists: dict[str, dict[str, int]] = defaultdict(dict)
    for path, video, seconds in await writer.fetch("SELECT path, video, seconds FROM listed_length ORDER BY path"):
        lists[path][video] = seconds
    return lists


async def replace_list(writer: Writer, path: str, lengths: Mapping[str, int]) -> None:
    """Keep what a list says now; with no lengths, forget it."""
    await writer.execute("DELETE FROM listed_length WHERE path = ?", (path,))
    rows = [(path, video, seconds) for video, seconds in lengths.items()]
    await writer.many("INSERT INTO listed_length VALUES (?, ?, ?)", rows)


async def known_videos(writer: Writer) -> dict[str, VideoFacts]:
    """What the last reload knew of each video."""
    rows = await writer.fetch("SELECT id, title, channel, published, seconds, origin FROM video")
    return {
        row[0]: VideoFacts(row[1], row[2], row[3], row[4], LengthOrigin(row[5]) if row[5] else None) for row in rows
    }


async def know_videos(writer: Writer, facts: Mapping[str, VideoFacts | None]) -> None:
    """Keep what is known of these videos; None forgets one."""
    rows = [
        (video, known.title, known.channel, known.published, known.seconds, known.origin and known.origin.value)
        for video, known in facts.items()
        if known is not None
    ]
    await writer.many("INSERT OR REPLACE INTO video VALUES (?, ?, ?, ?, ?, ?)", rows)
    await writer.many("DELETE FROM video WHERE id = ?", [(video,) for video, known in facts.items() if known is None])


async def complete_pages(writer: Writer, videos: Iterable[str]) -> None:
    """Give the pages on these videos the channel and date that they do not state, and the video's length."""
    await writer.many(
        "UPDATE document SET (source, published, duration) = ("
        " SELECT coalesce(nullif(stated_source, ''), max(channel), ''),"
        " coalesce(nullif(stated_published, ''), max(video.published), ''), coalesce(max(seconds), stated_duration)"
        " FROM video WHERE video.id = document.video)"
        " WHERE document.video = ? AND document.video != ''",  # as the index on videos says
        [(video,) for video in videos],
    )
