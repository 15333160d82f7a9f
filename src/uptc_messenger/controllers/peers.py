"""The address of whoever is at the other end, as far as it can be believed."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address


class Proxies:
    """Reverse proxies whose `X-Forwarded-For` is believed; nobody else's is read."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._networks = [ip_network(text, strict=False) for text in addresses]

    def client_of(self, scope: Any) -> str:  # noqa: ANN401 - the scope of any ASGI connection
        """The client's address of a request."""
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = [v.decode("latin-1") for n, v in scope["headers"] if n == b"x-forwarded-for"]
        return self.client(peer, ",".join(forwarded) if forwarded else None)

    def client(self, peer: str, forwarded: str | None) -> str:
        """The client's address: the last one that no proxy of ours wrote about itself."""
        if forwarded is None or not self._trusts(_parse(peer)):
            return peer
        for text in reversed(forwarded.split(",")):
            address = _parse(text.strip())
            if address is None:
                return peer
            if not self._trusts(address):
                return str(address)
        return peer

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(_within(address, net) for net in self._networks)


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
