import asyncio
from collections.abc import Sequence
from functools import partial

import pytest
from structlog.testing import capture_logs

from tests.core import NOON, World
from uptc_messenger.database import Row
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.notifications import working
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.repository.jobs import Settled
from uptc_messenger.services.notifications.working import Claim, Job, Line, Slots
from uptc_messenger.toolkit.ids import uuid7


class Posts:
    """Jobs of made-up places; what is in `held` ends when its event says so."""

    def __init__(self, world: World, slots: Slots) -> None:
        self.world = world
        self.place_of: dict[str, str] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.broken: dict[str, Exception] = {}
        self.failing: set[str] = set()
        self.begun: list[str] = []
        self.holders: list[str] = []
        self.line = Line(world.database, world.clock, "push", self, slots)
        self._news = asyncio.Event()

    async def add(self, *places: str) -> None:
        for number, place in enumerate(places):
            job = jobs.Job(
                target_id=uuid7(),
                chat_id=uuid7(),
                user_id=UserId(uuid7()),
                kind="push",
                wanted=1,
                done=0,
                due_at=NOON - len(places) + number,
            )
            self.place_of[job.target_id] = place
            await self.world.database.write(lambda tx, job=job: jobs.put(tx, [job], 0))
        self.line.wake()

    async def places(self, rows: Sequence[Row]) -> list[str]:
        return [self.place_of[row.target_id] for row in rows]

    async def prepare(self, claims: Sequence[Claim]) -> list[Job]:
        return [partial(self._carry_out, claim) for claim in claims]

    async def _carry_out(self, claim: Claim) -> bool:
        self.begun.append(claim.place)
        self.holders.append(claim.holder)
        self._news.set()
        if claim.place in self.held:
            await self.held[claim.place].wait()
        if claim.place in self.broken:
            raise self.broken[claim.place]
        how = Settled(reached=claim.row.wanted, shown_n=None, next=0)
        await self.world.database.write(lambda tx: jobs.settle(tx, claim.row, claim.holder, how))
        return claim.place not in self.failing

    async def until(self, count: int) -> None:
        """Wait until so many were begun."""
        while len(self.begun) < count:
            self._news.clear()
            await self._news.wait()

    async def left(self) -> int:
        return await self.world.database.read(lambda r: jobs.waiting(r, "push", 1_000))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "GATHER_S", 0)
    monkeypatch.setattr(working, "FAILED_S", 0)


async def test_a_slow_place_takes_its_slots_and_no_others(world: World):
    posts = Posts(world, Slots(most=6, each=2, failing=1, parked=4))
    posts.held["slow"] = asyncio.Event()
    await posts.add(*["slow"] * 5, *["quick"] * 7)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(posts.line.run())
        await posts.until(9)
        assert sorted(posts.begun) == ["quick"] * 7 + ["slow"] * 2
        while posts.line.under_way > 2:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert posts.line.parked == 3
        posts.held["slow"].set()
        await posts.until(12)
        running.cancel()


async def test_it_claims_no_more_than_it_has_room_for(world: World):
    posts = Posts(world, Slots(most=3, each=2, failing=1, parked=4))
    posts.held["slow"] = asyncio.Event()
    await posts.add(*["slow"] * 20)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        pumping = group.create_task(posts.line.pump())
        await posts.until(2)
        while posts.line.parked < 5:
            assert await posts.line.turn()
        assert await posts.line.turn() == 0
        assert (posts.line.under_way, posts.line.parked) == (2, 5)
        free = await world.database.read(lambda r: jobs.due(r, "push", NOON, 100))
        assert len(free) == 13
        posts.held["slow"].set()
        await pumping
    assert (len(posts.begun), await posts.left()) == (20, 0)


async def test_what_a_failing_place_has_no_slot_for_goes_back_for_a_while(world: World):
    posts = Posts(world, Slots(most=6, each=2, failing=1, parked=4))
    posts.failing.add("bad")
    await posts.add("bad")
    await posts.line.pump()
    await posts.add(*["bad"] * 3, "good")
    assert await posts.line.pump() == 4
    assert sorted(posts.begun) == ["bad", "bad", "good"]
    world.clock.now += working.PUT_OFF_MS
    posts.failing.clear()
    await posts.line.pump()
    world.clock.now += working.PUT_OFF_MS
    await posts.line.pump()
    assert (len(posts.begun), await posts.left()) == (5, 0)


