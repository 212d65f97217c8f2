"""Whom the preview answers: pages of its own, asked for by its own address. Goes by a request's headers alone.

Against other people's pages in the same browser: the Host header is checked (a name that was pointed at this machine is
none of ours), and what is posted needs the page's own origin and the token that only the page was given.
"""

from __future__ import annotations

import secrets

from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler, Middleware

from bot.operation.hosts import host_of, is_known, is_loopback

TOKEN_HEADER = "X-Cuepoint-Token"
PICTURES = "https://i.ytimg.com"
PLAYER = "https://www.youtube-nocookie.com"
_FORWARDED = ("forwarded", "via", "x-real-ip", "x-forwarded-")  # how the names of headers begin that proxies add


def headers(*, videos: bool) -> dict[str, str]:
    """What goes with every response. Nothing comes from outside but, with `videos`, YouTube's pictures and player."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' {PICTURES}" if videos else "'self'",
        "connect-src": "'self'",
        "frame-src": PLAYER if videos else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }


def is_local(request: web.Request) -> bool:
    """Whether a request comes from this machine, and through nothing that speaks for others, as far as that shows.

    A proxy need not say that it is one: nginx by its defaults sends the Host that it was told to ask, and no header of
    its own. Before 1.29.7 it is known by HTTP/1.0, which no browser speaks; later ones cannot be told from a browser.
    """
    if request.version < HttpVersion11 or any(name.lower().startswith(_FORWARDED) for name in request.headers):
        return False
    return is_loopback(request.remote or "") and is_loopback(host_of(request.host))


def guarded(bound: str, token: str) -> Middleware:
    """Refuse what no page of ours would send."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_known(host_of(request.host), bound):
            raise web.HTTPForbidden(text="Open the preview by its own address, such as http://127.0.0.1:8080.")
        if request.method not in ("GET", "HEAD") and not _is_own(request, token):
            raise web.HTTPForbidden(text="This request does not come from the preview's page. Load the page again.")
        return await handler(request)

    return guard


def _is_own(request: web.Request, token: str) -> bool:
    given = request.headers.get(TOKEN_HEADER, "").encode("utf-8", "replace")
    origin = request.headers.get("Origin", "")
    return (
        secrets.compare_digest(given, token.encode())
        and origin.partition("://")[2] == request.host
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        and request.content_type == "application/json"
    )
