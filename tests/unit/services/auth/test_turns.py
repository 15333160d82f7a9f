import asyncio

import pytest

from uptc_messenger.models.errors import Overloaded
from uptc_messenger.services.auth import turns
from uptc_messenger.services.auth.turns import Turns


async def enter(line: Turns, name: str, went: list[str], *, known: bool) -> None:
    async with line.turn(known=known):
        went.append(name)
        await asyncio.sleep(0)


async def test_the_known_go_first_and_each_line_keeps_its_order():
    line, went = Turns(1, (10, 10)), list[str]()
    async with line.turn(known=False):
        people = [
            asyncio.gather(enter(line, name, went, known=name.startswith("known")))
            for name in ("stranger 1", "known 1", "stranger 2", "known 2")
        ]
        await asyncio.sleep(0)
        assert line.waiting == 4
    await asyncio.gather(*people)
    assert went == ["known 1", "known 2", "stranger 1", "stranger 2"]
    assert line.waiting == 0


async def test_no_more_than_the_places_are_taken_at_the_same_time():
    line, inside, most = Turns(2, (10, 10)), 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with line.turn(known=True):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert (most, inside) == (2, 0)


async def test_a_stranger_waits_less_long_than_the_known():
    line, went = Turns(1, (0.001, 10)), list[str]()
    async with line.turn(known=True):
        known = asyncio.gather(enter(line, "known", went, known=True))
        with pytest.raises(Overloaded):
            await enter(line, "stranger", went, known=False)
    await known
    assert went == ["known"]


async def test_each_line_has_an_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(turns, "MAX_WAITING", 1)
    line, went = Turns(1, (10, 10)), list[str]()
    async with line.turn(known=True):
        waiting = asyncio.gather(enter(line, "stranger", went, known=False))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            await enter(line, "late", went, known=False)
        known = asyncio.gather(enter(line, "known", went, known=True))
        await asyncio.sleep(0)
    await asyncio.gather(waiting, known)
    assert went == ["known", "stranger"]


@pytest.mark.parametrize("called", [False, True])
async def test_a_place_is_never_lost_with_who_gives_up(called: bool):
    line, went = Turns(1, (10, 10)), list[str]()
    async with line.turn(known=True):
        waiting = asyncio.gather(enter(line, "gone", went, known=True))
        await asyncio.sleep(0)
        if not called:
            waiting.cancel()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(enter(line, "next", went, known=True), 5)
    assert went == ["next"]
