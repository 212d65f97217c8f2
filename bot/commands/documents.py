"""`/corpus upload`, `remove` and `export`: single documents, from Discord."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from bot.commands.declare import (
    MAX_QUERY,
    Choice,
    Command,
    Context,
    Feature,
    GivenFile,
    Option,
    Options,
    OptionType,
    choices,
    text_option,
)
from bot.curation import Curator
from bot.curation.offers import Offer
from bot.curation.uploads import already_there, check_size, clean_name
from bot.errors import InvalidRequest
from bot.library import Library
from bot.models import DocumentRef, Miss, Outcome, Severity, Topic
from bot.render.corpus import changes, report_reply
from bot.render.curating import deleted_reply, export_reply, remove_reply, upload_reply
from bot.render.reply import Reply
from bot.render.topics import topic_reply
from bot.store.database import open_database

_MOST_CHOICES = 25


async def upload(context: Context, options: Options) -> Reply:
    """Show what members would get of a file, and offer to keep it."""
    file = options.get("file")
    if not isinstance(file, GivenFile):
        raise InvalidRequest("Attach a .md or .txt file.")
    curator = context.curator
    async with curator.audit.acting(context.asker, "upload", file.name) as act:
        check_size(file.size)
        name = clean_name(file.name)
        there = await asyncio.to_thread(curator.uploads.existing, name)
        if there and not options.get("replace"):
            raise InvalidRequest(already_there(there))
        content = await file.read()
        check_size(len(content))
        report = await curator.try_upload(there or name, content)
        rejected = next((finding for finding in report.findings if finding.severity is Severity.REJECTED), None)
        if rejected is not None:
            place = f"line {rejected.line}: " if rejected.line else ""
            raise InvalidRequest(
                f"That file cannot be read as a document ({place}{rejected.message}). Nothing was changed: mend it, "
                "then upload it again."
            )
        with curator.scratch() as scratch:
            shown = await _shown(scratch, there or name, content)
        act.outcome = Outcome.ASKED
        token = curator.offers.add(Offer(context.asker, "upload", name, replace=bool(there), content=content))
    return upload_reply(shown, report, name, there, token)


async def _shown(scratch: Path, name: str, content: bytes) -> Reply:
    """The reply that `/topic` would give if the file were the whole corpus."""
    async with open_database(scratch) as database:
        library = Library(database)
        await Curator(database, [], library.refresh).upload(name, content, replace_it=False)
        (document,) = library.catalogue.documents
        answer = await library.topic(document)
    return Reply() if isinstance(answer, Miss) else topic_reply(answer)


async def keep_upload(context: Context, offer: Offer) -> Reply:
    """Keep a file whose preview was confirmed."""
    async with context.curator.audit.acting(context.asker, "upload", offer.subject) as act:
        report = await context.curator.upload(
            offer.subject, offer.content, replace_it=offer.replace, progress=context.progress
        )
        act.note = changes(report)
    return report_reply(report, "Upload")


async def remove(context: Context, options: Options) -> Reply:
    """Offer to take an uploaded document out."""
    given = text_option(options, "document").strip()
    curator = context.curator
    async with curator.audit.acting(context.asker, "remove", given) as act:
        document = _find(context, given)
        path = document.path if document else given
        if document is None and not await asyncio.to_thread(_is_upload, curator, path):
            raise InvalidRequest("No document is called that. Start typing and choose one of the suggestions.")
        curator.refuse_mounted(path)
        act.outcome = Outcome.ASKED
        token = curator.offers.add(Offer(context.asker, "remove", path))
    return remove_reply(document.title if document else path, path, token, loaded=document is not None)


async def remove_confirmed(context: Context, offer: Offer) -> Reply:
    """Take an uploaded document out."""
    async with context.curator.audit.acting(context.asker, "remove", offer.subject) as act:
        report = await context.curator.remove(offer.subject)
        act.note = changes(report) if report.removed else "its file was deleted; it was not loaded"
    return report_reply(report, "Remove") if report.removed else deleted_reply(offer.subject)


async def export(context: Context, options: Options) -> Reply:
    """Give a document's file."""
    given = text_option(options, "document").strip()
    async with context.curator.audit.acting(context.asker, "export", given) as act:
        document = _find(context, given)
        if document is None:
            raise InvalidRequest("No document is called that. Start typing and choose one of the suggestions.")
        content = await context.curator.text(document.path)
        act.note = document.path
    return export_reply(PurePosixPath(document.path).name, document.path, content)


def _find(context: Context, given: str) -> DocumentRef | None:
    """A document by its key, path or exact title."""
    documents = context.library.catalogue.documents
    if given in documents:
        return documents[given]
    named = context.library.catalogue.topics.exact(given) if given else None
    if named is not None and named.key in documents:
        return documents[named.key]
    return context.library.catalogue.at_path(given)


def _is_upload(curator: Curator, path: str) -> bool:
    """Whether a path is that of an uploaded file, loaded or not. Looks at the disk."""
    return path in map(curator.uploads.path, curator.uploads.names())


def _complete_uploads(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Uploaded documents whose title or file has these letters in it."""
    words = typed.casefold().strip()
    uploads = context.curator.uploads
    found = (doc for doc in context.library.catalogue.below(uploads.name) if uploads.owns(doc.path))
    matching = (doc for doc in found if words in doc.title.casefold() or words in doc.path.casefold())
    return choices([Topic(doc.key, doc.title, doc.path) for doc in islice(matching, _MOST_CHOICES)])


def _complete_documents(context: Context, typed: str, _: Options) -> Sequence[Choice]:
    """Documents by title."""
    library = context.library
    if not typed.strip():
        return choices([Topic(doc.key, doc.title, doc.path) for doc in library.catalogue.newest("", 0, _MOST_CHOICES)])
    found = (library.catalogue.documents.get(topic.key) for topic in library.complete_topics(typed[:MAX_QUERY]))
    return choices([Topic(document.key, document.title, document.path) for document in found if document])


_FILE = Option("file", "A .md or .txt file (UTF-8, up to 4 MB)", OptionType.FILE, required=True)
_REPLACE = Option("replace", "Replace the upload of the same name", OptionType.FLAG)

FEATURE = Feature(
    commands=(
        Command(
            "corpus upload",
            "Add a document, once you have seen what members get of it",
            upload,
            (_FILE, _REPLACE),
            moderators=True,
        ),
        Command(
            "corpus remove",
            "Take an uploaded document out",
            remove,
            (
                Option(
                    "document",
                    "The document; start typing to see the uploads",
                    required=True,
                    complete=_complete_uploads,
                ),
            ),
            moderators=True,
        ),
        Command(
            "corpus export",
            "Get a document's file as it is",
            export,
            (
                Option(
                    "document",
                    "The document; start typing to see suggestions",
                    required=True,
                    complete=_complete_documents,
                ),
            ),
            moderators=True,
        ),
    ),
)
