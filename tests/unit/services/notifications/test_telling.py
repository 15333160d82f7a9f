import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from tests.core import World
from tests.house_of_news import Newsroom, newsroom
from uptc_messenger.database import Row
from uptc_messenger.database.notices import notification_settings, push_subscriptions
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.notifications import QuietHours
from uptc_messenger.services.notifications import telling
from uptc_messenger.services.notifications.planning import Planner
from uptc_messenger.services.notifications.repository import devices as devices_repository
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.retrying import Retries


async def store(world: World, user: UserId, table: sa.Table, **values: Any) -> None:
    """Put something into a person's row that no door would take."""
    change = sa.update(table).where(table.c.user_id == user).values(**values)
    await world.database.write(lambda tx: tx.run(change))


async def told_both(room: Newsroom) -> tuple[UserId, UserId, ChatId]:
    """Ana said something that Luis and Eva are about to be told of."""
    ana, luis, eva = await room.world.users("ana", "luis", "eva")
    for user in (luis, eva):
        await room.device(user)
    chat = await room.world.group(ana, luis, eva)
    await room.world.send(ana, chat, "hola")
    return luis, eva, chat


async def test_an_endpoint_that_is_taken_no_more_stops_its_own_notification(world: World):
    async with newsroom(world) as room:
        luis, _, _ = await told_both(room)
        await store(world, luis, push_subscriptions, endpoint="http://192.168.0.1/x")
        await room.settle(5)
        assert len(room.service.received) == 1
        assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 0
        (row,) = await world.database.read(lambda r: devices_repository.of_user(r, luis))
        assert row.problem == "endpoint: the https address of a push service."


async def test_a_time_zone_that_this_machine_lacks_is_taken_for_utc(world: World):
    async with newsroom(world) as room:
        luis, _, _ = await told_both(room)
        await room.wish(luis, quiet=QuietHours(start="00:00", end="00:01"))
        await store(world, luis, notification_settings, time_zone="Mars/Olympus")
        await room.settle(5)
        assert len(room.service.received) == 2


async def test_one_that_cannot_be_judged_is_given_up_in_the_end(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(telling, "RETRIES", Retries(attempts=2, first_ms=1, most_ms=1))
    plan = Planner._plan

    async with newsroom(world) as room:
        luis, _, _ = await told_both(room)

        def fail(planner: Planner, row: Row, device: Row | None) -> Any:
            if row.user_id == luis:
                raise ZeroDivisionError
            return plan(planner, row, device)

        monkeypatch.setattr(Planner, "_plan", fail)
        await room.settle(5)
        assert len(room.service.received) == 1
        for _ in range(2):
            await room.settle(1)
        assert await world.database.read(lambda r: jobs.waiting(r, "push", 10)) == 0
        (row,) = await world.database.read(lambda r: devices_repository.of_user(r, luis))
        assert row.problem == "ZeroDivisionError"


@pytest.mark.parametrize("change", ["read", "deleted", "left"])
async def test_what_ends_while_it_is_told_is_taken_away(world: World, change: str):
    async with newsroom(world) as room:
        ana, luis = await world.users("ana", "luis")
        await room.device(luis)
        chat = await world.group(ana, luis)
        message = await world.say(ana, chat, "hola")
        await room.settle()
        world.clock.now += 5_000
        room.service.held = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            telling = group.create_task(room.deliverer.pump())
            await room.service.until(1)
            await end(world, change, (ana, luis, chat, message))
            # Whoever looks what is on screens finds none there yet.
            await room.reader.catch_up()
            fresh = world.announced[room._heard :]
            room.reader.published(fresh)
            await room.reader.catch_up()
            room.service.held.set()
            await telling
        assert [one["kind"] for one in room.service.opened] == ["message", "read"]


async def end(world: World, change: str, who: tuple[UserId, UserId, ChatId, MessageId]) -> None:
    ana, luis, chat, message = who
    match change:
        case "read":
            await world.read_to(luis, chat, 1)
        case "deleted":
            await world.delete(ana, (chat, message))
        case _:
            await world.remove(chat, luis, luis)


async def test_a_dead_mail_server_keeps_no_push_waiting(world: World):
    async with newsroom(world) as room:
        luis, eva, _ = await told_both(room)
        for user in (luis, eva):
            await room.subscribe(user, f"{user}@example.edu")
        ana, _ = await world.users("eva2", "luis2")
        await world.send(ana, await world.group(ana, luis, eva), "otra")
        await room.settle()
        world.clock.now += 900_000
        room.office.held = asyncio.Event()
        async with asyncio.timeout(30), asyncio.TaskGroup() as group:
            telling = group.create_task(room.deliverer.pump())
            await room.service.until(4)
            await room.office.until(2)
            assert not telling.done()
            room.office.held.set()
