"""What the audit channel is told."""

from __future__ import annotations

import pytest

from bot.models import AuditEntry, Outcome
from bot.render.curating import audit_text
from bot.render.limits import CONTENT
from tests.sound import NASTY, assert_plain


def test_an_entry_says_who_did_what_and_what_came_of_it() -> None:
    entry = AuditEntry(1, 0, 7, "upload", "walrus.md", Outcome.DONE, "1 added")
    assert audit_text(entry) == "<@7> · upload walrus.md · done: 1 added"


def test_what_the_bot_does_itself_is_said_so() -> None:
    assert audit_text(AuditEntry(1, 0, 0, "reload", "", Outcome.FAILED)) == "the bot · reload · failed"


@pytest.mark.parametrize("text", NASTY)
def test_a_name_from_outside_is_plain_text_of_a_message_that_discord_takes(text: str) -> None:
    words = audit_text(AuditEntry(1, 0, 1, "upload", text, Outcome.REFUSED, text))
    assert_plain(words)
    assert len(words) <= CONTENT
