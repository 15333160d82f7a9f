import asyncio

import pytest

from uptc_messenger.services.websocket.broker import BusError
from uptc_messenger.services.websocket.broker_memory import MemoryBroker, MemoryBus
from uptc_messenger.services.websocket.twins import HELLO, Twins


class Ear:
    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.links: list[bool] = []

    def heard(self, subject: str, payload: bytes) -> None:
        assert subject != HELLO
        self.told.append(payload)

    def linked(self, *, up: bool) -> None:
        self.links.append(up)


def enter(bus: MemoryBus, fingerprint: str) -> tuple[Twins, MemoryBroker, Ear]:
    ear = Ear()
    twins = Twins(ear)
    broker = MemoryBroker(bus, twins)
    twins.connect(broker, fingerprint)
    return twins, broker, ear


async def test_nodes_of_one_database_leave_each_other_alone():
    bus = MemoryBus()
    one, other = enter(bus, "a"), enter(bus, "a")
    other[1].subscribe("x")
    await asyncio.gather(one[0].listen(0.05), other[0].listen(0.05))
    one[1].publish("x", b"hola")
    await asyncio.sleep(0)
    assert (one[0].seen, other[0].seen) == (0, 0)
    assert (other[2].told, other[2].links) == ([b"hola"], [True])


async def test_a_copy_is_noticed_by_both_and_does_not_start():
    bus = MemoryBus()
    running, _, _ = enter(bus, "a")
    await running.listen(0.05)
    copy, _, _ = enter(bus, "b")
    with pytest.raises(BusError, match="one is a copy of the other"):
        await copy.listen(20)
    assert running.seen == 1
