"""Fetches what YouTube says about the corpus's videos into state.db. What follows from it is for the next reload.

The API is videos.list of the YouTube Data API v3 (developers.google.com/youtube/v3/docs/videos/list): one unit of the
key's daily quota (10,000 by default) for up to 50 ids. The key travels in the query string, as that page says: no
address, and no text of a library's exception, is ever shown or logged here.
"""

from __future__ import annotations

import json
import random
import re
import time
from asyncio import sleep
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any

import aiohttp

from bot import __version__
from bot.errors import CuepointError, SettingsError
from bot.models import FetchReport, LengthOrigin, VideoFacts
from bot.store import youtube
from bot.store.database import Store

API_URL = "https://www.googleapis.com"
IDS_AT_ONCE = 50  # the API takes no more
KEPT_DAYS = 30  # then a video is asked about again: the API's terms want stored data refreshed within that time

Progress = Callable[[str], Awaitable[None]]
Json = Mapping[str, Any]

_PATH = "/youtube/v3/videos"
_TRIES = 5  # with FIRST_DELAY doubling, about half a minute for one call
_FIRST_DELAY = 1.0  # seconds
_LONGEST_DELAY = 60.0  # seconds; a longer Retry-After is not waited for
_TIMEOUT = aiohttp.ClientTimeout(total=30)
_DAY = 86_400
_MAX_TEXT = 250  # code points of a title or a channel; YouTube's own limit is 100
_DURATION = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?", re.ASCII)

# Reasons in the API's errors (developers.google.com/youtube/v3/docs/errors and cloud.google.com/apis/design/errors).
_QUOTA = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "backendError"})
_NOT_ENABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
_RESTRICTED = frozenset(
    {
        "ipRefererBlocked",
        "API_KEY_SERVICE_BLOCKED",
        "API_KEY_HTTP_REFERRER_BLOCKED",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "API_KEY_ANDROID_APP_BLOCKED",
        "API_KEY_IOS_APP_BLOCKED",
    }
)


class _Stopped(CuepointError):
    """The API gives no more for now; the message says what to do."""


async def fetch(
    state: Store,
    videos: Sequence[str],
    key: str,
    *,
    url: str = API_URL,
    progress: Progress | None = None,
    first_delay: float = _FIRST_DELAY,
) -> FetchReport:
    """Ask about those of the videos that were not asked about in the last 30 days, the longest ago first.

    Each answer of the API is kept before the next is asked for, so a run can end at any time and another goes on.
    Raises SettingsError where the API refuses the key, and StoreError; any other trouble ends the run with a report.
    `url` is where the API is, without its path; `first_delay` in seconds is waited before the first retry.
    """
    asked = await youtube.asked_at(state)
    now = int(time.time())
    due = [video for video in videos if not now - KEPT_DAYS * _DAY < asked.get(video, 0) <= now]
    due.sort(key=lambda video: asked.get(video, 0))
    done, stopped = 0, ""
    headers = {"User-Agent": f"Cuepoint/{__version__}", "Accept": "application/json"}
    async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers) as session:
        api = _Api(session, url + _PATH, key, first_delay)
        while done < len(due):
            batch = due[done : done + IDS_AT_ONCE]
            try:
                answer = await api.list(batch)
            except _Stopped as error:
                stopped = str(error)
                break
            await youtube.keep_facts(state, batch, read_answer(answer, batch))
            done += len(batch)
            if progress:
                await progress(f"Asking YouTube: {done:,} of {len(due):,} videos")
    missing = await youtube.missing_videos(state)
    return FetchReport(
        videos=len(videos),
        fetched=done,
        waiting=len(due) - done,
        missing=tuple(video for video in videos if video in missing),
        stopped=stopped,
    )


