"""Turning the options that a test names into what the client would send, or refusing them as the client would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .basics import Json
from .constants import ATTACHMENT_LIMIT, MEMBER_PERMISSIONS, SUBCOMMANDS, OptionType
from .errors import ClientRefusal
from .guild import partial_channel
from .scene import Scene

LONGEST_TEXT = 6000
Upload = Callable[[str, bytes], Json]
"""Keeps a file (name, bytes) and returns its attachment object."""


def is_named(obj: Json, name: str, locale: str) -> bool:
    """Whether a command or option goes by that name for a user of that language."""
    return name in (obj["name"], (obj.get("name_localizations") or {}).get(locale))


def command_data(
    command: Json, path: str, given: Mapping[str, Any], scene: Scene, upload: Upload, focused: str | None = None
) -> Json:
    """The `data` of an interaction that uses `command`; `path` is "name", "name sub" or "name group sub".

    `focused` is the option being typed, for autocomplete: it is not checked, and no other is required.
    """
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    specs, node = command.get("options") or [], data
    for word in path.split()[1:]:
        found = next((o for o in specs if o["type"] in SUBCOMMANDS and is_named(o, word, scene.locale)), None)
        if found is None:
            raise ClientRefusal(f"no sub-command {word!r} in {path!r}")
        child = {"name": found["name"], "type": found["type"]}
        node["options"] = [child]
        node, specs = child, found.get("options") or []
    if any(o["type"] in SUBCOMMANDS for o in specs):
        raise ClientRefusal(f"{path!r} needs one of its sub-commands: {[o['name'] for o in specs]}")
    resolved: Json = {}
    if scene.force and not specs:
        specs = [{"name": name, "type": _guess_type(value)} for name, value in given.items()]
    options = _fill(specs, given, scene, resolved, upload, focused)
    if options:
        node["options"] = options
    if resolved:
        data["resolved"] = resolved
    return data


def _guess_type(value: Any) -> int:
    kinds = {bool: OptionType.BOOLEAN, int: OptionType.INTEGER, float: OptionType.NUMBER, tuple: OptionType.ATTACHMENT}
    return int(kinds.get(type(value), OptionType.STRING))


def _fill(
    specs: list[Json], given: Mapping[str, Any], scene: Scene, resolved: Json, upload: Upload, focused: str | None
) -> list[Json]:
    by_name = {}
    for name, value in given.items():
        spec = next((s for s in specs if is_named(s, name, scene.locale)), None)
        if spec is None:
            raise ClientRefusal(f"no option {name!r} (there are {[s['name'] for s in specs]})")
        by_name[spec["name"]] = value
    out = []
    for spec in specs:
        name = spec["name"]
        if name not in by_name:
            if spec.get("required") and focused is None and not scene.force:
                raise ClientRefusal(f"option {name!r} is required")
        elif name == focused:
            if not spec.get("autocomplete") and not scene.force:
                raise ClientRefusal(f"option {name!r} has no autocomplete")
            out.append({"name": name, "type": spec["type"], "value": by_name[name], "focused": True})
        else:
            value = _value(spec, by_name[name], scene, resolved, upload)
            out.append({"name": name, "type": spec["type"], "value": value})
    return out


def _value(spec: Json, value: Any, scene: Scene, resolved: Json, upload: Upload) -> Any:
    """One option's value, refused where the client refuses it; objects go to `resolved` and their id stays."""
    name, kind = spec["name"], spec["type"]
    if spec.get("choices"):
        choice = next((c for c in spec["choices"] if value in (c["value"], c["name"])), None)
        if choice is None and not scene.force:
            raise ClientRefusal(f"{value!r} is not a choice of option {name!r}")
        value = choice["value"] if choice else value
    if kind == OptionType.STRING:
        value = str(value)
        if not spec.get("min_length", 0) <= len(value) <= spec.get("max_length", LONGEST_TEXT) and not scene.force:
            raise ClientRefusal(f"option {name!r}: length {len(value)} is out of bounds")
    elif kind in (OptionType.INTEGER, OptionType.NUMBER):
        _check_number(spec, value, scene)
    elif kind == OptionType.ATTACHMENT:
        file_name, content = value
        if len(content) > ATTACHMENT_LIMIT and not scene.force:
            raise ClientRefusal(f"option {name!r}: files over {ATTACHMENT_LIMIT >> 20} MiB cannot be uploaded")
        return _resolve(resolved, "attachments", {**upload(file_name, content), "ephemeral": True})
    elif kind in (OptionType.USER, OptionType.MENTIONABLE):
        if scene.guild and (member := scene.guild.members.get(value["id"])):
            partial = {key: item for key, item in member.items() if key != "user"}
            resolved.setdefault("members", {})[value["id"]] = {**partial, "permissions": str(MEMBER_PERMISSIONS)}
        return _resolve(resolved, "users", value)
    elif kind == OptionType.CHANNEL:
        return _resolve(resolved, "channels", partial_channel(value, MEMBER_PERMISSIONS))
    elif kind == OptionType.ROLE:
        return _resolve(resolved, "roles", value)
    return value


def _resolve(resolved: Json, kind: str, obj: Json) -> str:
    resolved.setdefault(kind, {})[obj["id"]] = obj
    return str(obj["id"])


def _check_number(spec: Json, value: Any, scene: Scene) -> None:
    whole = spec["type"] == OptionType.INTEGER
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise ClientRefusal(f"option {spec['name']!r} takes a {'whole ' if whole else ''}number")
    low, high = spec.get("min_value", value), spec.get("max_value", value)
    if not low <= value <= high and not scene.force:
        raise ClientRefusal(f"option {spec['name']!r}: {value} is out of bounds")
