"""Serving the REST API: reading requests, finding the route, faults on demand, and the record of it all."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import hdrs, web

from .basics import Json, now
from .constants import Code
from .errors import ApiError
from .faults import Fault
from .messages import Messages
from .openapi import OpenApi
from .ratelimits import RateLimits
from .rest_application import ROUTES as APPLICATION_ROUTES
from .rest_channels import ROUTES as CHANNEL_ROUTES
from .rest_interactions import ROUTES as INTERACTION_ROUTES
from .routes import Answer, Call, Route
from .world import File, RequestRecord

API_PREFIX = re.compile(r"^/api(?:/v\d+)?")
ROUTES: tuple[Route, ...] = (*INTERACTION_ROUTES, *APPLICATION_ROUTES, *CHANNEL_ROUTES)
NO_AUTHORIZATION = ("/interactions/", "/webhooks/")
UNAUTHORIZED, FORBIDDEN, TOO_MANY_REQUESTS = 401, 403, 429
FORM_CODES = frozenset({Code.INVALID_FORM, Code.EMPTY_MESSAGE, Code.TOO_MANY_COMMANDS})


def _response(answer: Answer) -> web.Response:
    headers = {"Via": "1.1 google", "Server": "cloudflare", **answer.headers}
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    # discord.py compares the header to exactly "application/json": no charset here.
    text = json.dumps(answer.body, ensure_ascii=False).encode()
    return web.Response(status=answer.status, body=text, content_type="application/json", headers=headers)


def _rate_limited(error: ApiError) -> Json:
    return {
        "message": error.message,
        "retry_after": float(error.headers["Retry-After"]),
        "global": "X-RateLimit-Global" in error.headers,
    }


async def _read(request: web.Request) -> tuple[Any, dict[str, File]]:
    """The JSON body (None where there is none) and the uploaded files of a request."""
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        try:
            return (json.loads(raw) if raw else None), {}
        except ValueError:
            raise ApiError(400, Code.INVALID_JSON, "The request body contains invalid JSON.") from None
    body: Any = {}
    files: dict[str, File] = {}
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files[name] = File(part.filename, part.file.read(), part.content_type)
        elif name == "payload_json":
            body = json.loads(part)
    return body, files


class Rest(Messages):
    """The world and its messages, served over HTTP to the bot."""

    token: str | None = None
    """The only bot token that is good; None: any."""
    token_ttl = 900.0
    """Seconds that the token of an interaction lives."""
    openapi: OpenApi | None = None

    def __init__(self) -> None:
        super().__init__()
        self.limits = RateLimits()
        self.faults: list[Fault] = []

    def fault(self, path: str, **what: Any) -> Fault:
        """Make trouble for the requests whose path (without /api/v10) the regular expression `path` finds.

        Keywords are the other fields of `Fault`, where each is explained.
        """
        fault = Fault(re.compile(path), **what)
        self.faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        self.faults.clear()

    async def serve_rest(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, faulty or not, and record it."""
        received = now()
        method, path = request.method, API_PREFIX.sub("", request.path)
        fault = next((f for f in self.faults if f.take(method, path)), None)
        body: Any = None
        try:
            body, files = await _read(request)
            if fault and fault.delay:
                await asyncio.sleep(fault.delay)
                received = now()
            if fault and fault.breaks and not fault.after:
                return self._trouble(request, fault, path)
            call = Call(method, path, request.query, body, files, received)
            answer = self._answer(call, request.headers)
            if fault and fault.breaks:
                return self._trouble(request, fault, path)
        except ApiError as error:
            answer = Answer(error.status, error.body(), error.headers)
            if error.status == TOO_MANY_REQUESTS:
                answer = Answer(error.status, _rate_limited(error), error.headers)
            elif error.status not in (UNAUTHORIZED, FORBIDDEN):
                self.violate("limit" if error.code in FORM_CODES else "protocol", method, path, str(error), body)
        self._record(method, path, answer.status, received, body, answer.body)
        return _response(answer)

    def _record(self, method: str, path: str, status: int, received: float, body: Any, response: Any) -> None:
        ms = (now() - received) * 1000
        self.requests.append(RequestRecord(received, method, path, status, ms, body, response))
        self.poke()

    def _trouble(self, request: web.Request, fault: Fault, path: str) -> web.StreamResponse:
        self._record(request.method, path, fault.status or 0, now(), None, "fault")
        if fault.drop and request.transport is not None:
            request.transport.abort()
        response = _response(fault.answer())
        if not fault.via:
            response.headers.popall(hdrs.VIA)
        return response

    def _answer(self, call: Call, headers: Mapping[str, str]) -> Answer:
        if not call.path.startswith(NO_AUTHORIZATION) and call.path != "/gateway":
            self._authorize(headers.get("Authorization", ""))
        for route in ROUTES:
            match = route.pattern.match(call.path)
            if match and route.method == call.method:
                if self.openapi and (bad := self.openapi.check_request(call.method, call.path, call.body)):
                    self.violate("openapi", call.method, call.path, bad, call.body)
                return route.handler(self, call.at(match.groups()))
        self.unhandled.append(f"{call.method} {call.path}")
        raise ApiError(404, Code.GENERAL, "404: Not Found (not implemented by this fake)")

    def _authorize(self, header: str) -> None:
        scheme, _, token = header.partition(" ")
        if scheme != "Bot" or not token or self.token not in (None, token):
            raise ApiError(401, Code.GENERAL, "401: Unauthorized")
        self.limits.take_global()
