"""What the library has no good answer to, as moderators see it."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.models import Gap
from bot.render import verbs
from bot.render.cutting import cut
from bot.render.limits import fit
from bot.render.misses import note
from bot.render.reply import Button, Reply, Style
from bot.render.text import QUIET, escape, plural

PAGE = 5  # groups in one view: as many "Done" buttons as a row takes
_SHOWN = 4  # other wordings of a group


def gaps_reply(gaps: Sequence[Gap], offset: int = 0) -> Reply:
    """A page of gaps, each with a button that clears it; the last page where `offset` is behind it."""
    if not gaps:
        return note("Nothing is missing: in the last 90 days every question found something.")
    offset = min(offset, (len(gaps) - 1) // PAGE * PAGE)
    shown = gaps[offset : offset + PAGE]
    embed = discord.Embed(title=f"{plural(len(gaps), 'gap')}, most asked first", colour=QUIET)
    embed.description = "\n".join(
        f"**{number}.** {escape(gap.wordings[0])}\n{escape(gap_counts(gap))}"
        for number, gap in _numbered(shown, offset)
    )
    embed.set_footer(text="Asked in the last 90 days; nobody knows by whom. Done clears one until it is asked again.")
    done = tuple(Button(f"Done {number}", verbs.gap_done(gap.key, offset)) for number, gap in _numbered(shown, offset))
    turns = []
    if offset:
        turns.append(Button("Previous", verbs.gaps(offset - PAGE)))
    if offset + PAGE < len(gaps):
        turns.append(Button("Next", verbs.gaps(offset + PAGE), style=Style.MAIN))
    return Reply(fit([embed]), (done, tuple(turns)) if turns else (done,), private=True)


def told_reply() -> Reply:
    """The answer to who told the moderators."""
    return Reply(text="The moderators will see that it is missing, but not who asked.", private=True, fresh=True)


def gap_counts(gap: Gap) -> str:
    """How often a gap was met, and in which other words: one line of plain text, for Discord and the terminal."""
    counts = [
        f"{words} {plural(times, 'time')}"
        for words, times in (
            ("found nothing", gap.missed),
            ("reported", gap.reported),
            (f"repaired to “{gap.became}”", gap.repaired),
        )
        if times
    ]
    others = gap.wordings[1 : _SHOWN + 1]
    also = f" · also: {', '.join(others)}" if others else ""
    more = f" and {len(gap.wordings) - 1 - _SHOWN:,} more" if len(gap.wordings) > _SHOWN + 1 else ""
    return cut(", ".join(counts) + also, 500) + more


def _numbered(shown: Sequence[Gap], offset: int) -> list[tuple[int, Gap]]:
    return list(enumerate(shown, offset + 1))
