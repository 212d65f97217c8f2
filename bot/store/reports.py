"""What is wrong in the corpus, and what there is of it: findings and counts, for moderators. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.models import CorpusSizes, CorpusStatus, Finding, Kind, Severity, Trust
from bot.store.database import Row

_SAME_LENGTH = 5  # seconds by which what people and players say of one video may differ
PER_CODE = 100  # findings listed of each code; all are counted


def _clock(column: str) -> str:
    """SQL for a column's seconds as hours, minutes and seconds."""
    return f"printf('%d:%02d:%02d', {column} / 3600, {column} / 60 % 60, {column} % 60)"


@dataclass(frozen=True, slots=True)
class _WorkedOut:
    """Findings of one code that depend on several files: they change when another file does.

    `where` is the FROM clause that finds them. It begins with the documents, so that the first ones in the order of
    paths are found without the others. `counted` is a shorter one for their number, where there is one.
    """

    severity: Severity
    line: str
    message: str
    action: str
    where: str
    counted: str = ""

    def select(self, code: str) -> str:
        return (
            f"SELECT document.path AS path, {self.line} AS line, '{code}' AS code, '{self.severity.value}' AS severity,"
            f" {self.message} AS message, {self.action} AS action FROM {self.where}"
        )


def _doubt(trust: Trust, severity: Severity, action: str) -> _WorkedOut:
    return _WorkedOut(
        severity,
        "moment.line",
        "'written `' || substr(CASE moment.written WHEN '' THEN moment.label ELSE moment.written END, 1, 60)"
        " || '`: ' || moment.reason",
        action,
        "document CROSS JOIN moment ON moment.document = document.id"
        f" WHERE moment.trust = '{trust.value}' AND moment.trust != 'stated'",  # as the index on doubts says
        f"moment WHERE trust = '{trust.value}' AND trust != 'stated'",
    )


_WORKED_OUT = {
    "time-repaired": _doubt(Trust.REPAIRED, Severity.NOTE, f"'taken for ' || {_clock('moment.start')}"),
    "time-doubtful": _doubt(Trust.DOUBTFUL, Severity.WARNING, "'shown without a link'"),
    "dead-link": _WorkedOut(
        Severity.NOTE,
        "link.line",
        "'no page is called `' || substr(link.target, 1, 100) || '`'",
        "'shown as plain words'",
        "document CROSS JOIN link ON link.document = document.id"
        " WHERE NOT EXISTS (SELECT 1 FROM name WHERE name.slug = link.slug)",
        "link WHERE NOT EXISTS (SELECT 1 FROM name WHERE name.slug = link.slug)",
    ),
    "length-differs": _WorkedOut(
        Severity.WARNING,
        "1",
        f"'the video lasts ' || {_clock('document.stated_duration')} || ' by this page, '"
        f" || {_clock('video.seconds')} || ' by ' || video.origin",
        "'the latter counts'",
        "document CROSS JOIN video ON video.id = document.video"
        f" WHERE abs(document.stated_duration - video.seconds) > {_SAME_LENGTH}",
    ),
}
_COLUMNS = "path, line, code, severity, message, action"
_ALL = " UNION ALL ".join(
    [f"SELECT {_COLUMNS} FROM finding", *(found.select(code) for code, found in _WORKED_OUT.items())]
)
_WORST_FIRST = "CASE severity WHEN 'rejected' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END"
_RANK = {severity: rank for rank, severity in enumerate((Severity.REJECTED, Severity.WARNING, Severity.NOTE))}


class Fetches(Protocol):
    """A reader or a writer: whoever can run a query."""

    async def fetch(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]: ...


async def fact(reader: Fetches, name: str) -> str:
    """A fact about the corpus as a whole, empty where it is not known."""
    rows = await reader.fetch("SELECT value FROM meta WHERE name = ?", (name,))
    return str(rows[0][0]) if rows else ""


async def rejected_paths(reader: Fetches) -> list[str]:
    """The paths of all files that were rejected, sorted."""
    rows = await reader.fetch("SELECT DISTINCT path FROM finding WHERE severity = 'rejected' ORDER BY path")
    return [row[0] for row in rows]


async def finding_counts(reader: Fetches) -> list[tuple[str, int]]:
    """How many findings there are of each code, worst first."""
    rows = await reader.fetch(f"SELECT min({_WORST_FIRST}), count(*), code FROM finding GROUP BY code")
    counts: list[tuple[int, int, str]] = [(row[0], row[1], row[2]) for row in rows]
    for code, found in _WORKED_OUT.items():
        many = (await reader.fetch(f"SELECT count(*) FROM {found.counted or found.where}"))[0][0]
        counts.append((_RANK[found.severity], many, code))
    counts.sort(key=lambda count: (count[0], -count[1], count[2]))
    return [(code, many) for _, many, code in counts if many]


