"""Confirmations: once, in time, and by who asked."""

from __future__ import annotations

import time

import pytest

from bot.curation.offers import VALID, Offer, Offers
from bot.errors import ButtonExpired, NotAllowed


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_an_offer_is_taken_once() -> None:
    offers = Offers()
    offer = Offer(7, "undo", generation=3)
    token = offers.add(offer)
    assert offers.take(token, 7) == offer
    with pytest.raises(ButtonExpired, match="used already"):
        offers.take(token, 7)


def test_somebody_else_is_refused_and_the_offer_stays() -> None:
    offers = Offers()
    token = offers.add(Offer(7, "undo"))
    with pytest.raises(NotAllowed, match="Only the moderator who asked"):
        offers.take(token, 8)
    assert offers.take(token, 7).action == "undo"


def test_an_offer_is_valid_for_a_quarter_of_an_hour() -> None:
    clock = Clock()
    offers = Offers(clock)
    early, late = offers.add(Offer(7, "undo")), offers.add(Offer(7, "undo"))
    clock.now += VALID - 1
    offers.take(early, 7)
    clock.now += 1
    with pytest.raises(ButtonExpired):
        offers.take(late, 7)


def test_an_offer_that_was_given_back_is_taken_once_more() -> None:
    offers = Offers()
    token = offers.add(Offer(7, "undo", generation=3))
    offers.give_back(token, offers.take(token, 7))
    assert offers.take(token, 7) == Offer(7, "undo", generation=3)
    with pytest.raises(ButtonExpired):
        offers.take(token, 7)


@pytest.mark.parametrize("token", ["", "x", "0" * 32])
def test_an_unknown_token_has_expired(token: str) -> None:
    with pytest.raises(ButtonExpired):
        Offers().take(token, 7)


def test_only_so_many_wait_at_once() -> None:
    offers = Offers()
    tokens = [offers.add(Offer(7, "upload", content=b"x")) for _ in range(9)]
    with pytest.raises(ButtonExpired):
        offers.take(tokens[0], 7)
    assert offers.take(tokens[1], 7)


def test_who_asks_for_too_much_gives_up_a_confirmation_of_their_own() -> None:
    offers = Offers()
    other = offers.add(Offer(8, "undo"))
    first = offers.add(Offer(7, "undo"))
    for _ in range(7):
        offers.add(Offer(7, "upload", content=b"x"))
    assert offers.take(other, 8).action == "undo"
    with pytest.raises(ButtonExpired, match="or too many others wait"):
        offers.take(first, 7)


def test_a_clock_that_is_set_lets_no_offer_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    offers = Offers()
    token = offers.add(Offer(7, "undo"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    assert offers.take(token, 7).action == "undo"