class _Api:
    """Calls to videos.list, each tried again while that may help."""

    def __init__(self, session: aiohttp.ClientSession, address: str, key: str, first_delay: float) -> None:
        self._session = session
        self._address = address
        self._key = key
        self._first_delay = first_delay

    async def list(self, videos: Sequence[str]) -> Json:
        """The API's answer about these videos. Raises _Stopped and SettingsError."""
        delay, asked_for, trouble = self._first_delay, 0.0, ""
        for attempt in range(_TRIES):
            if attempt:
                await sleep(max(asked_for, delay * random.uniform(0.5, 1)))
                delay = min(delay * 2, _LONGEST_DELAY)
            try:
                status, answer, asked_for = await self._ask(videos)
            except (aiohttp.ClientError, OSError, TimeoutError):
                trouble = "YouTube cannot be reached. Check the connection to www.googleapis.com"
                continue
            if status == 200 and ("items" in answer or "kind" in answer):
                return answer
            trouble = _trouble(status, _reasons(answer))
        raise _Stopped(f"{trouble}, then run this again: what was fetched is kept.")

    async def _ask(self, videos: Sequence[str]) -> tuple[int, Json, float]:
        """Status, body (empty where it is no JSON object), and the seconds that the API asks to wait."""
        query = {"part": "snippet,contentDetails", "id": ",".join(videos), "key": self._key}
        async with self._session.get(self._address, params=query, allow_redirects=False) as response:
            body = await response.read()
            wait = response.headers.get("Retry-After", "")
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        seconds = float(wait) if wait.isascii() and wait.isdigit() else 0.0
        return response.status, answer if isinstance(answer, dict) else {}, min(seconds, _LONGEST_DELAY)


def _reasons(answer: Json) -> frozenset[str]:
    """Every reason that an error of the API names."""
    error = answer.get("error")
    if not isinstance(error, dict):
        return frozenset()
    entries = [entry for name in ("errors", "details") if isinstance(error.get(name), list) for entry in error[name]]
    reasons = (entry.get("reason") for entry in entries if isinstance(entry, dict))
    return frozenset(reason for reason in reasons if isinstance(reason, str))


def _trouble(status: int, reasons: frozenset[str]) -> str:
    """What to wait for where a retry may help. Raises _Stopped and SettingsError where it will not."""
    if reasons & _QUOTA:
        raise _Stopped(
            "The key's quota for today is used up. Run this again tomorrow (it starts anew at midnight Pacific time): "
            "what was fetched is kept, and it goes on from there."
        )
    if status == 429 or reasons & _TOO_FAST:
        return "YouTube asks for fewer calls. Wait some minutes"
    if status >= 500:
        return f"YouTube has trouble (status {status}). Wait some minutes"
    if status in (400, 401, 403):
        raise SettingsError(f"YouTube refuses the key in YOUTUBE_API_KEY: {_why_refused(reasons)}")
    return f"What answers instead of YouTube is not its Data API (status {status}). Check the connection, and any proxy"


def _why_refused(reasons: frozenset[str]) -> str:
    if reasons & _NOT_ENABLED:
        return "the YouTube Data API v3 is not enabled in its project. Enable it in the Google Cloud console."
    if reasons & _RESTRICTED:
        return (
            "its restrictions (addresses, applications or APIs) do not let it be used here. Change them, or make one."
        )
    return "it is wrong, has expired or was deleted. Copy it again from the Google Cloud console, or make another."


def read_answer(answer: Json, asked: Sequence[str]) -> dict[str, VideoFacts]:
    """The facts in an answer by video id, of the videos that were asked about. Never raises."""
    items = answer.get("items")
    found: dict[str, VideoFacts] = {}
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("id") in asked:
            snippet, details = (_object(item.get(name)) for name in ("snippet", "contentDetails"))
            seconds = read_duration(_text(details.get("duration")))
            found[item["id"]] = VideoFacts(
                title=_text(snippet.get("title")),
                channel=_text(snippet.get("channelTitle")),
                published=_date(_text(snippet.get("publishedAt"))),
                seconds=seconds,
                origin=LengthOrigin.YOUTUBE if seconds else None,
            )
    return found


def read_duration(text: str) -> int | None:
    """Seconds from `P1DT2H3M4S`; None for nothing and for `P0D`, which a stream has that is not over."""
    match = _DURATION.fullmatch(text)
    if not match:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return days * _DAY + hours * 3600 + minutes * 60 + seconds or None


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """A text on one line, without characters that cannot be shown or kept."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:_MAX_TEXT]


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
