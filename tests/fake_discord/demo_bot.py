"""A small bot that behaves well and badly on command, to prove the fake with; it knows nothing of the fake."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

BotInteraction = discord.Interaction[discord.Client]

WINDS = ("Bora", "Foehn", "Mistral", "Sirocco", "Zephyr")
TOO_MANY_CHOICES = 26
OUTSIDE = ("192.0.2.1", 80)
"""An address that is reserved for documentation: nobody is there."""


class Card(discord.ui.View):
    """Two buttons, a link and a menu; made inside the running loop, as views must be."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(discord.ui.Button(label="Source", url="https://example.com/source"))
        self.add_item(discord.ui.Button(label="Off", custom_id="card:off", disabled=True))

    @discord.ui.button(label="More", custom_id="card:more")
    async def more(self, interaction: BotInteraction, button: discord.ui.Button[Card]) -> None:
        await interaction.response.edit_message(embed=discord.Embed(title="More"))

    @discord.ui.button(label="Private", custom_id="card:private")
    async def private(self, interaction: BotInteraction, button: discord.ui.Button[Card]) -> None:
        view = discord.ui.View(timeout=None).add_item(discord.ui.Button(label="Again", custom_id="card:again"))
        await interaction.response.send_message("only you", view=view, ephemeral=True)

    @discord.ui.select(custom_id="card:wind", options=[discord.SelectOption(label=w, value=w.lower()) for w in WINDS])
    async def wind(self, interaction: BotInteraction, select: discord.ui.Select[Card]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(embed=discord.Embed(title=select.values[0]))


def _embed(fields: int = 0, **texts: Any) -> dict[str, Any]:
    embed = discord.Embed(**texts)
    for i in range(fields):
        embed.add_field(name=str(i), value="value")
    return {"embed": embed}


def _view(*items: discord.ui.Item[discord.ui.View]) -> dict[str, Any]:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return {"content": "see", "view": view}


OVER_THE_LIMIT: dict[str, Callable[[], dict[str, Any]]] = {
    "empty message": lambda: {"content": " "},
    "content": lambda: {"content": "x" * 2001},
    "embed title": lambda: _embed(title="x" * 257),
    "embed description": lambda: _embed(description="x" * 4097),
    "embed fields": lambda: _embed(fields=26),
    "embed total": lambda: {"embeds": [discord.Embed(description="x" * 2001) for _ in range(3)]},
    "embed link": lambda: _embed(title="x", url="javascript:alert(1)"),
    "button label": lambda: _view(discord.ui.Button(label="x" * 81, custom_id="a")),
    "button without label": lambda: _view(discord.ui.Button(custom_id="a")),
    "custom id": lambda: _view(discord.ui.Button(label="x", custom_id="x" * 101)),
    "custom id twice": lambda: _view(*(discord.ui.Button(label="x", custom_id="a") for _ in range(2))),
    "link": lambda: _view(discord.ui.Button(label="x", url="https://example.com/" + "x" * 500)),
    "option label": lambda: _view(discord.ui.Select(options=[discord.SelectOption(label="x" * 101, value="a")])),
    "option value twice": lambda: _view(
        discord.ui.Select(options=[discord.SelectOption(label="x", value="a") for _ in range(2)])
    ),
}
"""What Discord refuses, and discord.py sends all the same."""

client = discord.Client(intents=discord.Intents(guilds=True))
tree = app_commands.CommandTree(client)


@client.event
async def setup_hook() -> None:
    client.add_view(Card())
    await tree.sync()


@tree.command(description="An embed with components")
async def card(interaction: BotInteraction) -> None:
    embed = discord.Embed(title="Card", description="See [there](https://example.com/there)")
    await interaction.response.send_message(embed=embed, view=Card())


@tree.command(description="A reply that is over one of the limits")
async def broken(interaction: BotInteraction, what: str) -> None:
    await interaction.response.send_message(**OVER_THE_LIMIT[what]())


@tree.command(description="Mentions everyone and the user")
async def shout(interaction: BotInteraction, quiet: bool) -> None:
    allowed = discord.AllowedMentions.none() if quiet else discord.AllowedMentions.all()
    await interaction.response.send_message(f"@everyone <@{interaction.user.id}>", allowed_mentions=allowed)


@tree.command(description="Answers twice")
async def twice(interaction: BotInteraction) -> None:
    await interaction.response.send_message("first")
    # A fresh object, since discord.py refuses a second answer through the same one.
    await discord.InteractionResponse(interaction).send_message("second")


@tree.command(description="Answers after some seconds")
async def late(interaction: BotInteraction, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await interaction.response.send_message("too late")


@tree.command(description="Defers, edits, follows up")
async def slow(interaction: BotInteraction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.edit_original_response(content="done")
    await interaction.followup.send("and more", ephemeral=True)


@tree.command(description="Follows up without an answer")
async def unanswered(interaction: BotInteraction) -> None:
    await interaction.followup.send("hello")


@tree.command(description="Reads a file")
async def upload(interaction: BotInteraction, file: discord.Attachment) -> None:
    text = (await file.read()).decode()
    await interaction.response.send_message(f"{file.filename} ({file.content_type}): {text}")


@tree.command(description="Completes an option")
async def complete(interaction: BotInteraction, wind: app_commands.Range[str, 2, 20]) -> None:
    await interaction.response.send_message(wind)


@complete.autocomplete("wind")
async def complete_wind(interaction: BotInteraction, current: str) -> list[app_commands.Choice[str]]:
    if current == "many":
        return [app_commands.Choice(name=str(i), value=str(i)) for i in range(TOO_MANY_CHOICES)]
    return [app_commands.Choice(name=w, value=w.lower()) for w in WINDS if current in w.lower()]


@tree.command(description="For managers")
@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
async def admin(interaction: BotInteraction) -> None:
    await interaction.response.send_message("for managers", ephemeral=True)


@tree.context_menu(name="Quote")
async def quote(interaction: BotInteraction, message: discord.Message) -> None:
    await interaction.response.send_message(f"> {message.content}", ephemeral=True)


@tree.command(description="Fails")
async def crash(interaction: BotInteraction) -> None:
    raise RuntimeError("on purpose")


@tree.command(description="Connects to the outside")
async def outside(interaction: BotInteraction) -> None:
    try:
        with socket.socket() as sock:
            sock.connect(OUTSIDE)
    except OSError as error:
        await interaction.response.send_message(type(error).__name__)


if __name__ == "__main__":
    client.run(os.environ["DISCORD_TOKEN"])
