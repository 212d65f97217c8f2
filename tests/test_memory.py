"""Memory that was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Large blocks with small ones between, and the large ones freed; the first one raises glibc's own limit.
_CHURN = """
from pathlib import Path
from bot.memory import give_back_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

give_back_large_blocks()
def block(size):
    taken = bytearray(size)
    taken[::4096] = b"x" * len(range(0, size, 4096))
    return taken

block(16_000_000)
large, small = [], []
for number in range(64):
    large.append(block(1_000_000))
    small.append(block(100_000))
full = resident()
del large
print(full - resident() > 50_000_000)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_large_blocks_are_given_back_although_small_ones_lie_between_them() -> None:
    script = [sys.executable, "-c", _CHURN]
    assert subprocess.run(script, capture_output=True, text=True, check=True).stdout.strip() == "True"
