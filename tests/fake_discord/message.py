"""One message as a test reads it: what it says, links to, offers, and whom it would ping."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .basics import Json
from .constants import EPHEMERAL, LINK_BUTTON, LOADING, ComponentType
from .message_limits import walk_components

SHOWN_LENGTH = 60
USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")
# The target of a masked link. It may hold no brackets, which also keeps the search linear.
MASKED_LINK = re.compile(r"\]\(<?([^\s()<>]+)>?\)")


@dataclass(eq=False, repr=False)
class Message:
    """A live view of one stored message: later edits show in it."""

    raw: Json
    request: Json = field(default_factory=dict)
    """The body that the bot sent, edits merged in; it holds `allowed_mentions`."""
    deleted: bool = False
    visible_to: str | None = None
    """The id of the only user who sees it, for an ephemeral message."""
    edits: int = 0

    def __repr__(self) -> str:
        parts = f"{len(self.embeds)} embeds, {len(self.buttons)} buttons, {len(self.selects)} menus, flags {self.flags}"
        return f"<Message {self.id} {self.text[:SHOWN_LENGTH]!r}, {parts}>"

    @property
    def id(self) -> str:
        return str(self.raw["id"])

    @property
    def channel_id(self) -> str:
        return str(self.raw["channel_id"])

    @property
    def content(self) -> str:
        return str(self.raw["content"])

    @property
    def embeds(self) -> list[Json]:
        return list(self.raw["embeds"])

    @property
    def attachments(self) -> list[Json]:
        return list(self.raw["attachments"])

    @property
    def components(self) -> list[Json]:
        return list(self.raw["components"])

    @property
    def flags(self) -> int:
        return int(self.raw["flags"])

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """True while it only says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def buttons(self) -> list[Json]:
        return [c for c in walk_components(self.components) if c["type"] == ComponentType.BUTTON]

    @property
    def selects(self) -> list[Json]:
        """The menus of fixed options; other kinds of menu cannot be used here."""
        return [c for c in walk_components(self.components) if c["type"] == ComponentType.STRING_SELECT]

    @property
    def text(self) -> str:
        """Every word a reader sees: content, embeds, labels, options; one a line."""
        out: list[Any] = [self.content]
        for embed in self.embeds:
            out += [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
            for each in embed.get("fields") or []:
                out += [each.get("name"), each.get("value")]
            out.append((embed.get("footer") or {}).get("text"))
        for component in walk_components(self.components):
            out += [component.get("label"), component.get("placeholder")]
            out += [option.get("label") for option in component.get("options") or []]
        return "\n".join(str(part) for part in out if part)

    @property
    def links(self) -> list[str]:
        """Addresses of link buttons, embed titles and masked links, in that order."""
        out = [button["url"] for button in self.buttons if button.get("style") == LINK_BUTTON]
        out += [embed["url"] for embed in self.embeds if embed.get("url")]
        return out + MASKED_LINK.findall(self.text)

    @property
    def pings(self) -> Json:
        """Whom it would notify after `allowed_mentions`: {"everyone": bool, "users": ids, "roles": ids}.

        Only the content can notify; embeds never do.
        """
        allowed = self.request.get("allowed_mentions")
        parse = ["everyone", "users", "roles"] if allowed is None else allowed.get("parse") or []

        def notified(kind: str, pattern: re.Pattern[str]) -> list[str]:
            named = [str(i) for i in (allowed or {}).get(kind) or []]
            return [i for i in pattern.findall(self.content) if kind in parse or i in named]

        return {
            "everyone": "everyone" in parse and bool(EVERYONE.search(self.content)),
            "users": notified("users", USER_MENTION),
            "roles": notified("roles", ROLE_MENTION),
        }
