"""Telling people, on each engine."""

from typing import Any

from tests.browsers import WISHES, Browser
from tests.core import World
from tests.fakes import auth_config
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import UserId
from uptc_messenger.models.notifications import QuietHours, Wishes
from uptc_messenger.services import users
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import devices, preferences, secrets


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
