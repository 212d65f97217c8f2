"""The host's terminal: reload, status, gaps, backup and restore, beside a running bot or without one.

What changes the corpus is asked of the bot that holds the data folder, if one does; else it is done here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot import __version__, control
from bot.config import Settings
from bot.curation import Curator
from bot.errors import CuepointError, InvalidRequest
from bot.gaps import Gaps, key_of, plain
from bot.library import Library
from bot.models import Finding, ReloadReport, Severity
from bot.store.backup import restore_backup, write_backup
from bot.store.database import open_database, open_state
from bot.store.files import is_there

_HOST = 0  # who acts, in the audit


def serving(folder: Path, curator: Curator) -> AbstractAsyncContextManager[None]:
    """Do for the host's terminal what it asks of the one that holds the data folder, while the block runs."""
    from bot.commands.explaining import log_unexpected

    started = time.monotonic()

    async def on_reload(given: Mapping[str, Any], progress: control.Progress) -> object:
        return asdict(await _reload_here(curator, force=given.get("force") is True, progress=progress))

    async def on_status(_: Mapping[str, Any], __: control.Progress) -> object:
        return {"version": __version__, "seconds": int(time.monotonic() - started)}

    return control.serving(folder, {"reload": on_reload, "status": on_status}, log_unexpected)


async def _reload_here(curator: Curator, *, force: bool, progress: control.Progress | None) -> ReloadReport:
    from bot.render.corpus import changes

    async with curator.audit.acting(_HOST, "reload with force" if force else "reload", "at the host's terminal") as act:
        report = await curator.reload(force=force, progress=progress)
        act.note = changes(report)
    return report


async def reload(settings: Settings, options: argparse.Namespace) -> int:
    """Bring the corpus up to date. Exit code 1 where a file was rejected."""
    from bot.render.terminal import print_report, progress_line

    with nullcontext() if options.json else progress_line() as progress:
        answer = await control.ask(settings.data_folder, "reload", progress, force=options.force)
        if answer is not None:
            report = _report(answer)
        else:
            async with open_database(settings.data_folder) as database:
                curator = Curator(database, settings.corpus_folders, _nobody)
                report = await _reload_here(curator, force=options.force, progress=progress)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print_report(report)
    return 1 if report.rejected else 0


async def status(settings: Settings, options: argparse.Namespace) -> int:
    """Say what is loaded, and whether a bot runs."""
    from bot.render.terminal import print_status

    async with open_database(settings.data_folder, writes=False) as database:
        loaded = await Library(database).status()
    bot = await control.ask(settings.data_folder, "status")
    if options.json:
        print(json.dumps({**asdict(loaded), "bot": bot}, ensure_ascii=False, indent=1))
    else:
        print_status(loaded, (int(bot["seconds"]), str(bot["version"])) if bot else None)
    return 0


async def gaps(settings: Settings, options: argparse.Namespace) -> int:
    """List what members asked that the library does not answer, or clear one. Works beside a running bot."""
    from bot.render.terminal import print_gaps

    if not settings.gaps:
        raise InvalidRequest("Nothing is kept of what members ask: GAPS is off. Set it to on, and restart the bot.")
    if not is_there(settings.data_folder / "state.db"):
        raise InvalidRequest(f"{settings.data_folder} holds nothing yet: start the bot once, or check DATA_DIR.")
    async with open_state(settings.data_folder) as state:
        kept = Gaps(state)
        if options.done is not None and await kept.done(key_of(plain(options.done))) is None:
            raise InvalidRequest("There is no gap of those words. Give them as `python -m bot gaps` lists them.")
        found = await kept.groups()
    if options.json:
        print(json.dumps([asdict(gap) for gap in found], ensure_ascii=False, indent=1))
    else:
        print_gaps(found)
    return 0


async def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Write one file that `restore` brings back. Works beside a running bot."""
    from bot.render.terminal import print_backup

    made = await asyncio.to_thread(write_backup, settings.data_folder, options.file)
    print_backup("Backed up to", options.file, made.made_at, made.uploads, made.size)
    return 0


async def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Bring a backup back, while no bot runs."""
    from bot.render.terminal import print_backup

    made = await asyncio.to_thread(restore_backup, settings.data_folder, options.file)
    print_backup("Restored from", options.file, made.made_at, made.uploads, made.size)
    return 0


async def _nobody() -> None:
    """Nobody has the corpus in memory."""


def _report(answer: Any) -> ReloadReport:
    """A report as it came through the socket: lists for tuples, text for what is one of several."""
    try:
        listed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()
        }
        found = (Finding(**{**one, "severity": Severity(one["severity"])}) for one in listed["findings"])
        listed["findings"] = tuple(found)
        listed["counts"] = tuple((str(code), int(count)) for code, count in listed["counts"])
        return ReloadReport(**listed)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise CuepointError(
            "The bot that runs is of another version of Cuepoint; it has reloaded. Its /corpus status says more."
        ) from error
