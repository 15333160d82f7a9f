"""Telling people, on each engine."""

import asyncio
from typing import Any

import pytest

from tests.browsers import WISHES, Browser
from tests.core import World
from tests.fakes import auth_config
from tests.house_of_news import newsroom
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import UserId
from uptc_messenger.models.notifications import QuietHours, Wishes
from uptc_messenger.services import users
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import devices, preferences, secrets, spreading
from uptc_messenger.services.notifications.delivering import Deliverer


async def log_in(world: World, user_id: UserId) -> Principal:
    opened = await world.database.write(
        lambda tx: sessions.open_session(tx, users.me(tx, user_id), "", auth_config())
    )
    return Principal(user_id=user_id, session_id=opened.session.session_id, role="member")


async def test_wishes(world: World):
    ana, luis = await world.users("ana", "luis")
    quiet = QuietHours(start="22:00", end="06:00")
    changed: dict[str, Any] = {"level": "none", "keywords": ["año"], "quiet": quiet}
    wanted = Wishes(**WISHES | changed)
    after = await world.database.write(lambda tx: preferences.put(tx, ana, wanted))
    assert (after.level, after.keywords, after.quiet) == ("none", ["año"], quiet)
    found = await world.database.read(lambda r: preferences.of_all(r, [ana, luis]))
    assert found == {ana: after}


async def test_devices(world: World):
    ana, luis = [await log_in(world, user) for user in await world.users("ana", "luis")]
    browser = Browser()
    for who in (ana, luis, luis):
        await world.database.write(lambda tx, who=who: devices.put(tx, who, browser.wanted))
    assert (await world.database.read(lambda r: devices.page(r, ana))).devices == []
    row = await world.database.read(lambda r: devices.of_session(r, luis))
    assert row is not None
    assert devices.keys_of(row) == browser.keys
    await world.database.write(lambda tx: sessions.end_one(tx, luis.user_id, luis.session_id))
    assert await world.database.read(lambda r: devices.ended(r, [row])) == [row.id]


async def test_secrets_are_made_once(world: World):
    assert await secrets.prepare(world.database) == await secrets.prepare(world.database)


async def test_what_is_missed_is_told_once_and_goes_when_it_is_read(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    async with newsroom(world) as room:
        for user in (luis, eva):
            await room.device(user)
        await room.subscribe(eva, "eva@example.edu")
        chat = await world.group(ana, luis, eva)
        first = await world.say(ana, chat, "uno")
        await world.say(ana, chat, "dos @luis")
        assert await room.settle() == 0
        assert await room.settle(5) == 2
        assert {(one["text"], one["count"]) for one in room.service.opened} == {("dos @luis", 2)}
        await world.read_to(luis, chat, 2)
        await world.delete(ana, (chat, first))
        await room.settle()
        assert [one["kind"] for one in room.service.opened[2:]] == ["read"]
        await room.settle(900)
        assert room.office.recipients == ["eva@example.edu"]
        await world.say(ana, chat, "tres")
        await room.settle(15)
        assert {one["text"] for one in room.service.opened[3:]} == {"tres"}
        room.service.answers.append((410, {}))
        await world.say(luis, chat, "cuatro")
        await room.settle(15)
        assert await room.settle(86_400) >= 1, "the letter about what eva did not read"
        assert len(room.office.recipients) == 2


async def test_a_large_chat_is_told_in_parts(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spreading, "MEMBERS", 2)
    ana, *others = await world.users("ana", *(f"user{number}" for number in range(5)))
    async with newsroom(world) as room:
        for user in others:
            await room.device(user)
        await world.say(ana, await world.group(ana, *others), "hola")
        await room.settle(5)
        assert len(room.service.received) == 5


async def test_two_workers_at_once_tell_once(world: World):
    ana, *others = await world.users("ana", *(f"user{number}" for number in range(6)))
    async with newsroom(world) as room:
        for user in others:
            await room.device(user)
        await world.say(ana, await world.group(ana, *others), "hola")
        await room.settle()
        world.clock.now += 5_000
        ways = (room.made.pusher, room.made.postman)
        second = Deliverer(world.database, world.clock, room.made.config, ways)
        await asyncio.gather(room.deliverer.pump(), second.pump())
        assert len({one.path for one in room.service.received}) == 6
        assert len(room.service.received) == 6
