"""Discord's rules for registering commands; the limits are those of its application-command pages."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from .basics import Json
from .constants import LOCALES, SUBCOMMANDS, Code, CommandType, OptionType
from .errors import ApiError
from .form import Form, Path

NAME = 32
DESCRIPTION = 100
OPTIONS = 25
CHOICES = 25
CHOICE_TEXT = 100
COMMAND_TOTAL = 8000
LENGTH_BOUND = 6000
COMMANDS_OF_TYPE = {CommandType.CHAT_INPUT: 100, CommandType.USER: 15, CommandType.MESSAGE: 15}
AUTOCOMPLETED = frozenset({OptionType.STRING, OptionType.INTEGER, OptionType.NUMBER})

INVALID_NAME = ("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
# Scripts whose combining marks are part of a word: Devanagari (two blocks) and Thai.
MARKED_SCRIPTS = (range(0x0900, 0x0980), range(0xA8E0, 0xA900), range(0x0E00, 0x0E80))


def _is_name(name: str) -> bool:
    def allowed(ch: str) -> bool:
        return ch in "-_'" or unicodedata.category(ch)[0] in "LN" or any(ord(ch) in block for block in MARKED_SCRIPTS)

    return 1 <= len(name) <= NAME and name == name.lower() and all(map(allowed, name))


def _longest(obj: Json, field: str) -> int:
    translations = (obj.get(f"{field}_localizations") or {}).values()
    return max(len(obj.get(field) or ""), *map(len, translations), 0)


def command_size(command: Json) -> int:
    """Characters that count towards 8000: of each text the longest translation."""
    total = _longest(command, "name") + _longest(command, "description")
    total += sum(map(command_size, command.get("options") or []))
    choices = command.get("choices") or []
    return total + sum(_longest(choice, "name") + len(str(choice.get("value", ""))) for choice in choices)


def _check_names(form: Form, path: Path, obj: Json, *, typed: bool) -> None:
    """Name and description with their translations; `typed` names are those that users type after a slash."""
    translations: dict[Path, str] = {("name",): obj.get("name") or ""}
    translations |= {("name_localizations", k): v for k, v in (obj.get("name_localizations") or {}).items()}
    for where, name in translations.items():
        if typed and not _is_name(name):
            form.error((*path, *where), *INVALID_NAME)
        form.length((*path, *where), name, NAME, 1)
    descriptions = obj.get("description_localizations") or {}
    for locale, text in descriptions.items():
        form.length((*path, "description_localizations", locale), text, DESCRIPTION, 1)
    for locale in {*descriptions, *(obj.get("name_localizations") or {})} - LOCALES:
        form.error(path, "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid locale.')


def _check_value_option(form: Form, path: Path, option: Json) -> None:
    choices = option.get("choices") or []
    form.length((*path, "choices"), choices, CHOICES)
    for i, choice in enumerate(choices):
        form.length((*path, "choices", i, "name"), choice.get("name") or "", CHOICE_TEXT, 1)
        if option["type"] == OptionType.STRING:
            form.length((*path, "choices", i, "value"), str(choice.get("value", "")), CHOICE_TEXT, 1)
    if option.get("autocomplete") and (choices or option["type"] not in AUTOCOMPLETED):
        code = "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE"
        form.error((*path, "autocomplete"), code, "autocomplete is for STRING, INTEGER and NUMBER without choices")
    for key, low in (("min_length", 0), ("max_length", 1)):
        if option.get(key) is not None and not low <= option[key] <= LENGTH_BOUND:
            form.error((*path, key), "NUMBER_TYPE_RANGE", f"int value should be between {low} and {LENGTH_BOUND}.")


def _check_options(form: Form, path: Path, options: Sequence[Json], depth: int = 0) -> None:
    form.length((*path, "options"), options, OPTIONS)
    for name, count in Counter(option.get("name") for option in options).items():
        if count > 1:
            code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
            form.error((*path, "options"), code, f"Option name {name!r} already exists")
    optional_seen = False
    for i, option in enumerate(options):
        where = (*path, "options", i)
        _check_names(form, where, option, typed=True)
        form.length((*where, "description"), option.get("description") or "", DESCRIPTION, 1)
        kind = option.get("type")
        if kind in SUBCOMMANDS:
            if kind == OptionType.SUB_COMMAND_GROUP and depth:
                form.error(where, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command groups cannot be nested")
            _check_options(form, where, option.get("options") or [], depth + 1)
        elif kind in tuple(OptionType):
            _check_value_option(form, where, option)
        else:
            form.not_one_of((*where, "type"), [int(t) for t in OptionType])
        if option.get("required") and optional_seen:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            form.error(where, code, "Required options must be placed before non-required options")
        optional_seen = optional_seen or not option.get("required")


def check_commands(commands: Sequence[Json]) -> None:
    """Refuse a list of commands that Discord would refuse as a whole (50035, or 30032 for too many)."""
    form = Form()
    kinds = [command.get("type") or CommandType.CHAT_INPUT for command in commands]
    names = Counter(zip(kinds, (command.get("name") for command in commands), strict=True))
    for i, (kind, command) in enumerate(zip(kinds, commands, strict=True)):
        slash = kind == CommandType.CHAT_INPUT
        _check_names(form, (i,), command, typed=slash)
        if slash:
            form.length((i, "description"), command.get("description") or "", DESCRIPTION, 1)
            _check_options(form, (i,), command.get("options") or [])
        else:
            for key in ("description", "options"):
                if command.get(key):
                    code = f"APPLICATION_COMMAND_CONTEXT_MENU_{key.upper()}"
                    form.error((i, key), code, f"Context menu commands cannot have {key}")
        if names[kind, command.get("name")] > 1:
            form.error((i, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        if (size := command_size(command)) > COMMAND_TOTAL:
            form.error((i,), "APPLICATION_COMMAND_TOO_LARGE", f"Command holds {size} characters of {COMMAND_TOTAL}")
    form.raise_if_any()
    for kind, limit in COMMANDS_OF_TYPE.items():
        if kinds.count(kind) > limit:
            raise ApiError(400, Code.TOO_MANY_COMMANDS, f"Maximum number of application commands reached ({limit})")
