"""What every bus promises, on each adapter; NATS as a real server."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

import pytest
import pytest_asyncio

from tests.nats import Nats, serving
from uptc_messenger.services.websocket.broker import Broker
from uptc_messenger.services.websocket.broker_memory import MemoryBroker, MemoryBus
from uptc_messenger.services.websocket.broker_nats import NatsBroker
from uptc_messenger.services.websocket.config import BusConfig

PATIENCE_S = 10


class Ear:
    """Remembers what the bus brought, and waits for it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bytes]] = []
        self.links: list[bool] = []
        self._news = asyncio.Event()
        self.broker: Broker

    def heard(self, subject: str, payload: bytes) -> None:
        self.told.append((subject, payload))
        self._news.set()

    def linked(self, *, up: bool) -> None:
        self.links.append(up)
        self._news.set()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not done():
                self._news.clear()
                await self._news.wait()

    async def hear(self, payload: bytes) -> None:
        await self.until(lambda: any(told[1] == payload for told in self.told))


Cluster = Callable[[], Awaitable[Ear]]


@pytest.fixture(scope="module")
def nats_server() -> Generator[Nats, None, None]:
    with serving() as server:
        yield server


@pytest_asyncio.fixture(params=["memory", "nats"])
async def join(request: pytest.FixtureRequest) -> AsyncGenerator[Cluster, None]:
    """Lets one more node in."""
    ears: list[Ear] = []
    bus = MemoryBus()

    async def enter() -> Ear:
        ear = Ear()
        if request.param == "memory":
            ear.broker = MemoryBroker(bus, ear)
        else:
            nats: Nats = request.getfixturevalue("nats_server")
            ear.broker = broker = NatsBroker(BusConfig(url=nats.url), ear)
            await broker.open()
        ears.append(ear)
        await ear.until(lambda: ear.links == [True])
        assert ear.broker.up
        return ear

    yield enter
    for ear in ears:
        await ear.broker.close()


async def settle(*ears: Ear) -> None:
    """What was asked of the bus so far is in force: each hears a call of each other."""
    for ear in ears:
        ear.broker.subscribe("settled")
    for attempt in range(1000):
        for caller in ears:
            caller.broker.publish("settled", f"{id(caller)}:{attempt}".encode())
        await asyncio.sleep(0.01)
        if all(
            any(f"{id(c)}:" in t[1].decode(errors="replace") for t in e.told if t[0] == "settled")
            for e in ears
            for c in ears
            if c is not e
        ):
            break
    for ear in ears:
        ear.told = [told for told in ear.told if told[0] != "settled"]
        ear.broker.unsubscribe("settled")


async def test_the_others_hear_and_the_speaker_does_not(join: Cluster):
    one, two, three = await join(), await join(), await join()
    for ear in (one, two, three):
        ear.broker.subscribe("c.1")
    await settle(one, two, three)
    assert one.broker.publish("c.1", b"hola")
    await two.hear(b"hola")
    await three.hear(b"hola")
    two.broker.publish("c.1", b"bye")
    await one.hear(b"bye")
    assert one.told == [("c.1", b"bye")]


async def test_only_what_was_subscribed_is_heard(join: Cluster):
    one, two = await join(), await join()
    two.broker.subscribe("u.ana")
    two.broker.subscribe("ctl.user.*")
    await settle(one, two)
    for subject in ("u.luis", "u", "u.ana.x", "ctl.user", "ctl.node.a"):
        one.broker.publish(subject, b"no")
    one.broker.publish("ctl.user.ana", b"yes")
    one.broker.publish("u.ana", b"last")
    await two.hear(b"last")
    assert set(two.told) == {("ctl.user.ana", b"yes"), ("u.ana", b"last")}


async def test_what_is_wanted_last_counts(join: Cluster):
    one, two = await join(), await join()
    for wanted in ("a", "b"):
        two.broker.subscribe(wanted)
    two.broker.unsubscribe("a")
    two.broker.unsubscribe("b")
    two.broker.subscribe("b")
    two.broker.subscribe("b")
    two.broker.unsubscribe("never")
    await settle(one, two)
    one.broker.publish("a", b"no")
    one.broker.publish("b", b"yes")
    await two.hear(b"yes")
    assert two.told == [("b", b"yes")]


async def test_bytes_come_as_they_were(join: Cluster):
    one, two = await join(), await join()
    two.broker.subscribe("b")
    await settle(one, two)
    payloads = [b"", bytes(range(256)), b"\r\nMSG b 1 3\r\n", b"x" * 300_000]
    for payload in payloads:
        assert one.broker.publish("b", payload)
    await two.hear(payloads[-1])
    assert sorted(told[1] for told in two.told) == sorted(payloads)


async def test_what_was_published_before_the_end_arrives(join: Cluster):
    one, two = await join(), await join()
    two.broker.subscribe("b")
    await settle(one, two)
    for number in range(200):
        one.broker.publish("b", str(number).encode())
    await one.broker.close()
    await two.hear(b"199")
    assert not one.broker.publish("b", b"late")
    one.broker = MemoryBroker(MemoryBus(), one)  # closed once is enough


async def test_publishing_never_waits_and_never_fails(join: Cluster):
    one = await join()
    for number in range(20_000):
        one.broker.publish("nobody", str(number).encode())
    assert one.broker.waiting <= 10_001
    assert one.broker.dropped >= 0
