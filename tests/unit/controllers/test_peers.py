import pytest

from uptc_messenger.controllers.peers import Proxies, is_loopback, limit_key

PROXIES = Proxies(["10.0.0.1", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1, 10.0.0.1", "203.0.113.1"),
        ("10.0.0.1", "rubbish", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1", "10.0.0.1"),
        ("fd00::1", "2001:db8::1", "2001:db8::1"),
        ("", "203.0.113.1", ""),
        ("10.0.0.1", "203.0.113.1:4711", "203.0.113.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1"),
    ],
)
def test_only_a_proxy_of_ours_is_believed(peer: str, forwarded: str | None, client: str):
    assert PROXIES.client(peer, forwarded) == client


def test_every_line_of_forwarding_counts():
    lines = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"203.0.113.1")]
    assert PROXIES.client_of({"client": ("10.0.0.1", 1), "headers": lines}) == "203.0.113.1"
    assert PROXIES.client_of({"client": None, "headers": []}) == ""


@pytest.mark.parametrize(
    ("peer", "lines", "client"),
    [
        ("10.0.0.1", ["for=6.6.6.6, For=203.0.113.1;proto=https;by=10.0.0.1"], "203.0.113.1"),
        ("10.0.0.1", ['proto=https;for="[2001:db8::1]:47"'], "2001:db8::1"),
        ("10.0.0.1", ["for=6.6.6.6", "for=203.0.113.1"], "203.0.113.1"),
        ("10.0.0.1", ["for=_hidden"], "10.0.0.1"),
        ("10.0.0.1", ["proto=https"], "10.0.0.1"),
        ("198.51.100.7", ["for=203.0.113.1"], "198.51.100.7"),
    ],
)
def test_the_standard_header_counts_where_the_usual_one_is_missing(
    peer: str, lines: list[str], client: str
):
    headers = [(b"forwarded", line.encode()) for line in lines]
    assert PROXIES.client_of({"client": (peer, 1), "headers": headers}) == client
    usual = [*headers, (b"x-forwarded-for", b"192.0.2.9")]
    expected = "192.0.2.9" if peer == "10.0.0.1" else peer
    assert PROXIES.client_of({"client": (peer, 1), "headers": usual}) == expected


def test_only_a_proxy_of_ours_says_how_its_client_came():
    said = [(b"x-forwarded-proto", b"http, HTTPS")]
    assert PROXIES.scheme_of({"client": ("10.0.0.1", 1), "headers": said}) == "https"
    assert PROXIES.scheme_of({"client": ("10.0.0.1", 1), "headers": []}) is None
    assert PROXIES.scheme_of({"client": ("6.6.6.6", 1), "headers": said}) is None


def test_an_ipv6_subscriber_counts_as_one():
    assert limit_key("2001:db8::1") == limit_key("2001:db8::ffff:1") != limit_key("2001:db8:0:1::1")
    assert limit_key("::ffff:203.0.113.1") == limit_key("203.0.113.1")
    assert limit_key("203.0.113.1") != limit_key("203.0.113.2")
    assert limit_key("") == ""


@pytest.mark.parametrize(
    ("peer", "here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_on_this_machine(peer: str, here: bool):
    assert is_loopback(peer) is here
