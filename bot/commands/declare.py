"""How a command is declared: once, for Discord, the preview and `/help` alike. Knows no surface and runs nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from bot.curation import Curator
from bot.errors import InvalidRequest
from bot.gaps import Gaps
from bot.library import Library
from bot.models import Topic
from bot.operation.metrics import Metrics
from bot.render.reply import Reply
from bot.servers import Servers

MAX_QUERY = 100  # code points that a member may type into a text option; Discord enforces it, and so do we


class OptionType(Enum):
    """What a member gives: words, yes or no, a file, or a channel of the server."""

    TEXT = "text"
    FLAG = "flag"
    FILE = "file"
    CHANNEL = "channel"  # given as its id, in digits


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of autocomplete: what is shown, and the stable key that is sent."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that somebody attached: its name as they gave it, its size in bytes. `read` fetches it."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


Value = str | bool | GivenFile
Options = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, where, and what answers. `server` is 0 in a direct message.

    `is_moderator` (of the home server) and `is_manager` (of the server where it is asked) were checked by the surface
    for this very call. `progress` shows a line while long work runs. `gaps` is None where nothing is kept of what found
    nothing, `servers` where there are none, `metrics` where nothing is counted.
    """

    library: Library
    curator: Curator
    asker: int
    server: int = 0
    is_moderator: bool = False
    has_moderators: bool = False
    progress: Callable[[str], Awaitable[None]] | None = None
    gaps: Gaps | None = None
    is_manager: bool = False
    servers: Servers | None = None
    metrics: Metrics | None = None


Handler = Callable[[Context, Options], Awaitable[Reply]]
MessageHandler = Callable[[Context, str], Awaitable[Reply]]
ActionHandler = Callable[[Context, tuple[str, ...]], Awaitable[Reply]]
Completer = Callable[[Context, str, Options], Sequence[Choice]]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command. `complete` answers from memory on every key: it must not wait for anything."""

    name: str
    description: str
    type: OptionType = OptionType.TEXT
    required: bool = False
    complete: Completer | None = None


PRIVATE = Option("private", "Show the reply to you alone", OptionType.FLAG)  # every member command takes it besides


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command; `name` may be two words, a group and a subcommand.

    A member command answers at once and takes `private` besides its own options; a moderators' command is for the home
    server only, is deferred, and is always private. One for `managers` is for every server's own, in servers only, and
    answers at once and privately.
    """

    name: str
    description: str
    handler: Handler
    options: tuple[Option, ...] = ()
    moderators: bool = False
    managers: bool = False


@dataclass(frozen=True, slots=True)
class MessageCommand:
    """An entry of a message's Apps menu, asked with the message's text and answered privately.

    Discord shows its name only; `description` is for `/help`.
    """

    name: str
    description: str
    handler: MessageHandler


@dataclass(frozen=True, slots=True)
class Feature:
    """What one module of commands/ brings: its commands, and the handlers of its actions by verb.

    Actions in `moderator_verbs` and `manager_verbs` are refused for everybody else, whoever got hold of the button.
    """

    commands: tuple[Command, ...] = ()
    message_commands: tuple[MessageCommand, ...] = ()
    actions: Mapping[str, ActionHandler] = field(default_factory=dict)
    moderator_verbs: frozenset[str] = frozenset()
    manager_verbs: frozenset[str] = frozenset()


def choices(topics: Sequence[Topic]) -> list[Choice]:
    """Topics as autocomplete lines, cut to what Discord takes."""
    return [Choice(_cut(f"{topic.title} · {topic.note}" if topic.note else topic.title), topic.key) for topic in topics]


def options_of(values: Mapping[str, object]) -> dict[str, Value]:
    """A command's own options as its handler takes them: texts clamped, what was not given left out."""
    options: dict[str, Value] = {}
    for name, value in values.items():
        if name == PRIVATE.name:
            continue
        if isinstance(value, bool | GivenFile):
            options[name] = value
        elif isinstance(value, str):
            options[name] = value[:MAX_QUERY]
    return options


def text_option(options: Options, name: str) -> str:
    """A text option's value, clamped; empty where it was not given."""
    value = options.get(name, "")
    return value[:MAX_QUERY] if isinstance(value, str) else ""


def words_option(options: Options, name: str, hint: str) -> str:
    """A text option that has to hold a word. Raises InvalidRequest with the hint where it holds none, nor a figure."""
    text = text_option(options, name).strip()
    if not any(map(str.isalnum, text)):
        raise InvalidRequest(hint)
    return text


def _cut(name: str) -> str:
    return name if len(name) <= 100 else name[:99] + "…"
