"""A data folder that is held, the corpus in it up to date, and what works beside the answers. Answers nothing."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import host
from bot.config import Settings
from bot.curation import Curator
from bot.encoding import Encoding
from bot.errors import ReloadRefused, StoreFailure, WorkerLost
from bot.gaps import Gaps
from bot.library import Library
from bot.log import get_logger
from bot.operation import Operation
from bot.operation.serving import listening, make_app
from bot.search.meaning import Meaning
from bot.search.semantic import load_encoder
from bot.servers import Servers
from bot.store.database import Database, open_database
from bot.store.gaps import forget_all
from bot.store.heartbeat import Heartbeat
from bot.store.state import prune_daily
from bot.store.vectors import open_vectors

PROGRESS_EVERY = 10.0  # seconds between two lines of a log about work that takes long

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A data folder that is held, and what works on it. `ready` is told when members can be answered, and when not."""

    database: Database
    library: Library
    curator: Curator
    gaps: Gaps | None
    servers: Servers
    operation: Operation
    ready: Callable[[bool], None]


@asynccontextmanager
async def opened(settings: Settings, *, on_discord: bool) -> AsyncIterator[Opened]:
    """Open the data folder, and keep what works beside the answers at work while the block runs.

    `on_discord`: for the bot, which answers /healthz and /metrics at HTTP_PORT, from before the corpus is loaded.
    Raises DataFolderError, and SettingsError where it cannot listen there.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings.data_folder))
        meaning = await stack.enter_async_context(_meaning(settings))
        heartbeat = Heartbeat(settings.data_folder)  # first: what a killed bot left is no sign of life while this loads
        library = Library(database, meaning)
        operation = Operation(database, library, on_discord=on_discord)
        if on_discord and settings.http_port:
            app = make_app(operation, settings.http_host)
            await stack.enter_async_context(listening(app, settings.http_host, settings.http_port))
        curator = Curator(database, settings.corpus_folders, library.refresh, attempted=operation.metrics.changed)
        await _load(settings, library, curator)
        gaps = await _gaps(database, settings)
        servers = Servers(database.state)
        await servers.load()
        beside = [
            _start(heartbeat.run(), "saying that it is up"),
            _start(prune_daily(database.state), "forgetting what is too old"),
        ]
        if settings.watch:
            beside.append(_start(_watch(settings, curator), "watching the corpus folders"))
        if gaps is not None:
            beside.append(_start(gaps.run(), "noting what found nothing"))
        if meaning is not None:
            beside.append(_start(Encoding(database.corpus, meaning).run(), "encoding passages"))

        def ready(is_ready: bool) -> None:
            heartbeat.set_ready(is_ready)
            if on_discord:
                operation.connected(is_ready)

        try:
            async with host.serving(settings.data_folder, curator):
                yield Opened(database, library, curator, gaps, servers, operation, ready)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)  # the folder is still held: no other bot's beat is taken away


def _start(work: Coroutine[None, None, None], doing: str) -> asyncio.Task[None]:
    """Work beside the answers, until it is cancelled; where it ends by an error, that is logged at once."""
    task = asyncio.create_task(work, name=doing)
    task.add_done_callback(_note_end)
    return task


def _note_end(task: asyncio.Task[None]) -> None:
    from bot.commands.explaining import log_unexpected

    error = None if task.cancelled() else task.exception()
    if error is not None:
        log_unexpected(error, f"{task.get_name()}, which has ended")


async def _load(settings: Settings, library: Library, curator: Curator) -> None:
    """Bring the corpus up to date and take it into memory; without folders, room or memory, the last corpus serves.

    Raises StoreFailure and WorkerLost where there is none.
    """
    started = time.monotonic()
    try:
        with loading() as progress:
            report = await curator.reload(progress=progress)
        if report.set_aside:
            _log.info("what the folders hold was undone and is set aside; /corpus reload with force loads it")
        for path in report.rejected:
            _log.warning("rejected: %s (see: python -m bot check)", path)
    except ReloadRefused as error:
        _log.warning("%s", error)
        await library.refresh()
    except (StoreFailure, WorkerLost) as error:
        await library.refresh()
        if library.is_empty:
            raise
        _log.warning("the last corpus serves: %s", error)
    if library.is_empty:
        folders = ", ".join(str(folder) for folder in settings.corpus_folders)
        _log.warning("the library is empty: put .md or .txt files into %s, then use /corpus reload", folders)
    _log.info("loaded in %.2f s", time.monotonic() - started)


@contextmanager
def loading() -> Iterator[Callable[[str], Awaitable[None]]]:
    """Show how far the corpus is: on a terminal one line that changes, elsewhere a line in the log now and then."""
    if sys.stderr.isatty():
        from bot.render.terminal import progress_line

        with progress_line("Loading the corpus") as show:
            yield show
        return
    due = time.monotonic() + PROGRESS_EVERY

    async def log(line: str) -> None:
        nonlocal due
        if time.monotonic() >= due:
            due = time.monotonic() + PROGRESS_EVERY
            _log.info("loading the corpus: %s", line)

    yield log


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


def with_uploads(settings: Settings) -> list[Path]:
    """The corpus folders, and before them that of the uploads where there is one: for who works on a copy."""
    uploads = settings.data_folder / "uploads"
    return [*([uploads] if uploads.is_dir() else []), *settings.corpus_folders]
