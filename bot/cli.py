"""The command line: run, search, check, videos, health. Puts the parts together and turns errors into exit codes."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import __version__, config, log, videos
from bot.config import Settings
from bot.curation import Curator
from bot.encoding import Encoding
from bot.errors import CuepointError, LoginFailed, ReloadRefused, SettingsError
from bot.library import Library
from bot.models import Miss
from bot.search.meaning import Meaning
from bot.search.semantic import load_encoder
from bot.store.database import Database, copy_corpus, open_database, open_state
from bot.store.heartbeat import Heartbeat, is_up
from bot.store.state import prune_daily
from bot.store.vectors import open_vectors

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h: starting again without a change will not help

_log = log.get_logger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = config.load(os.environ, Path(".env"))
        log.set_up(settings.log_level if options.command == "run" else "WARNING")
        if options.command == "health":
            return 0 if is_up(settings.data_folder) else EXIT_FAILED
        return asyncio.run(_COMMANDS[options.command](settings, options))
    except (SettingsError, LoginFailed) as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIG
    except CuepointError as error:
        print(error, file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cuepoint", description="A Discord bot that answers from your own library.")
    parser.add_argument("--version", action="version", version=f"Cuepoint {__version__}")
    parser.set_defaults(command="run")
    commands = parser.add_subparsers(metavar="command")
    commands.add_parser("run", help="connect to Discord (the default)").set_defaults(command="run")
    search = commands.add_parser("search", help="find moments for some words, in the terminal")
    search.add_argument("words", nargs="+")
    search.add_argument("--json", action="store_true", help="for programs")
    search.set_defaults(command="search")
    check = commands.add_parser("check", help="say what a reload would do; exit 1 where a file is rejected")
    check.add_argument("--json", action="store_true", help="for programs")
    check.set_defaults(command="check")
    videos = commands.add_parser("videos", help="fetch lengths, titles, channels and dates of the videos from YouTube")
    videos.add_argument("--json", action="store_true", help="for programs")
    videos.set_defaults(command="videos")
    health = commands.add_parser("health", help="exit 0 while the bot of this data folder is connected")
    health.set_defaults(command="health")
    return parser


async def _run(settings: Settings, _: argparse.Namespace) -> int:
    if not settings.token:
        raise SettingsError(
            "DISCORD_TOKEN is not set: put the bot's token into .env (the README says where to get one)."
        )
    from bot.gateway.running import run  # discord.py takes half a second to import

    async with open_database(settings.data_folder) as database, _meaning(settings) as meaning:
        started = time.monotonic()
        library, curator = await _load(database, settings, meaning)
        _log.info("loaded in %.2f s", time.monotonic() - started)
        heartbeat = Heartbeat(settings.data_folder)
        beside = [asyncio.create_task(heartbeat.run()), asyncio.create_task(prune_daily(database.state))]
        if meaning is not None:
            beside.append(asyncio.create_task(Encoding(database.corpus, meaning).run()))
        try:
            await run(
                token=settings.token,
                home_server=settings.home_server,
                library=library,
                curator=curator,
                state=database.state,
                ready=heartbeat.set_ready,
            )
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)  # the folder is still held: no other bot's beat is taken away
    return 0


@asynccontextmanager
async def _meaning(settings: Settings) -> AsyncIterator[Meaning | None]:
    """What ranks by meaning, where it is asked for. The data folder has to be held."""
    if not settings.semantic:
        yield None
        return
    encoder = await asyncio.to_thread(load_encoder, settings.semantic_model)
    async with open_vectors(settings.data_folder) as vectors:
        with closing(Meaning(encoder, vectors)) as meaning:
            yield meaning


async def _load(database: Database, settings: Settings, meaning: Meaning | None) -> tuple[Library, Curator]:
    """Bring the corpus up to date and take it into memory; without folders the last corpus serves."""
    library = Library(database, meaning)
    curator = Curator(database, settings.corpus_folders, library.refresh)
    try:
        report = await curator.reload()
        for path in report.rejected:
            _log.warning("rejected: %s (see: python -m bot check)", path)
    except ReloadRefused as error:
        _log.warning("%s", error)
        await library.refresh()
    if library.is_empty:
        folders = ", ".join(str(folder) for folder in settings.corpus_folders)
        _log.warning("the library is empty: put .md or .txt files into %s, then use /corpus reload", folders)
    return library, curator


async def _search(settings: Settings, options: argparse.Namespace) -> int:
    from bot.render.terminal import print_moments

    words = " ".join(options.words).encode("utf-8", "replace").decode()  # a terminal may send anything
    async with _open_to_read(settings) as library:
        answer = await library.moments(words)
        if options.json:
            print(json.dumps(asdict(answer), ensure_ascii=False, indent=1))
        else:
            print_moments(answer)
    return EXIT_FAILED if isinstance(answer, Miss) else 0


@asynccontextmanager
async def _open_to_read(settings: Settings) -> AsyncIterator[Library]:
    """The library as the bot sees it; of a folder that no bot uses yet, a fresh copy of the corpus folders."""
    from bot.render.terminal import progress_line

    if (settings.data_folder / "corpus.db").is_file() and (settings.data_folder / "state.db").is_file():
        async with open_database(settings.data_folder, writes=False) as database:
            library = Library(database)
            await library.refresh()
            yield library
        return
    with TemporaryDirectory(prefix="cuepoint-") as scratch:
        copy_corpus(settings.data_folder, Path(scratch))
        async with open_database(Path(scratch)) as database:
            library = Library(database)
            with progress_line() as progress:
                await Curator(database, settings.corpus_folders, library.refresh).reload(progress=progress)
            yield library


async def _check(settings: Settings, options: argparse.Namespace) -> int:
    """Works on a copy of corpus.db, so that a running bot is not disturbed."""
    from bot.render.terminal import print_report, progress_line

    with TemporaryDirectory(prefix="cuepoint-") as scratch:
        copy_corpus(settings.data_folder, Path(scratch))
        async with open_database(Path(scratch)) as database:
            library = Library(database)
            curator = Curator(database, settings.corpus_folders, library.refresh)
            with nullcontext() if options.json else progress_line() as progress:
                report = await curator.check(progress=progress)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print_report(report)
    return EXIT_FAILED if report.rejected else 0


async def _videos(settings: Settings, options: argparse.Namespace) -> int:
    """Works beside a running bot, which takes over what was fetched with its next reload."""
    from bot.render.terminal import print_fetch, progress_line

    if not settings.youtube_key:
        raise SettingsError(
            "YOUTUBE_API_KEY is not set: put a key for YouTube's Data API into .env (the README says where to get one)."
        )
    async with _open_to_read(settings) as library:
        cited = sorted(library.catalogue.videos)
    async with open_state(settings.data_folder) as state:
        with nullcontext() if options.json else progress_line("Asking YouTube") as progress:
            report = await videos.fetch(state, cited, settings.youtube_key, url=videos.API_URL, progress=progress)
    if options.json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        print_fetch(report)
    if report.stopped:
        print(report.stopped, file=sys.stderr)
    return EXIT_FAILED if report.stopped else 0


_COMMANDS = {"run": _run, "search": _search, "check": _check, "videos": _videos}
