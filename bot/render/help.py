"""`/help`: how to use the bot, what it keeps about you, who runs it."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.render.limits import fit
from bot.render.reply import Reply
from bot.render.text import PLAY, QUIET

_GAPS_KEPT = (
    "The words of a question that found nothing, or only after a repair, are kept for 90 days, without who asked or "
    "where, so that the moderators see what is missing. "
)
_LICENCE = "It is free software, MIT licence."


def help_reply(
    commands: Sequence[tuple[str, str]], version: str, *, in_server: bool = True, keeps_gaps: bool = False
) -> Reply:
    """`commands` are (usage, what it does), in the order to show them; `keeps_gaps` as the host has set it."""
    embed = discord.Embed(title="Ask the library", colour=QUIET)
    intro = (
        f"Every {PLAY} is a link that starts the video at that second. Options complete while you type; "
        "add `private: True` to see the answer alone.\n"
    )
    embed.description = "\n".join([intro, *(f"`{usage}` {purpose}" for usage, purpose in commands)])
    embed.add_field(
        name="Words",
        value=(
            'In `/timestamp` and `/search`, `"words in quotes"` are found as they stand, and `-word` leaves out what '
            'says it. `source:name` and `video:title` look there only; with spaces, in quotes: `video:"A title"`.'
        ),
        inline=False,
    )
    embed.add_field(
        name="Times",
        value=(
            "Pages are written from videos, and some of their times are wrong. A time is checked against the page's "
            "other times and the other pages on the video; one that cannot be right is shown as *time unverified*, "
            "and its link starts the video at the beginning."
        ),
        inline=False,
    )
    embed.add_field(
        name="What is kept about you",
        value=(
            f"Nothing that names you. {_GAPS_KEPT if keeps_gaps else ''}A button whose question is too long for "
            "Discord to carry is kept as text, without who asked, for 90 days after its last use. Only what moderators "
            "do to the library is kept with who did it, and so is an attempt by anybody else."
        ),
        inline=False,
    )
    embed.add_field(
        name="Who runs it",
        value=f"The people who {'invited it to this server' if in_server else 'host it'}. {_LICENCE}",
        inline=False,
    )
    embed.set_footer(text=f"Cuepoint {version}")
    return Reply(fit([embed]), private=True)
