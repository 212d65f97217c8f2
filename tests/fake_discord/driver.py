"""What users do: slash commands, autocomplete, message commands, buttons and menus, as the Discord client allows it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .basics import Json, now, snowflake
from .constants import (
    LINK_BUTTON,
    MEMBER_PERMISSIONS,
    CallbackType,
    CommandType,
    ComponentType,
    Context,
    InteractionType,
)
from .errors import ClientRefusal
from .gateway import Gateway
from .interaction import Interaction
from .message import Message
from .options import command_data, is_named
from .scene import Actor, Place, Scene

SETTLE = 15.0
"""Seconds to wait for the final text after a defer."""
SETTLE_UPDATE = 1.0
"""Seconds to wait for an edit after a silent defer, which may never come."""


class Driver(Gateway):
    """The whole of Discord, with users who act. What their client would refuse raises ClientRefusal.

    Every action waits for the bot's final answer; with `wait=False` it returns at once. `settle` is how many seconds
    a deferred answer may take.
    """

    deadline = 3.0
    """Seconds to the first answer of an interaction."""

    def __init__(self) -> None:
        super().__init__()
        self._watchers: set[asyncio.Task[None]] = set()

    def visible_commands(self, **place: Unpack[Place]) -> list[Json]:
        """The commands that the client offers this user here.

        `display_name` and `display_description` are in the user's language.
        """
        scene = self._scene(place)
        return [
            {
                **command,
                "display_name": (command.get("name_localizations") or {}).get(scene.locale, command["name"]),
                "display_description": (command.get("description_localizations") or {}).get(
                    scene.locale, command["description"]
                ),
            }
            for command in self._registered()
            if scene.offers(command)
        ]

    async def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        wait: bool = True,
        settle: float = SETTLE,
        **place: Unpack[Place],
    ) -> Interaction:
        """Use a slash command: "name", "name sub" or "name group sub".

        Options take text, numbers, booleans; (file name, bytes) for an attachment; the object for a user or channel.
        """
        scene = self._scene(place)
        command = self._find(_head(name), CommandType.CHAT_INPUT, scene)
        data = command_data(command, name, options or {}, scene, self._upload_option)
        return await self._run(self._interaction(InteractionType.COMMAND, data, scene), wait, settle)

    async def autocomplete(
        self,
        name: str,
        option: str,
        text: Any,
        *,
        options: Mapping[str, Any] | None = None,
        wait: bool = True,
        **place: Unpack[Place],
    ) -> Interaction:
        """Type `text` into `option`; `choices` of the result is what the bot offered."""
        scene = self._scene(place)
        command = self._find(_head(name), CommandType.CHAT_INPUT, scene)
        data = command_data(command, name, {**(options or {}), option: text}, scene, self._upload_option, option)
        interaction = self._interaction(InteractionType.AUTOCOMPLETE, data, scene)
        interaction.option_type = _focused_type(data)
        return await self._run(interaction, wait, SETTLE)

    async def message_command(
        self, name: str, target: Message, *, wait: bool = True, settle: float = SETTLE, **place: Unpack[Place]
    ) -> Interaction:
        """Use a command of a message's context menu."""
        scene = self._scene(place)
        command = self._find(name, CommandType.MESSAGE, scene)
        resolved = {"messages": {target.id: target.raw}}
        data = {"id": command["id"], "name": command["name"], "type": command["type"], "target_id": target.id}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        interaction = self._interaction(InteractionType.COMMAND, {**data, "resolved": resolved}, scene)
        return await self._run(interaction, wait, settle)

    async def click(
        self,
        where: Interaction | Message,
        custom_id: str | None = None,
        *,
        label: str | None = None,
        index: int | None = None,
        wait: bool = True,
        settle: float = SETTLE,
        **actor: Unpack[Actor],
    ) -> Interaction:
        """Press a button, named by custom_id, by label, or by its index among those that are no links."""
        wanted = {key: value for key, value in (("custom_id", custom_id), ("label", label)) if value is not None}
        hits = [
            (message, button)
            for message in _messages(where)
            for button in message.buttons
            if button["style"] != LINK_BUTTON and all(button.get(key) == value for key, value in wanted.items())
        ]
        message, button = self._usable(where, hits[index or 0 :], actor)
        data = {"custom_id": button["custom_id"], "component_type": int(ComponentType.BUTTON), "id": button["id"]}
        return await self._use_component(where, message, data, wait, settle, actor)

    async def select(
        self,
        where: Interaction | Message,
        values: str | Sequence[str],
        *,
        custom_id: str | None = None,
        wait: bool = True,
        settle: float = SETTLE,
        **actor: Unpack[Actor],
    ) -> Interaction:
        """Choose options of a menu, by value or label."""
        hits = [(m, s) for m in _messages(where) for s in m.selects if custom_id in (None, s["custom_id"])]
        message, menu = self._usable(where, hits, actor)
        by_name = {o["label"]: o["value"] for o in menu["options"]} | {o["value"]: o["value"] for o in menu["options"]}
        wanted = [values] if isinstance(values, str) else list(values)
        if unknown := [name for name in wanted if name not in by_name]:
            raise ClientRefusal(f"no such option {unknown}; there are {list(by_name)}")
        if not menu["min_values"] <= len(wanted) <= menu["max_values"]:
            raise ClientRefusal(f"this menu takes {menu['min_values']} to {menu['max_values']} values")
        data = {
            "custom_id": menu["custom_id"],
            "component_type": menu["type"],
            "id": menu["id"],
            "values": [by_name[name] for name in wanted],
        }
        return await self._use_component(where, message, data, wait, settle, actor)

    # How an action becomes an interaction

    def _scene(self, place: Place) -> Scene:
        guild = place.get("guild", next(iter(self.guilds.values()), None))
        user = place.get("user", self.user)
        return Scene(
            guild=guild,
            channel=place.get("channel") or (guild.channel if guild else self.dm_channel(user)),
            user=user,
            permissions=place.get("permissions", MEMBER_PERMISSIONS),
            locale=place.get("locale", "en-US"),
            context=place.get("context", Context.GUILD if guild else Context.BOT_DM),
            install=place.get("install", "guild"),
            force=place.get("force", False),
        )

    def _registered(self) -> list[Json]:
        """Every command, those of servers first: there the client prefers them."""
        return [c for gid in sorted(self.commands, key=lambda g: g is None) for c in self.commands[gid].values()]

    def _find(self, name: str, kind: CommandType, scene: Scene) -> Json:
        named = [c for c in self._registered() if c["type"] == kind and is_named(c, name, scene.locale)]
        offered = [c for c in named if scene.offers(c)]
        if offered or (scene.force and named):
            return (offered or named)[0]
        if scene.force:
            return {"id": snowflake(), "name": name, "type": int(kind)}
        if named:
            raise ClientRefusal(f"command {name!r} is registered but not offered to this user here")
        known = sorted({c["name"] for c in self._registered()})
        raise ClientRefusal(f"no command {name!r} is registered (there are {known})")

    def _upload_option(self, name: str, data: bytes) -> Json:
        return self.upload("ephemeral", name, data)

    def _usable(
        self, where: Interaction | Message, hits: list[tuple[Message, Json]], actor: Actor
    ) -> tuple[Message, Json]:
        """The first component found, where this user can see and use it."""
        if not hits:
            there = [(c.get("custom_id"), c.get("label")) for m in _messages(where) for c in [*m.buttons, *m.selects]]
            raise ClientRefusal(f"no such component; there are (custom_id, label): {there}")
        message, component = hits[0]
        if message.visible_to not in (None, self._actor(where, actor)["id"]):
            raise ClientRefusal("that message is ephemeral: this user cannot see it")
        if component["disabled"]:
            raise ClientRefusal(f"that component is disabled: {component}")
        return message, component

    def _actor(self, where: Interaction | Message, actor: Actor) -> Json:
        return actor.get("user") or (where.user if isinstance(where, Interaction) else self.user)

    async def _use_component(
        self, where: Interaction | Message, message: Message, data: Json, wait: bool, settle: float, actor: Actor
    ) -> Interaction:
        channel = self.channels[message.channel_id]
        place: Place = {
            "user": self._actor(where, actor),
            "channel": channel,
            "guild": self.guilds.get(channel.get("guild_id", "")),
        }
        if isinstance(where, Interaction):
            place["locale"] = where.payload["locale"]
            place["context"] = where.payload["context"]
            place["install"] = "user" if where.user_installed else "guild"
        if "permissions" in actor:
            place["permissions"] = actor["permissions"]
        if "locale" in actor:
            place["locale"] = actor["locale"]
        interaction = self._interaction(InteractionType.COMPONENT, data, self._scene(place), message)
        return await self._run(interaction, wait, settle)

    def _interaction(
        self, kind: InteractionType, data: Json, scene: Scene, source: Message | None = None
    ) -> Interaction:
        payload = scene.payload(self.app_id, kind, data)
        if source is not None:
            payload["message"] = dict(source.raw)
        interaction = Interaction(kind, payload, scene.user, scene.guild, source, self.bot_log_tail)
        self.interactions[interaction.token] = interaction
        return interaction

    async def _run(self, interaction: Interaction, wait: bool, settle: float) -> Interaction:
        """Send an interaction to the bot, and watch what comes of it."""

        def sent() -> None:
            interaction.dispatched = now()

        interaction.dispatched = now()
        sessions = [s for s in self.sessions.values() if not s.dead]
        if not sessions:
            interaction.failed, interaction.expired = "no gateway session: the application did not respond", True
            return interaction
        for session in sessions:
            session.dispatch("INTERACTION_CREATE", interaction.payload, sent)
        watcher = asyncio.create_task(self._watch(interaction, settle))
        self._watchers.add(watcher)
        watcher.add_done_callback(self._watchers.discard)
        if wait:
            await asyncio.shield(watcher)
        return interaction

    async def _watch(self, interaction: Interaction, settle: float) -> None:
        """Wait as the client does, and say what the user would see fail."""
        try:
            await asyncio.wait_for(interaction.acked.wait(), self.deadline)
        except TimeoutError:
            interaction.expired = True
            interaction.failed = f"the application did not respond within {self.deadline} s"
            interaction.note("deadline passed")
            return
        try:
            if interaction.callback_type == CallbackType.DEFERRED_MESSAGE:
                await asyncio.wait_for(interaction.settled.wait(), settle)
            elif interaction.callback_type == CallbackType.DEFERRED_UPDATE:
                await asyncio.wait_for(interaction.settled.wait(), SETTLE_UPDATE)
        except TimeoutError:
            if interaction.callback_type == CallbackType.DEFERRED_MESSAGE:
                interaction.failed = f"deferred, and still thinking after {settle} s"

    def cancel_watchers(self) -> None:
        """Stop watching interactions that nobody waits for."""
        for watcher in self._watchers:
            watcher.cancel()


def _head(name: str) -> str:
    """The command of "name group sub"."""
    return name.partition(" ")[0]


def _messages(where: Interaction | Message) -> list[Message]:
    """The messages in which a component is looked for."""
    candidates = where.messages if isinstance(where, Interaction) else [where]
    return [message for message in candidates if not message.deleted]


def _focused_type(data: Json) -> int:
    options = data["options"]
    while options and "options" in options[0]:
        options = options[0]["options"]
    return int(next(o["type"] for o in options if o.get("focused")))
