"""Which names a server of ours is asked by. Goes by the Host header alone.

Against other people's pages in a browser that can reach us: a name that was pointed at this machine is none of ours.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware


def host_of(address: str) -> str:
    """The name or number of a `host:port`; empty for what is none."""
    if "@" in address:
        return ""
    try:
        return urlsplit(f"//{address}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a name or number is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_known(host: str, bound: str) -> bool:
    """Whether a request may name this host, where the server listens at `bound`.

    Beside this machine's own names only where others may come at all: then numbers, which no foreign name can pretend
    to be, the name that the server was given, and names without a dot, as containers have on a network of their own:
    nobody can register one.
    """
    if is_loopback(host):
        return True
    return not is_loopback(bound) and (host == bound or _is_number(host) or (host != "" and "." not in host))


def only_for(bound: str, refusal: str) -> Middleware:
    """Refuse requests for hosts that are none of ours, saying `refusal`."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_known(host_of(request.host), bound):
            raise web.HTTPForbidden(text=refusal)
        return await handler(request)

    return check


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
