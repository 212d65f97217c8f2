"""`/corpus upload`, `remove` and `export`: what moderators are shown, offered and refused."""

from __future__ import annotations

import json

import pytest

from bot.commands import registry
from bot.commands.actions import actions_of
from bot.commands.declare import Context, GivenFile
from bot.corpus.folder import MAX_BYTES
from bot.errors import ButtonExpired, InvalidRequest, NotAllowed, ReloadBusy
from bot.models import Miss, Outcome
from bot.render import verbs
from bot.render.reply import Action, Reply
from bot.store import audit
from bot.store.database import Database
from bot.store.layout import document_key
from tests.invented import anchor, page
from tests.sound import NASTY, all_text, assert_sound

WALRUS = b"# Walrus keeping\n\nA walrus eats clams.\n"


def given(name: str, content: bytes, size: int | None = None) -> GivenFile:
    async def read() -> bytes:
        return content

    return GivenFile(name, len(content) if size is None else size, read)


def action(reply: Reply, verb: str) -> Action:
    (found,) = [action for action in actions_of(reply) if action.verb == verb]
    return found


async def upload(moderator: Context, name: str, content: bytes, *, replace: bool = False) -> Reply:
    return await registry.run_command("corpus upload", moderator, {"file": given(name, content), "replace": replace})


async def test_a_preview_is_what_members_will_get_and_only_a_confirmation_keeps_it(moderator: Context) -> None:
    body = f"Walruses whistle {anchor('00:00:40')}. See [[How bees find flowers]] and [[nowhere]]."
    preview = await upload(moderator, "walrus.md", page("Walrus keeping", body, guest="Ada Keeper").encode())
    text = all_text(preview)
    assert_sound(preview)
    assert preview.private
    assert "Walruses whistle" in text
    assert "Ada Keeper" in text
    assert "`nowhere`" in text.replace("\\", "")
    assert "no page is called `How bees" not in text.replace("\\", "")
    assert isinstance(await moderator.library.search("walruses whistle"), Miss)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    assert not isinstance(await moderator.library.search("walruses whistle"), Miss)


