"""Articles clipped as plain text: title, byline, date, takeaways, headings, references; page furniture left out.

A clipped page has no markup, so every rule here is about shape: what stands twice, what is short, what is numbered.
Not for Markdown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bot.corpus.inline import read_words
from bot.corpus.pieces import Mark
from bot.models import Passage, Section, Take

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "|".join(_MONTHS)
_DATE = re.compile(
    rf"(?P<month>{_MONTH})\s+(?P<day>[0-9]{{1,2}}),?\s+(?P<year>[0-9]{{4}})"
    rf"|(?P<day2>[0-9]{{1,2}})\s+(?P<month2>{_MONTH})\s+(?P<year2>[0-9]{{4}})|(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
)
_READING_TIME = re.compile(r"\b[0-9]{1,3}\s?min(?:ute)?s?\s+read\b", re.IGNORECASE)
_BULLET = re.compile(r"\s*[•‣▪◦*-]\s+(.+)")
_NUMBERED = re.compile(r"\s*\[?([0-9]{1,3})[.\])]\s+(.+)")
_TAKEAWAYS = re.compile(r"(?:key takeaways|takeaways|key points|tl;?dr):?", re.IGNORECASE)
_REFERENCES = re.compile(r"(?:references|sources|footnotes|bibliography|works cited):?", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:loading(?:\.\.\.|…)?|see more|read more|show more|share(?: this(?: article)?)?:?|published|updated"
    r"|advertisement|back to \w[\w ]{0,30}|subscribe|sign up|log in|yes no|comments?|let us know to improve\b.{0,60}"
    r"|[0-9]{1,3} ?min(?:ute)?s? read|skip to (?:main )?content)\.?",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:was this (?:article|page) helpful\b.{0,20}|related (?:articles|posts|stories|reading)"
    r"|more from .{1,40}|you may also like.{0,20}|about the author)[:?]?(?: yes no)?",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:written )?by:?\s+", re.IGNORECASE)
_PUBLISHER = re.compile(r"(?:is|at|for|with) (?:the )?([A-Z][\w.&-]{1,30}(?: [A-Z][\w.&-]{1,30}){0,3})(?:’s|'s)")
_TEAM = re.compile(r"(?: (?:Investigations?|Editorial|News|Research|Writing))* (?:Team|Staff|Desk|Editors)\Z")
_REPEATED = re.compile(r"(?P<words>[A-Z]\w+(?: \w+){0,4}) (?P=words)\s+")

_HEADER_LINES = 30  # within these a title that stands twice is looked for
_HEADER_PARAGRAPHS = 2  # a long title and a summary
_LONGEST_TITLE = 250
_LONGEST_HEADING = 90
_HEADING_WORDS = 14
_LEAD_LENGTH = 160  # a header line this long is a summary, not a byline
_LONGEST_BYLINE = 80


@dataclass(slots=True)
class Article:
    """What a clipped article says. `published` is an ISO date or empty."""

    title: str = ""
    source: str = ""
    author: str = ""
    published: str = ""
    sections: list[Section] = field(default_factory=lambda: [Section("", 0, (), 0)])
    passages: list[Passage] = field(default_factory=list)
    takes: list[Take] = field(default_factory=list)
    references: list[tuple[int, str]] = field(default_factory=list)


def is_clipped(text: str) -> bool:
    """Whether a text without front matter looks like a clipped page rather than a note: at least two of its marks."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    head = lines[:_HEADER_LINES]
    marks = (
        bool(head) and head[0].count(" / ") >= 2,
        any(
            len(line) > 10 and (line in head[:index] or _ends_breadcrumb(line, head)) for index, line in enumerate(head)
        ),
        any(_READING_TIME.search(line) for line in head),
        any(_END.fullmatch(line) for line in lines),
        any(_FURNITURE.fullmatch(line) for line in lines),
    )
    return sum(marks) >= 2


def read_article(text: str) -> Article:
    """Read a clipped article whose line ends are `\\n`."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1)]
    filled = [(number, line) for number, line in lines if line]
    article = Article()
    if not filled:
        return article
    start = _header(article, _head([line for _, line in filled[:_HEADER_LINES]]))
    first = filled[start][0] if start < len(filled) else len(lines) + 1
    body, end = _cut_end(lines[first - 1 :])
    _author_notes(article, end)
    _body(article, body)
    return article


def _head(lines: list[str]) -> list[str]:
    """The lines that may be the header: those above the takeaways and the text, where the title may stand once more."""
    paragraphs = 0
    for index, line in enumerate(lines):
        if len(line) > _LONGEST_HEADING and line not in lines[:index] and not _is_furniture(line):
            paragraphs += 1
        if index and (paragraphs > _HEADER_PARAGRAPHS or _TAKEAWAYS.fullmatch(line) or _BULLET.match(line)):
            return lines[:index]
    return lines


def _ends_breadcrumb(line: str, head: list[str]) -> bool:
    return head[0].endswith(f"/ {line}")


def _header(article: Article, head: list[str]) -> int:
    """Read title, byline, date and summary; return how many filled lines the header takes."""
    title_at = _title(head)
    article.title = head[title_at][:_LONGEST_TITLE]
    taken = title_at + 1
    while taken < len(head) and _is_meta(head[taken], article):
        taken += 1
    for line in head[:taken]:
        found = _DATE.search(line)
        if found and not article.published:
            article.published = _iso(found)
            byline = line[: found.start()].strip(" ,|·-")
            if 0 < len(byline) <= _LONGEST_BYLINE and not article.author:
                article.author = _BY.sub("", byline, count=1).strip()
        elif _BY.match(line) and len(line) <= _LONGEST_BYLINE and not article.author:
            article.author = _BY.sub("", line, count=1).strip()
        elif len(line) >= _LEAD_LENGTH and not article.passages:
            _summary(article, line)
    if not article.author:
        after = [line for line in head[title_at + 1 : taken] if not _FURNITURE.fullmatch(line)]
        article.author = next((line for line in after if len(line) <= _LONGEST_BYLINE and not _DATE.search(line)), "")
    team = _TEAM.search(article.author)
    if team:
        article.source = article.author[: team.start()].strip()
    return taken


def _title(head: list[str]) -> int:
    """The index of the title's last occurrence: a line that stands twice, or that ends the breadcrumbs."""
    for index in range(len(head) - 1, 0, -1):
        line = head[index]
        long_enough = 10 < len(line) <= _LONGEST_TITLE
        if long_enough and not _FURNITURE.fullmatch(line) and (line in head[:index] or _ends_breadcrumb(line, head)):
            return index
    return next((index for index, line in enumerate(head) if not _is_furniture(line)), 0)


