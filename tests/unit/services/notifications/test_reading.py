import pytest

from tests.core import World
from tests.house_of_news import newsroom
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import reading
from uptc_messenger.services.notifications.repository import devices as repository


async def test_what_is_published_waits_and_its_age_is_the_lag(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        world.announced.clear()
        await world.send(ana, chat, "hola")
        room.reader.published(world.announced)
        world.clock.now += 1_500
        assert (room.reader.follower.waiting, room.reader.follower.lag_ms) == (1, 1_500)
        await room.reader.catch_up()
        assert (room.reader.follower.waiting, room.reader.follower.lag_ms, room.reader.told) == (
            0,
            0,
            1,
        )


async def test_a_full_queue_holds_the_reader_and_loses_nothing(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    async with newsroom(world, queue_limit=2) as room:
        for user in (luis, eva):
            await room.device(user)
        for _ in range(3):
            await world.send(ana, await world.group(ana, luis, eva), "hola")
        assert await room.settle() == 0
        assert (room.reader.follower.full, room.reader.follower.waiting) == (True, 2)
        while room.reader.follower.waiting:
            assert await room.settle(60) == 2
        assert await room.settle(60) in {0, 2}
        assert len(room.service.received) == 6
        assert not room.reader.follower.full


async def test_letters_that_wait_for_the_morning_fill_no_queue(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    async with newsroom(world, queue_limit=2) as room:
        for user in (luis, eva):
            await room.subscribe(user, f"{user}@example.edu", "daily")
        await room.device(luis)
        chat = await world.group(ana, luis, eva)
        for _ in range(3):
            await world.send(ana, chat, "hola")
            await room.settle(60)
        assert not room.reader.follower.full
        assert len(room.service.received) == 3


async def test_what_is_remembered_of_people_has_a_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "MOST_PEOPLE", 1)
    ana, luis, eva = await world.users("ana", "luis", "eva")
    chat = await world.group(ana, luis, eva)
    async with newsroom(world) as room:
        for user in (luis, eva):
            await room.device(user)
        await world.send(ana, chat, "hola")
        await room.settle(10)
        for user in (luis, eva):
            await world.read_to(user, chat, 1)
        await room.settle()
        kinds = [one["kind"] for one in room.service.opened]
        assert kinds == ["message", "message", "read", "read"]


async def test_a_node_that_does_not_lead_forgets_whom_it_was_told_of(world: World):
    async with newsroom(world) as room:
        room.reader.changed([await world.user("luis")])
        room.reader.follower.rest()
        assert (dict(room.reader._people), room.reader.follower.looked) == ({}, False)


async def test_a_failure_forgets_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        world.announced.clear()
        await world.send(ana, chat, "hola")
        room.reader.published(world.announced)
        with monkeypatch.context() as patched:

            async def fail(_: object) -> None:
                raise Unavailable

            patched.setattr(world.database, "write", fail)
            with pytest.raises(Unavailable):
                await room.reader.catch_up()
        assert room.reader.follower.waiting == 1
        await room.reader.catch_up()
        assert room.reader.told == 1


async def test_what_a_sweep_tells_is_read_once_however_often_it_is_told(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        await world.send(ana, chat, "hola")
        for _ in range(2):
            room.reader.swept([(chat, 1)])
            await room.reader.catch_up()
        assert (room.reader.follower.waiting, room.reader.told) == (0, 1)
        await room.settle(10)
        await world.read_to(luis, chat, 1)
        world.announced.clear()
        room._heard = 0
        for _ in range(2):
            room.reader.swept([(chat, 1)], [(luis, 2)])
            await room.settle()
        assert [one["kind"] for one in room.service.opened] == ["message", "read"]


async def test_a_start_finds_what_was_read_while_nobody_worked(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    async with newsroom(world) as room:
        await room.device(luis)
        await world.send(ana, chat, "hola")
        await room.settle(10)
        await world.read_to(luis, chat, 1)
        room.reader.follower.forget()
        await room.reader.catch_up()
        await room.deliverer.pump()
        assert [one["kind"] for one in room.service.opened] == ["message", "read"]


async def test_the_keys_of_a_session_that_ended_are_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(reading, "_PEOPLE", 2)
    luis = await world.user("luis")
    async with newsroom(world) as room:
        all_ = [await room.device(luis) for _ in range(5)]
        for device in all_[:4]:
            session = device.who.session_id
            await world.database.write(
                lambda tx, session=session: sessions.end_one(tx, luis, session)
            )
        room.reader.follower.forget()
        await room.reader.catch_up()
        left = await world.database.read(lambda r: repository.of_user(r, luis))
        assert [row.session_id for row in left] == [all_[4].who.session_id]
