from typing import Any

from tests.unit.services.chats.world import World
from uptc_messenger.models.base import InviteId, UserId
from uptc_messenger.services.chats.invites import FIRST
from uptc_messenger.services.chats.repository import invites
from uptc_messenger.toolkit.ids import fingerprint, uuid7


async def store(world: World, inviter_id: UserId, **values: Any) -> InviteId:
    invite_id = InviteId(uuid7())
    row = {
        "id": invite_id,
        "secret_hash": fingerprint(invite_id),
        "inviter_id": inviter_id,
        "chat_ids": [uuid7()],
        "role": "member",
        "created_at": world.now,
        **values,
    }
    await world.write(lambda tx: invites.add(tx, row))
    return invite_id


async def listed(world: World, *inviters: UserId, server: bool, limit: int = 9) -> list[InviteId]:
    values = {"now": world.now, "before": FIRST, "limit": limit}
    rows = await world.read(lambda r: invites.page(r, inviters, values, server=server))
    return [row.id for row in rows]


async def test_a_secret_finds_its_invitation(world: World):
    ana = await world.person("ana")
    made = await store(world, ana.user_id, max_uses=1)
    hashed = fingerprint(made)

    row = await world.read(lambda r: invites.by_secret(r, hashed))
    held = await world.write(lambda tx: invites.hold(tx, hashed))
    assert row is not None
    assert held is not None
    assert row.id == held.id == made
    assert invites.usable(row, world.now)
    assert not invites.used_up(row)
    assert await world.read(lambda r: invites.by_secret(r, fingerprint("never"))) is None

    await world.write(lambda tx: invites.use(tx, made))
    await world.write(lambda tx: invites.revoke(tx, made))
    after = await world.read(lambda r: invites.by_id(r, made))
    assert after is not None
    assert not invites.usable(after, world.now)
    assert invites.used_up(after)


async def test_the_list_has_what_can_be_used_newest_first(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    one = await store(world, ana.user_id)
    two = await store(world, ana.user_id, expires_at=world.now + 1, max_uses=2, uses=1)
    await store(world, ana.user_id, expires_at=world.now)
    await store(world, ana.user_id, max_uses=1, uses=1)
    await store(world, ana.user_id, revoked=True)
    server = await store(world, ben.user_id, chat_ids=[])

    assert await listed(world, ana.user_id, server=False) == [two, one]
    assert await listed(world, ana.user_id, server=True) == [server, two, one]
    assert await listed(world, ana.user_id, server=True, limit=1) == [server]


async def test_more_inviters_than_a_statement_takes(world: World):
    ana = await world.person("ana")
    mine = await store(world, ana.user_id)
    server = await store(world, UserId(uuid7()), chat_ids=[])
    many = [UserId(uuid7()) for _ in range(1_000)]
    assert await listed(world, *many, ana.user_id, server=True) == [server, mine]
