"""Storing and changing messages the way Discord does; neither REST nor gateway. Bots get no message events here."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping

from .basics import Json, snowflake, timestamp
from .constants import EPHEMERAL, LOADING, SELECTS, SUPPRESS_EMBEDS, ComponentType, InteractionType, MessageType
from .interaction import Interaction
from .message import ROLE_MENTION, USER_MENTION, Message
from .message_limits import check_message, stripped, walk_components
from .world import File, World

Files = Mapping[str, File]
"""Uploaded parts of a multipart request, by the name of their form field: files[0], files[1]..."""


def _stored_components(components: list[Json] | None) -> list[Json]:
    """Components with the ids and defaults that Discord adds."""
    out = copy.deepcopy(components or [])
    used = {c.get("id") for c in walk_components(out)}
    free = (i for i in itertools.count(1) if i not in used)
    for component in walk_components(out):
        component["id"] = component.get("id") or next(free)
        if component["type"] == ComponentType.BUTTON or component["type"] in SELECTS:
            component.setdefault("disabled", False)
        if component["type"] in SELECTS:
            component.setdefault("min_values", 1)
            component.setdefault("max_values", 1)
    return out


def _stored_embeds(embeds: list[Json] | None, attachments: list[Json]) -> list[Json]:
    """Embeds as they come back: texts stripped, attachment:// replaced by the file's address."""
    out = copy.deepcopy(embeds or [])
    urls = {f"attachment://{a['filename']}": a["url"] for a in attachments}
    for embed in out:
        embed["type"] = "rich"
        for key in ("title", "description"):
            if key in embed:
                embed[key] = stripped(embed[key])
        for each in embed.get("fields") or []:
            each.setdefault("inline", False)
        for key in ("image", "thumbnail"):
            if picture := embed.get(key):
                picture["url"] = urls.get(picture["url"], picture["url"])
    return out


def _interaction_metadata(interaction: Interaction) -> Json:
    out: Json = {
        "id": interaction.id,
        "type": int(interaction.type),
        "user": interaction.user,
        "authorizing_integration_owners": interaction.payload["authorizing_integration_owners"],
    }
    if interaction.type == InteractionType.COMMAND:
        out["command_type"] = interaction.payload["data"]["type"]
    elif interaction.source is not None:
        out["interacted_message_id"] = interaction.source.id
    return out


class Messages(World):
    """The world, with messages that can be written, edited and deleted."""

    def say(self, content: str, *, user: Json | None = None, channel: Json | None = None) -> Message:
        """A user writes a plain message."""
        place = (channel or self.guild.channel)["id"]
        return self.add_message(place, {"content": content}, author=user or self.user)

    def add_message(
        self,
        channel_id: str,
        body: Json,
        *,
        author: Json,
        files: Files | None = None,
        flags: int = 0,
        kind: MessageType = MessageType.DEFAULT,
        interaction: Interaction | None = None,
        replies_to: Message | None = None,
    ) -> Message:
        """Store a new message; `body` has been checked."""
        attachments = self._attach(channel_id, files or {}, body)
        content = body.get("content") or ""
        raw: Json = {
            "id": snowflake(),
            "type": int(kind),
            "channel_id": channel_id,
            "author": author,
            "content": content,
            "timestamp": timestamp(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [self.users[i] for i in USER_MENTION.findall(content) if i in self.users],
            "mention_roles": ROLE_MENTION.findall(content),
            "attachments": attachments,
            "embeds": _stored_embeds(body.get("embeds"), attachments),
            "components": _stored_components(body.get("components")),
            "pinned": False,
            "flags": flags,
        }
        if replies_to is not None:
            raw["message_reference"] = {"type": 0, "channel_id": channel_id, "message_id": replies_to.id}
        message = Message(raw, dict(body))
        if interaction is not None:
            raw["application_id"] = raw["webhook_id"] = self.app_id
            raw["interaction_metadata"] = _interaction_metadata(interaction)
            if flags & EPHEMERAL:
                message.visible_to = interaction.user["id"]
        self.messages[message.id] = message
        self.channels[channel_id]["last_message_id"] = message.id
        return message

    def edit_message(self, message: Message, body: Json, files: Files | None = None) -> None:
        """Check an edit and apply what it names; the rest stays."""
        check_message(body, edit=True, files=len(files or {}))
        raw = message.raw
        if "attachments" in body or files:
            kept = {str(a.get("id")) for a in body.get("attachments") or []}
            raw["attachments"] = [a for a in raw["attachments"] if "attachments" not in body or a["id"] in kept]
            raw["attachments"] += self._attach(message.channel_id, files or {}, body)
        if "content" in body:
            raw["content"] = body["content"] or ""
        if "embeds" in body:
            raw["embeds"] = _stored_embeds(body["embeds"], raw["attachments"])
        if "components" in body:
            raw["components"] = _stored_components(body["components"])
        if body.get("flags") is not None:
            raw["flags"] = (raw["flags"] & ~SUPPRESS_EMBEDS) | (body["flags"] & SUPPRESS_EMBEDS)
        raw["flags"] &= ~LOADING
        raw["edited_timestamp"] = timestamp()
        message.request = {**message.request, **body}
        message.edits += 1

    def _attach(self, channel_id: str, files: Files, body: Json) -> list[Json]:
        described = {f"files[{a.get('id')}]": a.get("description") for a in body.get("attachments") or []}
        out = []
        for field, file in files.items():
            attachment = self.upload(channel_id, file.name, file.data, file.content_type)
            if described.get(field):
                attachment["description"] = described[field]
            out.append(attachment)
        return out
