from tests.core import World, world
from uptc_messenger.database import leases
from uptc_messenger.toolkit.ids import uuid7

__all__ = ["world"]
ONE, TWO = uuid7(), uuid7()


async def take(world: World, node: str) -> bool:
    return await world.database.write(lambda tx: leases.take(tx, "sweep", node, 10_000))


async def free(world: World, node: str) -> bool:
    now = world.clock()
    return await world.database.read(lambda r: leases.is_free(r, "sweep", node, now))


async def test_one_node_holds_it_until_it_expires(world: World):
    assert await free(world, ONE)
    assert await take(world, ONE)
    assert not await free(world, TWO)
    assert not await take(world, TWO)
    world.clock.now += 9_000
    assert await take(world, ONE), "renewed"
    world.clock.now += 9_000
    assert not await take(world, TWO)
    world.clock.now += 2_000
    assert await free(world, TWO)
    assert await take(world, TWO)
    assert not await take(world, ONE), "whoever slept past its time finds it taken"


async def test_only_the_holder_lets_go(world: World):
    await take(world, ONE)
    for node, left in ((TWO, False), (ONE, True)):
        await world.database.write(lambda tx, node=node: leases.release(tx, "sweep", node))
        assert await free(world, TWO) is left
