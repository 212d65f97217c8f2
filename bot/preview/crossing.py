"""What crosses between server and page, as JSON: declarations, replies, requests. Runs nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands.actions import custom_id
from bot.commands.declare import PRIVATE, Command, GivenFile, Option
from bot.render.reply import Button, Menu, Reply

Json = dict[str, object]


class BadRequest(Exception):
    """The page never sends this."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the page posted. Its fields are of the right type, and otherwise input from outside."""

    fields: Mapping[str, object]

    @classmethod
    def read(cls, body: object) -> Request:
        """Raises BadRequest for anything but an object."""
        if not isinstance(body, dict):
            raise BadRequest
        return cls(body)

    def text(self, name: str) -> str:
        """A text, empty where it is missing. Raises BadRequest for anything else."""
        value = self.fields.get(name, "")
        if not isinstance(value, str):
            raise BadRequest
        return _text(value)

    def flag(self, name: str) -> bool:
        """Whether it is set."""
        return self.fields.get(name) is True

    def options(self) -> dict[str, object]:
        """A command's options by name. Raises BadRequest where they are none."""
        values = self.fields.get("options", {})
        if not isinstance(values, dict):
            raise BadRequest
        return {str(name): _value(value) for name, value in values.items()}


def _value(value: object) -> object:
    """An option's value; an object is a file. Raises BadRequest for a file that is none."""
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, dict):
        return value
    name, data = value.get("name"), value.get("data")
    if not isinstance(name, str) or not isinstance(data, str):
        raise BadRequest
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError:
        raise BadRequest from None

    async def read() -> bytes:
        return content

    return GivenFile(_text(name), len(content), read)


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()  # JSON can carry half a surrogate pair


def command_json(command: Command) -> Json:
    """A command as the slash menu shows it."""
    options = command.options if command.moderators else (*command.options, PRIVATE)
    return {
        "name": command.name,
        "description": command.description,
        "moderators": command.moderators,
        "options": [_option(option) for option in options],
    }


def _option(option: Option) -> Json:
    return {
        "name": option.name,
        "description": option.description,
        "type": option.type.value,
        "required": option.required,
        "completes": option.complete is not None,
    }


def reply_json(reply: Reply, *, private: bool, replaces: bool = False) -> Json:
    """A reply as the page draws it; with `replaces`, in place of the message whose button was pressed."""
    return {
        "text": reply.text,
        "embeds": [embed.to_dict() for embed in reply.embeds],
        "rows": [_menu(row) if isinstance(row, Menu) else [_button(button) for button in row] for row in reply.rows],
        "files": [{"name": file.name, "data": base64.b64encode(file.data).decode()} for file in reply.files],
        "private": private,
        "replaces": replaces,
    }


def _button(button: Button) -> Json:
    return {
        "label": button.label,
        "style": button.style.value,
        "url": button.url,
        "id": custom_id(button.action) if button.action else "",
    }


def _menu(menu: Menu) -> Json:
    return {
        "placeholder": menu.placeholder,
        "items": [
            {
                "label": item.label,
                "description": item.description,
                "id": custom_id(item.action),
                "chosen": item.chosen,
            }
            for item in menu.items
        ],
    }
