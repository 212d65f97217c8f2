"""What serves until it is told to stop: the bot, and the preview. Puts the parts together; answers nothing itself."""

from __future__ import annotations

import argparse
import asyncio
import signal
from collections.abc import Coroutine

from bot.config import Settings
from bot.curation import Curator
from bot.errors import DataFolderError
from bot.library import Library
from bot.log import get_logger
from bot.opening import loading, opened, with_uploads
from bot.operation import Operation
from bot.store.database import copy_corpus, open_database
from bot.store.files import scratch

_STOPS = (signal.SIGTERM, signal.SIGINT)

_log = get_logger(__name__)
_COPY = "This preview shows a copy of the library, and has no moderators' commands."


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Serve Discord; without a token the preview, after saying so."""
    return await _until_stopped(_run(settings, options))


async def preview(settings: Settings, options: argparse.Namespace) -> int:
    """Works on the data folder as the bot does; where a bot holds it already, on a copy."""
    return await _until_stopped(_preview(settings, options))


async def _until_stopped(serving: Coroutine[None, None, int]) -> int:
    """Load and serve; a SIGTERM or SIGINT that comes before what serves takes them over gives the load up.

    In a container nobody else does: what its first process has no handler for is ignored there.
    """
    task = asyncio.create_task(serving)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        _log.info("stopping while the library is loaded")
        for one in _STOPS:
            loop.add_signal_handler(one, lambda: None)  # a second one would cut off the tidying up
        task.cancel()

    for one in _STOPS:
        loop.add_signal_handler(one, stop)
    await asyncio.wait({task})
    return 0 if task.cancelled() else task.result()


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    if not settings.token:
        print(
            "DISCORD_TOKEN is not set, so this is the preview, without Discord. To run the bot, put its token into "
            ".env (docs/hosting.md says where to get one).",
            flush=True,
        )
        return await _preview(settings, options)
    from bot.commands import registry
    from bot.gateway import running  # discord.py takes half a second to import
    from bot.gateway.desk import Desk

    async with opened(settings, on_discord=True) as here:
        desk = Desk(
            registry,
            here.library,
            here.curator,
            here.database.state,
            settings.home_server,
            here.gaps,
            here.servers,
            moderator_role=settings.moderator_role,
            audit_channel=settings.audit_channel,
            metrics=here.operation.metrics,
        )
        await running.serve(desk, settings.token, here.ready)
    return 0


async def _preview(settings: Settings, options: argparse.Namespace) -> int:
    from bot.preview.app import Preview
    from bot.preview.serving import serve

    host, port = options.address or settings.preview_address
    videos = settings.preview_player and options.player
    try:
        async with opened(settings, on_discord=False) as here:
            shown = Preview(
                here.library, here.curator, here.database.state, here.gaps, videos, operation=here.operation
            )
            await serve(shown, host, port, here.ready)
    except DataFolderError as error:
        with scratch(settings.data_folder) as folder:
            copy_corpus(settings.data_folder, folder)
            _log.warning("%s %s", error, _COPY)
            async with open_database(folder) as database:
                library = Library(database)
                curator = Curator(database, settings.corpus_folders, library.refresh, settings.data_folder)
                await library.refresh()
                if library.is_empty:
                    with loading() as progress:
                        await Curator(database, with_uploads(settings), library.refresh).reload(progress=progress)
                operation = Operation(database, library, on_discord=False)
                shown = Preview(library, curator, database.state, None, videos, closed=_COPY, operation=operation)
                await serve(shown, host, port)
    return 0
