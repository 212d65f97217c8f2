"""Logging: set up once by the entry points; every other module only asks for its logger.

Lines to read on a terminal, one JSON object a line elsewhere. Tokens, user ids and query texts are never logged;
control characters in what is logged are escaped.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType

FORMATS = ("auto", "text", "json")
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
get_logger = logging.getLogger


class _Escaped(logging.Formatter):
    """Escapes control characters, so that no file name or title can forge a line or drive a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        return "\n    ".join(
            "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line) for line in lines
        )


class _Json(logging.Formatter):
    """One object a line, for programs. All that is not ASCII is escaped, control characters among it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line).replace("\x7f", "\\u007f")


def set_up(level: str, form: str = "text") -> bool:
    """Log to standard error in one of FORMATS, the libraries' own chatter only from WARNING on; True where in JSON.

    "auto" is JSON where standard error is no terminal.
    """
    is_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if is_json else _Escaped(_FORMAT, "%Y-%m-%d %H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    logging.getLogger("discord").setLevel(max(logging.WARNING, logging.getLevelName(level)))
    if is_json:  # what Python itself would print between the lines
        logging.captureWarnings(True)
        sys.excepthook = _log_exception
    return is_json


def _log_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    get_logger("bot").critical("ended by an unexpected error", exc_info=(kind, error, trace))
