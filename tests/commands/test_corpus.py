"""`/corpus`: what moderators are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import registry
from bot.commands.actions import actions_of
from bot.commands.declare import Context
from bot.errors import ButtonExpired, InvalidRequest, ReloadRefused
from bot.render import verbs
from bot.render.reply import Action, Menu, Reply
from tests.invented import write_corpus
from tests.sound import all_text


def confirmation(reply: Reply) -> Action:
    """What the button that goes on carries."""
    (action,) = [action for action in actions_of(reply) if action.verb == verbs.CONFIRM]
    return action


async def test_a_reload_says_what_changed_and_what_was_rejected_where_and_why(
    moderator: Context, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": "# New\n\nWords.\n", "broken.md": "---\n\ttitle: [\n---\n\nWords.\n"})
    text = all_text(await registry.run_command("corpus reload", moderator, {}))
    assert "generation 2 · 5 documents" in text
    assert "+ 1 added   ~ 0 changed   - 0 removed   ! 1 rejected" in text
    assert "corpus/new.md" in text
    assert "corpus/broken.md, line" in text
    assert "front matter is not valid YAML" in text


async def test_a_reload_of_nothing_new_says_so(moderator: Context) -> None:
    text = all_text(await registry.run_command("corpus reload", moderator, {}))
    assert "Nothing new" in text
    assert "4 documents, generation 1" in text


async def test_force_lets_most_of_the_corpus_go(moderator: Context, corpus_folder: Path) -> None:
    for name in ("bees.md", "queens.md", "lights.md"):
        (corpus_folder / name).unlink()
    with pytest.raises(ReloadRefused, match="use force"):
        await registry.run_command("corpus reload", moderator, {})
    asked = await registry.run_command("corpus reload", moderator, {"force": True})
    assert "- 3 removed" in all_text(asked)
    assert (await moderator.library.status()).generation == 1
    text = all_text(await registry.run_action(confirmation(asked), moderator))
    assert "generation 2 · 1 document" in text


async def test_an_undo_is_offered_where_something_changed_and_done_once_confirmed(
    moderator: Context, corpus_folder: Path
) -> None:
    write_corpus(corpus_folder, {"new.md": "# New\n\nWords.\n"})
    report = await registry.run_command("corpus reload", moderator, {})
    (undo,) = [action for action in actions_of(report) if action.verb == verbs.UNDO]
    asked = await registry.run_action(undo, moderator)
    assert "- 1 removed" in all_text(asked)
    assert asked.fresh
    text = all_text(await registry.run_action(confirmation(asked), moderator))
    assert "generation 3 · 4 documents" in text
    assert "stays set aside until" in text
    status = all_text(await registry.run_command("corpus status", moderator, {}))
    assert "Set aside" in status
    assert "<@2>, undo" in status


async def test_an_undo_that_the_corpus_has_overtaken_is_refused(moderator: Context, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"new.md": "# New\n\nWords.\n"})
    await registry.run_command("corpus reload", moderator, {})
    asked = await registry.run_command("corpus undo", moderator, {})
    write_corpus(corpus_folder, {"newer.md": "# Newer\n\nWords.\n"})
    await registry.run_command("corpus reload", moderator, {})
    with pytest.raises(InvalidRequest, match="changed since you asked"):
        await registry.run_action(confirmation(asked), moderator)


async def test_a_check_says_what_would_be_and_changes_nothing(moderator: Context, corpus_folder: Path) -> None:
    write_corpus(corpus_folder, {"new.md": "# New\n\nWords.\n"})
    text = all_text(await registry.run_command("corpus check", moderator, {}))
    assert "nothing was changed" in text
    assert "+ 1 added" in text
    assert "4 documents" not in all_text(await registry.run_command("corpus status", moderator, {}))
    assert (await moderator.library.status()).generation == 1


async def test_status_counts_what_is_loaded_privately(moderator: Context) -> None:
    reply = await registry.run_command("corpus status", moderator, {})
    text = all_text(reply)
    assert reply.private
    assert "3 pages on 2 videos, 1 article" in text
    assert "15 stated" in text
    assert "hivetalks (2)" in text


async def test_findings_are_listed_from_the_menu_of_a_report(moderator: Context) -> None:
    (menu,) = (await registry.run_command("corpus status", moderator, {})).rows
    assert isinstance(menu, Menu)
    assert [item.label for item in menu.items] == ["links that lead nowhere (4)"]
    text = all_text(await registry.run_action(menu.items[0].action, moderator))
    assert "- corpus/bees.md, line 10: no page is called" in text


async def test_findings_that_were_mended_since_are_none_any_more(moderator: Context) -> None:
    assert "None any more" in all_text(await registry.run_action(verbs.findings("no-title"), moderator))


@pytest.mark.parametrize("code", ["", "UPPER", "x' OR 1=1", "x" * 41])
async def test_a_forged_code_has_expired(code: str, moderator: Context) -> None:
    with pytest.raises(ButtonExpired):
        await registry.run_action(verbs.findings(code), moderator)
