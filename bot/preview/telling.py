"""How far long work is, sent ahead of its answer: a line of JSON each, then the answer as the last. Runs nothing."""

from __future__ import annotations

import json
import time

from aiohttp import web

from bot.preview.crossing import Json

BETWEEN = 0.25  # seconds before the first line, and from one to the next
TYPE = "application/x-ndjson"


class Telling:
    """Called with a line; sends it if the last one was sent a while ago. Without any, the answer is plain JSON.

    Whoever asked may go at any time: the work goes on, and nothing more is sent.
    """

    def __init__(self, request: web.Request) -> None:
        self._request = request
        self._response: web.StreamResponse | None = None
        self._told_at = time.monotonic()
        self._is_alone = False

    async def __call__(self, line: str) -> None:
        now = time.monotonic()
        if now - self._told_at < BETWEEN:
            return
        self._told_at = now
        if self._response is None:
            self._response = web.StreamResponse(headers={"Content-Type": TYPE})
        await self._send(self._response, {"progress": line})

    async def answer(self, answer: object) -> web.StreamResponse:
        """The response that ends with the answer."""
        if self._response is None:
            return web.json_response(answer)
        await self._send(self._response, {"answer": answer})
        return self._response

    async def _send(self, response: web.StreamResponse, line: Json) -> None:
        if self._is_alone:
            return
        try:
            if not response.prepared:
                await response.prepare(self._request)
            await response.write(json.dumps(line).encode() + b"\n")
        except ConnectionError:
            self._is_alone = True
