import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.nats import Nats, free_port, serving
from uptc_messenger.services.websocket.broker import MAX_PAYLOAD, BusError
from uptc_messenger.services.websocket.broker_nats import NatsBroker
from uptc_messenger.services.websocket.config import BusConfig


class Ear:
    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.links: list[bool] = []
        self._news = asyncio.Event()

    def heard(self, subject: str, payload: bytes) -> None:
        self.told.append(payload)
        self._news.set()

    def linked(self, *, up: bool) -> None:
        self.links.append(up)
        self._news.set()

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not done():
                self._news.clear()
                await self._news.wait()


async def joined(url: str) -> tuple[NatsBroker, Ear]:
    ear = Ear()
    broker = NatsBroker(BusConfig(url=url), ear)
    await broker.open()
    await ear.until(lambda: ear.links == [True])
    return broker, ear


async def test_a_bus_that_comes_back_is_used_again_with_all_subscriptions():
    with serving() as server:
        (one, ear), (two, _) = await joined(server.url), await joined(server.url)
        one.subscribe("b")
        server.kill()
        await ear.until(lambda: ear.links == [True, False])
        assert not one.publish("b", b"nobody")
        one.subscribe("c")
        server.start()
        await ear.until(lambda: ear.links == [True, False, True])
        for subject in ("b", "c"):
            while subject.encode() not in ear.told:
                two.publish(subject, subject.encode())
                await asyncio.sleep(0.02)
        await one.close()
        await two.close()


async def test_what_is_too_long_or_too_much_is_dropped():
    with serving() as server:
        ear = Ear()
        broker = NatsBroker(BusConfig(url=server.url, queue_limit=3), ear)
        await broker.open()
        await ear.until(lambda: ear.links == [True])
        assert not broker.publish("b", bytes(MAX_PAYLOAD + 1))
        taken = [broker.publish("b", b"x") for _ in range(5)]
        assert taken == [True, True, True, False, False]
        assert (broker.waiting, broker.dropped) == (3, 3)
        await broker.close()


async def test_a_bus_that_is_not_there_is_refused_with_a_sentence():
    broker = NatsBroker(BusConfig(url=f"nats://127.0.0.1:{free_port()}"), Ear())
    with pytest.raises(BusError, match=r"The bus 127\.0\.0\.1:\d+ cannot be used: .+\."):
        await broker.open()
    await broker.close()


async def test_who_a_node_is_must_be_right(tmp_path: Path):
    with serving("--user", "node", "--pass", "secreto") as server:
        place = f"127.0.0.1:{server.port}"
        for url in (f"nats://{place}", f"nats://node:wrong@{place}"):
            broker = NatsBroker(BusConfig(url=url), Ear())
            with pytest.raises(BusError, match=r"[Aa]uthorization") as caught:
                await broker.open()
            assert "wrong" not in str(caught.value)
            await broker.close()
        broker, _ = await joined(f"nats://node:secreto@{place}")
        await broker.close()


async def test_one_server_of_several_is_enough():
    with serving() as server:
        broker, _ = await joined(f"nats://127.0.0.1:{free_port()},{server.url}")
        await broker.close()


def test_a_server_can_be_killed_twice():
    Nats().kill()


async def test_installations_that_share_a_bus_do_not_hear_each_other():
    with serving() as server:
        brokers: list[NatsBroker] = []
        ears = [Ear(), Ear(), Ear()]
        for ear, scope in zip(ears, ("a.", "a.", "b."), strict=True):
            broker = NatsBroker(BusConfig(url=server.url), ear)
            broker.scope = scope
            broker.subscribe("x")
            await broker.open()
            await ear.until(lambda ear=ear: ear.links == [True])
            brokers.append(broker)
        brokers[2].publish("x", b"of b")
        brokers[0].publish("x", b"of a")
        await ears[1].until(lambda: ears[1].told != [])
        brokers[1].publish("x", b"of a again")
        await ears[0].until(lambda: ears[0].told != [])
        assert (ears[0].told, ears[1].told) == ([b"of a again"], [b"of a"])
        assert ears[2].told == []
        for broker in brokers:
            await broker.close()
