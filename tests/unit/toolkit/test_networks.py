import asyncio
import socket
from ipaddress import ip_address
from typing import Any

import pytest

from uptc_messenger.toolkit.networks import Resolver, Unreachable, is_public, resolve


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


def answering(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """What the name service says."""

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        assert host
        if not addresses:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


async def test_one_closed_address_among_public_ones_closes_a_host(monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(Unreachable, match="not on the public internet"):
        await resolve("push.example.com", 443)


async def test_the_address_that_was_checked_is_the_one_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
):
    answering(monkeypatch, "8.8.8.8", "1.1.1.1")
    assert await resolve("push.example.com", 443) == "8.8.8.8"


async def test_this_machine_only_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, "127.0.0.1")
    with pytest.raises(Unreachable):
        await resolve("localhost", 80)
    assert await resolve("localhost", 80, loopback=True) == "127.0.0.1"
    answering(monkeypatch, "192.168.0.1")
    with pytest.raises(Unreachable):
        await resolve("router", 80, loopback=True)
    answering(monkeypatch, "fe80::1%eth0")
    with pytest.raises(Unreachable):
        await resolve("link", 443)


async def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch)
    with pytest.raises(Unreachable, match="has no address"):
        await resolve("nowhere.example.com", 443)


async def test_a_resolver_tells_all_addresses_and_what_they_are():
    ask = Resolver(1)
    assert await ask("127.0.0.1", 80) == [ip_address("127.0.0.1")]
    assert await ask("2130706433", 80) == [ip_address("127.0.0.1")]
    assert await ask("::ffff:10.0.0.1", 80) == [ip_address("::ffff:10.0.0.1")]
    for host in ("nowhere.invalid", "a" * 64 + ".org", "a..b"):
        with pytest.raises(Unreachable, match="has no address"):
            await ask(host, 80)
