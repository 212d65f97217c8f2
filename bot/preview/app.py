"""The preview's addresses: the page, its files, and the requests that it posts. Runs commands; draws nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

from aiohttp import web

from bot.commands import registry
from bot.commands.actions import parse_body
from bot.commands.declare import MAX_QUERY, Context, options_of
from bot.commands.explaining import explain, log_unexpected
from bot.commands.keeping import find_body, sound, with_kept_bodies
from bot.curation import Curator
from bot.errors import NotAllowed
from bot.gaps import Gaps
from bot.library import Library
from bot.library.inspecting import Inspector
from bot.operation import Operation
from bot.operation.hosts import is_loopback
from bot.preview.corpus import CorpusDesk
from bot.preview.crossing import BadRequest, Json, Request, command_json, reply_json
from bot.preview.guard import guarded, headers, is_local
from bot.preview.telling import Telling
from bot.render.reply import Reply
from bot.store.database import Store

ASKER = 0  # nobody's id: whoever sits at this machine
MAX_BODY = 8_000_000  # bytes posted: a document of the largest size as base64, and room
MAX_MESSAGE = 4_000  # code points of a message; Discord's limit with Nitro
ELSEWHERE = (
    "Moderators' commands work only where the preview listens at 127.0.0.1 and is opened on the same machine, "
    "through no proxy."
)
COMMANDS = tuple(command for command in registry.COMMANDS if not command.managers)
ELSEWHERE_NAMES = [command.name for command in registry.COMMANDS if command.managers]  # these need a Discord server
_PLACE = "{{token}}"  # in the page, where its token goes

Answer = Callable[[web.Request, Request, Telling], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What the page shows. `closed` says why nobody can be a moderator, and is empty where one can.

    With `videos` the page takes pictures from YouTube, and its player once a moment is pressed.
    """

    library: Library
    curator: Curator
    state: Store
    gaps: Gaps | None = None
    videos: bool = True
    closed: str = ""
    operation: Operation | None = None


def make_app(preview: Preview, bound: str = "127.0.0.1") -> web.Application:
    """The application; `bound` is the host that it will listen at."""
    token = secrets.token_hex(16)
    ours = headers(videos=preview.videos)

    async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
        for name, value in ours.items():
            response.headers.setdefault(name, value)

    desk = _Desk(preview, is_loopback(bound))
    app = web.Application(middlewares=[guarded(bound, token)], client_max_size=MAX_BODY)
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/", _page("index.html", token))
    app.router.add_get("/corpus", _page("corpus.html", token))
    app.router.add_get("/api/commands", desk.commands)
    for name, answer in (
        ("command", desk.command),
        ("message", desk.message),
        ("action", desk.action),
        ("complete", desk.complete),
    ):
        app.router.add_post(f"/api/{name}", _posted(answer))
    if preview.operation is not None:
        preview.operation.add_routes(app.router)
    inspector = Inspector(preview.library)
    CorpusDesk(inspector, preview.curator, desk.closed, plays=preview.videos).add_routes(app.router)
    app.router.add_static("/static", Path(__file__).with_name("static"))
    return app


def _page(name: str, token: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """One of our pages, with the token that what it posts has to carry."""
    text = resources.files("bot.preview").joinpath(f"static/{name}").read_text("utf-8").replace(_PLACE, token)

    async def handle(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})

    return handle


