"""Actions as custom_ids and back: `v1:verb:arguments`, or a reference to a stored body where that is too long.

A custom_id is input from outside. What does not parse is an expired button, nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from bot.errors import ButtonExpired
from bot.render.reply import Action, Button, Menu, Reply

MAX_CUSTOM_ID = 100
_BODY = re.compile(r"v1:([a-z]{1,20}(?:\.[a-z]{1,20})?):(.*)", re.DOTALL)
_STORED = re.compile(r"v1:~:([0-9a-f]{32})")
_ESCAPES = {"%": "%25", ",": "%2C", ":": "%3A"}
_UNESCAPED = {code: char for char, code in _ESCAPES.items()}
_ESCAPED = re.compile(r"%(?:25|2C|3A)")
_MAX_BODY = 4_000

EXPIRED = "This button has expired. Ask again with the command."


def body_of(action: Action) -> str:
    """An action as one string; the custom_id itself where it is short enough."""
    arguments = ",".join(re.sub("[%,:]", lambda match: _ESCAPES[match[0]], argument) for argument in action.arguments)
    return f"v1:{action.verb}:{arguments}"


def custom_id(action: Action) -> str:
    """What a button carries: the body, or a reference to it that `stored_bodies` says how to keep."""
    body = body_of(action)
    return body if len(body) <= MAX_CUSTOM_ID else f"v1:~:{_hash(body)}"


def stored_bodies(reply: Reply) -> dict[str, str]:
    """The bodies that this reply's buttons and menus refer to, by hash: keep them before the reply is sent."""
    bodies = (body_of(action) for action in actions_of(reply))
    return {_hash(body): body for body in bodies if len(body) > MAX_CUSTOM_ID}


def actions_of(reply: Reply) -> Iterable[Action]:
    """Every action that a reply carries."""
    for row in reply.rows:
        if isinstance(row, Menu):
            yield from (item.action for item in row.items)
        else:
            yield from (button.action for button in row if isinstance(button, Button) and button.action)


def stored_hash(carried: str) -> str:
    """The hash that a custom_id refers to, or an empty string where it is a body itself."""
    match = _STORED.fullmatch(carried)
    return match[1] if match else ""


def parse_body(body: str) -> Action:
    """A body back to its action. Raises ButtonExpired for anything that `body_of` did not make."""
    match = _BODY.fullmatch(body[:_MAX_BODY])
    if match is None:
        raise ButtonExpired(EXPIRED)
    given = match[2].split(",") if match[2] else []
    action = Action(match[1], tuple(_ESCAPED.sub(lambda code: _UNESCAPED[code[0]], part) for part in given))
    if body_of(action) != body:
        raise ButtonExpired(EXPIRED)
    return action


def _hash(body: str) -> str:
    return hashlib.blake2b(body.encode("utf-8", "replace"), digest_size=16).hexdigest()
