from tests.core import World, kinds, refused
from uptc_messenger.models.base import UserId
from uptc_messenger.models.events import Apart
from uptc_messenger.services.users import blocks
from uptc_messenger.toolkit.ids import uuid7


async def block(world: World, who: UserId, whom: UserId) -> bool:
    return await world.database.write(lambda tx: blocks.add(tx, who, whom))


async def unblock(world: World, who: UserId, whom: UserId) -> bool:
    return await world.database.write(lambda tx: blocks.remove(tx, who, whom))


def parted(world: World) -> list[tuple[UserId, UserId, bool]]:
    return [(p.one, p.other, p.on) for p in world.announced if isinstance(p, Apart)]


async def test_only_who_blocks_is_told_and_only_once(world: World):
    ana, luis = await world.users("ana", "luis")
    assert await block(world, ana, luis)
    assert not await block(world, ana, luis)
    assert await unblock(world, ana, luis)
    assert not await unblock(world, ana, luis)
    assert kinds(world.told_to(ana)) == ["block.updated", "block.updated"]
    assert world.told_to(ana) == await world.own_log(ana)
    assert world.told_to(luis) == []
    assert parted(world) == [(ana, luis, True), (ana, luis, False)]


async def test_two_who_block_each_other_stay_apart_until_both_take_it_back(world: World):
    ana, luis = await world.users("ana", "luis")
    await block(world, ana, luis)
    await block(world, luis, ana)
    await unblock(world, ana, luis)
    assert [on for _, _, on in parted(world)] == [True, True]
    assert await world.database.read(lambda r: blocks.is_between(r, ana, luis))
    for one in (ana, luis):
        assert len(await world.database.read(lambda r, u=one: blocks.apart(r, u))) == 1
    await unblock(world, luis, ana)
    assert not await world.database.read(lambda r: blocks.is_between(r, luis, ana))
    assert parted(world)[-1] == (luis, ana, False)


async def test_who_cannot_be_blocked(world: World):
    ana = await world.user("ana")
    assert await refused(block(world, ana, ana)) == "bad_request"
    assert await refused(block(world, ana, UserId(uuid7()))) == "not_found"
    luis = await world.user("luis")
    assert await refused(world.database.read(lambda r: blocks.one(r, ana, luis))) == "not_found"


async def test_the_list_goes_on_where_it_ended(world: World):
    ana, *others = await world.users("ana", "luis", "eva", "juan")
    for other in others:
        await block(world, ana, other)
    await block(world, others[0], others[1])
    first, end = await world.database.read(lambda r: blocks.page(r, ana, None, 2))
    rest, last = await world.database.read(lambda r: blocks.page(r, ana, end, 2))
    assert [b.user.user_id for b in (*first, *rest)] == sorted(others)
    assert last is None
    assert {b.user.username for b in (*first, *rest)} == {"luis", "eva", "juan"}


async def test_who_blocks_among_some(world: World):
    ana, luis, eva = await world.users("ana", "luis", "eva")
    await block(world, luis, ana)
    await block(world, ana, eva)
    found = await world.database.read(lambda r: blocks.blocking(r, ana, [luis, eva]))
    assert found == {luis}
    assert await world.database.read(lambda r: blocks.apart(r, ana)) == {luis, eva}