async def findings(reader: Fetches, code: str = "", *, limit: int = PER_CODE) -> list[Finding]:
    """Findings, worst first, then by path and line: at most `limit` of each code, or of one code only."""
    rows = await reader.fetch(
        f"SELECT {_COLUMNS} FROM (SELECT *, row_number() OVER"
        f" (PARTITION BY code ORDER BY {_WORST_FIRST}, path, line) AS place"
        " FROM finding WHERE ? IN ('', code)) WHERE place <= ? ORDER BY code, place",
        (code, limit),
    )
    for one, found in _WORKED_OUT.items():
        if code in ("", one):
            rows += await reader.fetch(f"{found.select(one)} ORDER BY path, line LIMIT ?", (limit,))
    listed = [_finding(row) for row in rows]
    return sorted(listed, key=lambda finding: (_RANK[finding.severity], finding.code))  # of one code they are sorted


def _finding(row: Row) -> Finding:
    return Finding(row[0], row[1], row[2], Severity(row[3]), row[4], row[5])


async def findings_in(reader: Fetches, paths: Sequence[str]) -> list[Finding]:
    """What is wrong in a few files, worst first, then by line."""
    found: list[Finding] = []
    for path in paths:
        rows = await reader.fetch(
            f"SELECT * FROM ({_ALL}) WHERE path = ? ORDER BY {_WORST_FIRST}, line LIMIT {PER_CODE}", (path,)
        )
        found += map(_finding, rows)
    return found


async def findings_by_file(reader: Fetches) -> list[tuple[str, str, Severity, int]]:
    """How many findings each file has of each code: (path, code, severity, count), by path."""
    rows = await reader.fetch(f"SELECT path, code, severity, count(*) FROM ({_ALL}) GROUP BY path, code, severity")
    return [(row[0], row[1], Severity(row[2]), row[3]) for row in rows]


async def findings_of(
    reader: Fetches, path: str, code: str, severity: str, limit: int, offset: int
) -> tuple[list[Finding], int]:
    """What is wrong in one file by line, of one code and severity where given, and how many findings that are."""
    rows = await reader.fetch(
        f"SELECT *, count(*) OVER () FROM ({_ALL}) WHERE path = ? AND ? IN ('', code) AND ? IN ('', severity)"
        " ORDER BY line, code, message LIMIT ? OFFSET ?",
        (path, code, severity, limit, offset),
    )
    found = [Finding(row[0], row[1], row[2], Severity(row[3]), row[4], row[5]) for row in rows]
    return found, rows[0][6] if rows else 0


async def namesakes(reader: Fetches, paths: Sequence[str]) -> list[str]:
    """The paths of other documents whose title one of these documents has as its title or alias."""
    found: set[str] = set()
    for path in paths:
        rows = await reader.fetch(
            "SELECT other.path FROM document JOIN name AS mine ON mine.document = document.id AND mine.rank < 2"
            " JOIN name AS theirs ON theirs.slug = mine.slug AND theirs.rank = 0"
            " JOIN document AS other ON other.id = theirs.document WHERE document.path = ? AND other.id != document.id",
            (path,),
        )
        found.update(row[0] for row in rows)
    return sorted(found)


async def sizes(reader: Fetches) -> CorpusSizes:
    """How much is loaded."""
    numbers = await reader.fetch(
        "SELECT (SELECT count(DISTINCT video) FROM document WHERE video != ''),"
        " (SELECT count(*) FROM passage), (SELECT count(*) FROM take)"
    )
    return CorpusSizes(
        generation=int(await fact(reader, "generation") or 0),
        loaded_at=int(await fact(reader, "loaded_at") or 0),
        documents=await _pairs(reader, "SELECT kind, count(*) FROM document GROUP BY kind"),
        videos=numbers[0][0],
        passages=numbers[0][1],
        takes=numbers[0][2],
        moments=await _moments(reader),
    )


async def _moments(reader: Fetches) -> tuple[tuple[str, int], ...]:
    """Moments by trust, most first: counted in indexes, of which the one by trust leaves out those as stated."""
    others = await _pairs(reader, "SELECT trust, count(*) FROM moment WHERE trust != 'stated' GROUP BY trust")
    everything = (await reader.fetch("SELECT count(*) FROM moment"))[0][0]
    counts = (("stated", everything - sum(count for _, count in others)), *others)
    return tuple(sorted((pair for pair in counts if pair[1]), key=lambda pair: -pair[1]))


async def status(reader: Fetches, size: int) -> CorpusStatus:
    """Everything counted. `size` is the databases' size in bytes, which only the caller knows."""
    counted = await sizes(reader)
    kinds = dict(counted.documents)
    return CorpusStatus(
        generation=counted.generation,
        loaded_at=counted.loaded_at,
        pages=kinds.get(Kind.PAGE.value, 0),
        articles=kinds.get(Kind.ARTICLE.value, 0),
        videos=counted.videos,
        passages=counted.passages,
        takes=counted.takes,
        moments=counted.moments,
        sources=await _pairs(
            reader,
            "SELECT CASE source WHEN '' THEN 'no source named' ELSE source END, count(*)"
            " FROM document GROUP BY source ORDER BY count(*) DESC, source",
        ),
        findings=tuple(await finding_counts(reader)),
        bytes=size,
    )


async def _pairs(reader: Fetches, sql: str) -> tuple[tuple[str, int], ...]:
    return tuple((row[0], row[1]) for row in await reader.fetch(sql))
