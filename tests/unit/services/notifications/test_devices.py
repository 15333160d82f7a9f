import pytest
from msgspec import structs

from tests.browsers import Browser
from tests.core import World, refused
from tests.fakes import auth_config
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import SessionId, UserId
from uptc_messenger.models.notifications import PushDevice, PushSubscription
from uptc_messenger.services import users
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import devices
from uptc_messenger.services.notifications.repository import devices as repository
from uptc_messenger.services.notifications.vapid import encoded
from uptc_messenger.toolkit.ids import uuid7


async def log_in(world: World, user_id: UserId, device: str = "Firefox") -> Principal:
    opened = await world.database.write(
        lambda tx: sessions.open_session(tx, users.me(tx, user_id), device, auth_config())
    )
    return Principal(user_id=user_id, session_id=opened.session.session_id, role="member")


async def subscribe(world: World, who: Principal, wanted: PushSubscription) -> PushDevice:
    return await world.database.write(lambda tx: devices.put(tx, who, wanted))


async def listed(world: World, who: Principal) -> list[PushDevice]:
    return (await world.database.read(lambda r: devices.page(r, who))).devices


async def test_each_session_has_one_and_its_person_sees_all(world: World):
    ana = await world.user("ana")
    phone, laptop = await log_in(world, ana, "Chrome · Android"), await log_in(world, ana)
    made = await subscribe(world, phone, Browser().wanted)
    assert (made.device, made.service, made.current) == (
        "Chrome · Android",
        "push.example.com",
        True,
    )
    await subscribe(world, laptop, Browser().wanted)
    assert {(d.device, d.current) for d in await listed(world, laptop)} == {
        ("Firefox", True),
        ("Chrome · Android", False),
    }


async def test_the_same_again_changes_nothing_and_another_replaces(world: World):
    ana = await log_in(world, await world.user("ana"))
    wanted = Browser().wanted
    await subscribe(world, ana, wanted)
    before = await world.database.read(lambda r: devices.of_session(r, ana))
    await subscribe(world, ana, wanted)
    again = await world.database.read(lambda r: devices.of_session(r, ana))
    assert before is not None
    assert again is not None
    assert before.id == again.id
    await subscribe(world, ana, Browser().wanted)
    after = await world.database.read(lambda r: devices.of_session(r, ana))
    assert after is not None
    assert after.id != before.id
    assert len(await listed(world, ana)) == 1


async def test_a_browser_tells_only_who_subscribed_in_it_last(world: World):
    ana, luis = [await log_in(world, user) for user in await world.users("ana", "luis")]
    browser = Browser()
    await subscribe(world, ana, browser.wanted)
    await subscribe(world, luis, browser.wanted)
    assert await listed(world, ana) == []
    assert len(await listed(world, luis)) == 1


async def test_wrong_subscriptions(world: World):
    ana = await log_in(world, await world.user("ana"))
    good = Browser().wanted
    for wrong in (
        structs.replace(good, endpoint="http://push.example.com/a"),
        structs.replace(good, endpoint="https://10.0.0.1/a"),
        structs.replace(good, p256dh=encoded(b"\x04" + bytes(64))),
    ):
        assert await refused(subscribe(world, ana, wrong)) == "bad_request"
    assert await listed(world, ana) == []


async def test_a_device_ends_with_its_session(world: World):
    ana = await log_in(world, await world.user("ana"))
    await subscribe(world, ana, Browser().wanted)
    rows = await world.database.read(lambda r: repository.of_user(r, ana.user_id))
    assert await world.database.read(lambda r: devices.ended(r, rows)) == []
    await world.database.write(lambda tx: sessions.end_one(tx, ana.user_id, ana.session_id))
    assert await world.database.read(lambda r: devices.ended(r, rows)) == [rows[0].id]
    assert await listed(world, ana) == []


async def test_who_turns_a_device_off(world: World):
    ana, luis = [await log_in(world, user) for user in await world.users("ana", "luis")]
    await subscribe(world, ana, Browser().wanted)

    async def remove(who: Principal, session: SessionId) -> None:
        await world.database.write(lambda tx: devices.remove(tx, who.user_id, session))

    assert await refused(remove(luis, ana.session_id)) == "not_found"
    assert await refused(remove(ana, SessionId(uuid7()))) == "not_found"
    await remove(ana, ana.session_id)
    assert await listed(world, ana) == []
    await world.database.write(lambda tx: devices.remove_silently(tx, ana.user_id, ana.session_id))
    with pytest.raises(Exception, match="nothing here"):
        await world.database.read(lambda r: devices.one(r, ana))
