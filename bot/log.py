"""Logging: set up once by the entry points; every other module only asks for its logger.

Tokens, user ids and query texts are never logged; control characters in what is logged are escaped.
"""

from __future__ import annotations

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
get_logger = logging.getLogger


class _Escaped(logging.Formatter):
    """Escapes control characters, so that no file name or title can forge a line or drive a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        return "\n    ".join(
            "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line) for line in lines
        )


def set_up(level: str) -> None:
    """Log to standard error; the libraries' own chatter only from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Escaped(_FORMAT, "%Y-%m-%d %H:%M:%S"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    logging.getLogger("discord").setLevel(max(logging.WARNING, logging.getLevelName(level)))
