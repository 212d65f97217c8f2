"""Serving the gateway: sessions over WebSocket, IDENTIFY and RESUME, and the trouble that a test can make there."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from aiohttp import WSMsgType, web

from .basics import Json, now
from .connection import Connection, Session
from .constants import GUILDS, MEMBER_PERMISSIONS, PRIVILEGED_INTENTS, CloseCode, Op
from .guild import Guild
from .rest import Rest

API_VERSION = "10"
MAX_FRAME_BYTES = 4096
MAX_FRAMES_A_MINUTE = 120
SLASH_COMMANDS_ONLY = 1 << 23


class Event(NamedTuple):
    """Something that happened on the gateway: when (seconds of `now`), what, and its details."""

    t: float
    kind: str
    detail: Any


class Refused(Exception):
    """The bot did what closes its connection with that code."""

    def __init__(self, code: CloseCode) -> None:
        super().__init__(code.name)
        self.code = code


class Gateway(Rest):
    """The world with its REST API, and a gateway that tells the bot of it."""

    heartbeat_interval = 41_250
    """Milliseconds."""
    privileged_intents = 0
    """The privileged intents that are switched on for the application."""
    ack_heartbeats = True
    gateway_refuse: int | None = None
    """An HTTP status with which new connections are refused."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: dict[str, Session] = {}
        self.events: list[Event] = []
        """CONNECT, IDENTIFY, RESUME, RESUME_REFUSED, HEARTBEAT, DISALLOWED_INTENTS, PRESENCE, CLOSED."""

    # What the bot connects to

    async def serve_gateway(self, request: web.Request) -> web.StreamResponse:
        """Hold one WebSocket until either side ends it."""
        if self.gateway_refuse:
            return web.Response(status=self.gateway_refuse)
        ws = web.WebSocketResponse(compress=False, max_msg_size=0)
        if not ws.can_prepare(request):
            return web.Response(status=400, text="websocket expected")
        await ws.prepare(request)
        connection = Connection(ws, request)
        self._log("CONNECT", {"path": request.path, "query": dict(request.query)})
        try:
            await self._converse(connection)
        except Refused as refusal:
            await connection.close(refusal.code)
        finally:
            connection.stop()
            session = connection.session
            if session is not None and session.connection is connection:
                session.connection = None
                said_goodbye = ws.close_code in (CloseCode.NORMAL, CloseCode.GOING_AWAY)
                session.dead = session.dead or (said_goodbye and not connection.closed_by_server)
            self._log("CLOSED", ws.close_code)
        return ws

    async def _converse(self, connection: Connection) -> None:
        query = connection.request.query
        if query.get("v") != API_VERSION or query.get("encoding", "json") != "json":
            raise Refused(CloseCode.INVALID_VERSION)
        connection.push(Op.HELLO, {"heartbeat_interval": self.heartbeat_interval, "_trace": ["fake"]})
        async for frame in connection.ws:
            if frame.type is not WSMsgType.TEXT:
                raise Refused(CloseCode.DECODE_ERROR)
            if len(frame.data.encode()) > MAX_FRAME_BYTES:
                self.violate("protocol", "GATEWAY", "/", f"a frame over {MAX_FRAME_BYTES} bytes (close 4002)")
                raise Refused(CloseCode.DECODE_ERROR)
            if connection.count_frame() > MAX_FRAMES_A_MINUTE:
                self.violate("protocol", "GATEWAY", "/", f"over {MAX_FRAMES_A_MINUTE} frames in 60 s (close 4008)")
                raise Refused(CloseCode.RATE_LIMITED)
            try:
                payload = json.loads(frame.data)
                op, data = payload["op"], payload.get("d")
            except (ValueError, TypeError, KeyError):
                raise Refused(CloseCode.DECODE_ERROR) from None
            self._handle(connection, op, data)

    def _handle(self, connection: Connection, op: int, data: Any) -> None:
        match op:
            case Op.HEARTBEAT:
                self._log("HEARTBEAT", data)
                if self.ack_heartbeats:
                    connection.push(Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY:
                self._identify(connection, data)
            case Op.RESUME:
                self._resume(connection, data)
            case _ if connection.session is None:
                raise Refused(CloseCode.NOT_AUTHENTICATED)
            case Op.PRESENCE_UPDATE:
                self._log("PRESENCE", data)
            case Op.VOICE_STATE_UPDATE | Op.REQUEST_GUILD_MEMBERS:
                self.unhandled.append(f"gateway op {op}")
            case _:
                raise Refused(CloseCode.UNKNOWN_OPCODE)

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise Refused(CloseCode.ALREADY_AUTHENTICATED)
        if not self._is_good(data.get("token")):
            raise Refused(CloseCode.AUTHENTICATION_FAILED)
        intents = data.get("intents")
        if intents is None:
            raise Refused(CloseCode.INVALID_INTENTS)
        wanted = intents & ~self.privileged_intents
        if disallowed := [name for bit, name in PRIVILEGED_INTENTS.items() if wanted & bit]:
            self._log("DISALLOWED_INTENTS", disallowed)
            raise Refused(CloseCode.DISALLOWED_INTENTS)
        session = connection.session = Session(intents, connection)
        self.sessions[session.id] = session
        guilds = [guild for guild in self.guilds.values() if guild.installed]
        session.dispatch(
            "READY",
            {
                "v": int(API_VERSION),
                "user": {**self.bot_user, "verified": True, "mfa_enabled": True, "email": None},
                "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": f"{self.ws_url}/resume",
                "shard": [0, 1],
                "application": {"id": self.app_id, "flags": SLASH_COMMANDS_ONLY},
                **{key: [] for key in ("private_channels", "relationships", "presences", "guild_join_requests")},
                "user_settings": {},
                "_trace": ["fake"],
            },
        )
        for guild in guilds:
            if guild.available and intents & GUILDS:
                session.dispatch("GUILD_CREATE", self._guild_payload(guild))
        self._log("IDENTIFY", data)

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        if session is None or session.dead or not self._is_good(data.get("token")):
            self._log("RESUME_REFUSED", data)
            connection.push(Op.INVALID_SESSION, False)
            return
        seq = data.get("seq")
        if not isinstance(seq, int) or seq > session.seq:
            raise Refused(CloseCode.INVALID_SEQ)
        if session.connection is not None:
            session.connection.abort()
        session.connection, connection.session = connection, session
        replayed = session.replay(after=seq)
        session.dispatch("RESUMED", {"_trace": ["fake"]})
        self._log("RESUME", {"replayed": replayed, "path": connection.request.path})

    def _is_good(self, token: object) -> bool:
        return bool(token) and self.token in (None, token)

    def _guild_payload(self, guild: Guild) -> Json:
        return guild.gateway_payload([guild.members[self.app_id]])

    def _log(self, kind: str, detail: Any) -> None:
        self.events.append(Event(now(), kind, detail))
        self.poke()

    def live_sessions(self) -> list[Session]:
        """The sessions with an open connection."""
        return [s for s in self.sessions.values() if s.connection is not None and not s.dead]

    # What happens to servers

    def _tell(self, event: str, data: Json) -> None:
        for session in self.live_sessions():
            if session.intents & GUILDS:
                session.dispatch(event, data)

    def add_guild(
        self,
        name: str = "Guild",
        *,
        locale: str = "en-US",
        installed: bool = True,
        permissions: int = MEMBER_PERMISSIONS,
    ) -> Guild:
        guild = super().add_guild(name, locale=locale, installed=installed, permissions=permissions)
        if installed:
            self._tell("GUILD_CREATE", self._guild_payload(guild))
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """The bot is removed from a server."""
        del self.guilds[guild.id]
        self._tell("GUILD_DELETE", {"id": guild.id})

    def guild_outage(self, guild: Guild, available: bool) -> None:
        """A server becomes unavailable, or available again."""
        guild.available = available
        if available:
            self._tell("GUILD_CREATE", self._guild_payload(guild))
        else:
            self._tell("GUILD_DELETE", {"id": guild.id, "unavailable": True})

    # Trouble

    async def close_gateway(self, code: int | None = CloseCode.UNKNOWN_ERROR) -> None:
        """Close every connection with that code, or (None) cut it. The sessions can be resumed."""
        for connection in self._connections():
            if code is None:
                connection.closed_by_server = True
                connection.abort()
            else:
                await connection.close(code)

    def op_reconnect(self) -> None:
        """Ask the bot to connect again and resume."""
        self._push_all(Op.RECONNECT, None)

    def op_invalid_session(self, resumable: bool = False) -> None:
        """Tell the bot that its session is invalid."""
        self._push_all(Op.INVALID_SESSION, resumable)
        if not resumable:
            self.forget_sessions()

    def op_heartbeat(self) -> None:
        """Ask for a heartbeat at once."""
        self._push_all(Op.HEARTBEAT, None)

    def forget_sessions(self) -> None:
        """Refuse every later RESUME of the sessions there are, as after a long outage."""
        for session in self.sessions.values():
            session.dead = True

    def _connections(self) -> list[Connection]:
        """Every open connection, also of sessions that are forgotten."""
        return [s.connection for s in self.sessions.values() if s.connection is not None]

    def _push_all(self, op: Op, data: Any) -> None:
        for connection in self._connections():
            connection.push(op, data)

    def cut_connections(self) -> None:
        """Cut every connection, as an outage does."""
        for connection in self._connections():
            connection.abort()
