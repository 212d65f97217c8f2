"""Rate limits with Discord's headers. The numbers are plausible: Discord publishes only the global one."""

from __future__ import annotations

import time
import zlib

from .constants import Code
from .errors import ApiError

GLOBAL_PER_SECOND = 50


class RateLimits:
    """Fixed windows, one a bucket."""

    def __init__(self) -> None:
        self.enabled = True
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, bucket: str, limit: int, per: float) -> dict[str, str]:
        """Count one request of a bucket that allows `limit` in `per` seconds.

        Returns the headers of its answer; raises ApiError 429 where the bucket is empty.
        """
        if not self.enabled:
            return {}
        now = time.time()
        start, used = self._windows.get(bucket, (now, 0))
        if now >= start + per:
            start, used = now, 0
        self._windows[bucket] = (start, used + 1)
        left = start + per - now
        headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - used - 1)),
            "X-RateLimit-Reset": f"{start + per:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": f"{zlib.crc32(bucket.partition('/')[0].encode()):08x}",
        }
        if used >= limit:
            refused = {**headers, "Retry-After": f"{left:.3f}", "X-RateLimit-Scope": "user"}
            raise ApiError(429, Code.GENERAL, "You are being rate limited.", headers=refused)
        return headers

    def take_global(self) -> None:
        """Count one request that carries the bot's token."""
        try:
            self.take("global", GLOBAL_PER_SECOND, 1.0)
        except ApiError as error:
            error.headers |= {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            raise
