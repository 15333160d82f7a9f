"""Which addresses of the network are anybody's: an own list, because Python's lets some pass."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Tells the addresses of a host; raises `Unreachable` where there are none."""

_CLOSED: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        # IANA's registries of special addresses, multicast and what carries an IPv4 in it.
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23"),
        *("2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10"),
        *("fec0::/10", "ff00::/8"),
    )
)


class Unreachable(Exception):
    """A host that has no address to which we would connect; the sentence says why."""


def is_public(address: Address) -> bool:
    """Whether it is on the internet, and not this machine, its neighbours or a way to them."""
    return not any(address in net for net in _CLOSED if net.version == address.version)


class Resolver:
    """Asks the system for the addresses of hosts, on threads of its own.

    A name server that takes its time holds up who asks here, and nobody else.
    """

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolver")

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        """All addresses of a host, best first; raises `Unreachable` where there is none."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, _ask, host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{host} has no address.") from error
        return [ip_address(address.partition("%")[0]) for address in found]


def _ask(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


async def resolve(host: str, port: int, *, loopback: bool = False) -> str:
    """An address of a host, checked: connect to this one and do not ask again.

    All of its addresses must be public, or with `loopback` this machine. Raises `Unreachable`.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{host} has no address.") from error
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses:
        raise Unreachable(f"{host} has no address.")
    if not all(is_public(one) or (loopback and one.is_loopback) for one in addresses):
        raise Unreachable(f"{host} is not on the public internet.")
    return str(addresses[0])
