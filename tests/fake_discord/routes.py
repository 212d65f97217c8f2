"""What a REST route is: the call it gets, the answer it gives, and how its path is written."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .world import File

if TYPE_CHECKING:
    from .rest import Rest

PLACEHOLDER = re.compile(r"\{[^}]+\}")


@dataclass(frozen=True)
class Call:
    """One request: `path` without /api/v10, `ids` what its placeholders matched, `received` in seconds of `now`."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    files: Mapping[str, File]
    received: float
    ids: tuple[str, ...] = ()

    def at(self, ids: tuple[str, ...]) -> Call:
        return dataclasses.replace(self, ids=ids)


@dataclass(frozen=True)
class Answer:
    """Status, JSON body (None: no body) and headers."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[["Rest", Call], Answer]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler


def route(method: str, template: str, handler: Handler) -> Route:
    """A route whose path is written with placeholders: /channels/{id}."""
    return Route(method, re.compile(f"^{PLACEHOLDER.sub('([^/]+)', template)}$"), handler)
