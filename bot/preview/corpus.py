"""What the corpus page asks, as JSON: what is loaded, findings, search explained, timelines, links. Only reads.

What moderators alone see in Discord (findings, paths, why a time was not believed) is given only where one may be a
moderator here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter

from aiohttp import web

from bot.commands.actions import custom_id
from bot.commands.declare import MAX_QUERY
from bot.curation import Curator
from bot.errors import CuepointError
from bot.library.inspecting import ExplainedAnswer, Inspector
from bot.library.surveying import VideoOrder
from bot.library.tracing import Mark, Track, VideoAnswer
from bot.models import Finding, SearchResult, Severity
from bot.preview.crossing import Json
from bot.preview.quoting import Text
from bot.render import verbs
from bot.render.corpus import code_name
from bot.render.remedies import remedy
from bot.search.scoring import Parts

_MAX_OFFSET = 10_000_000
_MAX_PATH = 4_000  # code points of a path that is looked up
_WORDS = 280  # code points of a moment's words
_SHOWN = 700  # of a passage that was found: all of nearly every one

Answer = Callable[[web.Request], Awaitable[Json]]


class CorpusDesk:
    """Answers the corpus page. `closed` says why whoever asks sees no findings; empty where they do."""

    def __init__(
        self, inspector: Inspector, curator: Curator, closed: Callable[[web.Request], str], *, plays: bool
    ) -> None:
        self._inspector = inspector
        self._curator = curator
        self._closed = closed
        self._plays = plays

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Its addresses."""
        for name, answer in (
            ("summary", self.summary),
            ("files", self.files),
            ("findings", self.findings),
            ("search", self.search),
            ("videos", self.videos),
            ("video", self.video),
            ("links", self.links),
        ):
            router.add_get(f"/api/corpus/{name}", _got(answer))

    async def summary(self, request: web.Request) -> Json:
        """What is loaded, by source."""
        found = await self._inspector.summary()
        closed = self._closed(request)
        return {
            **asdict(found),
            "kinds": [] if closed else _kinds((await self._inspector.files()).kinds),
            "closed": closed,
            "plays": self._plays,
        }

    async def files(self, request: web.Request) -> Json:
        """The files with findings."""
        self._for_moderators(request)
        found = await self._inspector.files(
            code=_text(request, "code"),
            severity=_choice(request, "severity", ("", *Severity)),
            words=_text(request, "words"),
            offset=_offset(request),
        )
        files = [
            {
                "path": one.path,
                "key": one.key,
                "severity": one.severity,
                "total": one.total,
                "counts": [{"code": code, "name": code_name(code), "count": count} for code, count in one.counts],
            }
            for one in found.files
        ]
        return {
            "files": files,
            "total": found.files_total,
            "findings": found.findings_total,
            "offset": found.offset,
            "kinds": _kinds(found.kinds),
        }

    async def findings(self, request: web.Request) -> Json:
        """What is wrong in one file, with the lines in question."""
        self._for_moderators(request)
        path = _text(request, "path", _MAX_PATH)
        found = await self._inspector.findings(
            path,
            code=_text(request, "code"),
            severity=_choice(request, "severity", ("", *Severity)),
            offset=_offset(request),
        )
        loaded = await self._curator.loaded_text(path)
        text = await asyncio.to_thread(Text, loaded[0]) if loaded else None
        return {
            "path": found.path,
            "video": found.video,
            "lines": [_line(line, list(those), text) for line, those in groupby(found.findings, attrgetter("line"))],
            "total": found.total,
            "offset": found.offset,
            "changed": loaded is not None and loaded[1],
        }

    async def search(self, request: web.Request) -> Json:
        """What `/search` finds, and what each score is made of."""
        found = await self._inspector.search(
            _text(request, "q"),
            source=_text(request, "source"),
            offset=_offset(request),
            literal=_text(request, "literal") == "yes",
        )
        return _explained(found)

    async def videos(self, request: web.Request) -> Json:
        """The videos, by how far their moments can be trusted."""
        order = VideoOrder(_choice(request, "order", ("", *VideoOrder)) or VideoOrder.WORST)
        return asdict(await self._inspector.videos(words=_text(request, "words"), order=order, offset=_offset(request)))

    async def video(self, request: web.Request) -> Json:
        """One video's timeline."""
        found = await self._inspector.video(_text(request, "id"))
        if found is None:
            raise web.HTTPNotFound(text="No page cites this video any more. Choose another from the list.")
        return _video(found, is_open=not self._closed(request))

    async def links(self, request: web.Request) -> Json:
        """A topic with its neighbours, or the most linked topics."""
        key = _text(request, "topic")
        if not key:
            return asdict(await self._inspector.link_map())
        found = await self._inspector.links(key)
        if found is None:
            raise web.HTTPNotFound(text="This topic is gone. Choose another, or start from the most linked ones.")
        return {**asdict(found), "opens": custom_id(verbs.topic(key))}

    def _for_moderators(self, request: web.Request) -> None:
        closed = self._closed(request)
        if closed:
            raise web.HTTPForbidden(text=closed)


