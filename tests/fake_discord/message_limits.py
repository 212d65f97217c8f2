"""Discord's rules for messages, components and autocomplete choices, which its OpenAPI file mostly lacks.

Every limit here is from docs.discord.com (message, component and interaction pages). Lengths are code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .basics import Json
from .constants import BUTTON_STYLES, IS_COMPONENTS_V2, LINK_BUTTON, SELECTS, Code, ComponentType, OptionType
from .errors import ApiError
from .form import Form, Path

CONTENT = 2000
EMBEDS = 10
EMBED_TEXTS: Mapping[Path, int] = {
    ("title",): 256,
    ("description",): 4096,
    ("footer", "text"): 2048,
    ("author", "name"): 256,
}
EMBED_FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1024
EMBED_TOTAL = 6000
ROWS = 5
BUTTONS_IN_ROW = 5
BUTTON_LABEL = 80
BUTTON_URL = 512
CUSTOM_ID = 100
PLACEHOLDER = 150
SELECT_OPTIONS = 25
OPTION_TEXT = 100
ATTACHMENTS = 10
MENTION_IDS = 100
CHOICES = 25
CHOICE_TEXT = 100

WEB = ("http", "https")
PICTURE = (*WEB, "attachment")


def walk_components(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, rows before what they hold."""
    for component in components:
        yield component
        yield from walk_components(component.get("components") or [])


def stripped(value: Any) -> str:
    """Text as Discord counts it; what is not text counts nothing."""
    return value.strip() if isinstance(value, str) else ""


def _at(obj: Json, path: Path) -> Any:
    value: Any = obj
    for key in path:
        value = (value or {}).get(key)
    return value


def embed_size(embed: Json) -> int:
    """Characters that count towards the limit of 6000 over all embeds of a message."""
    fields = embed.get("fields") or []
    total = sum(len(stripped(_at(embed, path))) for path in EMBED_TEXTS)
    return total + sum(len(stripped(f.get("name"))) + len(stripped(f.get("value"))) for f in fields)


def _check_embed(form: Form, path: Path, embed: Json) -> None:
    for where, limit in EMBED_TEXTS.items():
        form.length((*path, *where), stripped(_at(embed, where)), limit)
    fields = embed.get("fields") or []
    form.length((*path, "fields"), fields, EMBED_FIELDS)
    for i, field in enumerate(fields):
        form.length((*path, "fields", i, "name"), stripped(field.get("name")), FIELD_NAME, 1)
        form.length((*path, "fields", i, "value"), stripped(field.get("value")), FIELD_VALUE, 1)
    if embed.get("url"):
        form.url((*path, "url"), embed["url"], WEB)
    for key, part in (("image", "url"), ("thumbnail", "url"), ("author", "icon_url"), ("footer", "icon_url")):
        if (url := _at(embed, (key, part))) or (embed.get(key) and part == "url"):
            form.url((*path, key, part), url, PICTURE)
    if url := _at(embed, ("author", "url")):
        form.url((*path, "author", "url"), url, WEB)
    if not any(value for key, value in embed.items() if key not in ("type", "flags")):
        form.required(path)


