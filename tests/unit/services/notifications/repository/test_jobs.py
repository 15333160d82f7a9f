from typing import Any

import sqlalchemy as sa
from msgspec import structs

from tests.core import NOON, World
from uptc_messenger.database import Row
from uptc_messenger.models.base import UserId
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.repository.jobs import Job, Kind, Settled
from uptc_messenger.toolkit.ids import uuid7

HOLDER = uuid7()
JOB = Job(
    target_id=uuid7(),
    chat_id=uuid7(),
    user_id=UserId(uuid7()),
    kind="push",
    wanted=3,
    done=2,
    due_at=NOON + 5,
)


async def put(world: World, **changed: Any) -> None:
    job = structs.replace(JOB, **changed)
    await world.database.write(lambda tx: jobs.put(tx, [job], 10))


async def due(world: World, now: int = NOON + 100) -> list[Row]:
    """Of both kinds."""
    kinds: tuple[Kind, ...] = ("push", "mail")
    found = [
        await world.database.read(lambda r, kind=kind: jobs.due(r, kind, now, 10)) for kind in kinds
    ]
    return [row for rows in found for row in rows]


async def next_due(world: World, kind: Kind = "push", now: int = NOON) -> int | None:
    return await world.database.read(lambda r: jobs.next_due(r, kind, now))


async def claim(world: World, holder: str = HOLDER) -> list[Row]:
    found = await due(world, world.clock.now)
    return await world.database.write(lambda tx: jobs.claim(tx, found, holder, 1_000))


async def settle(world: World, row: Row, how: Settled, holder: str = HOLDER) -> None:
    await world.database.write(lambda tx: jobs.settle(tx, row, holder, how))


async def test_what_waits_already_waits_no_longer_for_more_of_it(world: World):
    await put(world)
    await put(world, wanted=4, done=3, due_at=NOON + 50)
    await put(world, wanted=2, done=0, due_at=NOON + 1)
    (row,) = await due(world)
    assert (row.wanted, row.done, row.due_at, row.shown_n) == (4, 2, NOON + 5, None)
    assert await due(world, NOON + 4) == []
    assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 1
    assert await next_due(world) == NOON + 5


async def test_a_letter_goes_sooner_when_that_is_wanted_but_not_while_it_is_tried_again(
    world: World,
):
    world.clock.now = NOON + 1_000
    await put(world, kind="mail", due_at=NOON + 900)
    await put(world, kind="mail", wanted=4, due_at=NOON + 800)
    (row,) = await claim(world)
    assert row.due_at == NOON + 800
    await world.database.write(lambda tx: jobs.postpone(tx, row, HOLDER, NOON + 5_000, 1))
    await put(world, kind="mail", wanted=5, due_at=NOON + 10)
    assert await next_due(world, "mail") == NOON + 5_000


async def test_one_holds_it_until_the_lease_is_over(world: World):
    await put(world)
    world.clock.now = NOON + 10
    found = await due(world, world.clock.now)
    assert len(await claim(world)) == 1
    assert await claim(world, uuid7()) == []
    other = uuid7()
    taken = await world.database.write(lambda tx: jobs.claim(tx, found, other, 1_000))
    assert taken == []
    world.clock.now += 1_000
    (row,) = await claim(world, other)
    await settle(world, row, Settled(reached=3, shown_n=3, next=0), HOLDER)
    assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 1, (
        "it is held by another"
    )
    await settle(world, row, Settled(reached=3, shown_n=3, next=0), other)
    assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 0


async def test_what_came_while_it_was_told_is_told_next(world: World):
    await put(world)
    world.clock.now = NOON + 10
    (row,) = await claim(world)
    await put(world, wanted=5, done=4)
    await settle(world, row, Settled(reached=3, shown_n=3, next=NOON + 70))
    (row,) = await due(world)
    assert (row.done, row.wanted, row.due_at, row.shown_n, row.holder) == (
        *(3, 5, NOON + 70, 3),
        None,
    )


async def test_where_something_is_shown_the_next_comes_a_little_later(world: World):
    await put(world)
    world.clock.now = NOON + 10
    (row,) = await claim(world)
    await settle(world, row, Settled(reached=3, shown_n=3, next=0))
    await put(world, wanted=5, done=4, due_at=NOON + 20)
    assert await next_due(world) == NOON + 30


async def test_what_begins_is_told_whatever_happens_then_unless_it_is_taken_back(world: World):
    await put(world, kind="mail")
    world.clock.now = NOON + 10
    (row,) = await claim(world)
    assert await world.database.write(lambda tx: jobs.begin(tx, row, HOLDER, 9))
    assert not await world.database.write(lambda tx: jobs.begin(tx, row, uuid7(), 9))
    assert await due(world, NOON + 10**9) == []
    await world.database.write(lambda tx: jobs.postpone(tx, row, HOLDER, NOON + 60, 1))
    (row,) = await due(world)
    assert (row.done, row.attempts) == (2, 1)


async def test_what_is_shown_is_woken_by_person_and_by_chat(world: World):
    await put(world)
    world.clock.now = NOON + 10
    (row,) = await claim(world)
    await settle(world, row, Settled(reached=3, shown_n=3, next=0))
    first = UserId("00000000-0000-0000-0000-000000000000")
    assert await world.database.read(lambda r: jobs.showing(r, first, 10)) == [JOB.user_id]
    assert await world.database.read(lambda r: jobs.showing(r, JOB.user_id, 10)) == []
    shown = await world.database.read(lambda r: jobs.shown_to(r, [JOB.user_id]))
    assert len(shown) == 1
    await world.database.write(lambda tx: jobs.wake(tx, shown))
    assert len(await due(world)) == 1
    (row,) = await claim(world)
    await settle(world, row, Settled(reached=3, shown_n=3, next=0))
    await world.database.write(lambda tx: jobs.wake_chat(tx, row.chat_id))
    (row,) = await claim(world)
    await settle(world, row, Settled(reached=3, shown_n=None, next=0))
    await world.database.write(lambda tx: jobs.wake_chat(tx, row.chat_id))
    assert await due(world) == []


async def test_forgetting(world: World):
    await put(world)
    await put(world, target_id=JOB.user_id, chat_id=JOB.user_id, kind="mail")
    await world.database.write(lambda tx: jobs.forget(tx, JOB.user_id, "mail"))
    (row,) = await due(world)
    assert row.kind == "push"


async def test_what_somebody_holds_is_next_for_nobody(world: World):
    await put(world)
    world.clock.now = NOON + 10
    await claim(world)
    assert await next_due(world, now=NOON + 10) is None
    assert await next_due(world, now=NOON + 10 + 1_000) == NOON + 5


async def test_letters_and_pushes_are_queues_of_their_own(world: World):
    await put(world, kind="mail")
    assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 0
    assert await world.database.read(lambda r: jobs.waiting(r, "mail", 10)) == 1
    assert await next_due(world) is None
    assert await world.database.read(lambda r: jobs.due(r, "push", NOON + 100, 10)) == []


async def test_what_is_due_is_found_past_the_letters_that_wait(world: World):
    values = {"which": "push", "now": NOON, "limit": 1, "param_1": 1}
    for query in (jobs._DUE, jobs._NEXT, jobs._WAITING):
        asked = sa.text(f"EXPLAIN QUERY PLAN {query}")
        needed = {name: values[name] for name in query.compile().params}
        plan = await world.database.read(
            lambda r, asked=asked, needed=needed: [row.detail for row in r.all(asked, needed)]
        )
        assert any("ix_notification_jobs_kind_due_at" in step for step in plan)
