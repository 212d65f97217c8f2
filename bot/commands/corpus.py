"""`/corpus`: moderators of the home server reload the corpus and see how it is."""

from __future__ import annotations

import re
import time

from bot import __version__
from bot.commands import arguments
from bot.commands.actions import EXPIRED
from bot.commands.declare import Command, Context, Feature, Option, Options, OptionType
from bot.errors import ButtonExpired
from bot.render import verbs
from bot.render.corpus import findings_reply, report_reply, status_reply
from bot.render.reply import Reply

_STARTED = time.monotonic()
_CODE = re.compile(r"[a-z0-9-]{1,40}")


async def reload(context: Context, options: Options) -> Reply:
    """Bring the corpus up to date with its folders."""
    report = await context.curator.reload(force=bool(options.get("force")), progress=context.progress)
    return report_reply(report)


async def check(context: Context, _: Options) -> Reply:
    """Say what a reload would do."""
    return report_reply(await context.curator.check(progress=context.progress))


async def status(context: Context, _: Options) -> Reply:
    """Say what is loaded."""
    return status_reply(await context.library.status(), int(time.monotonic() - _STARTED), __version__)


async def _findings(context: Context, given: tuple[str, ...]) -> Reply:
    (code,) = arguments.take(given, 1)
    if not _CODE.fullmatch(code):
        raise ButtonExpired(EXPIRED)
    findings = await context.library.findings(code)
    return findings_reply(code, findings, (await context.library.status()).findings)


FEATURE = Feature(
    commands=(
        Command(
            "corpus reload",
            "Load what changed in the corpus folders",
            reload,
            (Option("force", "Read every file again, and allow most of the corpus to vanish", type=OptionType.FLAG),),
            moderators=True,
        ),
        Command("corpus check", "What a reload would do, without doing it", check, moderators=True),
        Command("corpus status", "What is loaded, and what is wrong in it", status, moderators=True),
    ),
    actions={verbs.FINDINGS: _findings},
    moderator_verbs=frozenset({verbs.FINDINGS}),
)
