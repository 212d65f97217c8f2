"""What a command returns: embeds, and buttons and menus that carry actions. Belongs to no client and no user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import discord


@dataclass(frozen=True, slots=True)
class Action:
    """What a press asks for: a verb that some command module handles, and its arguments: input from outside."""

    verb: str
    arguments: tuple[str, ...] = ()


class Style(Enum):
    """How loud a button is."""

    QUIET = "quiet"
    MAIN = "main"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button with an action or an https address; one with neither is shown disabled."""

    label: str
    action: Action | None = None
    url: str = ""
    style: Style = Style.QUIET


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One choice of a menu."""

    label: str
    action: Action
    description: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu to choose one item from."""

    placeholder: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a reply."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to be. Each row is a menu or up to five buttons.

    `private`: only the one who asked may see it, whatever the server's setting (a miss, an error).
    `fresh`: as the answer to a press it is a message of its own and leaves the pressed one as it is.
    `missed`: it says that nothing was found.
    """

    embeds: tuple[discord.Embed, ...] = ()
    rows: tuple[tuple[Button, ...] | Menu, ...] = ()
    text: str = ""
    private: bool = False
    fresh: bool = False
    files: tuple[Attachment, ...] = ()
    missed: bool = False
