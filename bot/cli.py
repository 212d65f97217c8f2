"""The command line: what can be said there, and what comes of it as an exit code. Does nothing itself but `health`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

from bot import __version__, config, log
from bot.config import Settings
from bot.errors import CuepointError, LoginFailed, SettingsError
from bot.memory import give_back_large_blocks
from bot.store.heartbeat import is_up

EXIT_FAILED = 1
EXIT_CONFIG = 78  # EX_CONFIG of sysexits.h: starting again without a change will not help

Work = Callable[[Settings, argparse.Namespace], Coroutine[None, None, int]]

_log = log.get_logger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = _parser().parse_args(arguments)
    serves = options.command in ("run", "preview")
    for_programs = log.set_up("WARNING", "auto" if serves else "text")
    try:
        give_back_large_blocks()
        settings = config.load(os.environ, Path(".env"))
        if serves:
            for_programs = log.set_up(settings.log_level, settings.log_format)
        if options.command == "health":
            return 0 if is_up(settings.data_folder) else EXIT_FAILED
        return asyncio.run(_work(options.command)(settings, options))
    except CuepointError as error:
        if for_programs:
            _log.critical("%s", error)
        else:
            print(error, file=sys.stderr)
        return EXIT_CONFIG if isinstance(error, SettingsError | LoginFailed) else EXIT_FAILED
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cuepoint", description="A Discord bot that answers from your own library.")
    parser.add_argument("--version", action="version", version=f"Cuepoint {__version__}")
    parser.set_defaults(command="run", address=None, player=True)
    commands = parser.add_subparsers(metavar="command")
    commands.add_parser("run", help="connect to Discord (the default)").set_defaults(command="run")
    preview = commands.add_parser("preview", help="show in a browser what members would get, without Discord")
    preview.add_argument("--address", type=_address, metavar="HOST:PORT", help="where to listen")
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


def _address(text: str) -> tuple[str, int]:
    try:
        return config.address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected {error}") from None


def _work(command: str) -> Work:
    from bot import host, serving, terminal  # only here: a container asks for `health` twice a minute, which needs none

    work: dict[str, Work] = {
        "run": serving.run,
        "preview": serving.preview,
        "search": terminal.search,
        "check": terminal.check,
        "videos": terminal.videos,
        "reload": host.reload,
        "status": host.status,
        "gaps": host.gaps,
        "backup": host.backup,
        "restore": host.restore,
    }
    return work[command]
