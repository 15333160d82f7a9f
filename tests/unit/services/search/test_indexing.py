import asyncio

import pytest

from tests.core import World
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.chats import following
from uptc_messenger.services.search.indexing import Indexer, Plan, read, write_all


async def test_what_is_published_waits_and_its_age_is_the_lag(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    indexer = Indexer(world.database, world.clock)
    await indexer.catch_up()
    await world.send(ana, chat, "hola")
    indexer.published(world.announced)
    world.clock.now += 1_500
    assert (indexer.follower.waiting, indexer.follower.lag_ms) == (1, 1_500)
    await indexer.catch_up()
    assert (indexer.follower.waiting, indexer.follower.lag_ms, indexer.indexed) == (0, 0, 1)


async def test_a_failure_forgets_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    ana = await world.user("ana")
    await world.send(ana, await world.group(ana), "hola")
    indexer = Indexer(world.database, world.clock)
    with monkeypatch.context() as patched:

        async def fail(_: object) -> None:
            raise Unavailable

        patched.setattr(world.database, "write", fail)
        with pytest.raises(Unavailable):
            await indexer.catch_up()
    assert indexer.follower.waiting == 1
    await indexer.catch_up()
    assert (indexer.follower.waiting, indexer.indexed) == (0, 1)


async def test_of_two_who_read_the_same_one_writes(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "hola")
    plans = [await world.database.scan(lambda reader: read(reader, [chat], 10)) for _ in range(2)]
    done = [
        await world.database.write(lambda tx, plan=plan: write_all(tx, plan.steps))
        for plan in plans
    ]
    assert done == [1, 0]
    rest = await world.database.scan(lambda reader: read(reader, [chat], 10))
    assert rest == Plan(steps=[], behind=[])


async def test_many_chats_go_into_one_commit_and_no_more_than_a_batch(world: World):
    ana = await world.user("ana")
    rooms = [await world.group(ana) for _ in range(5)]
    for room in rooms:
        for _ in range(3):
            await world.send(ana, room, "hola")
    indexer = Indexer(world.database, world.clock, batch=6)
    indexer.follower.swept([(room, 3) for room in rooms])
    plan = await world.database.scan(lambda reader: read(reader, rooms, 6))
    assert ([len(step.entries) for step in plan.steps], plan.behind) == ([3, 3], rooms[2:])
    before = world.database.lane.commits
    await indexer.catch_up()
    assert (world.database.lane.commits - before, indexer.indexed) == (3, 15)


async def test_it_runs_until_cancelled(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(following, "PAUSE_S", 0)
    ana = await world.user("ana")
    chat = await world.group(ana)
    indexer = Indexer(world.database, world.clock)
    catch_up, caught_up = indexer.catch_up, asyncio.Queue[int]()

    async def tell() -> None:
        await catch_up()
        caught_up.put_nowait(indexer.indexed)

    monkeypatch.setattr(indexer, "catch_up", tell)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        running = group.create_task(indexer.run())
        for number in range(1, 4):
            await world.send(ana, chat, "hola")
            indexer.published(world.announced)
            world.announced.clear()
            while await caught_up.get() < number:
                pass
        running.cancel()


async def test_what_a_sweep_tells_is_read_once_however_often_it_is_told(world: World):
    ana = await world.user("ana")
    chat = await world.group(ana)
    await world.send(ana, chat, "hola")
    indexer = Indexer(world.database, world.clock)
    indexer.follower.swept([(chat, 1)])
    assert indexer.follower.waiting == 1
    await indexer.catch_up()
    indexer.follower.swept([(chat, 1)])
    assert (indexer.follower.waiting, indexer.indexed) == (0, 1)
    indexer.follower.swept([(chat, 2)])
    assert indexer.follower.waiting == 1
