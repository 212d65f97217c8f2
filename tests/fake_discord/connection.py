"""One gateway connection and the session it carries: order, compression, replay; not what the frames mean."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

from .basics import Json, now
from .constants import Op

REPLAY_BUFFER = 5000
CLOSE_SECONDS = 3.0
FRAME_WINDOW = 60.0

Sent = Callable[[], None]
"""Called when a frame goes out."""


class Connection:
    """One WebSocket. Frames go out in order, through zlib-stream where the bot asked for it.

    A bot that asks for another compression (zstd-stream) gets plain frames, which discord.py reads too.
    """

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self.request = request
        self.session: Session | None = None
        self.closed_by_server = False
        self._deflate = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._queue: asyncio.Queue[tuple[Json, Sent | None] | int] = asyncio.Queue()
        """Payloads with what to call when they go out; a number is a close code and the end."""
        self._writer = asyncio.create_task(self._write())
        self._received: deque[float] = deque()

    def push(
        self, op: Op, data: Any, *, event: str | None = None, seq: int | None = None, sent: Sent | None = None
    ) -> None:
        """Send a frame after those before it."""
        self._queue.put_nowait(({"op": int(op), "t": event, "s": seq, "d": data}, sent))

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            while not isinstance(item := await self._queue.get(), int):
                payload, sent = item
                text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
                if sent:
                    sent()
                if self._deflate is None:
                    await self.ws.send_str(text)
                else:
                    data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.ws.send_bytes(data)
            await self.ws.close(code=item)

    async def close(self, code: int) -> None:
        """Close with that code, after everything queued has been sent."""
        self.closed_by_server = True
        self._queue.put_nowait(int(code))
        await asyncio.wait({self._writer}, timeout=CLOSE_SECONDS)

    def abort(self) -> None:
        """Cut the TCP connection, without a close frame."""
        if self.request.transport is not None:
            self.request.transport.abort()

    def stop(self) -> None:
        self._writer.cancel()

    def count_frame(self) -> int:
        """Count a frame of the bot; returns how many there were within 60 seconds."""
        t = now()
        self._received.append(t)
        while self._received[0] < t - FRAME_WINDOW:
            self._received.popleft()
        return len(self._received)


class Session:
    """What outlives a connection: numbered events, kept so that a RESUME can replay them."""

    def __init__(self, intents: int, connection: Connection) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.connection: Connection | None = connection
        self.dead = False
        """True once it cannot be resumed."""
        self.seq = 0
        self._sent: deque[tuple[int, str, Json]] = deque(maxlen=REPLAY_BUFFER)

    def dispatch(self, event: str, data: Json, sent: Sent | None = None) -> None:
        """Send an event, or keep it for the next RESUME where there is no connection."""
        self.seq += 1
        self._sent.append((self.seq, event, data))
        if self.connection is not None:
            self.connection.push(Op.DISPATCH, data, event=event, seq=self.seq, sent=sent)

    def replay(self, after: int) -> int:
        """Send again what came after that number; returns how many events."""
        missed = [entry for entry in self._sent if entry[0] > after]
        if self.connection is not None:
            for seq, event, data in missed:
                self.connection.push(Op.DISPATCH, data, event=event, seq=seq)
        return len(missed)
