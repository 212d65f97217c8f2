"""Checking request bodies against Discord's OpenAPI file, where the file and jsonschema-rs are at hand.

The file is specs/openapi.json of github.com/discord/discord-api-spec; it is large and not kept here. It is looser
than Discord (see the limits modules), and stricter in two places, which are let through: ids sent as integers, and
permission bits sent as strings.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
from pathlib import Path
from typing import Any

from .basics import Json
from .routes import PLACEHOLDER

FILE_VARIABLE = "FAKE_DISCORD_OPENAPI"
BESIDE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "fake_discord" / "openapi.json"
SHOWN_LENGTH = 300


def find() -> Path | None:
    """The file that FAKE_DISCORD_OPENAPI names, else one kept beside the repository, else None."""
    path = Path(os.environ.get(FILE_VARIABLE) or BESIDE_REPOSITORY)
    return path if path.is_file() else None


def load(path: str | Path | None = None) -> OpenApi | None:
    """The check, or None where there is no file or jsonschema-rs is not installed."""
    found = Path(path) if path else find()
    return _load(found) if found else None


@functools.cache
def _load(path: Path) -> OpenApi | None:
    try:
        engine = importlib.import_module("jsonschema_rs")
    except ImportError:
        return None
    return OpenApi(json.loads(path.read_text(encoding="utf-8")), engine)


class OpenApi:
    """Validators of the request bodies of every operation, made when first needed."""

    def __init__(self, spec: Json, engine: Any) -> None:
        self._engine = engine
        self._components = spec["components"]
        self._validators: dict[str, Any] = {}
        schemas = self._components["schemas"]
        schemas["SnowflakeType"] = {"anyOf": [schemas["SnowflakeType"], {"type": "integer", "minimum": 0}]}
        for schema in schemas.values():
            properties = schema.get("properties") or {}
            if bits := properties.get("default_member_permissions"):
                properties["default_member_permissions"] = {"anyOf": [bits, {"type": "string", "pattern": "^[0-9]+$"}]}
        # Concrete paths before those with placeholders.
        self._paths = [
            (re.compile(f"^{PLACEHOLDER.sub('[^/]+', template)}$"), operations)
            for template, operations in sorted(spec["paths"].items(), key=lambda item: item[0].count("{"))
        ]

    def check_request(self, method: str, path: str, body: Any) -> str | None:
        """What is wrong with a request (path without /api/v10), or None."""
        operation = self._operation(method.lower(), path)
        if operation is None:
            return f"no operation {method} {path} in the OpenAPI file"
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None or body is None:
            return None
        name = operation["operationId"]
        if name not in self._validators:
            schema = {**content["schema"], "components": self._components}
            self._validators[name] = self._engine.Draft202012Validator(schema, validate_formats=True, mask="a value")
        error = next(iter(self._validators[name].iter_errors(body)), None)
        if error is None:
            return None
        cause = _deepest(error)
        where = "/".join(map(str, cause.instance_path))
        return f"/{where}: {cause.message[:SHOWN_LENGTH]}"

    def _operation(self, method: str, path: str) -> Json | None:
        for pattern, operations in self._paths:
            if method in operations and pattern.match(path):
                return dict(operations[method])
        return None


def _deepest(error: Any) -> Any:
    """The cause furthest inside the body: the error of a union says only that none of its forms fits."""
    causes = [_deepest(each) for branch in getattr(error.kind, "context", None) or [] for each in branch]
    return max([error, *causes], key=lambda each: len(each.instance_path))
