"""The benchmarks still start: each imports what it measures. What they measure is theirs to say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Each as by `python benchmarks/NAME.py --help`, all in one process: their imports take longest.
HELP = """
import runpy, sys
for script in sys.argv[1:]:
    sys.argv = [script, "--help"]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        print(script, end.code or 0, file=sys.stderr)
"""


def test_every_benchmark_starts() -> None:
    scripts = sorted(str(script) for script in (ROOT / "benchmarks").glob("*.py"))
    asked = subprocess.run(
        [sys.executable, "-c", HELP, *scripts],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    started = [line for line in asked.stderr.splitlines() if line.endswith(" 0")]
    assert started == [f"{script} 0" for script in scripts if not script.endswith("copies.py")], asked.stderr
