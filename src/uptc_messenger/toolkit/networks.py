"""Which addresses of the network are anybody's: an own list, because Python's lets some pass."""

import asyncio
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from uptc_messenger.toolkit.clock import Clock, steady_clock

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Lookup = Callable[[str, int], Awaitable[Sequence[Address]]]
"""Tells the addresses of a host; raises `Unreachable` where there are none."""

KNOWN_MS: Final = 5 * 60_000
"""For so long the addresses of a host are not asked for again."""

UNKNOWN_MS: Final = 60_000
"""For so long a host that has none, or that nobody could tell of in time, is left alone."""

_MOST_KNOWN: Final = 1_000

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
    """A host that has no address to which we would connect; the sentence says why.

    `temporary`: nobody could tell its address now, which may be the fault of our name server.
    """

    def __init__(self, sentence: str, *, temporary: bool = False) -> None:
        super().__init__(sentence)
        self.temporary = temporary


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
        except OSError as error:
            raise Unreachable(f"{host} has no address.", temporary=True) from error
        except UnicodeError as error:
            raise Unreachable(f"{host} has no address.") from error
        return [ip_address(address.partition("%")[0]) for address in found]


def _ask(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass
class _Known:
    """What was said of a host, and until when that is good; one asks at a time."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: int = 0
    addresses: Sequence[Address] = ()
    failure: Unreachable | None = None


class Remembering:
    """Asks for a host once in a while, whatever came of it: nobody fills the lookup with one."""

    def __init__(self, lookup: Lookup, clock: Clock = steady_clock) -> None:
        self._lookup = lookup
        self._clock = clock
        self._known: OrderedDict[tuple[str, int], _Known] = OrderedDict()

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        """As the lookup said; raises `Unreachable` where it did."""
        known = self._of(host, port)
        async with known.turn:
            if known.until <= self._clock():
                await self._ask(known, host, port)
        if known.failure is not None:
            raise Unreachable(str(known.failure), temporary=known.failure.temporary)
        return known.addresses

    def _of(self, host: str, port: int) -> _Known:
        known = self._known.setdefault((host, port), _Known())
        self._known.move_to_end((host, port))
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return known

    async def _ask(self, known: _Known, host: str, port: int) -> None:
        # Who asks may be tired of waiting before there is an answer: that is one, too.
        known.failure = Unreachable(f"{host}: nobody tells its address.", temporary=True)
        try:
            known.addresses, known.failure = await self._lookup(host, port), None
        except Unreachable as error:
            known.failure = error
        finally:
            lasts = KNOWN_MS if known.failure is None else UNKNOWN_MS
            known.until = self._clock() + lasts


async def resolve(host: str, port: int, lookup: Lookup, *, loopback: bool = False) -> str:
    """An address of a host, checked: connect to this one and do not ask again.

    All of its addresses must be public, or with `loopback` this machine. Raises `Unreachable`.
    """
    addresses = await lookup(host, port)
    if not addresses:
        raise Unreachable(f"{host} has no address.")
    if not all(is_public(one) or (loopback and one.is_loopback) for one in addresses):
        raise Unreachable(f"{host} is not on the public internet.")
    return str(addresses[0])
