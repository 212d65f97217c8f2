"""Trouble that a test orders for REST requests."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from .routes import Answer

TOO_MANY_REQUESTS = 429


@dataclass
class Fault:
    """What happens to the requests that it matches.

    status=500   answer that status             status=429   a rate limit (retry_after s, scope user | shared | global)
    delay=2.0    wait so many seconds first     drop=True    cut the TCP connection instead of answering
    after=True   the request takes effect, and only then its answer is replaced (a lost answer)
    times=None   until it is removed            via=False    no Via header on a 429 (Cloudflare's own ban)
    """

    path: re.Pattern[str]
    method: str | None = None
    status: int | None = None
    times: int | None = 1
    retry_after: float = 1.0
    scope: Literal["user", "shared", "global"] = "user"
    delay: float = 0.0
    drop: bool = False
    after: bool = False
    via: bool = True
    body: Any = None
    code: int = 0
    hits: int = field(default=0, init=False)

    @property
    def breaks(self) -> bool:
        """True where it replaces the answer."""
        return self.drop or self.status is not None

    def take(self, method: str, path: str) -> bool:
        """Whether it strikes this request; counts it."""
        spent = self.times is not None and self.hits >= self.times
        if spent or self.method not in (None, method) or not self.path.search(path):
            return False
        self.hits += 1
        return True

    def answer(self) -> Answer:
        """The answer in place of the real one."""
        body = {"message": f"{self.status}: injected", "code": self.code}
        headers: dict[str, str] = {}
        if self.status == TOO_MANY_REQUESTS:
            is_global = self.scope == "global"
            body = {"message": "You are being rate limited.", "retry_after": self.retry_after, "global": is_global}
            headers = {
                "Retry-After": str(max(1, round(self.retry_after))),
                "X-RateLimit-Scope": self.scope,
                "X-RateLimit-Limit": "5",
                "X-RateLimit-Remaining": "0",
                "X-RateLimit-Reset": f"{time.time() + self.retry_after:.3f}",
                "X-RateLimit-Reset-After": f"{self.retry_after:.3f}",
                **({"X-RateLimit-Global": "true"} if is_global else {}),
            }
        return Answer(self.status or 500, body if self.body is None else self.body, headers)
