"""One interaction as a test reads it: what was sent to the bot, what the bot answered, and when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from .basics import Json, now
from .constants import CallbackType, InteractionType, OptionType
from .guild import Guild
from .message import Message


@dataclass(eq=False, repr=False)
class Interaction:
    """An interaction from the moment a user caused it. `ok` is False once Discord would show it as failed."""

    type: InteractionType
    payload: Json
    user: Json
    guild: Guild | None
    source: Message | None = None
    """The message whose button or menu was used."""
    log_tail: Callable[[], str] = str
    """The end of the bot's output, for the text of a failure."""
    option_type: int = OptionType.STRING
    """The type of the option being completed."""

    message: Message | None = field(default=None, init=False)
    """The reply, or the message that a component's answer edited."""
    followups: list[Message] = field(default_factory=list, init=False)
    choices: list[Json] | None = field(default=None, init=False)
    callback: Json | None = field(default=None, init=False)
    errors: list[tuple[int, int, str]] = field(default_factory=list, init=False)
    """(HTTP status, Discord's code, message) of every refusal that the bot was answered with."""
    failed: str | None = field(default=None, init=False)
    expired: bool = field(default=False, init=False)
    """True once the deadline passed without an accepted answer."""
    timeline: list[tuple[float, str]] = field(default_factory=list, init=False)
    """(seconds since dispatch, what happened)."""
    dispatched: float = field(default_factory=now, init=False)
    acked_at: float | None = field(default=None, init=False)
    settled_at: float | None = field(default=None, init=False)
    acked: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    settled: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    changed: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __repr__(self) -> str:
        data = self.payload["data"]
        name = data.get("name") or data.get("custom_id")
        return f"<Interaction {self.type.name} {name!r}, answered with {self.callback_type}, failed={self.failed!r}>"

    @property
    def id(self) -> str:
        return str(self.payload["id"])

    @property
    def token(self) -> str:
        return str(self.payload["token"])

    @property
    def ok(self) -> bool:
        return self.failed is None

    @property
    def latency(self) -> float | None:
        """Seconds from dispatch to the accepted callback (what the 3-second limit is about)."""
        return None if self.acked_at is None else self.acked_at - self.dispatched

    @property
    def full_latency(self) -> float | None:
        """Seconds from dispatch until the user sees the final text: after a defer, the first edit or follow-up."""
        return None if self.settled_at is None else self.settled_at - self.dispatched

    @property
    def callback_type(self) -> int | None:
        return self.callback["type"] if self.callback else None

    @property
    def deferred(self) -> bool:
        return self.callback_type in (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)

    @property
    def user_installed(self) -> bool:
        """True where the app is used by a user's own installation, not by the server's."""
        return set(self.payload["authorizing_integration_owners"]) == {"1"}

    @property
    def ephemeral(self) -> bool:
        return bool(self.message and self.message.ephemeral)

    @property
    def content(self) -> str:
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[Json]:
        return self.message.embeds if self.message else []

    @property
    def buttons(self) -> list[Json]:
        return self.message.buttons if self.message else []

    @property
    def selects(self) -> list[Json]:
        return self.message.selects if self.message else []

    @property
    def links(self) -> list[str]:
        return self.message.links if self.message else []

    @property
    def messages(self) -> list[Message]:
        """The reply and its follow-ups."""
        return [*([self.message] if self.message else []), *self.followups]

    @property
    def text(self) -> str:
        """Every word of the reply and its follow-ups."""
        return "\n".join(message.text for message in self.messages)

    def expect(self) -> Self:
        """Return self, or raise AssertionError with everything known where the bot failed to answer."""
        if self.failed:
            known = f"the bot was answered {self.errors}; timeline {self.timeline}"
            raise AssertionError(f"{self!r}; {known}\n{self.log_tail()}")
        return self

    async def wait_change(self, within: float = 5.0) -> bool:
        """Wait for the next edit, follow-up or deletion; False after `within` seconds without one."""
        self.changed.clear()
        try:
            await asyncio.wait_for(self.changed.wait(), within)
        except TimeoutError:
            return False
        return True

    def note(self, what: str) -> None:
        self.timeline.append((round(now() - self.dispatched, 4), what))
        self.changed.set()

    def settle(self, at: float | None = None) -> None:
        """The user sees the final text, for the first time."""
        if self.settled_at is None:
            self.settled_at = now() if at is None else at
            self.settled.set()
