"""Replies as components, and what becomes of buttons when state.db fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.actions import custom_id, stored_bodies, stored_hash
from bot.commands.keeping import sound, with_kept_bodies
from bot.gateway.delivering import view_of
from bot.render import limits
from bot.render.reply import Action, Button, Menu, MenuItem, Reply, Style
from bot.store.database import Store, open_database
from bot.store.state import find_payload
from tests.gateway.stand_in import LONG, embed

SHORT = Button("Short", Action("page", ("2",)))
STORED = Button("Stored", Action("page", (LONG,)))
MENU = Menu("Pick", (MenuItem("Short", Action("page", ("3",))), MenuItem("Stored", Action("page", (LONG, "2")))))
REPLY = Reply((embed("words"),), ((SHORT, STORED), MENU))


async def test_long_requests_are_kept_before_the_reply_goes(state: Store) -> None:
    assert await with_kept_bodies(state, REPLY) == REPLY
    for key, body in stored_bodies(REPLY).items():
        assert await find_payload(state, key) == body


async def test_where_they_cannot_be_kept_the_reply_goes_without_those_buttons(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_database(tmp_path):
        pass
    async with open_database(tmp_path, writes=False) as database:
        reply = await with_kept_bodies(database.state, REPLY)
    assert reply.rows == ((SHORT,), Menu("Pick", MENU.items[:1]))
    assert "StoreError" in caplog.text
    assert LONG not in caplog.text


async def test_a_row_that_lost_all_its_buttons_goes_too(tmp_path: Path) -> None:
    async with open_database(tmp_path):
        pass
    async with open_database(tmp_path, writes=False) as database:
        reply = await with_kept_bodies(database.state, Reply((embed("words"),), ((STORED,), (SHORT,))))
    assert sound(reply, "/say").rows == ((SHORT,),)


def test_a_repeated_button_is_dropped_silently(caplog: pytest.LogCaptureFixture) -> None:
    assert sound(Reply((embed("words"),), ((SHORT, SHORT),)), "/say").rows == ((SHORT,),)
    assert caplog.messages == []


def test_a_breach_is_logged_without_words_and_trimmed(caplog: pytest.LogCaptureFixture) -> None:
    reply = sound(Reply((embed("secret " * 1000),)), "/say")
    assert limits.check(reply) == []
    assert "/say" in caplog.text
    assert "secret" not in caplog.text


async def test_rows_become_components_with_the_actions_custom_ids() -> None:
    rows = ((SHORT, STORED, Button("Watch", url="https://youtu.be/abc"), Button("Off")), MENU)
    view = view_of(Reply((embed("words"),), rows))
    assert view is not None
    first, second = view.to_components()
    short, stored, watch, off = first["components"]
    assert short["custom_id"] == "v1:page:2"
    assert stored_hash(stored["custom_id"])
    assert watch["url"] == "https://youtu.be/abc"
    assert off["disabled"]
    (menu,) = second["components"]
    assert menu["custom_id"] == "v1:menu:1"
    assert [option["value"] for option in menu["options"]] == [custom_id(item.action) for item in MENU.items]


async def test_a_view_is_not_kept_in_memory() -> None:
    view = view_of(REPLY)
    assert view is not None
    assert view.is_finished()


async def test_a_reply_without_rows_has_no_components() -> None:
    assert view_of(Reply(text="words")) is None


async def test_a_main_button_stands_out() -> None:
    view = view_of(Reply(text="x", rows=((Button("Go", Action("go"), style=Style.MAIN), SHORT),)))
    assert view is not None
    main, quiet = view.to_components()[0]["components"]
    assert (main["style"], quiet["style"]) == (1, 2)
