"""Actions as custom_ids and back, and what is no action of ours."""

from __future__ import annotations

import re

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.actions import (
    MAX_CUSTOM_ID,
    actions_of,
    body_of,
    custom_id,
    parse_body,
    stored_bodies,
    stored_hash,
)
from bot.errors import ButtonExpired
from bot.render.reply import Action, Button, Menu, MenuItem, Reply

VERBS = st.from_regex(r"[a-z]{1,20}(\.[a-z]{1,20})?", fullmatch=True)
# One empty argument and none look the same; no action of ours has just one that may be empty.
ARGUMENTS = st.lists(st.text(max_size=120), max_size=5).filter(lambda arguments: arguments != [""])


@given(verb=VERBS, arguments=ARGUMENTS)
def test_an_action_comes_back_as_it_was(verb: str, arguments: list[str]) -> None:
    action = Action(verb, tuple(arguments))
    assert parse_body(body_of(action)) == action


@given(verb=VERBS, arguments=ARGUMENTS)
def test_a_custom_id_fits_and_is_the_body_or_refers_to_the_one_that_is_kept(verb: str, arguments: list[str]) -> None:
    action = Action(verb, tuple(arguments))
    carried = custom_id(action)
    assert 1 <= len(carried) <= MAX_CUSTOM_ID
    kept = stored_bodies(Reply(rows=((Button("x", action),),)))
    assert kept.get(stored_hash(carried), carried) == body_of(action)
    assert bool(kept) == bool(stored_hash(carried))


@given(st.text(max_size=200) | st.from_regex(r"v1:[a-z.~]{0,22}:.{0,120}", fullmatch=True))
def test_any_text_is_an_action_that_means_just_that_text_or_has_expired(text: str) -> None:
    try:
        action = parse_body(text)
    except ButtonExpired:
        return
    assert body_of(action) == text


@given(verb=VERBS, arguments=ARGUMENTS, data=st.data())
def test_a_truncated_body_is_never_taken_for_another_verb(verb: str, arguments: list[str], data: st.DataObject) -> None:
    body = body_of(Action(verb, tuple(arguments)))
    end = data.draw(st.integers(0, len(body) - 1))
    try:
        action = parse_body(body[:end])
    except ButtonExpired:
        return
    assert action.verb == verb


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        "v1:topic",
        "v2:topic:abc",
        "V1:topic:abc",
        " v1:topic:abc",
        "v1:Topic:abc",
        "v1:topic:%2c",
        "v1:topic:%25%",
        "v1:topic:a:b",
        "v1:a.b.c:x",
        "v1:~:" + "0" * 32,
        "v1:topic:" + "x" * 5000,
    ],
)
def test_what_we_never_give_out_has_expired(text: str) -> None:
    with pytest.raises(ButtonExpired, match=r"This button has expired\. Ask again"):
        parse_body(text)


@pytest.mark.parametrize("text", ["", "v1:~:", "v1:~:xyz", "v1:~:" + "0" * 31, "v1:~:" + "0" * 33, "v1:topic:abc"])
def test_only_a_whole_reference_refers_to_something(text: str) -> None:
    assert stored_hash(text) == ""


def test_bodies_of_buttons_and_menus_are_kept_once_each() -> None:
    long, short = Action("moments", ("x" * 100, "", "0", "")), Action("topic", ("abc",))
    rows = (
        Menu("Menu", (MenuItem("a", long), MenuItem("b", short))),
        (Button("c", long), Button("d", url="https://youtu.be/x"), Button("off")),
    )
    reply = Reply((discord.Embed(title="x"),), rows)
    assert list(actions_of(reply)) == [long, short, long]
    ((key, body),) = stored_bodies(reply).items()
    assert re.fullmatch("[0-9a-f]{32}", key)
    assert parse_body(body) == long
