"""What the fake raises: refusals that a test sees, and refusals that the bot is answered with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .basics import Json


class ClientRefusal(Exception):
    """The Discord client would not let this user do this: command hidden, option missing, button disabled..."""


class BotExited(Exception):
    """The bot process ended while the test waited for it."""


class ApiError(Exception):
    """A REST refusal: HTTP status, Discord's JSON error code, message, and for a bad form its `errors` object."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        errors: Json | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {int(code)} {message} {errors or ''}".rstrip())
        self.status = status
        self.code = int(code)
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def body(self) -> Json:
        """The JSON body of the answer."""
        out: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            out["errors"] = self.errors
        return out
