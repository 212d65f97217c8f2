"""Files that may not be used: for a while, by somebody else where we may use all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534


@contextmanager
def without_access(*paths: Path, writing_only: bool = False) -> Iterator[int]:
    """Nobody may use these; where that means nothing to us (root), we are somebody else meanwhile. Gives who we are."""
    modes = {path: path.stat().st_mode for path in paths}
    us = os.geteuid()
    for path in paths:
        path.chmod((0o555 if path.is_dir() else 0o444) if writing_only else 0)
    try:
        if us == 0:
            os.seteuid(_NOBODY)
        yield os.geteuid()
    finally:
        os.seteuid(us)
        for path, mode in modes.items():
            path.chmod(mode)
