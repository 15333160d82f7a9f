"""The address of whoever is at the other end, as far as it can be believed."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

Address = IPv4Address | IPv6Address
_FOR: Final = re.compile(r'(?i)(?:^|[;,\s])for="?([^";,\s]*)')


class Proxies:
    """Reverse proxies whose forwarding headers are believed; nobody else's are read."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._networks = [ip_network(text, strict=False) for text in addresses]

    def client_of(self, scope: Any) -> str:  # noqa: ANN401 - the scope of any ASGI connection
        """The client's address of a request: `X-Forwarded-For`, or `Forwarded` without that."""
        hops = _header(scope, b"x-forwarded-for")
        if hops is None and (forwarded := _header(scope, b"forwarded")) is not None:
            hops = ",".join(_FOR.findall(forwarded)) or "unknown"
        return self.client(_peer(scope), hops)

    def scheme_of(self, scope: Any) -> str | None:  # noqa: ANN401
        """How the client of a proxy came, `http` or `https`, as far as the proxy says."""
        if not self._trusts(_parse(_peer(scope))):
            return None
        said = _header(scope, b"x-forwarded-proto")
        return None if said is None else said.rpartition(",")[2].strip().lower()

    def client(self, peer: str, forwarded: str | None) -> str:
        """The client's address: the last one that no proxy of ours wrote about itself."""
        if forwarded is None or not self._trusts(_parse(peer)):
            return peer
        for text in reversed(forwarded.split(",")):
            address = _parse(_without_port(text.strip()))
            if address is None:
                return peer
            if not self._trusts(address):
                return str(address)
        return peer

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(_within(address, net) for net in self._networks)


def _peer(scope: Any) -> str:  # noqa: ANN401
    return scope["client"][0] if scope.get("client") else ""


def _header(scope: Any, name: bytes) -> str | None:  # noqa: ANN401
    """All lines of a header as one, or None."""
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return ",".join(lines) if lines else None


def _without_port(text: str) -> str:
    """An address as proxies write it: `1.2.3.4:5`, `[2001:db8::1]:5`, or plain."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _within(address: Address, network: IPv4Network | IPv6Network) -> bool:
    return address.version == network.version and address in network


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def limit_key(peer: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that an IPv6 subscriber owns."""
    address = _parse(peer)
    if address is None:
        return peer
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, 64), strict=False).network_address)
    return str(address)


def is_loopback(peer: str) -> bool:
    """Whether the other end is on this machine."""
    address = _parse(peer)
    return address is not None and address.is_loopback
