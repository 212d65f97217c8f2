"""What a button carries is read strictly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.commands import arguments
from bot.errors import ButtonExpired


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (arguments.number, "0", 0),
        (arguments.number, "00012", 12),
        (arguments.number, "10000000", 10_000_000),
        (arguments.key, "0123456789abcdef", "0123456789abcdef"),
        (arguments.key, "t0123456789abcdef", "t0123456789abcdef"),
        (arguments.video, "a-_456789Z1", "a-_456789Z1"),
        (arguments.words, "any words: at all", "any words: at all"),
    ],
)
def test_what_we_wrote_is_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (arguments.number, ""),
        (arguments.number, "-1"),
        (arguments.number, "1.5"),
        (arguments.number, " 1"),
        (arguments.number, "٣"),
        (arguments.number, "²"),
        (arguments.number, "10000001"),
        (arguments.number, "9" * 5000),
        (arguments.key, ""),
        (arguments.key, "0123456789abcde"),
        (arguments.key, "0123456789ABCDEF"),
        (arguments.key, "0123456789abcdef\n"),
        (arguments.video, "short"),
        (arguments.video, "../../../etc"),
        (arguments.words, "x" * 101),
    ],
)
def test_anything_else_is_an_expired_button(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ButtonExpired):
        read(text)


@pytest.mark.parametrize("given", [(), ("a",), ("a", "b", "c")])
def test_another_number_of_arguments_is_an_expired_button(given: tuple[str, ...]) -> None:
    assert arguments.take(("a", "b"), 2) == ("a", "b")
    with pytest.raises(ButtonExpired):
        arguments.take(given, 2)
