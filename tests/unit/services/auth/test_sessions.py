from typing import TypeVar

from tests.core import World, refused
from tests.fakes import auth_config
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.events import EndSessions, SessionEnded
from uptc_messenger.services import users
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.auth.sessions import Opened

T = TypeVar("T")
DAY = 86_400_000
CONFIG = auth_config(max_sessions=3)


async def opened(world: World, user_id: UserId, device: str = "") -> Opened:
    return await world.database.write(
        lambda tx: sessions.open_session(tx, users.me(tx, user_id), device, CONFIG)
    )


async def test_a_token_opens_its_session_and_is_stored_as_a_hash(world: World):
    ana = await world.user("ana")
    made = await opened(world, ana)
    live = await found(world, made.token)
    assert (live.user_id, live.session_id) == (ana, made.session.session_id)
    assert await refused(found(world, made.token + "x")) == "unauthenticated"


async def found(world: World, token: str):
    return await world.database.read(
        lambda reader: sessions.find(reader, token, world.clock.now, CONFIG)
    )


async def test_an_unused_session_ends_by_itself(world: World):
    made = await opened(world, await world.user("ana"))
    world.clock.now += 30 * DAY - 1
    await found(world, made.token)
    world.clock.now += 1
    assert await refused(found(world, made.token)) == "session_expired"


async def test_a_session_in_use_ends_in_the_end(world: World):
    made = await opened(world, await world.user("ana"))
    for _ in range(9):
        world.clock.now += 20 * DAY - 1
        live = await found(world, made.token)
        await world.database.write(
            lambda tx, s=live.session_id: sessions.repository.touch(tx, {s: tx.now})
        )
    world.clock.now += 10
    assert await refused(found(world, made.token)) == "session_expired"


async def test_the_device_unused_for_longest_makes_room(world: World):
    ana = await world.user("ana")
    made: list[Opened] = []
    for name in ("a", "b", "c", "d"):
        world.clock.now += 1000
        made.append(await opened(world, ana, name))
    left = await world.database.read(lambda reader: sessions.entries(reader, ana, None))
    assert [entry.device for entry in left] == ["d", "c", "b"]
    ended = [p for p in world.announced if isinstance(p, EndSessions)]
    assert [(p.session_ids, p.code) for p in ended] == [
        (frozenset({made[0].session.session_id}), CloseCode.TOO_MANY_SESSIONS)
    ]


async def test_an_end_is_in_the_log_before_the_sockets_close(world: World):
    ana = await world.user("ana")
    made = await opened(world, ana)
    await world.database.write(lambda tx: sessions.end_one(tx, ana, made.session.session_id))
    assert [type(event) for event in await world.own_log(ana)] == [SessionEnded]
    assert isinstance(world.announced[-1], EndSessions)


async def test_one_ends_only_ones_own_sessions(world: World):
    ana, eve = await world.users("ana", "eve")
    made = await opened(world, ana)
    session_id = made.session.session_id
    assert (
        await refused(world.database.write(lambda tx: sessions.end_one(tx, eve, session_id)))
        == "not_found"
    )
    await world.database.write(lambda tx: sessions.end(tx, eve, [session_id]))
    await found(world, made.token)


async def test_all_others_end_and_one_stays(world: World):
    ana = await world.user("ana")
    kept, *others = [await opened(world, ana) for _ in range(3)]
    await world.database.write(lambda tx: sessions.end_others(tx, ana, kept.session.session_id))
    await found(world, kept.token)
    for other in others:
        assert await refused(found(world, other.token)) == "unauthenticated"


async def test_a_renewed_session_has_another_token(world: World):
    ana = await world.user("ana")
    made = await opened(world, ana)
    renewed = await world.database.write(
        lambda tx: sessions.renew(tx, ana, made.session.session_id)
    )
    assert renewed.session.session_id == made.session.session_id
    assert await refused(found(world, made.token)) == "unauthenticated"
    await found(world, renewed.token)


async def test_stale_sessions_are_ended(world: World):
    ana = await world.user("ana")
    made = await opened(world, ana)
    world.clock.now += 29 * DAY
    fresh = await opened(world, ana)
    world.clock.now += 2 * DAY
    assert await world.database.write(lambda tx: sessions.end_stale(tx, CONFIG)) == 1
    assert await refused(found(world, made.token)) == "unauthenticated"
    await found(world, fresh.token)