def _posted(answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        telling = Telling(request)
        try:
            return await telling.answer(await answer(request, Request.read(await request.json()), telling))
        except (BadRequest, json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            raise web.HTTPBadRequest(text="The page and the server do not fit. Load the page again.") from None
        except web.HTTPRequestEntityTooLarge:
            raise web.HTTPBadRequest(text="That file is too large. Split it into several.") from None

    return handle


class _Desk:
    """Takes what the page posts to the registry, and its answers back."""

    def __init__(self, preview: Preview, listens_here: bool) -> None:
        self._preview = preview
        self._listens_here = listens_here

    async def commands(self, request: web.Request) -> web.Response:
        catalogue = self._preview.library.catalogue
        return web.json_response(
            {
                "commands": [command_json(command) for command in COMMANDS],
                "messages": [command.name for command in registry.MESSAGE_COMMANDS],
                "elsewhere": ELSEWHERE_NAMES,
                "documents": len(catalogue.documents),
                "videos": self._preview.videos,
                "closed": self.closed(request),
            }
        )

    async def command(self, request: web.Request, asked: Request, telling: Telling) -> Json:
        name, values = asked.text("name"), asked.options()
        declared = next((command for command in COMMANDS if command.name == name), None)
        if declared is None:
            raise BadRequest
        reply = await self._replied(
            self._asker(request, asked, telling),
            f"/{name}",
            lambda context: registry.run_command(name, context, options_of(values)),
        )
        return reply_json(reply, private=reply.private or declared.moderators or values.get("private") is True)

    async def message(self, request: web.Request, asked: Request, telling: Telling) -> Json:
        name, text = asked.text("name"), asked.text("text")[:MAX_MESSAGE]
        if all(entry.name != name for entry in registry.MESSAGE_COMMANDS):
            raise BadRequest
        reply = await self._replied(
            self._asker(request, asked, telling), name, lambda context: registry.run_message(name, context, text)
        )
        return reply_json(reply, private=True)

    async def action(self, request: web.Request, asked: Request, telling: Telling) -> Json:
        """A press, in place of its message where Discord would do so for the one who asked."""
        carried, pressed_private = asked.text("id"), asked.flag("private")

        async def run(context: Context) -> Reply:
            body = await find_body(self._preview.state, carried)
            return await registry.run_action(parse_body(body), context)

        reply = await self._replied(self._asker(request, asked, telling), "a press", run)
        private = reply.private or pressed_private
        return reply_json(reply, private=private, replaces=not reply.fresh and private == pressed_private)

    async def complete(self, request: web.Request, asked: Request, _: Telling) -> list[Json]:
        name, option = asked.text("name"), asked.text("option")
        typed, values = asked.text("typed")[:MAX_QUERY], options_of(asked.options())
        if all(command.name != name for command in COMMANDS):
            raise BadRequest
        try:
            found = registry.complete(name, option, typed, values, self._context(request, asked, None))
        except NotAllowed:
            return []
        except Exception as error:
            log_unexpected(error, f"autocomplete of /{name}")
            return []
        return [{"name": choice.name, "value": choice.value} for choice in found]

    async def _replied(
        self, asker: Callable[[], Context], doing: str, run: Callable[[Context], Awaitable[Reply]]
    ) -> Reply:
        """The reply, or what its exception becomes; its buttons can be pressed."""
        try:
            reply = await run(asker())
        except BadRequest:
            raise
        except Exception as error:
            reply = explain(error, doing)
        return sound(await with_kept_bodies(self._preview.state, reply), doing)

    def _asker(self, request: web.Request, asked: Request, telling: Telling) -> Callable[[], Context]:
        """Gives the context of who asks, or raises as `_context` does."""
        return partial(self._context, request, asked, telling)

    def _context(self, request: web.Request, asked: Request, telling: Telling | None) -> Context:
        """Raises NotAllowed for who would be a moderator from elsewhere."""
        moderator = asked.flag("moderator")
        if moderator and self.closed(request):
            raise NotAllowed(self.closed(request))
        return Context(
            self._preview.library,
            self._preview.curator,
            asker=ASKER,
            is_moderator=moderator,
            has_moderators=True,
            gaps=self._preview.gaps,
            progress=telling,
            metrics=self._preview.operation.metrics if self._preview.operation else None,
        )

    def closed(self, request: web.Request) -> str:
        """Why whoever asks cannot be a moderator; empty where they can."""
        return self._preview.closed or ("" if self._listens_here and is_local(request) else ELSEWHERE)