def _got(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request))
        except CuepointError as error:
            raise web.HTTPServiceUnavailable(text=str(error)) from error

    return handle


def _text(request: web.Request, name: str, most: int = MAX_QUERY) -> str:
    return request.query.get(name, "").encode("utf-8", "replace").decode()[:most]


def _choice(request: web.Request, name: str, choices: Iterable[str]) -> str:
    given = request.query.get(name, "")
    if given not in tuple(choices):
        raise web.HTTPBadRequest(text="The page and the server do not fit. Load the page again.")
    return given


def _offset(request: web.Request) -> int:
    given = request.query.get("offset", "0")
    return min(int(given), _MAX_OFFSET) if given.isdecimal() and given.isascii() and len(given) < 20 else 0


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + "…"


def _kinds(kinds: Sequence[tuple[str, Severity, int]]) -> list[Json]:
    return [{"code": code, "name": code_name(code), "severity": severity, "count": n} for code, severity, n in kinds]


def _line(line: int, findings: Sequence[Finding], text: Text | None) -> Json:
    """A line with all that is wrong in it."""
    return {
        "line": line,
        "quoted": [asdict(one) for one in text.quote(line, [one.message for one in findings])] if text else [],
        "findings": [{**asdict(one), "name": code_name(one.code), "remedy": remedy(one.code)} for one in findings],
    }


def _explained(found: ExplainedAnswer) -> Json:
    return {
        "query": found.query,
        "repaired": found.repaired,
        "results": [_result(one, parts) for one, parts in zip(found.results, found.parts, strict=True)],
        "words": [{"word": word, "weight": weight, "passages": count} for word, weight, count in found.words],
        "passages": found.passages,
        "total": found.total,
        "offset": found.offset,
        "cut_short": found.cut_short,
        "by_meaning": found.by_meaning,
    }


def _result(one: SearchResult, parts: Parts) -> Json:
    return {
        "title": one.document.title,
        "source": one.document.source,
        "kind": one.document.kind,
        "section": one.section,
        "pieces": _pieces(_cut(one.words, _SHOWN), [span for span in one.highlights if span[1] <= _SHOWN]),
        "opens": custom_id(verbs.topic(one.document.key)),
        "score": parts.score,
        "parts": {name: getattr(parts, name) for name in ("text", "heading", "title", "covered", "together")},
        "words": [list(word) for word in parts.words],
    }


def _pieces(text: str, marked: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A text as what is marked and what is not: offsets count otherwise in a browser."""
    pieces, at = [], 0
    for start, end in marked:
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [piece for piece in (*pieces, (text[at:], False)) if piece[0]]


def _video(found: VideoAnswer, *, is_open: bool) -> Json:
    return {
        "video": found.video,
        "title": found.title,
        "seconds": found.seconds,
        "origin": found.origin,
        "is_cut": found.is_cut,
        "tracks": [_track(found.video, track, is_open=is_open) for track in found.tracks],
    }


def _track(video: str, track: Track, *, is_open: bool) -> Json:
    return {
        "key": track.key,
        "title": track.title,
        "path": track.path if is_open else "",
        "opens": custom_id(verbs.page_moments(track.key)),
        "marks": [_mark(video, mark, is_open=is_open) for mark in track.marks],
    }


def _mark(video: str, mark: Mark, *, is_open: bool) -> Json:
    return {
        "start": mark.start,
        "stated": mark.stated,
        "written": mark.written,
        "trust": mark.trust,
        "reason": mark.reason if is_open else "",
        "line": mark.line if is_open else 0,
        "words": _cut(mark.words, _WORDS),
        "opens": "" if mark.start is None else custom_id(verbs.around(video, mark.start)),
    }
