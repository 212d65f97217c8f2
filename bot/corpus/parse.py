"""One file's bytes to one document and its findings. Pure: the same bytes give the same result."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import PurePosixPath

from bot.corpus.article import is_clipped, read_article
from bot.corpus.frontmatter import FrontMatter, split
from bot.corpus.wiki import Body, read_body
from bot.models import Document, Finding, Kind, Parsed, Severity

PARSER_VERSION = 4  # raise it when the same bytes give another document: files parsed by an older one are read again

VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_MARKDOWN = re.compile(r"^#{1,6}[ \t]+\S|\[\[[^\[\]\n]{1,200}\]\]|class=\"yt-timestamp\"|^From: \[\[", re.MULTILINE)
_DURATION = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2})|(\d{1,6})", re.ASCII)
_ISO_DURATION = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,6})S)?", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")  # a terminal would obey them
_CONTROL_BYTES = bytes(code for code in range(128) if _CONTROLS.match(chr(code)))
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]{0,250}\|)?([^\[\]]{0,250})\]\]")
_VIDEO = ("videoid", "video_id", "video")
_MAX_TITLE = 250
_MAX_NAMES = 50  # aliases, guests or authors of one document
_MAX_BROKEN_SHOWN = 20  # findings of one kind in one file; the rest is counted
_COUNTED = {"broken-anchor": "broken timestamp anchor{s}", "stamp-without-words": "timestamp{s} without words"}


def parse(path: str, data: bytes) -> Parsed:
    """Read one file. Never raises: what cannot be read is rejected with a finding that says why."""
    text, problem = _decode(data)
    if problem:
        return Parsed(None, (Finding(path, 0, problem[0], Severity.REJECTED, problem[1], problem[2]),))
    front = split(text)
    findings = [
        Finding(path, line, code, Severity.WARNING, what, action) for line, code, what, action in front.problems
    ]
    if front.broken:
        return Parsed(None, tuple(_as_rejected(finding) for finding in findings))
    if not front.present and not _MARKDOWN.search(text) and is_clipped(text):
        document = _article(path, text)
    else:
        document = _page(path, front, findings)
    if not document.passages:
        message = "nothing in it but headings or markup" if text.strip() else "the file is empty"
        findings.append(Finding(path, 0, "empty", Severity.REJECTED, message, "write something, or delete the file"))
        return Parsed(None, tuple(findings))
    return Parsed(document, tuple(findings))


def _as_rejected(finding: Finding) -> Finding:
    return Finding(finding.path, finding.line, finding.code, Severity.REJECTED, finding.message, finding.action)


def _decode(data: bytes) -> tuple[str, tuple[str, str, str] | None]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "", ("not-utf8", "the text is UTF-16, not UTF-8", "save it as UTF-8")
    if b"\0" in data:
        return "", ("binary", "not a text file (it has NUL bytes)", "file left out")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", ("not-utf8", f"not valid UTF-8 (byte {error.start}, line {line})", "save it as UTF-8")
    if b"\r" in data:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(data.translate(None, _CONTROL_BYTES)) < len(data):  # ten times as fast as to look for none in the text
        text = _CONTROLS.sub(" ", text)
    return text, None


def _article(path: str, text: str) -> Document:
    article = read_article(text)
    return Document(
        path=path,
        kind=Kind.ARTICLE,
        title=article.title or _name_of(path),
        source=article.source,
        author=article.author,
        published=article.published,
        sections=tuple(article.sections),
        passages=tuple(article.passages),
        takes=tuple(article.takes),
        references=tuple(article.references),
    )


def _page(path: str, front: FrontMatter, findings: list[Finding]) -> Document:
    fields = _Fields(path, front, findings)
    video = fields.text(*_VIDEO)
    if video and not VIDEO_ID.fullmatch(video):
        message = f"`{video[:40]}` is not a YouTube video id"
        fields.warn("video-id", message, "page read without its video", *_VIDEO)
        video = ""
    body = read_body(front.body, front.body_line, stamps=bool(video))
    _add_broken(path, body, findings)
    first_heading = next((section.heading for section in body.sections[1:] if section.level == 1), "")
    title = fields.text("title") or first_heading
    if not title:
        title = _name_of(path)
        if front.present:
            fields.warn("no-title", "no title in the front matter", f"`{title}` from the file's name is used")
    is_page = bool(video or body.videos or body.source or body.has_links)
    return Document(
        path=path,
        kind=Kind.PAGE if is_page else Kind.ARTICLE,
        title=" ".join(title.split())[:_MAX_TITLE],
        source=fields.text("channel", "source", "publication") or body.source[:_MAX_TITLE],
        video=video,
        guest=", ".join(fields.names("guest", "guests")),
        author=", ".join(fields.names("author", "authors")),
        published=fields.date("published", "date"),
        duration=fields.duration("duration"),
        aliases=fields.names("aliases", "alias"),
        sections=body.sections,
        passages=body.passages,
        takes=body.takes,
        videos=body.videos,
    )


def _add_broken(path: str, body: Body, findings: list[Finding]) -> None:
    counts = Counter[str]()
    for line, code, message in body.problems:
        counts[code] += 1
        if counts[code] <= _MAX_BROKEN_SHOWN:
            findings.append(Finding(path, line, code, Severity.NOTE, message, "read as far as it goes"))
    for code, count in counts.items():
        if count > _MAX_BROKEN_SHOWN:
            rest = count - _MAX_BROKEN_SHOWN
            message = f"{rest} more {_COUNTED[code].format(s='' if rest == 1 else 's')}"
            action = "read as far as it goes" if rest == 1 else "read as far as they go"
            findings.append(Finding(path, 0, code, Severity.NOTE, message, action))


def _name_of(path: str) -> str:
    """A title from a file name: `open_source-models.md` is "open source models"."""
    return " ".join(PurePosixPath(path).stem.replace("_", " ").replace("-", " ").split()) or path


class _Fields:
    """The front matter's fields by name, with a finding for each that cannot be used."""

    def __init__(self, path: str, front: FrontMatter, findings: list[Finding]) -> None:
        self._path = path
        self._front = front
        self._findings = findings

    def warn(self, code: str, message: str, action: str, *names: str) -> None:
        """Report one of these fields on the line where it stands, or the front matter as a whole."""
        lines = self._front.lines
        line = next((lines[name] for name in names if name in lines), 1 if self._front.present else 0)
        self._findings.append(Finding(self._path, line, code, Severity.WARNING, message, action))

    def text(self, *names: str) -> str:
        return next(iter(self.names(*names)), "")

    def names(self, *names: str) -> tuple[str, ...]:
        """Every value of the first of these fields that is there; wikilink brackets around a name are taken off."""
        for name in names:
            value = self._front.fields.get(name)
            if value:
                values = (value,) if isinstance(value, str) else value
                cleaned = (" ".join(_WIKILINK.sub(r"\1", item).split()) for item in values)
                return tuple(dict.fromkeys(item[:_MAX_TITLE] for item in cleaned if item))[:_MAX_NAMES]
        return ()

    def date(self, *names: str) -> str:
        value = self.text(*names)
        if not value:
            return ""
        try:
            return date.fromisoformat(value[:10]).isoformat()
        except ValueError:
            self.warn("date", f"`{value[:40]}` is not a date (write 2025-12-31)", "read without its date", *names)
            return ""

    def duration(self, name: str) -> int | None:
        """Seconds from `1:02:03`, `62:03`, `3723` or `PT1H2M3S`."""
        value = self.text(name)
        if not value:
            return None
        if match := _DURATION.fullmatch(value):
            hours, minutes, seconds, plain = match.groups()
            return int(plain) if plain else int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        iso = _ISO_DURATION.fullmatch(value)
        if iso and any(iso.groups()):
            hours, minutes, seconds = (int(part or 0) for part in iso.groups())
            return hours * 3600 + minutes * 60 + seconds
        self.warn("duration", f"`{value[:40]}` is not a duration (write 1:02:03)", "read without its duration", name)
        return None
