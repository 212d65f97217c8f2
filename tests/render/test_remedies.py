"""What to do about findings."""

from __future__ import annotations

import re
from pathlib import Path

from bot.render.remedies import REMEDIES

ROOT = Path(__file__).parents[2] / "bot"
_CODE = re.compile(
    r"(?:Finding\([^\"()]*|_rejected\([^\"()]*|warn\(|problem = \([a-z0-9]+, |problems\.append\(\(line, "
    r"|return \"\", \()"
    r"\"([a-z0-9]+(?:-[a-z0-9]+)*)\""
)


def test_every_kind_of_finding_has_a_remedy() -> None:
    sources = [*(ROOT / "corpus").glob("*.py"), *(ROOT / "curation").glob("*.py")]
    codes = {code for path in sources for code in _CODE.findall(path.read_text("utf-8"))}
    codes |= {"time-repaired", "time-doubtful", "dead-link", "length-differs"}
    assert len(codes) > 20
    assert codes - set(REMEDIES) == set()
