"""The benchmarks still start: each imports what it measures. What they measure is theirs to say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_benchmark_starts(script: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    asked = subprocess.run(
        [sys.executable, script, "--help"], env=environment, capture_output=True, text=True, timeout=50, check=False
    )
    assert asked.returncode == 0, asked.stderr
