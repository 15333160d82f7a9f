import asyncio

import pytest
import sqlalchemy as sa

from tests.core import World
from tests.house_of_news import Newsroom, newsroom
from uptc_messenger.database.notices import push_subscriptions
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.notifications import Channel, Tried
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import checking, devices, pushing


async def attempt(room: Newsroom, who: Principal, channel: Channel = "push") -> Tried:
    return await checking.attempt(room.world.database, room.made, who, channel)


async def test_every_hop_is_shown(world: World):
    ana, luis = await world.users("ana", "luis")
    async with newsroom(world) as room:
        luis_here = (await room.device(luis)).who
        await world.send(ana, await world.group(ana, luis), "hola")
        await room.settle()
        world.clock.now += 65_000
        found = await world.database.read(
            lambda r: checking.health(r, room.made, luis_here, world.clock.now)
        )
        assert (found.push, found.mail, found.quiet) == ("on", "on", False)
        assert (found.worker.waiting, found.worker.lag_ms) == (1, 60_000)
        assert found.device is not None
        assert (found.device.current, found.address_state) == (True, "none")


@pytest.mark.parametrize(
    ("status", "hop"),
    [(201, "none"), (410, "gone"), (403, "endpoint"), (503, "service"), (429, "service")],
)
async def test_a_push_test_names_where_it_stopped(world: World, status: int, hop: str):
    luis = await world.user("luis")
    async with newsroom(world) as room:
        who = (await room.device(luis)).who
        room.service.answers.append((status, {}))
        assert (await attempt(room, who)).hop == hop
        assert room.service.opened[0]["kind"] == "test"
        device = await world.database.read(lambda r: devices.find(r, who))
        assert (device is None) == (status == 410)


async def test_without_a_subscription_or_without_push(world: World):
    luis = await world.user("luis")
    async with newsroom(world) as room:
        assert (await attempt(room, await room.log_in(luis))).hop == "subscription"
    async with newsroom(world, push="off") as room:
        assert (await attempt(room, await room.log_in(luis))).hop == "off"


async def test_an_endpoint_that_is_taken_no_more(world: World):
    luis = await world.user("luis")
    async with newsroom(world) as room:
        who = (await room.device(luis)).who
        change = sa.update(push_subscriptions).values(endpoint="http://192.168.0.1/x")
        await world.database.write(lambda tx: tx.run(change))
        assert (await attempt(room, who)).hop == "endpoint"


async def test_a_service_that_is_silent(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pushing, "TIMEOUT_S", 0.2)
    luis = await world.user("luis")
    async with newsroom(world) as room:
        who = (await room.device(luis)).who
        room.service.held = asyncio.Event()
        assert (await attempt(room, who)).hop == "service"


async def test_a_letter_of_test_names_where_it_stopped(world: World):
    luis = await world.user("luis")
    async with newsroom(world) as room:
        who = await room.log_in(luis)
        assert (await attempt(room, who, "mail")).hop == "address"
        await room.subscribe(luis, "luis@example.edu")
        assert (await attempt(room, who, "mail")).hop == "none"
        room.office.answer = "451 internal details"
        tried = await attempt(room, who, "mail")
        assert (tried.hop, tried.detail) == ("smtp", "")
        room.office.answer = "250 OK"
        room.office.refuses["luis@example.edu"] = "550 no such user"
        assert (await attempt(room, who, "mail")).hop == "address"
        assert (await attempt(room, who, "mail")).detail == ""


async def test_who_is_logged_out_has_no_device(world: World):
    luis = await world.user("luis")
    async with newsroom(world) as room:
        who = (await room.device(luis)).who
        await world.database.write(lambda tx: sessions.end_one(tx, luis, who.session_id))
        assert await world.database.read(lambda r: devices.find(r, who)) is None
