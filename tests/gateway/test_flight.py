"""A stop waits for answers, and cancels those that take too long."""

from __future__ import annotations

import asyncio

from bot.gateway.flight import InFlight


async def test_finishing_waits_for_what_is_under_way() -> None:
    flight = InFlight()
    done: list[str] = []

    async def answer() -> None:
        with flight.answering():
            await asyncio.sleep(0.01)
            done.append("answered")

    task = asyncio.create_task(answer())
    await asyncio.sleep(0)
    await flight.finish(10)
    assert done == ["answered"]
    assert flight.closing
    assert task.done()


async def test_what_takes_too_long_is_cancelled_and_may_say_so() -> None:
    flight = InFlight()
    said: list[str] = []

    async def answer() -> None:
        with flight.answering():
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                await asyncio.sleep(0)
                said.append("stopped")

    task = asyncio.create_task(answer())
    await asyncio.sleep(0)
    await flight.finish(0)
    assert said == ["stopped"]
    assert task.done()


async def test_with_nothing_under_way_there_is_nothing_to_wait_for() -> None:
    flight = InFlight()
    await flight.finish(1000)
    assert flight.closing
