"""Measure settling over a folder of pages whose videos' lengths are known: do links land inside, and where they should?

    python benchmarks/timestamps.py PAGES_DIR DURATIONS_CSV [--json FILE]

DURATIONS_CSV has `video_id,duration_seconds`. The lengths judge; settling gets them only for the rows that say so.

A length shows that a link is wrong, never that it is right. So the last rows judge by the words: where a sound page on
the same video says nearly the same, its time is taken for true (settling sees no words). Those rows never reach 100 %:
speakers repeat themselves. What sound pages reach among each other is their ceiling.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.corpus.parse import parse
from bot.corpus.settling import settle
from bot.corpus.timecode import Form, Readings, read
from bot.models import PageStamps, Settled, Trust

SAME_WORDS = 80  # rapidfuzz's token_sort_ratio, of 100
LEAST_WORDS = 5
SAME_PLACE = 30  # seconds
FEW_ZEROS = 0.3  # of a sound page's stamps end in 00

Count = Counter[str]


@dataclass(frozen=True)
class Page:
    """One page's stamps and the words of each."""

    stamps: PageStamps
    words: tuple[str, ...]
    readings: tuple[Readings, ...]


@dataclass(frozen=True)
class Row:
    """One line of the table; `goal` is empty where there is none."""

    name: str
    part: int
    whole: int
    goal: str = ""

    def __str__(self) -> str:
        share = f"{self.part / self.whole:7.1%}" if self.whole else "      -"
        return f"{self.name:<72} {self.part:>6} of {self.whole:>6} {share}  {self.goal}"


def read_pages(folder: Path) -> dict[str, list[Page]]:
    """Return the pages by video, parsed as the bot parses them."""
    pages: dict[str, list[Page]] = {}
    for path in sorted(folder.rglob("*.md")):
        document = parse(path.relative_to(folder).as_posix(), path.read_bytes()).document
        if document is None or not document.video:
            continue
        stamps = [
            (stamp, passage.text[stamp.start : stamp.end]) for passage in document.passages for stamp in passage.stamps
        ]
        written = tuple((stamp.written, stamp.label) for stamp, _ in stamps)
        page = Page(
            PageStamps(document.path, written),
            tuple(words for _, words in stamps),
            tuple(read(*one) for one in written),
        )
        pages.setdefault(document.video, []).append(page)
    return pages


def read_durations(path: Path) -> dict[str, int]:
    """Return seconds by video id."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["video_id"]: int(row["duration_seconds"]) for row in csv.DictReader(file)}


def shifted(readings: Readings) -> int | None:
    """Return what the stamp says as MM:SS with a part too many."""
    return next((reading.start for reading in readings.others if reading.form is Form.SHIFTED), None)


def is_past(readings: Readings, duration: int) -> bool:
    """Tell whether the stamp as written lies past the video's end."""
    return readings.plain is not None and readings.plain.start > duration


def judge(pages: Sequence[Page], settled: Sequence[Sequence[Settled]], duration: int) -> Count:
    """Count one video's outcomes by its length."""
    count: Count = Counter()
    for page, results in zip(pages, settled, strict=True):
        needs_repair = any(is_past(readings, duration) for readings in page.readings)
        for readings, result in zip(page.readings, results, strict=True):
            count[result.trust] += 1
            count["stamps"] += 1
            if result.start is not None:
                count["links"] += 1
                count["links past"] += max(result.start, result.end or 0) > duration
            if readings.plain is None:
                continue
            count["plain"] += 1
            if not is_past(readings, duration):
                if not needs_repair:
                    count["inside"] += 1
                    count["inside kept"] += result.trust is Trust.STATED and result.start == readings.plain.start
                continue
            count["past"] += 1
            time_shifted = shifted(readings)
            if time_shifted is not None and time_shifted <= duration:
                good = result.trust is Trust.REPAIRED and result.start is not None and result.start <= duration
                for name in ("fits", "fits, ends in 00") if readings.last == 0 else ("fits",):
                    count[name] += 1
                    count[f"{name}: repaired"] += good
                    count[f"{name}: to MM:SS"] += good and result.start == time_shifted
    return count


def true_times(pages: Sequence[Page], duration: int) -> Iterator[list[int | None]]:
    """For each page the time of the most alike words on another, sound page; None where there are none."""
    sound = [
        page
        for page in pages
        if page.readings
        and all(readings.plain and readings.plain.start <= duration for readings in page.readings)
        and sum(readings.last == 0 for readings in page.readings) <= FEW_ZEROS * len(page.readings)
    ]
    for page in pages:
        others = [
            (words, readings.plain.start)
            for other in sound
            if other is not page
            for words, readings in zip(other.words, other.readings, strict=True)
            if readings.plain is not None and len(words.split()) >= LEAST_WORDS
        ]
        choices = [words for words, _ in others]
        times: list[int | None] = []
        for words in page.words:
            enough = len(words.split()) >= LEAST_WORDS
            best = (
                process.extractOne(words, choices, scorer=fuzz.token_sort_ratio, score_cutoff=SAME_WORDS)
                if enough
                else None
            )
            times.append(others[best[2]][1] if best else None)
        yield times


