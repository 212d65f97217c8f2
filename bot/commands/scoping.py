"""Where to look: one source or one video, chosen in an option or named among the words. Looks for no words itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.declare import Choice, Context, Options, choices
from bot.corpus.parse import VIDEO_ID
from bot.corpus.words import slug
from bot.errors import InvalidRequest
from bot.search.engine import Scope
from bot.search.query import parse_query, without_scope

_IN_LINK = re.compile(r"(?:youtu\.be/|[?&]v=|/(?:embed|live|shorts)/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])")


def scoped(context: Context, text: str, *, source: str = "", video: str = "") -> tuple[str, Scope]:
    """The words to look for, and where: as the options say, else `source:` and `video:` among the words.

    Raises InvalidRequest where nothing fits.
    """
    asked = parse_query(text)
    if asked.source or asked.video:
        text = without_scope(text)
    video = chosen_video(context, video.strip() or asked.video)
    return text, Scope(video=video, source=chosen_source(context, source.strip() or asked.source))


def chosen_source(context: Context, given: str) -> str:
    """The source that was chosen, or typed without choosing. Raises InvalidRequest where nothing fits."""
    sources = context.library.catalogue.sources
    if not given or given in sources:
        return given
    same = next((name for name in sources if slug(name) == slug(given)), "")
    found = [] if same else context.library.complete_sources(given)
    if not (same or found):
        raise InvalidRequest(
            "No source in the library has that name. Start typing and choose one of the suggestions, or leave it out."
        )
    return same or found[0].title


def chosen_video(context: Context, given: str) -> str:
    """The video that was chosen, typed without choosing, or pasted as a link. Raises InvalidRequest for none."""
    videos = context.library.catalogue.videos
    if not given or (VIDEO_ID.fullmatch(given) and given in videos):
        return given
    link = _IN_LINK.search(given)
    if link and link[1] in videos:
        return link[1]
    if link:
        raise InvalidRequest("The library has no page on that video. Type a title and choose one of the suggestions.")
    found = context.library.complete_videos(given)
    if not found:
        raise InvalidRequest(
            "No video in the library has that title. Start typing and choose one of the suggestions, or leave it out."
        )
    return found[0].key


def scope_name(context: Context, scope: Scope) -> str:
    """What a reply calls where was looked; empty for the whole library."""
    video = (context.library.catalogue.video_name(scope.video) or "that video") if scope.video else ""
    return " from ".join(filter(None, (video, scope.source)))


def complete_sources(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Sources by name."""
    return choices(context.library.complete_sources(typed))


def complete_videos(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Videos by title."""
    return choices(context.library.complete_videos(typed))
