"""However an address of ours is written, no link leads there."""

import asyncio
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties.steps import BOUNDED
from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.previews.fetching import Fetcher, Surroundings
from uptc_messenger.services.previews.targets import Refused
from uptc_messenger.toolkit.networks import Resolver, is_public

OURS = [
    ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
]
FORMS: tuple[Callable[[IPv4Address], str], ...] = (
    str,
    lambda a: str(int(a)),
    lambda a: hex(int(a)),
    lambda a: oct(int(a)).replace("0o", "0"),
    lambda a: ".".join(f"0{octet:o}" for octet in a.packed),
    lambda a: ".".join(hex(octet) for octet in a.packed),
    lambda a: f"{a.packed[0]}.{int.from_bytes(a.packed[1:])}",
    lambda a: f"{a}.",
    lambda a: f"[::ffff:{a}]",
    lambda a: f"[::{a}]",
    lambda a: f"[{IPv6Address(int(IPv6Address('64:ff9b::')) | int(a))}]",
    lambda a: f"[{IPv6Address(int(IPv6Address('2002::')) | int(a) << 80)}]",
)
addresses = st.sampled_from(OURS).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address)).map(IPv4Address)
)


@BOUNDED
@given(addresses, st.sampled_from(FORMS), st.sampled_from(["http", "https"]))
def test_no_form_of_an_address_of_ours_is_connected_to(
    address: IPv4Address, form: Callable[[IPv4Address], str], scheme: str
):
    """The system's own resolver reads it, as it would for a connection."""
    fetcher = Fetcher(PreviewsConfig(), Surroundings(lookup=Resolver(1)))
    with pytest.raises(Refused) as caught:
        asyncio.run(fetcher.fetch(f"{scheme}://{form(address)}/", "page"))
    assert str(caught.value).endswith(("public internet", "no address.", "not a host"))


@BOUNDED
@given(st.integers(0, 2**32 - 1))
def test_what_the_standard_library_calls_private_is_not_public(number: int):
    address = IPv4Address(number)
    assert not is_public(address) or address.is_global
    for inside in ("::ffff:0:0", "64:ff9b::", "::"):
        assert not is_public(IPv6Address(int(IPv6Address(inside)) | number))


@BOUNDED
@given(st.integers(0, 2**128 - 1))
def test_the_same_of_the_larger_addresses(number: int):
    address = IPv6Address(number)
    assert not is_public(address) or address.is_global