def judge_by_words(pages: Sequence[Page], settled: Sequence[Sequence[Settled]], duration: int) -> Count:
    """Count how many links lie where a sound page says the same."""
    count: Count = Counter()
    for page, results, times in zip(pages, settled, true_times(pages, duration), strict=True):
        for readings, result, true in zip(page.readings, results, times, strict=True):
            if true is None:
                continue
            if result.start is not None:
                name = "stated" if result.trust is Trust.STATED else result.reason.partition(";")[0]
                count[name] += 1
                count[f"{name}: there"] += abs(result.start - true) <= SAME_PLACE
            if is_past(readings, duration):
                count["past"] += 1
                guess = shifted(readings)
                count["past: there"] += result.start is not None and abs(result.start - true) <= SAME_PLACE
                count["past: as MM:SS"] += guess is not None and abs(guess - true) <= SAME_PLACE
    return count


def rows_of(plain: Count, given: Count, words: Count) -> list[Row]:
    """Make the table."""
    rows = [
        Row("past the end as written", plain["past"], plain["plain"]),
        Row("links past the end", plain["links past"], plain["links"], "at most 3 %"),
        Row(
            "inside, in files that need no repair: linked as written",
            plain["inside kept"],
            plain["inside"],
            "at least 97 %",
        ),
        Row("past the end, fits as MM:SS: repaired", plain["fits: repaired"], plain["fits"], "at least 85 %"),
        Row("  of those that end in 00", plain["fits, ends in 00: repaired"], plain["fits, ends in 00"]),
        Row(
            "  of those that end in 00, repaired to MM:SS",
            plain["fits, ends in 00: to MM:SS"],
            plain["fits, ends in 00"],
        ),
        Row("doubtful", plain[Trust.DOUBTFUL], plain["stamps"]),
        Row("with lengths: links past the end", given["links past"], given["links"], "none"),
        Row(
            "with lengths: past the end, fits as MM:SS: repaired",
            given["fits: repaired"],
            given["fits"],
            "at least 95 %",
        ),
        Row("with lengths: of those that end in 00", given["fits, ends in 00: repaired"], given["fits, ends in 00"]),
        Row("with lengths: doubtful", given[Trust.DOUBTFUL], given["stamps"]),
        Row("by words: stated links there (the ceiling)", words["stated: there"], words["stated"]),
    ]
    for form in Form:
        if words[form.value]:
            rows.append(Row(f"by words: {form.value}", words[f"{form.value}: there"], words[form.value]))
    rows.append(Row("by words: past the end as written, linked there", words["past: there"], words["past"]))
    rows.append(Row("by words: the same, had all been read as MM:SS", words["past: as MM:SS"], words["past"]))
    return rows


def measure(pages: Mapping[str, Sequence[Page]], durations: Mapping[str, int]) -> tuple[list[Row], float]:
    """Settle everything, then judge the videos of known length; return the table and the seconds that settling took."""
    started = time.perf_counter()
    settled = {video: settle([page.stamps for page in held]) for video, held in pages.items()}
    seconds = time.perf_counter() - started
    plain: Count = Counter()
    given: Count = Counter()
    words: Count = Counter()
    for video, duration in durations.items():
        if video in pages:
            plain += judge(pages[video], settled[video], duration)
            words += judge_by_words(pages[video], settled[video], duration)
            given += judge(pages[video], settle([page.stamps for page in pages[video]], duration), duration)
    return rows_of(plain, given, words), seconds


def main() -> None:
    """Print the table, and write it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("durations", type=Path)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    pages = read_pages(arguments.pages)
    durations = read_durations(arguments.durations)
    rows, seconds = measure(pages, durations)
    stamps = sum(len(page.readings) for held in pages.values() for page in held)
    print(f"{len(pages)} videos, {stamps} stamps, settled in {seconds:.1f} s; {len(durations)} lengths known\n")
    for row in rows:
        print(row)
    if arguments.json:
        table = [{"name": row.name.strip(), "part": row.part, "whole": row.whole, "goal": row.goal} for row in rows]
        result = {"videos": len(pages), "stamps": stamps, "seconds": round(seconds, 2), "rows": table}
        arguments.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
