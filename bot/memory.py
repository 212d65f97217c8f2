"""How this process takes memory from the system, set once by entry points. Not for what is kept in it."""

from __future__ import annotations

import ctypes
import sys

_M_MMAP_THRESHOLD = -3  # mallopt(3), <malloc.h>
_APART = 128 * 1024  # bytes; glibc's own first value


def give_back_large_blocks() -> None:
    """Have glibc take every block from 128 KB on from the system by itself, and give it back when it is freed.

    It begins so, but raises the limit to the largest block that was freed, up to 32 MB; from then on large blocks lie
    among small ones, and the holes that they leave stay the process's. A library of 742,000 passages then takes 230 MB
    after three reloads instead of 141 (benchmarks/scale.py). Other systems' allocators are left as they are.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, _APART)
