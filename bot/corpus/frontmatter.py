"""YAML front matter as plain strings: no types, no aliases, no recursion. Not for the Markdown below it.

YAML's own types are what breaks here (`1:30:00` becomes 5400, `2020-13-45` raises, a date loses its zero), so the
loader works on the parser's events and keeps every scalar as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

MAX_LENGTH = 64_000  # code points; the largest real front matter has 200
MAX_DEPTH = 20  # nothing below a list of strings is read, but what other programs put there does no harm
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_LINE = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,40})[ \t]*:(?:[ \t]+(.*))?$")
_ESCAPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]+")  # what `"\e"` in quotes comes to; none is a text's
_NULLS = ("~", "null", "Null", "NULL")

Value = str | tuple[str, ...]
Problem = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`fields` maps lower-case names to a string or a tuple of strings; `body` starts on line `body_line` (from 1).

    `lines` says where each field stands. `problems` are (line, code, message, action); `broken` says that nothing
    could be made of the block.
    """

    fields: Mapping[str, Value]
    body: str
    body_line: int
    problems: tuple[Problem, ...] = ()
    broken: bool = False
    present: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)


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
            found = _read("\n".join(block), text[position:], len(block) + 3)
            between_rules = found.broken and not block[0].strip()  # text after a thematic break, and another one
            return FrontMatter({}, text, 1) if between_rules else found
        block.append(line)
    if "\n" in rest and _PLAIN_LINE.match(rest.split("\n", 1)[0]):
        problem = (1, "front-matter-open", "the front matter is opened with --- and never closed", "close it with ---")
        return FrontMatter({}, text, 1, (problem,), broken=True, present=True)
    return FrontMatter({}, text, 1)  # a thematic break, not front matter


def _read(block: str, body: str, body_line: int) -> FrontMatter:
    reader = _Reader()
    try:
        reader.read(block)
    except (yaml.YAMLError, _Unreadable, ValueError, OverflowError) as error:  # the last: `"\UFFFFFFFF"` without C
        line, why = _place(error)
        message = f"front matter is not valid YAML ({why})"
        plain = _plain_lines(block)
        if not plain:
            problem = (line, "front-matter-yaml", message, "file left out; mend it")
            return FrontMatter({}, body, body_line, (problem,), broken=True, present=True)
        problem = (line, "front-matter-yaml", message, "read as plain `name: value` lines")
        fields = {name: value for name, (value, _) in plain.items()}
        lines = {name: place for name, (_, place) in plain.items()}
        return FrontMatter(fields, body, body_line, (problem,), present=True, lines=lines)
    return FrontMatter(reader.fields, body, body_line, tuple(reader.problems), present=True, lines=reader.lines)


class _Unreadable(Exception):
    """Valid YAML that is refused: it would have to be followed or built."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def _place(error: Exception) -> tuple[int, str]:
    """The line in the file (the block starts on line 2) and a short reason."""
    if isinstance(error, _Unreadable):
        return error.line, str(error)
    mark = getattr(error, "problem_mark", None)
    reason = str(getattr(error, "problem", None) or "unreadable").split("\n", 1)[0][:80]
    return (mark.line + 2 if mark else 2), reason


class _Reader:
    """Walks the parser's events with a depth of its own; aliases, tags and deep nesting are refused, not followed."""

    def __init__(self) -> None:
        self.fields: dict[str, Value] = {}
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []
        self._depth = 0
        self._name: str | None = None  # of the field whose value comes next
        self._items: list[str] = []
        self._is_plain = True  # whether the value is a string or a list of strings

    def read(self, block: str) -> None:
        for event in yaml.parse(block, Loader=_PARSER):
            line = (event.start_mark.line if event.start_mark else 0) + 2
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise _Unreadable(line, "`&` and `*` before a word are not read; put quotes around the text")
            if getattr(event, "tag", None):
                raise _Unreadable(line, "`!` before a word is not read; put quotes around the text")
            if isinstance(event, yaml.CollectionStartEvent):
                self._open(line, is_list=isinstance(event, yaml.SequenceStartEvent))
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
            elif isinstance(event, yaml.ScalarEvent):
                is_null = event.implicit[0] and event.value in _NULLS
                self._scalar("" if is_null else _ESCAPED.sub(" ", event.value).strip(), line)

    def _open(self, line: int, *, is_list: bool) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _Unreadable(line, "nested too deeply")
        if self._depth == 1 and is_list:
            raise _Unreadable(line, "a list where `name: value` lines were expected")
        if self._depth == 2 and self._name is None:
            raise _Unreadable(line, "a list where a name was expected")
        if self._depth == 2:
            self._items, self._is_plain = [], is_list
        elif not is_list:  # a list in a list is what `[[name]]` without quotes comes to
            self._is_plain = self._depth == 1

    def _close(self) -> None:
        self._depth -= 1
        if self._depth == 1 and self._name is not None:
            if self._is_plain:
                self.fields.setdefault(self._name, tuple(self._items))
            else:
                line = self.lines[self._name]
                message = f"`{self._name[:40]}` is neither a text nor a list of texts"
                self.problems.append((line, "nested-field", message, "read without it"))
            self._name = None

    def _scalar(self, value: str, line: int) -> None:
        if self._depth == 0 and value:
            raise _Unreadable(line, "no `name: value` lines")
        if self._depth > 1:
            self._items.append(value)
        elif self._name is None:
            self._name = value.lower()
            if self._name in self.lines:
                message = f"`{value[:40]}` stands twice in the front matter"
                self.problems.append((line, "duplicate-key", message, "the first is kept"))
            self.lines.setdefault(self._name, line)
        else:
            self.fields.setdefault(self._name, value)
            self._name = None


def _plain_lines(block: str) -> dict[str, tuple[Value, int]]:
    """`name: value` lines, and `- item` lines below a name, read literally, each with its line in the file.

    Empty where any line is something else.
    """
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    lists: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate(block.split("\n"), start=2):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("- ") and name and not fields[name]:
            lists.setdefault(name, []).append(_unquoted(text[2:].strip()))
            continue
        match = _PLAIN_LINE.match(line.rstrip())
        if match is None:
            return {}
        name = match[1].lower()
        fields.setdefault(name, _unquoted((match[2] or "").strip()))
        lines.setdefault(name, number)
    return {name: (tuple(lists.get(name, ())) or value, lines[name]) for name, value in fields.items()}


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
