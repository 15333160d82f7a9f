from tests.core import World, world
from uptc_messenger.controllers.sweeping import Sweeping
from uptc_messenger.services.websocket.sweeper import FIRST_MS, Sweep
from uptc_messenger.toolkit.ids import uuid7

__all__ = ["world"]


def sweeping(world: World, told: list[Sweep]) -> Sweeping:
    return Sweeping(world.database, world.clock, uuid7(), told.append)


async def test_a_sweep_tells_how_far_every_log_is_that_changed_of_late(world: World):
    told: list[Sweep] = []
    ana, luis = await world.users("ana", "luis")
    quiet, chat = await world.group(ana, luis), await world.group(ana, luis)
    await world.say(ana, quiet, "antes")
    world.clock.now += FIRST_MS + 1_000
    message = await world.say(ana, chat, "hola")
    await world.react(luis, (chat, message), "👍")
    await world.add(quiet, ana, await world.user("eva"))
    await sweeping(world, told).turn()
    (sweep,) = told
    heads = {at.chat_id: (at.seq, at.n, at.wide) for at in sweep.chats}
    assert heads == {chat: (2, 1, False), quiet: (2, 1, False)}
    assert [at.useq for at in sweep.users] == [1], "eva hears that she joined"
    assert not sweep.hold
    assert sweep.at <= world.clock.now


async def test_one_node_sweeps_and_the_next_one_when_it_lets_go(world: World):
    first: list[Sweep] = []
    second: list[Sweep] = []
    one, two = sweeping(world, first), sweeping(world, second)
    for node in (one, two, one):
        await node.turn()
    assert (len(first), len(second)) == (2, 0)
    await one.release()
    await two.turn()
    assert two.holding
    assert len(second) == 1