async def test_a_cancelled_upload_can_not_be_confirmed_any_more(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    assert "Nothing was changed" in all_text(await registry.run_action(action(preview, verbs.CANCEL), moderator))
    with pytest.raises(ButtonExpired):
        await registry.run_action(action(preview, verbs.CONFIRM), moderator)


async def test_a_confirmation_that_meets_a_reload_can_be_pressed_again_after_it(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    met: list[str] = []

    async def press(_: str) -> None:
        with pytest.raises(ReloadBusy, match="then try again"):
            await registry.run_action(action(preview, verbs.CONFIRM), moderator)
        met.append("a reload")

    await moderator.curator.reload(force=True, progress=press)
    assert met
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    assert not isinstance(await moderator.library.search("walrus"), Miss)


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(moderator: Context) -> None:
    async def never() -> bytes:
        raise AssertionError("fetched")

    with pytest.raises(InvalidRequest, match="Split it"):
        await registry.run_command("corpus upload", moderator, {"file": GivenFile("x.md", MAX_BYTES + 1, never)})


async def test_a_file_that_is_larger_than_it_said_is_refused(moderator: Context) -> None:
    file = given("x.md", b"x" * (MAX_BYTES + 1), size=10)
    with pytest.raises(InvalidRequest, match="Split it"):
        await registry.run_command("corpus upload", moderator, {"file": file})


async def test_a_file_that_is_no_document_is_refused_with_what_is_wrong(moderator: Context) -> None:
    with pytest.raises(InvalidRequest, match=r"\(not a text file .*Nothing was changed"):
        await upload(moderator, "x.md", b"PK\x03\x04\0")


async def test_a_name_that_is_taken_is_refused_without_replace_and_said_with_it(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    with pytest.raises(InvalidRequest, match=r"already.*`replace`"):
        await upload(moderator, "walrus.md", WALRUS)
    assert "It replaces walrus.md" in all_text(await upload(moderator, "Walrus.md", WALRUS, replace=True))


async def test_a_title_that_is_taken_is_said(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", b"# Queen bees\n\nA walrus eats clams.\n")
    assert "Takes a title" in all_text(preview)
    assert "corpus/queens.md" in all_text(preview)


@pytest.mark.parametrize("text", NASTY)
async def test_a_preview_of_anything_is_sound(text: str, moderator: Context) -> None:
    line = " ".join(text.split())
    assert_sound(await upload(moderator, "x.md", f"# {line}\n\nWords {line} [[{line[:100]}]]\n".encode()))


async def test_only_uploads_are_suggested_for_removal_and_all_documents_for_export(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    key = document_key("uploads/walrus.md")
    for typed in ("", "walr", "KEEPING", "uploads/"):
        found = registry.complete("corpus remove", "document", typed, {}, moderator)
        assert [choice.value for choice in found] == [key]
    assert registry.complete("corpus remove", "document", "bees", {}, moderator) == []
    assert len(registry.complete("corpus export", "document", "", {}, moderator)) == 5
    assert registry.complete("corpus export", "document", "queen", {}, moderator)[0].value == document_key(
        "corpus/queens.md"
    )


async def test_suggestions_do_not_look_at_the_disk(moderator: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    monkeypatch.setattr(moderator.curator.uploads, "folder", None)
    assert len(registry.complete("corpus remove", "document", "walr", {}, moderator)) == 1


async def test_nobody_else_is_suggested_anything(context: Context) -> None:
    assert registry.complete("corpus export", "document", "queen", {}, context) == []


@pytest.mark.parametrize("name", ["uploads/walrus.md", "Walrus keeping", document_key("uploads/walrus.md")])
async def test_an_upload_is_removed_once_confirmed_by_key_title_or_path(name: str, moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    asked = await registry.run_command("corpus remove", moderator, {"document": name})
    assert "Remove Walrus keeping?" in all_text(asked)
    assert not isinstance(await moderator.library.search("walrus eats"), Miss)
    assert "- 1 removed" in all_text(await registry.run_action(action(asked, verbs.CONFIRM), moderator))
    assert isinstance(await moderator.library.search("walrus eats"), Miss)


async def test_an_upload_that_an_undo_set_aside_is_deleted_for_good_and_that_is_said(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    await moderator.curator.undo()
    asked = await registry.run_command("corpus remove", moderator, {"document": "uploads/walrus.md"})
    assert "uploads/walrus.md is not loaded, so deleting it cannot be undone" in all_text(asked)
    reply = await registry.run_action(action(asked, verbs.CONFIRM), moderator)
    assert "uploads/walrus.md was deleted" in all_text(reply)
    assert moderator.curator.uploads.names() == []


@pytest.mark.parametrize("text", NASTY)
async def test_what_is_to_be_removed_is_named_in_plain_text(text: str, moderator: Context) -> None:
    title = " ".join(text.split())
    preview = await upload(moderator, "_my_ walrus.md", f"---\ntitle: {json.dumps(title)}\n---\n\nClams.\n".encode())
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    asked = await registry.run_command("corpus remove", moderator, {"document": "uploads/_my_ walrus.md"})
    assert "uploads/\\_my\\_ walrus.md is deleted" in all_text(asked)
    assert_sound(asked)


async def test_a_mounted_document_is_not_removed_and_the_reply_says_where_it_is(moderator: Context) -> None:
    with pytest.raises(InvalidRequest, match=r"its file is /.*corpus/queens\.md"):
        await registry.run_command("corpus remove", moderator, {"document": "Queen bees"})


@pytest.mark.parametrize("command", ["corpus remove", "corpus export"])
@pytest.mark.parametrize("name", ["", "nosuch", "../../etc/passwd", "uploads/../state.db"])
async def test_a_document_that_is_not_there_is_said(command: str, name: str, moderator: Context) -> None:
    with pytest.raises(InvalidRequest, match="No document is called that"):
        await registry.run_command(command, moderator, {"document": name})


async def test_an_exported_file_is_as_it_was_uploaded(moderator: Context) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    reply = await registry.run_command("corpus export", moderator, {"document": "Walrus keeping"})
    assert [(file.name, file.data) for file in reply.files] == [("walrus.md", WALRUS)]
    assert reply.private


async def test_everything_is_audited_also_what_others_try(
    moderator: Context, context: Context, database: Database
) -> None:
    preview = await upload(moderator, "walrus.md", WALRUS)
    with pytest.raises(NotAllowed):
        await registry.run_action(action(preview, verbs.CONFIRM), context)
    with pytest.raises(NotAllowed):
        await registry.run_command("corpus undo", context, {})
    await registry.run_action(action(preview, verbs.CONFIRM), moderator)
    entries = [(e.who, e.action, e.subject, e.outcome) for e in reversed(await audit.entries(database.state))]
    assert entries == [
        (2, "upload", "walrus.md", Outcome.ASKED),
        (1, "press of corpus.confirm", "", Outcome.REFUSED),
        (1, "corpus undo", "", Outcome.REFUSED),
        (2, "upload", "walrus.md", Outcome.DONE),
    ]