def _check_select(form: Form, path: Path, menu: Json) -> None:
    form.length((*path, "custom_id"), menu.get("custom_id") or "", CUSTOM_ID, 1)
    form.length((*path, "placeholder"), menu.get("placeholder") or "", PLACEHOLDER)
    low, high = (1 if menu.get(key) is None else menu[key] for key in ("min_values", "max_values"))
    if not (0 <= low <= high and 1 <= high <= SELECT_OPTIONS):
        form.error(
            (*path, "max_values"), "SELECT_COMPONENT_INVALID_RANGE", f"{low} to {high} is not a range of 0 to 25"
        )
    if menu["type"] != ComponentType.STRING_SELECT:
        return
    options = menu.get("options") or []
    form.length((*path, "options"), options, SELECT_OPTIONS, 1)
    for i, option in enumerate(options):
        for key, low_length in (("label", 1), ("value", 1), ("description", 0)):
            form.length((*path, "options", i, key), option.get(key) or "", OPTION_TEXT, low_length)
    if len({option.get("value") for option in options}) != len(options):
        form.error((*path, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "An option value is already used")
    if options and high > len(options):
        form.error((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES", f"{high} of {len(options)} options")


def _check_button(form: Form, path: Path, button: Json) -> None:
    style, link = button.get("style"), button.get("url")
    form.length((*path, "label"), button.get("label") or "", BUTTON_LABEL)
    if style not in BUTTON_STYLES:
        form.not_one_of((*path, "style"), sorted(BUTTON_STYLES))
    if link and button.get("custom_id"):
        code = "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE"
        form.error((*path, "custom_id"), code, "A custom id and url cannot both be specified")
    if style == LINK_BUTTON:
        form.url((*path, "url"), link, (*WEB, "discord"), BUTTON_URL)
    else:
        form.length((*path, "custom_id"), button.get("custom_id") or "", CUSTOM_ID, 1)
    if not button.get("label") and not button.get("emoji"):
        form.required((*path, "label"))


def _check_row(form: Form, path: Path, row: Json) -> None:
    if row.get("type") != ComponentType.ACTION_ROW:
        form.not_one_of((*path, "type"), [int(ComponentType.ACTION_ROW)])
        return
    children = row.get("components") or []
    form.length((*path, "components"), children, BUTTONS_IN_ROW, 1)
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        form.error((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A menu needs a row of its own")
    for i, child in enumerate(children):
        where = (*path, "components", i)
        if child.get("type") == ComponentType.BUTTON:
            _check_button(form, where, child)
        elif child.get("type") in SELECTS:
            _check_select(form, where, child)
        else:
            form.not_one_of((*where, "type"), [int(ComponentType.BUTTON), *map(int, sorted(SELECTS))])


def _check_components(form: Form, path: Path, components: Sequence[Json]) -> None:
    form.length(path, components, ROWS)
    for i, row in enumerate(components):
        _check_row(form, (*path, i), row)
    ids = [c["custom_id"] for c in walk_components(components) if c.get("custom_id")]
    for custom_id in {i for i in ids if ids.count(i) > 1}:
        form.error(path, "COMPONENT_CUSTOM_ID_DUPLICATED", f"Component custom id cannot be duplicated ({custom_id})")


def _check_allowed_mentions(form: Form, path: Path, allowed: Json) -> None:
    for kind in ("users", "roles"):
        ids = allowed.get(kind) or []
        form.length((*path, kind), ids, MENTION_IDS)
        if ids and kind in (allowed.get("parse") or []):
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            form.error(path, code, f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.')


def check_message(message: Json, base: Path = (), *, edit: bool = False, files: int = 0) -> None:
    """Refuse a message that Discord would refuse.

    `base` is the path of the message in the request body, `files` the number of files sent beside it.
    Raises ApiError 50035 for a limit, 50006 for an empty message. Components V2 are always refused.
    """
    form = Form()
    if (message.get("flags") or 0) & IS_COMPONENTS_V2:
        form.error((*base, "flags"), "FAKE_DISCORD_NO_COMPONENTS_V2", "This fake does not know Components V2")
    form.length((*base, "content"), message.get("content") or "", CONTENT)
    embeds = message.get("embeds") or []
    form.length((*base, "embeds"), embeds, EMBEDS)
    for i, embed in enumerate(embeds):
        _check_embed(form, (*base, "embeds", i), embed)
    if (total := sum(map(embed_size, embeds))) > EMBED_TOTAL:
        form.error((*base, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", f"Embeds hold {total} characters of {EMBED_TOTAL}")
    _check_components(form, (*base, "components"), message.get("components") or [])
    _check_allowed_mentions(form, (*base, "allowed_mentions"), message.get("allowed_mentions") or {})
    form.length((*base, "attachments"), message.get("attachments") or [], ATTACHMENTS)
    form.raise_if_any()
    shown = ("embeds", "components", "attachments", "poll", "sticker_ids")
    if not (edit or files or stripped(message.get("content")) or any(message.get(key) for key in shown)):
        raise ApiError(400, Code.EMPTY_MESSAGE, "Cannot send an empty message")


def check_choices(choices: Sequence[Json], option_type: int) -> None:
    """Refuse autocomplete choices that Discord would refuse, for an option of that type."""
    form = Form()
    form.length(("data", "choices"), choices, CHOICES)
    for i, choice in enumerate(choices):
        path: Path = ("data", "choices", i)
        form.length((*path, "name"), choice.get("name") or "", CHOICE_TEXT, 1)
        value = choice.get("value")
        if option_type != OptionType.STRING:
            if isinstance(value, bool) or not isinstance(value, int | float):
                form.error((*path, "value"), "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')
        elif isinstance(value, str):
            form.length((*path, "value"), value, CHOICE_TEXT, 1)
        else:
            form.error((*path, "value"), "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    form.raise_if_any()