async def test_a_slow_answer_is_as_bad_as_none(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(working, "SLOW_S", 0)
    posts = Posts(world, Slots(most=6, each=2, failing=1, parked=4))
    await posts.add("slow")
    await posts.line.pump()
    await posts.add("slow", "slow")
    await posts.line.pump()
    assert len(posts.begun) == 2
    assert await posts.left() == 1


@pytest.mark.parametrize("failure", [Unavailable(), ZeroDivisionError()])
async def test_one_that_breaks_keeps_none_of_the_others(world: World, failure: Exception):
    posts = Posts(world, Slots(most=6, each=2, failing=1))
    posts.broken["bad"] = failure
    await posts.add("bad", "good")
    assert await posts.line.pump() == 2
    assert await posts.left() == 1, "it is tried again when its lease is over"
    posts.broken.clear()
    world.clock.now += working.LEASE_MS
    assert await posts.line.pump() == 1
    assert await posts.left() == 0


async def test_why_they_wait_is_told_once_until_one_goes_well(world: World):
    posts = Posts(world, Slots(most=6, each=2, failing=1))
    with capture_logs() as logs:
        for bad in (True, False, True):
            posts.broken = {"bad": Unavailable()} if bad else {}
            await posts.add(*["bad"] * 3)
            while await posts.line.pump():
                pass
            world.clock.now += working.LEASE_MS
    assert [line["event"] for line in logs] == ["a notification waits"] * 2


async def test_who_loses_a_lease_settles_nothing_even_to_itself(world: World):
    posts = Posts(world, Slots(most=2, each=2, failing=2))
    posts.held["slow"] = asyncio.Event()
    await posts.add("slow")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        pumping = group.create_task(posts.line.pump())
        await posts.until(1)
        world.clock.now += working.LEASE_MS
        assert await posts.line.turn() == 1
        await posts.until(2)
        assert len(set(posts.holders)) == 2
        posts.held["slow"].set()
        await pumping
    assert await posts.left() == 0


async def test_what_waited_too_long_for_a_slot_is_left_to_the_next_claim(world: World):
    posts = Posts(world, Slots(most=2, each=1, failing=1, parked=1))
    posts.held["slow"] = asyncio.Event()
    await posts.add("slow", "slow")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        pumping = group.create_task(posts.line.pump())
        await posts.until(1)
        assert posts.line.parked == 1
        world.clock.now += working.BEGUN_MS
        posts.held["slow"].set()
        await pumping
    assert (len(posts.begun), await posts.left()) == (1, 1)
    world.clock.now += working.LEASE_MS
    await posts.line.pump()
    assert (len(posts.begun), await posts.left()) == (2, 0)


@pytest.mark.parametrize("failure", [Unavailable(), ZeroDivisionError()])
async def test_after_a_failure_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
):
    posts = Posts(world, Slots(most=2, each=1, failing=1))
    monkeypatch.setattr(working, "FAILED_S", 0)
    turn, failures = posts.line.turn, [failure] * 3

    async def fail_first() -> int:
        if failures:
            raise failures.pop()
        return await turn()

    monkeypatch.setattr(posts.line, "turn", fail_first)
    await posts.add("good")
    with capture_logs() as logs:
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            running = group.create_task(posts.line.run())
            await posts.until(1)
            running.cancel()
    assert [line["event"] for line in logs].count("notifications wait") == 1, "and not thrice"


async def test_while_it_is_not_ours_nothing_is_claimed(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(working, "IDLE_S", 0)
    posts = Posts(world, Slots(most=2, each=1, failing=1))
    asked, ours = asyncio.Semaphore(0), False

    def is_ours() -> bool:
        asked.release()
        return ours

    posts.line.ours = is_ours
    await posts.add("good")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(posts.line.run())
        for _ in range(3):
            await asked.acquire()
        assert posts.begun == []
        ours = True
        await posts.until(1)
        running.cancel()


async def test_how_much_waits_and_since_when(world: World):
    posts = Posts(world, Slots(most=1, each=1, failing=1))
    posts.held["slow"] = asyncio.Event()
    await posts.add("slow", "slow", "slow")
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(posts.line.run())
        await posts.until(1)
        while not posts.line.lag_ms:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert (posts.line.waiting, posts.line.lag_ms) == (3, 2)
        running.cancel()
