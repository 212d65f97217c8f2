"""What is known of this process while it runs, and the two addresses that say it: /healthz and /metrics."""

from __future__ import annotations

from aiohttp import hdrs, web

from bot import __version__
from bot.library import Library
from bot.operation.health import Part, corpus_part, database_part, gateway_part
from bot.operation.metrics import Metrics
from bot.store.database import Database


class Operation:
    """Counts, and whether it is ready. `on_discord`: a connection to Discord is one of the parts."""

    def __init__(self, database: Database, library: Library, *, on_discord: bool) -> None:
        self.metrics = Metrics(library, on_discord=on_discord)
        self._database = database
        self._library = library
        self._connected = False if on_discord else None

    def connected(self, is_up: bool) -> None:
        """Note that the connection to Discord has come or gone."""
        self._connected = is_up
        self.metrics.connected(is_up)

    async def parts(self) -> list[Part]:
        """Every part that has to work."""
        gateway = [] if self._connected is None else [gateway_part(self._connected)]
        return [*gateway, corpus_part(self._library), await database_part(self._database)]

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Answer /healthz and /metrics: they read, and nothing else."""
        router.add_get("/healthz", self._healthz)
        router.add_get("/metrics", self._metrics)

    async def _healthz(self, _: web.Request) -> web.Response:
        """200 where every part is ready, else 503."""
        parts = await self.parts()
        ready = all(part.ready for part in parts)
        told = {part.name: {"ready": part.ready, "state": part.state} for part in parts}
        return web.json_response(
            {"ready": ready, "version": __version__, "parts": told},
            status=200 if ready else 503,
            headers={hdrs.CACHE_CONTROL: "no-store"},
        )

    async def _metrics(self, request: web.Request) -> web.Response:
        body, content_type = self.metrics.text(request.headers.get(hdrs.ACCEPT, ""))
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: content_type, hdrs.CACHE_CONTROL: "no-store"})
