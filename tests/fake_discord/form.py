"""Collecting what is wrong in a request body, and saying it the way Discord does; knows no particular rule."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any
from urllib.parse import urlsplit

from .basics import Json
from .constants import Code
from .errors import ApiError

Path = tuple[str | int, ...]
"""Where in a body: keys and list positions."""

URL_LIMIT = 2048


class Form:
    """The errors of one request body, by path."""

    def __init__(self) -> None:
        self.errors: list[tuple[Path, str, str]] = []

    def error(self, path: Path, code: str, message: str) -> None:
        self.errors.append((path, code, message))

    def required(self, path: Path) -> None:
        self.error(path, "BASE_TYPE_REQUIRED", "This field is required")

    def not_one_of(self, path: Path, allowed: object) -> None:
        self.error(path, "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")

    def length(self, path: Path, value: Sized, high: int, low: int = 0) -> None:
        """Check the length of a string (code points) or a list."""
        if low == 1 and not value:
            self.required(path)
        elif not low <= len(value) <= high:
            code = "BASE_TYPE_BAD_LENGTH" if low else "BASE_TYPE_MAX_LENGTH"
            self.error(path, code, f"Must be between {low} and {high} in length, and is {len(value)}.")

    def url(self, path: Path, url: Any, schemes: tuple[str, ...], limit: int = URL_LIMIT) -> None:
        """Check scheme, form and length of a link."""
        if not isinstance(url, str):
            self.required(path)
            return
        self.length(path, url, limit)
        scheme = url.partition(":")[0].lower() if ":" in url else ""
        if scheme not in schemes:
            self.error(path, "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" must be one of {schemes!r}.')
        elif scheme in ("http", "https"):
            host = urlsplit(url).hostname
            if not host or " " in url or ("." not in host and host != "localhost"):
                self.error(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def raise_if_any(self) -> None:
        """Raise 400 / 50035 with Discord's nested `errors` object, where anything was wrong."""
        if not self.errors:
            return
        root: Json = {}
        for path, code, message in self.errors:
            node = root
            for key in path:
                node = node.setdefault(str(key), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        raise ApiError(400, Code.INVALID_FORM, "Invalid Form Body", root)
