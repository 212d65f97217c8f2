"""Moderators upload, remove, undo and reload from Discord; what others try, and what is tried with forged requests."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Unpack

import pytest

from tests.e2e.conftest import REPOSITORY, Running, Shared, start
from tests.fake_discord import MANAGE_GUILD, MEMBER_PERMISSIONS, FakeDiscord
from tests.fake_discord.driver import SETTLE
from tests.fake_discord.interaction import Interaction
from tests.fake_discord.scene import Actor

pytestmark = pytest.mark.asyncio(loop_scope="module")

MODERATOR = MEMBER_PERMISSIONS | MANAGE_GUILD
WALRUS = b"# Walrus keeping\n\nA walrus eats clams, and whistles before it sleeps.\n"
NUL, RTL = "\0", "\u202e"


async def moderate(discord: FakeDiscord, user: dict[str, Any], name: str, **options: Any) -> Interaction:
    return await discord.slash(f"corpus {name}", options, user=user, permissions=MODERATOR)


async def press(discord: FakeDiscord, where: Interaction, label: str) -> Interaction:
    return await discord.click(where, label=label, permissions=MODERATOR)


async def forge(discord: FakeDiscord, where: Interaction, label: str, **actor: Unpack[Actor]) -> Interaction:
    """A press that no client offers: of a message that somebody else sees, or that has changed since."""
    (button,) = [button for button in BUTTONS[where.token] if button["label"] == label]
    data = {"custom_id": button["custom_id"], "component_type": 2, "id": button["id"]}
    assert where.message is not None
    actor = {"permissions": MODERATOR, **actor}
    return await discord._use_component(where, where.message, data, True, SETTLE, actor)


BUTTONS: dict[str, list[dict[str, Any]]] = {}


def offered(where: Interaction) -> Interaction:
    """Remember the buttons of a reply, which are gone once one is pressed."""
    BUTTONS[where.token] = list(where.expect().buttons)
    return where


def audit(data: Path) -> list[tuple[str, str, str]]:
    """(who, action, outcome) of everything noted, oldest first."""
    with closing(sqlite3.connect(f"{(data / 'state.db').as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT who, action, outcome FROM audit ORDER BY id").fetchall()
    return [(str(who), action, outcome) for who, action, outcome in rows]


async def finds_walrus(discord: FakeDiscord, user: dict[str, Any]) -> bool:
    return "before it sleeps" in (await discord.slash("search", {"query": "walrus clams"}, user=user)).expect().text


async def finds_attention(discord: FakeDiscord, user: dict[str, Any]) -> bool:
    """Whether a page that ships is there."""
    return "to save memory" in (await discord.slash("search", {"query": "sparse attention"}, user=user)).expect().text


async def suggested(discord: FakeDiscord, name: str, typed: str, user: dict[str, Any]) -> list[dict[str, Any]]:
    found = await discord.autocomplete(f"corpus {name}", "document", typed, user=user, permissions=MODERATOR)
    assert found.choices is not None
    return found.choices


def files_called(name: str, folder: Path) -> list[Path]:
    return list(folder.rglob(name))


async def test_an_upload_is_shown_confirmed_kept_found_exported_and_removed(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, _):
        ann, bob, member = (discord.add_user(name) for name in ("ann", "bob", "member"))
        preview = offered(await moderate(discord, ann, "upload", file=("walrus.md", WALRUS)))
        assert preview.ephemeral
        assert "A walrus eats clams" in preview.text
        assert "It is a new document." in preview.text
        assert not await finds_walrus(discord, member)
        assert not (tmp_path / "data" / "uploads").exists()
        kept = (await press(discord, preview, "Keep it")).expect()
        assert "+ 1 added" in kept.text
        assert await finds_walrus(discord, member)
        assert (tmp_path / "data" / "uploads" / "walrus.md").read_bytes() == WALRUS
        status = (await moderate(discord, bob, "status")).expect()
        assert f"<@{ann['id']}>, upload" in status.text
        (choice,) = await suggested(discord, "remove", "walr", bob)
        exported = (await moderate(discord, bob, "export", document=choice["value"])).expect()
        assert exported.message is not None
        (attached,) = exported.message.raw["attachments"]
        assert attached["filename"] == "walrus.md"
        assert WALRUS in [file.data for file in discord.files.values() if file.name == "walrus.md"]
        ask = await moderate(discord, bob, "remove", document=choice["value"])
        assert "- 1 removed" in (await press(discord, ask, "Remove it")).expect().text
        assert not await finds_walrus(discord, member)
        assert discord.problems() == []
    assert audit(tmp_path / "data") == [
        (ann["id"], "upload", "asked to confirm"),
        (ann["id"], "upload", "done"),
        (bob["id"], "export", "done"),
        (bob["id"], "remove", "asked to confirm"),
        (bob["id"], "remove", "done"),
    ]


async def test_what_is_cancelled_is_not_kept(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, _):
        ann = discord.add_user("ann")
        preview = offered(await moderate(discord, ann, "upload", file=("walrus.md", WALRUS)))
        assert "Nothing was changed" in (await press(discord, preview, "Cancel")).expect().text
        assert "used already" in (await forge(discord, preview, "Keep it")).text
        assert not await finds_walrus(discord, ann)
    assert [outcome for _, _, outcome in audit(tmp_path / "data")] == ["asked to confirm", "cancelled", "refused"]


async def test_a_confirmation_is_for_who_asked_and_for_once(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, _):
        ann, bob, member = (discord.add_user(name) for name in ("ann", "bob", "member"))
        preview = offered(await moderate(discord, ann, "upload", file=("walrus.md", WALRUS)))
        stolen = await forge(discord, preview, "Keep it", user=bob)
        assert "Only the moderator who asked" in stolen.text
        stolen = await forge(discord, preview, "Keep it", user=member, permissions=MEMBER_PERMISSIONS)
        assert "Only moderators" in stolen.text
        assert not await finds_walrus(discord, member)
        assert "+ 1 added" in (await press(discord, preview, "Keep it")).expect().text
        again = await forge(discord, preview, "Keep it")
        assert "used already" in again.text
    assert audit(tmp_path / "data") == [
        (ann["id"], "upload", "asked to confirm"),
        (bob["id"], "confirm", "refused"),
        (member["id"], "press of corpus.confirm", "refused"),
        (ann["id"], "upload", "done"),
        (ann["id"], "confirm", "refused"),
    ]


async def test_a_forged_command_from_another_server_or_a_member_is_refused_and_noted(
    running: Running, tmp_path: Path
) -> None:
    async with running() as (discord, bot):
        elsewhere = discord.add_guild("Elsewhere")
        ann, member = discord.add_user("ann"), discord.add_user("member")
        file = ("walrus.md", WALRUS)
        for forged in (
            await discord.slash(
                "corpus upload", {"file": file}, user=ann, guild=elsewhere, permissions=MODERATOR, force=True
            ),
            await discord.slash("corpus upload", {"file": file}, user=member, force=True),
            await discord.slash("corpus undo", user=member, force=True),
            await discord.slash("corpus export", {"document": "x"}, user=member, guild=None, force=True),
        ):
            assert "Only moderators of this bot's home server" in forged.text
            assert not forged.buttons
        hidden = await discord.autocomplete("corpus export", "document", "o", user=member, force=True)
        assert hidden.choices == []
        for person in (ann, member):
            assert person["id"] not in bot.log()
    assert audit(tmp_path / "data") == [
        (ann["id"], "corpus upload", "refused"),
        (member["id"], "corpus upload", "refused"),
        (member["id"], "corpus undo", "refused"),
        (member["id"], "corpus export", "refused"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("big.md", b"word " * 5_000_000, "the limit is 4,000,000"),
        ("../../x.md", WALRUS, "Rename the file"),
        (f"x.md{NUL}.png", WALRUS, "Only .md and .txt"),
        (f"x{NUL}.md", WALRUS, "Rename the file"),
        (f"{RTL}txt.md", WALRUS, "Rename the file"),
        ("archive.md", b"PK\x03\x04\x14\0\0\0\x08\0" + b"\0" * 40, "not a text file"),
        ("empty.md", b"", "empty"),
    ],
    ids=["25 MB", "a path", "NUL and another suffix", "NUL", "turned around", "an archive", "empty"],
)
async def test_a_file_that_cannot_be_kept_is_refused_and_nothing_is_lost(
    name: str, content: bytes, words: str, shared: Shared, shared_data: Path
) -> None:
    discord, _ = shared
    ann = discord.user
    discord.requests.clear()
    refused = await discord.slash("corpus upload", {"file": (name, content)}, permissions=MODERATOR, force=True)
    assert words in refused.text
    assert not refused.buttons
    assert await finds_attention(discord, ann)
    assert not files_called("x.md", shared_data.parent)
    downloads = [request for request in discord.requests if request.path.startswith("/attachments")]
    assert len(downloads) <= (len(content) <= 4_000_000)
    assert [entry for entry in audit(shared_data) if entry[0] == ann["id"]] == [(ann["id"], "upload", "refused")]


async def test_a_name_that_is_taken_needs_replace_and_a_title_that_is_taken_is_said(
    running: Running, tmp_path: Path
) -> None:
    taking = b"# Open source vs closed source models\n\nQuite another page, on walruses.\n"
    async with running() as (discord, _):
        ann, bob, member = (discord.add_user(name) for name in ("ann", "bob", "member"))
        preview = offered(await moderate(discord, ann, "upload", file=("walrus.md", taking)))
        assert "Takes a title" in preview.text
        assert "seeds/" in preview.text
        await press(discord, preview, "Keep it")
        assert "already" in (await moderate(discord, ann, "upload", file=("WALRUS.md", WALRUS))).text
        titles = await suggested(discord, "export", "open source vs closed", bob)
        assert len([choice for choice in titles if choice["name"].startswith("Open source vs closed")]) == 2
        assert await finds_attention(discord, member)
        second = await moderate(discord, bob, "upload", file=("walrus.md", WALRUS), replace=True)
        assert "It replaces walrus.md" in second.text
        assert "~ 1 changed" in (await press(discord, second, "Replace it")).expect().text
        assert (tmp_path / "data" / "uploads" / "walrus.md").read_bytes() == WALRUS
        assert discord.problems() == []


async def test_of_two_moderators_at_once_none_loses_anything(running: Running, tmp_path: Path) -> None:
    async with running() as (discord, _):
        ann, bob = discord.add_user("ann"), discord.add_user("bob")
        other = WALRUS.replace(b"clams", b"oysters")
        first = await moderate(discord, ann, "upload", file=("walrus.md", WALRUS))
        second = await moderate(discord, bob, "upload", file=("walrus.md", other))
        texts = [
            (await pressed).text for pressed in (press(discord, first, "Keep it"), press(discord, second, "Keep it"))
        ]
        assert "+ 1 added" in texts[0]
        assert "already" in texts[1]
        assert (tmp_path / "data" / "uploads" / "walrus.md").read_bytes() == WALRUS
        reloads = await asyncio.gather(*(moderate(discord, user, "reload") for user in (ann, bob)))
        assert all("Nothing new" in reply.text or "already running" in reply.text for reply in reloads)
        assert any("Nothing new" in reply.text for reply in reloads)
        assert discord.problems() == []
    assert [outcome for _, action, outcome in audit(tmp_path / "data") if action == "upload"] == [
        "asked to confirm", "asked to confirm", "done", "refused",
    ]  # fmt: skip


async def test_a_reload_that_would_lose_most_needs_force_and_force_a_confirmation(
    running: Running, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    shutil.copytree(REPOSITORY / "seeds", folder)
    async with running(CORPUS_DIRS=str(folder)) as (discord, _):
        ann, member = discord.add_user("ann"), discord.add_user("member")
        for path in sorted(folder.glob("*.*"))[1:]:
            path.unlink()
        assert "would vanish" in (await moderate(discord, ann, "reload")).text
        ask = offered(await moderate(discord, ann, "reload", force=True))
        assert "- 4 removed" in ask.text
        assert await finds_attention(discord, member)
        assert "- 4 removed" in (await press(discord, ask, "Reload with force")).expect().text
        assert "used already" in (await forge(discord, ask, "Reload with force")).text
        assert not await finds_attention(discord, member)
        assert discord.problems() == []
    assert [entry[1:] for entry in audit(tmp_path / "data")] == [
        ("reload", "refused"),
        ("reload with force", "asked to confirm"),
        ("reload with force", "done"),
        ("confirm", "refused"),
    ]


async def test_an_undo_holds_through_a_restart_and_status_says_so(tmp_path: Path) -> None:
    folder, data = tmp_path / "pages", tmp_path / "data"
    shutil.copytree(REPOSITORY / "seeds", folder)
    async with FakeDiscord() as discord:
        bot = await start(discord, data, CORPUS_DIRS=str(folder))
        await discord.wait_ready()
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered")
        ann, bob, member = (discord.add_user(name) for name in ("ann", "bob", "member"))
        (folder / "walrus.md").write_bytes(WALRUS)
        report = await moderate(discord, ann, "reload")
        ask = await press(discord, report, "Undo")
        question = ask.followups[0] if ask.followups else ask.message
        assert question is not None
        undone = await discord.click(question, label="Undo", user=ann, permissions=MODERATOR)
        assert "- 1 removed" in undone.expect().text
        assert "set aside" in undone.text
        await bot.stop()
        (data / "corpus.db").unlink()
        await start(discord, data, CORPUS_DIRS=str(folder))
        await discord.wait_ready()
        assert not await finds_walrus(discord, member)
        assert "set aside" in (await moderate(discord, bob, "status")).text
        assert "set aside" in (await moderate(discord, bob, "reload")).text
        ask = await moderate(discord, bob, "reload", force=True)
        assert "+ 1 added" in (await press(discord, ask, "Reload with force")).expect().text
        assert await finds_walrus(discord, member)
        assert discord.problems() == []


async def test_what_moderators_do_is_posted_to_the_audit_channel_and_pings_nobody(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        channel = discord.add_channel(discord.guild, "audit")
        await start(discord, tmp_path / "data", AUDIT_CHANNEL_ID=channel["id"])
        await discord.wait_ready()
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered")
        ann, member = discord.add_user("ann"), discord.add_user("member")
        await moderate(discord, ann, "reload")
        await discord.slash("corpus undo", user=member, force=True)

        def posted() -> list[Any]:
            return [message for message in discord.messages.values() if message.channel_id == channel["id"]]

        await discord.wait_until(lambda: len(posted()) == 2, what="both posted")
        words = [message.content for message in posted()]
        assert f"<@{ann['id']}> · reload · done: " in words[0]
        assert f"<@{member['id']}> · corpus undo · refused: Only moderators" in words[1]
        assert not any(any(message.pings.values()) for message in posted())
        assert discord.problems() == []


async def test_an_audit_channel_that_is_not_there_stops_nothing(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        bot = await start(discord, tmp_path / "data", AUDIT_CHANNEL_ID="123456789012345678")
        await discord.wait_ready()
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered")
        assert "Nothing new" in (await moderate(discord, discord.user, "reload")).expect().text
        await discord.wait_until(lambda: "AUDIT_CHANNEL_ID" in bot.log(), what="the log line")
        assert bot.tracebacks() == []


async def test_with_a_moderators_role_its_members_may_and_others_may_not(tmp_path: Path) -> None:
    async with FakeDiscord() as discord:
        ann, member = discord.add_user("ann"), discord.add_user("member")
        role = discord.add_role(discord.guild, "Librarians", ann)
        await start(discord, tmp_path / "data", MODERATOR_ROLE_ID=role["id"])
        await discord.wait_ready()
        await discord.wait_until(lambda: len(discord.command_syncs) >= 2, what="all commands registered")
        assert "Nothing new" in (await discord.slash("corpus reload", user=ann)).expect().text
        assert "Only moderators" in (await discord.slash("corpus reload", user=member)).text
        assert "Nothing new" in (await moderate(discord, discord.user, "reload")).expect().text
        offers = await discord.autocomplete("corpus export", "document", "open", user=ann)
        assert offers.choices
        assert (await discord.autocomplete("corpus export", "document", "open", user=member)).choices == []
        assert discord.problems() == []
