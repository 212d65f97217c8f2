"""Questions at the terminal: search, check, videos. They read the data folder or a copy, beside a running bot too."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import asdict

from bot import videos as youtube
from bot.config import Settings
from bot.curation import Curator
from bot.errors import SettingsError
from bot.library import Library
from bot.models import Miss
from bot.opening import with_uploads
from bot.store.database import copy_corpus, open_database, open_state
from bot.store.files import is_there, scratch
from bot.store.reports import PER_CODE


async def search(settings: Settings, options: argparse.Namespace) -> int:
    """Find moments. Exit code 1 where there are none."""
    from bot.render.terminal import print_moments

    words = " ".join(options.words).encode("utf-8", "replace").decode()  # a terminal may send anything
    async with _open_to_read(settings) as library:
        answer = await library.moments(words)
        if options.json:
            print(json.dumps(asdict(answer), ensure_ascii=False, indent=1))
        else:
            print_moments(answer)
    return 1 if isinstance(answer, Miss) else 0


async def check(settings: Settings, options: argparse.Namespace) -> int:
    """Say what a reload would do, on a copy of corpus.db. Exit code 1 where a file is rejected."""
    from bot.render.terminal import print_report, progress_line

    with scratch(settings.data_folder) as folder:
        copy_corpus(settings.data_folder, folder)
        async with open_database(folder) as database:
            library = Library(database)
            curator = Curator(database, settings.corpus_folders, library.refresh, settings.data_folder)
            with nullcontext() if options.json else progress_line() as progress:
                report = await curator.check(progress=progress, listed=sys.maxsize if options.json else PER_CODE)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print_report(report)
    return 1 if report.rejected else 0


async def videos(settings: Settings, options: argparse.Namespace) -> int:
    """Fetch what YouTube says of the videos, which a running bot takes over with its next reload. Exit code 1 where it
    stopped early."""
    from bot.render.terminal import print_fetch, progress_line

    if not settings.youtube_key:
        raise SettingsError(
            "YOUTUBE_API_KEY is not set: put a key for YouTube's Data API into .env (how to get one: docs/corpus.md)."
        )
    async with _open_to_read(settings) as library:
        cited = sorted(library.catalogue.videos.keys())
    async with open_state(settings.data_folder) as state:
        with nullcontext() if options.json else progress_line("Asking YouTube") as progress:
            report = await youtube.fetch(state, cited, settings.youtube_key, url=youtube.API_URL, progress=progress)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print_fetch(report)
    if report.stopped:
        print(report.stopped, file=sys.stderr)
    return 1 if report.stopped else 0


@asynccontextmanager
async def _open_to_read(settings: Settings) -> AsyncIterator[Library]:
    """The library as the bot sees it; of a folder that no bot uses yet, a fresh copy of the corpus folders."""
    from bot.render.terminal import progress_line

    if all(is_there(settings.data_folder / name) for name in ("corpus.db", "state.db")):
        async with open_database(settings.data_folder, writes=False) as database:
            library = Library(database)
            await library.refresh()
            yield library
        return
    with scratch(settings.data_folder) as folder:
        copy_corpus(settings.data_folder, folder)
        async with open_database(folder) as database:
            library = Library(database)
            with progress_line() as progress:
                await Curator(database, with_uploads(settings), library.refresh).reload(progress=progress)
            yield library
