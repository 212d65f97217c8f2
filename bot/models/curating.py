"""What moderators and hosts are told: reports, sizes, the audit, gaps, settings. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.models.documents import Finding


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What a reload did, or (`dry`) would do. Paths are corpus paths.

    `counts` says how many findings of each code the whole corpus has; `findings` are the first of each code, worst
    first; of an upload alone, the findings in it, and in `namesakes` the documents whose title it takes too. `videos`
    counts those of which something else is known than before. `generation` is the corpus's number after it.
    `set_aside`: an undo set aside what the folders hold, so that they were not loaded.
    """

    generation: int
    seconds: float
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    parsed: int = 0
    videos: int = 0
    documents: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    dry: bool = False
    namesakes: tuple[str, ...] = ()
    set_aside: bool = False

    @property
    def is_change(self) -> bool:
        """Whether the corpus is another one than before."""
        return bool(self.added or self.changed or self.removed or self.videos)


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What `videos` did. Of the corpus's `videos`, `fetched` were asked about now and `waiting` are still to be.

    `missing` are the ids that YouTube does not know, also from earlier runs; `stopped` says why it ended before the
    last one, and what to do then.
    """

    videos: int
    fetched: int
    waiting: int
    missing: tuple[str, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True)
class CorpusStatus:
    """What is loaded now. `loaded_at` is Unix time of the last reload that changed something, 0 before the first.

    `moments` counts by trust, `findings` by code; `bytes` is the size of the databases. `meaning` is how many of the
    different passages are ready to be ranked by meaning, and how many there are; None where that is off.
    """

    generation: int
    loaded_at: int
    pages: int
    articles: int
    videos: int
    passages: int
    takes: int
    moments: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    findings: tuple[tuple[str, int], ...]
    bytes: int
    meaning: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class CorpusSizes:
    """How much is loaded. `documents` by kind, `moments` by trust; `loaded_at` as in CorpusStatus."""

    generation: int
    loaded_at: int
    documents: tuple[tuple[str, int], ...]
    videos: int
    passages: int
    takes: int
    moments: tuple[tuple[str, int], ...]


class Outcome(StrEnum):
    """What came of a moderator's action."""

    OPEN = "open"
    ASKED = "asked to confirm"
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What somebody did to the corpus. `at` is Unix time, `who` a Discord user id; 0 for the bot
    itself and the host's terminal."""

    number: int
    at: int
    who: int
    action: str
    subject: str
    outcome: Outcome
    note: str = ""


class GapKind(StrEnum):
    """How the library fell short of a question: nothing found, found after a repair, or reported by a member."""

    MISSED = "missed"
    REPAIRED = "repaired"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions alike that the library has no good answer to. `wordings` are most asked first, and lower case.

    The numbers say how often each kind was met in the last 90 days; `became` is what a repair made of the words.
    """

    key: str
    wordings: tuple[str, ...]
    missed: int
    repaired: int
    reported: int
    became: str = ""

    @property
    def times(self) -> int:
        """How often it was met in any way."""
        return self.missed + self.repaired + self.reported


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a Discord server has set for itself. `channels` are where replies may be public; empty means all.

    `every` is the cooldown: seconds for each request of a member beyond the first few.
    """

    private: bool = False
    channels: tuple[int, ...] = ()
    every: int = 2
