"""YAML front matter as plain strings: no types, no aliases, no recursion. Not for the Markdown below it.

YAML's own types are what breaks here (`1:30:00` becomes 5400, `2020-13-45` raises, a date loses its zero), so the
loader works on the parser's events and keeps every scalar as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import yaml

MAX_LENGTH = 64_000  # code points; the largest real front matter has 200
MAX_DEPTH = 3  # a mapping with lists in it, and one level to spare
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,40})[ \t]*:(?:[ \t]+(.*))?$")

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`fields` maps lower-case names to a string or a tuple of strings; `body` starts on line `body_line` (from 1).

    `problems` are (line, code, message, action); `broken` says that nothing could be made of the block.
    """

    fields: Mapping[str, Value]
    body: str
    body_line: int
    problems: tuple[tuple[int, str, str, str], ...] = ()
    broken: bool = False
    present: bool = False


def split(text: str) -> FrontMatter:
    """Take the front matter off a text whose line ends are `\\n`. Never raises."""
    if not text.startswith("---"):
        return FrontMatter({}, text, 1)
    first, _, rest = text.partition("\n")
    if first.rstrip() != "---":
        return FrontMatter({}, text, 1)
    block: list[str] = []
    position = len(first) + 1
    for line in rest[:MAX_LENGTH].split("\n"):
        position += len(line) + 1
        if line.rstrip() in ("---", "..."):
            return _read("\n".join(block), text[position:], len(block) + 3)
        block.append(line)
    if "\n" in rest and _PLAIN_LINE.match(rest.split("\n", 1)[0]):
        problem = (1, "front-matter-open", "the front matter is opened with --- and never closed", "close it with ---")
        return FrontMatter({}, text, 1, (problem,), broken=True, present=True)
    return FrontMatter({}, text, 1)  # a thematic break, not front matter


def _read(block: str, body: str, body_line: int) -> FrontMatter:
    try:
        fields, problems = _events(block)
    except (yaml.YAMLError, _TooDeep, ValueError) as error:
        line, why = _place(error)
        plain = _plain_lines(block)
        if plain is None:
            problem = (line, "front-matter-yaml", f"front matter is not valid YAML ({why})", "file left out; mend it")
            return FrontMatter({}, body, body_line, (problem,), broken=True, present=True)
        problem = (
            line,
            "front-matter-yaml",
            f"front matter is not valid YAML ({why})",
            "read as plain `name: value` lines",
        )
        return FrontMatter(plain, body, body_line, (problem,), present=True)
    return FrontMatter(fields, body, body_line, tuple(problems), present=True)


class _TooDeep(Exception):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def _place(error: Exception) -> tuple[int, str]:
    """The line in the file (the block starts on line 2) and a short reason."""
    if isinstance(error, _TooDeep):
        return error.line, str(error)
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or "unreadable").split("\n", 1)[0][:80]
    return (mark.line + 2 if mark else 2), reason


def _events(block: str) -> tuple[dict[str, Value], list[tuple[int, str, str, str]]]:
    """Walk the parser's events with a depth of our own; aliases and nesting are refused, not followed."""
    fields: dict[str, Value] = {}
    problems: list[tuple[int, str, str, str]] = []
    depth = 0
    name: str | None = None
    items: list[str] | None = None
    for event in yaml.parse(block, Loader=_PARSER):
        line = (event.start_mark.line if event.start_mark else 0) + 2
        if isinstance(event, yaml.AliasEvent):
            raise _TooDeep(line, "aliases such as *name are not read")
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise _TooDeep(line, "nested too deeply")
            if depth == 1 and isinstance(event, yaml.SequenceStartEvent):
                raise _TooDeep(line, "a list where `name: value` lines were expected")
            if depth == 2:
                items = []
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
            if depth == 1 and name is not None and items is not None:
                fields.setdefault(name, tuple(items))
                name, items = None, None
        elif isinstance(event, yaml.ScalarEvent):
            value = event.value.strip()
            if depth == 0:
                raise _TooDeep(line, "no `name: value` lines")
            if items is not None:
                items.append(value)
            elif name is None:
                name = value.lower()
                if name in fields:
                    problems.append(
                        (line, "duplicate-key", f"`{value}` stands twice in the front matter", "the first is kept")
                    )
            else:
                fields.setdefault(name, value)
                name = None
    return fields, problems


def _plain_lines(block: str) -> dict[str, Value] | None:
    """`name: value` lines read literally, or None where any line is something else."""
    fields: dict[str, Value] = {}
    for line in block.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        match = _PLAIN_LINE.match(line.rstrip())
        if match is None:
            return None
        value = (match[2] or "").strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        fields.setdefault(match[1].lower(), value)
    return fields or None
