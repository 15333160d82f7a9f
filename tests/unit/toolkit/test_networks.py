import asyncio
import socket
import threading
from ipaddress import ip_address
from typing import Any

import pytest

from tests.core import SetClock
from uptc_messenger.toolkit import networks
from uptc_messenger.toolkit.networks import (
    KNOWN_MS,
    UNKNOWN_MS,
    Address,
    Remembering,
    Resolver,
    Unreachable,
    is_public,
    resolve,
)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254"),
        *("172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1"),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1"),
        *("fd12::1", "fe80::1", "fec0::1", "ff02::1", "192.88.99.1", "3fff::1", "5f00::1"),
    ],
)
def test_closed(address: str):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"]
)
def test_public(address: str):
    assert is_public(ip_address(address))


class Names:
    """A name service that says what it is told to, and counts."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses
        self.asked = 0
        self.held = asyncio.Event()
        self.held.set()

    async def __call__(self, host: str, port: int) -> list[Address]:
        assert port
        self.asked += 1
        await self.held.wait()
        if not self.addresses:
            raise Unreachable(f"{host} has no address.", temporary=True)
        return [ip_address(one) for one in self.addresses]


async def test_one_closed_address_among_public_ones_closes_a_host():
    with pytest.raises(Unreachable, match="not on the public internet") as found:
        await resolve("push.example.com", 443, Names("8.8.8.8", "10.0.0.1"))
    assert not found.value.temporary


async def test_the_address_that_was_checked_is_the_one_that_is_told():
    assert await resolve("push.example.com", 443, Names("8.8.8.8", "1.1.1.1")) == "8.8.8.8"


async def test_this_machine_only_where_that_is_asked_for():
    here = Names("127.0.0.1")
    with pytest.raises(Unreachable):
        await resolve("localhost", 80, here)
    assert await resolve("localhost", 80, here, loopback=True) == "127.0.0.1"
    for other in ("192.168.0.1", "fe80::1"):
        with pytest.raises(Unreachable):
            await resolve("router", 80, Names(other), loopback=True)


def answering(monkeypatch: pytest.MonkeyPatch, answer: list[str] | Exception) -> None:
    """What the system says."""

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        assert host
        if isinstance(answer, Exception):
            raise answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answer]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


async def test_the_system_is_asked_on_threads_of_our_own(monkeypatch: pytest.MonkeyPatch):
    names: list[str] = []

    def getaddrinfo(_: str, port: int, **__: Any) -> list[Any]:
        names.append(threading.current_thread().name)
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1%eth0", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert await Resolver(1)("link", 443) == [ip_address("fe80::1")]
    assert names[0].startswith("resolver")


@pytest.mark.parametrize(
    ("error", "temporary"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "later"), True),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), True),
        (UnicodeError("label too long"), False),
    ],
)
async def test_a_name_without_an_address(
    monkeypatch: pytest.MonkeyPatch, error: Exception, *, temporary: bool
):
    answering(monkeypatch, error)
    with pytest.raises(Unreachable, match="has no address") as found:
        await Resolver(1)("nowhere.example.com", 443)
    assert found.value.temporary == temporary
    with pytest.raises(Unreachable, match="has no address"):
        await resolve("nowhere.example.com", 443, _nothing)


async def _nothing(_: str, __: int) -> list[Address]:
    return []


async def test_a_host_is_asked_for_once_in_a_while():
    clock, names = SetClock(), Names("8.8.8.8")
    known = Remembering(names, clock)
    for _ in range(3):
        assert await known("push.example.com", 443) == [ip_address("8.8.8.8")]
    assert names.asked == 1
    clock.now += KNOWN_MS
    names.addresses = ("1.1.1.1",)
    assert await known("push.example.com", 443) == [ip_address("1.1.1.1")]


async def test_a_host_that_nobody_knows_is_left_alone_for_a_minute():
    clock, names = SetClock(), Names()
    known = Remembering(names, clock)
    for _ in range(3):
        with pytest.raises(Unreachable) as found:
            await known("nowhere.example.com", 443)
        assert found.value.temporary
    assert names.asked == 1
    clock.now += UNKNOWN_MS
    names.addresses = ("8.8.8.8",)
    assert await known("nowhere.example.com", 443)


async def test_who_waits_too_long_waits_for_all():
    names = Names("8.8.8.8")
    names.held.clear()
    known = Remembering(names, SetClock())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await known("slow.example.com", 443)
    with pytest.raises(Unreachable, match="nobody tells"):
        await known("slow.example.com", 443)
    assert names.asked == 1


async def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(networks, "_MOST_KNOWN", 2)
    names = Names("8.8.8.8")
    known = Remembering(names, SetClock())
    for host in ("a", "b", "c", "c", "a"):
        await known(host, 443)
    assert (names.asked, len(known._known)) == (4, 2)
