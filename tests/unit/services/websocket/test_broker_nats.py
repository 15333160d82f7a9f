import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.certificates import Authority
from tests.keyring import new_seed, trust
from tests.nats import Nats, free_port, serving
from uptc_messenger.services.websocket.broker import MAX_PAYLOAD, BusError
from uptc_messenger.services.websocket.broker_nats import NatsBroker
from uptc_messenger.services.websocket.config import BusConfig
from uptc_messenger.services.websocket.nkeys import read_nkey


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


async def joined(url: str, **more: Any) -> tuple[NatsBroker, Ear]:
    ear = Ear()
    broker = NatsBroker(BusConfig(url=url, **more), ear)
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


async def refused(url: str, **more: Any) -> str:
    """The sentence with which a node is not let in."""
    broker = NatsBroker(BusConfig(url=url, **more), Ear())
    with pytest.raises(BusError) as caught:
        await broker.open()
    await broker.close()
    return str(caught.value)


async def talk(url: str, **more: Any) -> None:
    """Two nodes hear each other."""
    (one, ear), (two, _) = await joined(url, **more), await joined(url, **more)
    one.subscribe("b")
    while b"hola" not in ear.told:
        two.publish("b", b"hola")
        await asyncio.sleep(0.02)
    await one.close()
    await two.close()


async def test_over_tls_with_a_password_and_only_with_a_certificate_that_is_known(tmp_path: Path):
    authority = Authority(tmp_path)
    files, ca = authority.issue("localhost"), authority.write(tmp_path / "ca.pem")
    options = ("--tls", "--tlscert", files.certificate, "--tlskey", files.key)
    with serving(*map(str, options), "--user", "node", "--pass", "secreto") as server:
        url = f"tls://node:secreto@localhost:{server.port}"
        await talk(url, ca=str(ca))
        assert "certificate" in await refused(url)
        other = f"tls://node:secreto@127.0.0.1:{server.port}"
        assert "127.0.0.1" in await refused(other, ca=str(ca)), "not the name in it"
        wrong = f"tls://node:falso@localhost:{server.port}"
        told = await refused(wrong, ca=str(ca))
        assert "uthorization" in told
        assert "falso" not in told
        assert "bus_ca" in await refused(url, ca=str(tmp_path / "none"))


async def test_with_a_key_of_its_own(tmp_path: Path):
    seed, config, wrong = tmp_path / "seed.nk", tmp_path / "nats.conf", tmp_path / "wrong.nk"
    seed.write_text(new_seed())
    wrong.write_text(new_seed())
    known = read_nkey(str(seed)).public
    config.write_text(f"authorization: {{ users: [ {{ nkey: {known} }} ] }}")
    with serving("-c", str(config)) as server:
        await talk(server.url, nkey=str(seed))
        assert "uthorization" in await refused(server.url, nkey=str(wrong))
        assert "uthorization" in await refused(server.url)
        assert "cannot be read" in await refused(server.url, nkey=str(tmp_path / "none"))


async def test_with_the_credentials_of_an_account(tmp_path: Path):
    known, strange, config = trust(), trust(), tmp_path / "nats.conf"
    config.write_text(known.config)
    with serving("-c", str(config)) as server:
        await talk(server.url, credentials=str(known.credentials(tmp_path / "a.creds")))
        stranger = strange.credentials(tmp_path / "b.creds")
        assert "uthorization" in await refused(server.url, credentials=str(stranger))


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
