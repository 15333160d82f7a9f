import asyncio

from tests.core import World, world
from tests.sessions import Device, make_hub
from uptc_messenger.controllers.mending import Mender
from uptc_messenger.controllers.watching import Watch, WatchParts
from uptc_messenger.models.frames import Head
from uptc_messenger.services.websocket.vigil import NAP_S, Scope, Vigil

__all__ = ["world"]


class Node:
    def __init__(self, world: World) -> None:
        self.hub = make_hub()
        self.mender = Mender(world.database, self.hub)
        self.vigil = Vigil(asyncio.get_running_loop().time())
        self.calls: list[str] = []
        self.watch = Watch(
            WatchParts(
                database=world.database,
                hub=self.hub,
                vigil=self.vigil,
                clock=world.clock,
                revoked=self._revoked,
                woken=lambda: self.calls.append("woken"),
            )
        )

    async def _revoked(self) -> None:
        self.calls.append("revoked")


async def test_a_comparison_learns_every_head_and_anchors_the_chain(world: World):
    node = Node(world)
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    device = Device(luis)
    node.hub.settle(node.hub.attach(device.subscriber), {chat: 0}, 1)
    await world.say(ana, chat, "hola")
    await node.watch.compare(Scope.OPEN)
    assert node.hub.directory.rooms[chat].seq == 0, "nobody has it open"
    assert node.vigil.chain.watermark is None
    await node.watch.compare(Scope.ALL)
    assert node.hub.directory.rooms[chat].seq == 1
    assert node.vigil.chain.watermark == world.clock.now
    await node.mender.close()


async def test_after_a_sleep_who_may_hear_is_known_before_anything_is_heard(world: World):
    node = Node(world)
    node.hub.awake = lambda: node.vigil.awake
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    device = Device(luis)
    node.hub.settle(node.hub.attach(device.subscriber), {chat: 0}, 1)
    node.hub.show(device.subscriber, [chat], ())
    node.hub.reached(device.subscriber, [Head(chat_id=chat, seq=0, n=0)])
    await world.remove(chat, ana, luis)
    await world.say(ana, chat, "psst")
    assert node.vigil.turn(asyncio.get_running_loop().time() + NAP_S + 1) is Scope.ALL
    assert not node.vigil.awake
    await node.watch.compare(Scope.ALL)
    assert node.vigil.awake
    assert node.calls == ["revoked", "woken"]
    assert device.kinds() == ["chat.left"]
    await node.mender.close()
