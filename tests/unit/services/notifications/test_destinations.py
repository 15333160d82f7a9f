import pytest

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.notifications.destinations import parse

REFUSED = [
    "http://push.example.com/a",
    "https://push.example.com:8443/a",
    "https://push.example.com:22/a",
    "https://user@push.example.com/a",
    "https://user:password@push.example.com/a",
    "https://push.example.com/a#b",
    "https://localhost/a",
    "https://127.0.0.1/a",
    "https://2130706433/a",
    "https://0x7f000001/a",
    "https://0x7f.0.0.0x1/a",
    "https://0177.0.0.1/a",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://[fe80::1%25eth0]/a",
    "https://push.example.com./a",
    "https://push..example.com/a",
    "https://intranet/a",
    "https://púsh.example.com/a",
    "https://push.example.com/a b",
    "https://push.example.com/a\nHost: evil",
    "https://push.example.com:443x/a",
    "https://[broken/a",
    "https:///a",
    "gopher://push.example.com/a",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//push.example.com/a",
]


@pytest.mark.parametrize("endpoint", REFUSED)
def test_what_no_push_service_hands_out_is_refused(endpoint: str):
    with pytest.raises(BadRequest):
        parse(endpoint)


@pytest.mark.parametrize(
    "endpoint", [e for e in REFUSED if "//localhost" not in e and "//127" not in e]
)
def test_loopback_opens_this_machine_and_nothing_else(endpoint: str):
    with pytest.raises(BadRequest):
        parse(endpoint, loopback=True)


@pytest.mark.parametrize(
    ("endpoint", "origin", "path"),
    [
        ("https://fcm.googleapis.com/fcm/send/a:b", "https://fcm.googleapis.com", "/fcm/send/a:b"),
        ("https://web.push.apple.com/Q?x=1", "https://web.push.apple.com", "/Q?x=1"),
        (
            "https://Updates.Push.Services.Mozilla.com:443",
            "https://updates.push.services.mozilla.com",
            "/",
        ),
    ],
)
def test_what_browsers_get(endpoint: str, origin: str, path: str):
    found = parse(endpoint)
    assert (found.origin, found.path, found.port) == (origin, path, 443)
    assert found.netloc == found.host


def test_this_machine_for_tests():
    found = parse("http://127.0.0.1:8123/push", loopback=True)
    assert (found.origin, found.netloc) == ("http://127.0.0.1:8123", "127.0.0.1:8123")


def test_safari_is_never_sent_what_shows_nothing():
    assert not parse("https://web.push.apple.com/Q").keeps_silence
    assert parse("https://fcm.googleapis.com/Q").keeps_silence
