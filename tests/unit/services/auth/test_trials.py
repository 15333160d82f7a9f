import asyncio

import pytest

from uptc_messenger.models.errors import BadRequest, Overloaded, RateLimited, Unauthenticated
from uptc_messenger.services.auth import trials
from uptc_messenger.services.auth.limits import LIMITS, Limiter
from uptc_messenger.services.auth.trials import Slot, Trials

ADDRESS: Slot = ("login_ip", "203.0.113.9")
ACCOUNT: Slot = ("login_account", "ana")
BURST = LIMITS["login_ip"].burst


def make() -> Trials:
    return Trials(Limiter(lambda: 0))


async def fail(tried: Trials, *slots: Slot) -> None:
    async with tried.attempt(*slots):
        raise Unauthenticated


async def test_what_fails_stays_counted_and_nothing_else_does():
    tried = make()
    for _ in range(BURST + 1):
        async with tried.attempt(ADDRESS):
            pass
        with pytest.raises(BadRequest):
            async with tried.attempt(ADDRESS):
                raise BadRequest
    for _ in range(BURST):
        with pytest.raises(Unauthenticated):
            await fail(tried, ADDRESS)
    with pytest.raises(RateLimited):
        await fail(tried, ADDRESS)


async def test_a_whole_class_that_knows_its_passwords_gets_in_at_once():
    tried, doors, inside = make(), asyncio.Event(), 0

    async def enter() -> None:
        nonlocal inside
        async with tried.attempt(ADDRESS):
            await doors.wait()
            inside += 1

    people = [asyncio.gather(enter()) for _ in range(200)]
    await asyncio.sleep(0)
    assert tried.waiting == 200 - BURST
    doors.set()
    await asyncio.gather(*people)
    assert (inside, tried.waiting) == (200, 0)


async def test_guesses_side_by_side_fail_no_more_often_than_the_limit_says():
    tried, doors, failures = make(), asyncio.Event(), 0

    async def guess() -> None:
        nonlocal failures
        async with tried.attempt(ADDRESS):
            await doors.wait()
            failures += 1
            raise Unauthenticated

    guesses = [asyncio.gather(guess()) for _ in range(200)]
    await asyncio.sleep(0)
    doors.set()
    ends = await asyncio.gather(*guesses, return_exceptions=True)
    assert failures == BURST
    assert sum(isinstance(end, RateLimited) for end in ends) == 200 - BURST
    assert tried.waiting == 0


async def test_who_is_refused_by_one_limit_is_not_counted_by_the_other():
    tried = make()
    for _ in range(LIMITS["login_account"].burst):
        with pytest.raises(Unauthenticated):
            await fail(tried, ACCOUNT)
    for _ in range(BURST + 1):
        with pytest.raises(RateLimited):
            await fail(tried, ADDRESS, ACCOUNT)
    async with tried.attempt(ADDRESS):
        pass


async def test_the_line_has_an_end_in_number_and_in_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trials, "MAX_WAITING", 1)
    monkeypatch.setattr(trials, "WAIT_S", 0.01)
    tried, doors = make(), asyncio.Event()

    async def enter() -> None:
        async with tried.attempt(ADDRESS):
            await doors.wait()

    people = [asyncio.gather(enter()) for _ in range(BURST)]
    await asyncio.sleep(0)
    late = asyncio.gather(enter())
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await enter()
    with pytest.raises(RateLimited):
        await late
    doors.set()
    await asyncio.gather(*people)
    assert tried.waiting == 0


async def test_who_gives_up_waiting_stands_in_nobodys_way():
    tried, doors = make(), asyncio.Event()

    async def enter() -> None:
        async with tried.attempt(ADDRESS):
            await doors.wait()

    people = [asyncio.gather(enter()) for _ in range(BURST + 2)]
    await asyncio.sleep(0)
    people[BURST].cancel()
    doors.set()
    ends = await asyncio.gather(*people, return_exceptions=True)
    assert [isinstance(end, asyncio.CancelledError) for end in ends].count(True) == 1
    assert tried.waiting == 0
