"""`/corpus`: moderators of the home server reload the corpus, undo that, and see how it is."""

from __future__ import annotations

import re
import time
from dataclasses import replace

from bot import __version__
from bot.commands import arguments
from bot.commands.actions import EXPIRED
from bot.commands.declare import Command, Context, Feature, Option, Options, OptionType
from bot.curation.offers import Offer
from bot.errors import ButtonExpired
from bot.models import Outcome
from bot.render import verbs
from bot.render.corpus import changes, findings_reply, report_reply, status_reply
from bot.render.curating import confirm_reply, undone_text
from bot.render.reply import Reply

_STARTED = time.monotonic()
FORCE = "reload with force"  # in the audit
_CODE = re.compile(r"[a-z0-9-]{1,40}")


async def reload(context: Context, options: Options) -> Reply:
    """Bring the corpus up to date with its folders; with `force` once that is confirmed."""
    if options.get("force"):
        return await _offer_force(context)
    return await _reload(context, "reload", force=False)


async def _reload(context: Context, action: str, *, force: bool) -> Reply:
    async with context.curator.audit.acting(context.asker, action) as act:
        report = await context.curator.reload(force=force, progress=context.progress)
        act.note = changes(report)
    return report_reply(report)


async def _offer_force(context: Context) -> Reply:
    curator = context.curator
    async with curator.audit.acting(context.asker, FORCE) as act:
        report = await curator.check(force=True, progress=context.progress)
        act.outcome = Outcome.ASKED
        token = curator.offers.add(Offer(context.asker, FORCE))
    text = "Every file is read again, whatever vanished from the folders goes, and what an undo set aside comes back."
    return confirm_reply("Reload with force?", text, "Reload with force", token, report)


async def reload_confirmed(context: Context, _: Offer) -> Reply:
    """Reload with force."""
    return await _reload(context, FORCE, force=True)


async def undo(context: Context, _: Options) -> Reply:
    """Offer to go back to the corpus before the last change."""
    curator = context.curator
    async with curator.audit.acting(context.asker, "undo") as act:
        report = await curator.undo(dry=True, progress=context.progress)
        act.outcome = Outcome.ASKED
        current = (await context.library.status()).generation
        token = curator.offers.add(Offer(context.asker, "undo", generation=current))
    return confirm_reply("Undo?", undone_text(report), "Undo", token, report)


async def undo_confirmed(context: Context, offer: Offer) -> Reply:
    """Go back to the corpus before the last change."""
    async with context.curator.audit.acting(context.asker, "undo") as act:
        report = await context.curator.undo(generation=offer.generation, progress=context.progress)
        act.note = changes(report)
    return report_reply(report, "Undo")


async def _press_undo(context: Context, given: tuple[str, ...]) -> Reply:
    arguments.take(given, 0)
    return replace(await undo(context, {}), fresh=True)


async def check(context: Context, _: Options) -> Reply:
    """Say what a reload would do."""
    return report_reply(await context.curator.check(progress=context.progress))


async def status(context: Context, _: Options) -> Reply:
    """Say what is loaded."""
    aside = await context.curator.set_aside()
    return status_reply(
        await context.library.status(),
        int(time.monotonic() - _STARTED),
        __version__,
        last=await context.curator.audit.last_change(),
        undone_at=aside.at if aside else 0,
    )


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
        Command("corpus undo", "Go back to the corpus before the last reload or upload", undo, moderators=True),
        Command("corpus check", "What a reload would do, without doing it", check, moderators=True),
        Command("corpus status", "What is loaded, and what is wrong in it", status, moderators=True),
    ),
    actions={verbs.FINDINGS: _findings, verbs.UNDO: _press_undo},
    moderator_verbs=frozenset({verbs.FINDINGS, verbs.UNDO}),
)
