"""The command line: run, preview, search, check, videos, health. Puts parts together, turns errors into exit codes."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import __version__, config, host, log, videos
from bot.config import Settings
from bot.curation import Curator
from bot.encoding import Encoding
from bot.errors import CuepointError, DataFolderError, LoginFailed, ReloadRefused, SettingsError
from bot.gaps import Gaps
from bot.library import Library
from bot.models import Miss
from bot.search.meaning import Meaning
from bot.search.semantic import load_encoder
from bot.servers import Servers
from bot.store.database import Database, copy_corpus, open_database, open_state
from bot.store.gaps import forget_all
from bot.store.heartbeat import Heartbeat, is_up
from bot.store.state import prune_daily
from bot.store.vectors import open_vectors

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h: starting again without a change will not help

_COPY = "This preview shows a copy of the library, and has no moderators' commands."

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
    parser.set_defaults(command="run", address=None, player=True)
    commands = parser.add_subparsers(metavar="command")
    commands.add_parser("run", help="connect to Discord (the default)").set_defaults(command="run")
    preview = commands.add_parser("preview", help="show in a browser what members would get, without Discord")
    preview.add_argument("--address", type=config.address, metavar="HOST:PORT", help="where to listen")
    preview.add_argument("--no-player", dest="player", action="store_false", help="ask nothing of YouTube")
    preview.set_defaults(command="preview")
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
    reload = commands.add_parser("reload", help="load what changed in the corpus folders, the bot running or not")
    reload.add_argument("--force", action="store_true", help="read every file, and let most of the corpus vanish")
    reload.add_argument("--json", action="store_true", help="for programs")
    reload.set_defaults(command="reload")
    status = commands.add_parser("status", help="say what is loaded, and whether a bot runs")
    status.add_argument("--json", action="store_true", help="for programs")
    status.set_defaults(command="status")
    gaps = commands.add_parser("gaps", help="what members asked that the library does not answer, most asked first")
    gaps.add_argument("--done", metavar="WORDS", help="clear the gap of these words")
    gaps.add_argument("--json", action="store_true", help="for programs")
    gaps.set_defaults(command="gaps")
    backup = commands.add_parser("backup", help="write what people made into one file, the bot running or not")
    backup.add_argument("file", type=Path)
    backup.set_defaults(command="backup")
    restore = commands.add_parser("restore", help="bring a backup back; no bot may run")
    restore.add_argument("file", type=Path)
    restore.set_defaults(command="restore")
    health = commands.add_parser("health", help="exit 0 while the bot of this data folder is connected")
    health.set_defaults(command="health")
    return parser


@dataclass(frozen=True, slots=True)
class _Opened:
    """A data folder that is held, and what works on it."""

    database: Database
    library: Library
    curator: Curator
    gaps: Gaps | None
    servers: Servers
    heartbeat: Heartbeat


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    if not settings.token:
        print(
            "DISCORD_TOKEN is not set, so this is the preview, without Discord. To run the bot, put its token into "
            ".env (the README says where to get one)."
        )
        return await _preview(settings, options)
    from bot.gateway.running import run  # discord.py takes half a second to import

    async with _open(settings) as opened:
        await run(
            token=settings.token,
            home_server=settings.home_server,
            library=opened.library,
            curator=opened.curator,
            state=opened.database.state,
            gaps=opened.gaps,
            servers=opened.servers,
            moderator_role=settings.moderator_role,
            audit_channel=settings.audit_channel,
            ready=opened.heartbeat.set_ready,
        )
    return 0


async def _preview(settings: Settings, options: argparse.Namespace) -> int:
    """Works on the data folder as the bot does; where a bot holds it already, on a copy."""
    from bot.preview.app import Preview
    from bot.preview.serving import serve

    host, port = options.address or settings.preview_address
    videos = settings.preview_player and options.player
    try:
        async with _open(settings) as opened:
            preview = Preview(opened.library, opened.curator, opened.database.state, opened.gaps, videos)
            await serve(preview, host, port, opened.heartbeat.set_ready)
    except DataFolderError as error:
        print(error, file=sys.stderr)
        print(_COPY, file=sys.stderr)
        with TemporaryDirectory(prefix="cuepoint-") as scratch:
            copy_corpus(settings.data_folder, Path(scratch))
            async with open_database(Path(scratch)) as database:
                library = Library(database)
                curator = Curator(database, settings.corpus_folders, library.refresh, settings.data_folder)
                await library.refresh()
                if library.is_empty:
                    await Curator(database, _with_uploads(settings), library.refresh).reload()
                await serve(Preview(library, curator, database.state, None, videos, closed=_COPY), host, port)
    return 0


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[_Opened]:
    """The data folder, the corpus up to date, and what works beside the answers. Raises DataFolderError."""
    async with open_database(settings.data_folder) as database, _meaning(settings) as meaning:
        started = time.monotonic()
        library, curator = await _load(database, settings, meaning)
        _log.info("loaded in %.2f s", time.monotonic() - started)
        gaps = await _gaps(database, settings)
        servers = Servers(database.state)
        await servers.load()
        heartbeat = Heartbeat(settings.data_folder)
        beside = [asyncio.create_task(heartbeat.run()), asyncio.create_task(prune_daily(database.state))]
        if settings.watch:
            beside.append(asyncio.create_task(_watch(settings, curator)))
        if gaps is not None:
            beside.append(asyncio.create_task(gaps.run()))
        if meaning is not None:
            beside.append(asyncio.create_task(Encoding(database.corpus, meaning).run()))
        try:
            async with host.serving(settings.data_folder, curator):
                yield _Opened(database, library, curator, gaps, servers, heartbeat)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)  # the folder is still held: no other bot's beat is taken away


async def _watch(settings: Settings, curator: Curator) -> None:
    from bot.watching import Watcher

    await Watcher(curator, settings.corpus_folders).run()


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


async def _gaps(database: Database, settings: Settings) -> Gaps | None:
    """Where what found nothing is noted; None, and nothing of before, where the host wants none kept."""
    if settings.gaps:
        return Gaps(database.state)
    await forget_all(database.state)
    return None


async def _load(database: Database, settings: Settings, meaning: Meaning | None) -> tuple[Library, Curator]:
    """Bring the corpus up to date and take it into memory; without folders the last corpus serves."""
    library = Library(database, meaning)
    curator = Curator(database, settings.corpus_folders, library.refresh)
    try:
        report = await curator.reload()
        if report.set_aside:
            _log.info("what the folders hold was undone and is set aside; /corpus reload with force loads it")
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
                await Curator(database, _with_uploads(settings), library.refresh).reload(progress=progress)
            yield library


def _with_uploads(settings: Settings) -> list[Path]:
    uploads = settings.data_folder / "uploads"
    return [*([uploads] if uploads.is_dir() else []), *settings.corpus_folders]


async def _check(settings: Settings, options: argparse.Namespace) -> int:
    """Works on a copy of corpus.db, so that a running bot is not disturbed."""
    from bot.render.terminal import print_report, progress_line

    with TemporaryDirectory(prefix="cuepoint-") as scratch:
        copy_corpus(settings.data_folder, Path(scratch))
        async with open_database(Path(scratch)) as database:
            library = Library(database)
            curator = Curator(database, settings.corpus_folders, library.refresh, settings.data_folder)
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


_COMMANDS = {
    "run": _run,
    "preview": _preview,
    "search": _search,
    "check": _check,
    "videos": _videos,
    "reload": host.reload,
    "status": host.status,
    "gaps": host.gaps,
    "backup": host.backup,
    "restore": host.restore,
}
