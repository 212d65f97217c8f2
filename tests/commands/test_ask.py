"""`/ask`: sentences with their sources, or that nothing answers."""

from __future__ import annotations

import pytest

from bot.commands import registry
from bot.commands.declare import Context
from bot.errors import InvalidRequest
from tests.sound import all_text, labels


async def test_a_question_is_answered_in_the_corpus_own_words(context: Context) -> None:
    reply = await registry.run_command("ask", context, {"question": "What pulls the water?"})
    assert "**pulls** the **water**" in all_text(reply)
    assert "Why tides turn" in all_text(reply)
    assert labels(reply) == ["More on this"]


async def test_a_question_without_an_answer_says_so_and_offers_to_search_its_words(context: Context) -> None:
    reply = await registry.run_command("ask", context, {"question": "Which bees won the football championship?"})
    assert reply.private
    assert "Nothing in the library answers" in all_text(reply)
    assert "Search for its words" in labels(reply)


async def test_an_empty_question_says_what_to_do(context: Context) -> None:
    with pytest.raises(InvalidRequest, match="Ask a question"):
        await registry.run_command("ask", context, {"question": "  "})
