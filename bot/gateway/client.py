"""The Discord client: which events matter, and who handles them. Answers nothing itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from bot.commands.declare import Command, MessageCommand
from bot.gateway.answering import answer_command, answer_message_command, complete_option
from bot.gateway.auditing import post
from bot.gateway.backoff import UNREACHABLE, asked_for, delays, passes
from bot.gateway.declaring import manager_commands, member_commands, message_commands, moderator_commands
from bot.gateway.delivering import How, deliver
from bot.gateway.desk import Desk, Interaction
from bot.gateway.errors import describe, explain, log_unexpected
from bot.gateway.pressing import answer_press
from bot.gateway.syncing import sync_home, sync_members
from bot.log import get_logger
from bot.models import AuditEntry
from bot.render.text import plural

POST_WITHIN = 1.0  # seconds for audit posts that are on their way at a stop

log = get_logger(__name__)


class Tree(app_commands.CommandTree[Any]):
    """Commands by name; autocomplete is answered before discord.py looks at it, since it would log who typed."""

    desk: Desk

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        if interaction.type is discord.InteractionType.autocomplete:
            await complete_option(self.desk, interaction)
            return False
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        doing = "a command that is not known here"
        await deliver(self.desk.state, interaction, explain(error, doing), How.PRIVATE, doing)


class Bot(discord.Client):
    """A client with no privileged intent, that pings nobody. `readiness` is told when the connection comes and goes."""

    def __init__(self, desk: Desk, readiness: Callable[[bool], None] | None = None) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
        )
        self.desk = desk
        self._readiness = readiness or (lambda ready: None)
        self._tasks: set[asyncio.Task[None]] = set()
        self._posts: set[asyncio.Task[None]] = set()
        self._syncing_home = asyncio.Lock()
        self.tree = Tree(self)
        self.tree.desk = desk
        for command in member_commands(desk.registry.COMMANDS, self._answer):
            self.tree.add_command(command)
        for command in manager_commands(desk.registry.COMMANDS, self._answer):
            self.tree.add_command(command)
        for menu in message_commands(desk.registry.MESSAGE_COMMANDS, self._answer_message):
            self.tree.add_command(menu)
        if desk.home_server:
            by_role = desk.moderator_role != 0
            for command in moderator_commands(desk.registry.COMMANDS, self._answer, by_role=by_role):
                self.tree.add_command(command, guild=discord.Object(desk.home_server))

    async def setup_hook(self) -> None:
        """Register commands beside the connecting: what is asked meanwhile is answered already."""
        if self.desk.audit_channel:
            self.desk.curator.audit.listener = self._post
        self._start(self._register())

    async def on_ready(self) -> None:
        log.info("ready in %s", plural(len(self.guilds), "server"))
        self._readiness(True)

    async def on_resumed(self) -> None:
        self._readiness(True)

    async def on_disconnect(self) -> None:
        self._readiness(False)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        if guild.id == self.desk.home_server:  # Discord drops a server's commands when the bot leaves it
            self._start(self._until_done(lambda: self._sync_home(forget=True)))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        if guild.id == self.desk.home_server:
            self._start(self._until_done(self._sync_home))

    async def on_interaction(self, interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await answer_press(self.desk, interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            log_unexpected(error, event_method)

    async def close(self) -> None:
        """Say goodbye: audit posts that are on their way go out, and nothing of this uses state.db afterwards."""
        self._readiness(False)
        if self._posts:
            await asyncio.wait(self._posts, timeout=POST_WITHIN)
        beside = self._posts | self._tasks
        for task in beside:
            task.cancel()
        await super().close()
        await asyncio.gather(*beside, return_exceptions=True)

    async def _answer(self, interaction: Interaction, command: Command, values: dict[str, object]) -> None:
        await answer_command(self.desk, interaction, command, values)

    async def _answer_message(self, interaction: Interaction, command: MessageCommand, text: str) -> None:
        await answer_message_command(self.desk, interaction, command, text)

    async def _post(self, entry: AuditEntry) -> None:
        self._start(post(self, self.desk.audit_channel, entry), self._posts)

    async def _register(self) -> None:
        await self._until_done(lambda: sync_members(self.tree, self.desk.state))
        await self.wait_until_ready()
        await self._until_done(self._sync_home)

    async def _sync_home(self, *, forget: bool = False) -> None:
        async with self._syncing_home:
            await sync_home(self.tree, self.desk.state, self.desk.home_server, forget=forget)

    async def _until_done(self, register: Callable[[], Awaitable[None]]) -> None:
        """Register commands; again while Discord cannot be reached, given up where it refuses them."""
        for delay in delays():
            try:
                await register()
                return
            except UNREACHABLE as error:
                if not passes(error):
                    log.error("Discord refused to register the commands: %s", describe(error))
                    return
                wait = max(delay, asked_for(error))
                log.warning("commands could not be registered (%s); trying again in %.0f s", describe(error), wait)
                await asyncio.sleep(wait)

    def _start(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]] | None = None) -> None:
        tasks = self._tasks if among is None else among
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
