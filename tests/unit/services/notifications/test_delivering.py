import asyncio

import pytest

from tests.core import World
from tests.house_of_news import Newsroom, newsroom
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.notifications import telling, working
from uptc_messenger.services.notifications.delivering import Deliverer
from uptc_messenger.services.notifications.repository import devices as devices_repository
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.telling import RETRIES


async def said(room: Newsroom, text: str = "hola") -> tuple[UserId, UserId, ChatId]:
    ana, luis = await room.world.users("ana", "luis")
    chat = await room.world.group(ana, luis)
    await room.device(luis)
    await room.world.send(ana, chat, text)
    return ana, luis, chat


async def test_the_browser_reads_it_after_a_while_and_once(world: World):
    async with newsroom(world) as room:
        await said(room)
        assert await room.settle() == 0, "it may still be read on an open device"
        assert await room.settle(5) == 1
        assert await room.settle(60) == 0
        (told,) = room.service.opened
        assert (told["kind"], told["text"], told["sender"]) == ("message", "hola", "ana")
        assert room.deliverer.teller.sent == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_is_gone_is_forgotten(world: World, status: int):
    async with newsroom(world) as room:
        _, luis, _ = await said(room)
        room.service.answers.append((status, {}))
        await room.settle(5)
        assert await world.database.read(lambda r: devices_repository.of_user(r, luis)) == []
        assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 0
        assert room.deliverer.teller.withdrawn == 1


async def test_a_service_that_is_busy_is_left_alone_as_long_as_it_asks(world: World):
    async with newsroom(world) as room:
        _, luis, _ = await said(room)
        room.service.answers += [(429, {"retry-after": "120"}), (503, {})]
        await room.settle(5)
        assert await room.settle(119) == 0
        (row,) = await world.database.read(lambda r: devices_repository.of_user(r, luis))
        assert row.problem == "429"
        assert await room.settle(1) == 1
        assert await room.settle(RETRIES.wait_ms(1) / 1000) == 1
        assert len(room.service.received) == 3
        (row,) = await world.database.read(lambda r: devices_repository.of_user(r, luis))
        assert (row.problem, row.sent_at) == (None, world.clock.now)


async def test_it_is_given_up_after_many_attempts_and_the_next_message_tries_again(world: World):
    async with newsroom(world) as room:
        ana, _, chat = await said(room)
        room.service.answers += [(500, {})] * (RETRIES.attempts + 1)
        for _ in range(RETRIES.attempts + 3):
            await room.settle(3_600)
        assert len(room.service.received) == RETRIES.attempts + 1
        await world.send(ana, chat, "otra")
        await room.settle(10)
        assert room.service.opened[-1]["text"] == "otra"
        assert room.deliverer.teller.failed == RETRIES.attempts + 1


async def test_a_refusal_is_not_repeated_and_is_shown(world: World):
    async with newsroom(world) as room:
        _, luis, _ = await said(room)
        room.service.answers.append((403, {"content-length": "0"}))
        await room.settle(5)
        assert await room.settle(7_200) == 0
        (row,) = await world.database.read(lambda r: devices_repository.of_user(r, luis))
        assert row.problem == "403"


async def test_a_worker_that_dies_while_it_sends_is_followed_by_another_after_its_lease(
    world: World,
):
    async with newsroom(world) as room:
        await said(room)
        room.service.held = asyncio.Event()
        await room.settle()
        world.clock.now += 5_000
        async with asyncio.TaskGroup() as group:
            dying = group.create_task(room.deliverer.pump())
            await room.service.until(1)
            dying.cancel()
        room.service.held.set()
        heir = Deliverer(
            world.database, world.clock, room.made.config, (room.made.pusher, room.made.postman)
        )
        assert await heir.pump() == 0, "it is held"
        world.clock.now += working.LEASE_MS
        assert await heir.pump() == 1
        first, again = room.service.received
        assert first.headers["topic"] == again.headers["topic"]
        assert first.opened["seq"] == again.opened["seq"], "the device shows it once"
        world.clock.now += 3_600_000
        assert await heir.pump() == 0


async def test_one_device_is_told_so_much_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(telling, "BURST", 2)
    async with newsroom(world) as room:
        ana, luis = await world.users("ana", "luis")
        await room.device(luis)
        for _ in range(3):
            await world.send(ana, await world.group(ana, luis), "hola")
        assert await room.settle(5) == 3
        assert len(room.service.received) == 2
        await room.settle(telling.REFILL_MS / 1000)
        assert len(room.service.received) == 3, "nothing is lost by it"


async def test_it_runs_until_cancelled(world: World):
    async with (
        asyncio.timeout(30),
        newsroom(world, delay_s=0) as room,
        asyncio.TaskGroup() as group,
    ):
        running = [
            group.create_task(each) for each in (room.reader.run(), room.deliverer.pushes.run())
        ]
        await said(room)
        room.reader.published(world.announced)
        await room.service.until(1)
        for task in running:
            task.cancel()