def _is_meta(line: str, article: Article) -> bool:
    """Whether a line after the title still belongs to the header: furniture, byline or date."""
    if _TAKEAWAYS.fullmatch(line) or _BULLET.match(line):
        return False
    if _is_furniture(line) or _BY.match(line) or (len(line) <= _LONGEST_BYLINE and _DATE.search(line)):
        return True
    names = line.split()
    return (
        1 < len(names) <= 4 and all(name[0].isupper() for name in names) and line[-1].isalpha() and not article.author
    )


def _is_furniture(line: str) -> bool:
    return bool(_FURNITURE.fullmatch(line)) or " / " in line[:40]


def _iso(found: re.Match[str]) -> str:
    if found["iso"]:
        year, month, day = (int(part) for part in found["iso"].split("-"))
    else:
        year = int(found["year"] or found["year2"])
        month = _MONTHS.index(found["month"] or found["month2"]) + 1
        day = int(found["day"] or found["day2"])
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _summary(article: Article, line: str) -> None:
    """`Executive Summary Executive Summary The ...`: a heading of the page's own, then the summary."""
    repeated = _REPEATED.match(line)
    heading = repeated["words"] if repeated else "Summary"
    article.sections.append(Section(heading, 2, (heading,), 0))
    article.passages.append(Passage(line[repeated.end() :] if repeated else line, 1, 0))
    article.sections.append(Section("", 0, (), 0))


Line = tuple[int, str]


def _cut_end(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Split off what follows the article: from the first "was this helpful" or "related articles" on."""
    for index, (_, line) in enumerate(lines):
        if _END.fullmatch(line):
            return lines[:index], [text for _, text in lines[index:] if text]
    return lines, []


def _author_notes(article: Article, end: list[str]) -> None:
    """The author's biography is not part of the text, but it may say for whom the author writes."""
    for line in end:
        if article.author and line.startswith(article.author) and not article.source:
            publisher = _PUBLISHER.search(line[:400])
            article.source = publisher[1] if publisher else ""


def _body(article: Article, lines: list[Line]) -> None:
    mode = "text"
    following = _following(lines)
    for index, (number, line) in enumerate(lines):
        if not line or _FURNITURE.fullmatch(line) or line == article.title:
            continue
        if _TAKEAWAYS.fullmatch(line):
            mode = "takeaways"
            _open(article, line.rstrip(":"), number)
        elif _REFERENCES.fullmatch(line):
            mode = "references"
        elif mode == "references" and (numbered := _NUMBERED.match(line)):
            article.references.append((int(numbered[1]), numbered[2].strip()))
        elif mode == "references":
            continue  # the tags and buttons that stand below the list
        elif bullet := _BULLET.match(line):
            _add(article, bullet[1], number, is_item=True)
            if mode == "takeaways":
                article.takes.append(Take("", article.passages[-1].text, len(article.passages) - 1))
        elif _is_heading(lines, index, following[index]):
            mode = "text"
            _open(article, line, number)
        else:
            if mode == "takeaways":  # the list is over and no heading says so
                mode = "text"
                article.sections.append(Section("", 0, (), number))
            _add(article, line, number, is_item=False)


def _following(lines: list[Line]) -> list[str]:
    """For each line the next one that has words, empty where there is none."""
    found = [""] * len(lines)
    for index in range(len(lines) - 1, 0, -1):
        found[index - 1] = lines[index][1] or found[index]
    return found


def _is_heading(lines: list[Line], index: int, following: str) -> bool:
    """A short line by itself, without a sentence's end, with a longer paragraph (`following`) after it."""
    line = lines[index][1]
    if (
        len(line) > _LONGEST_HEADING
        or len(line.split()) > _HEADING_WORDS
        or line[-1] in ".!;,…”\"'’"
        or line[0].islower()
    ):
        return False
    alone = (index == 0 or not lines[index - 1][1]) and (index + 1 == len(lines) or not lines[index + 1][1])
    return alone and len(following) > len(line) and not _REFERENCES.fullmatch(following)


def _open(article: Article, heading: str, line: int) -> None:
    article.sections.append(Section(heading, 2, (heading,), line))


def _add(article: Article, line: str, number: int, *, is_item: bool) -> None:
    words = read_words([(Mark.TEXT, line, number)], stamps=False, references=True)
    if words.text:
        section = len(article.sections) - 1
        article.passages.append(Passage(words.text, section, number, is_item=is_item, references=words.references))
