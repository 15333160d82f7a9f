import pytest

from uptc_messenger.controllers.cookies import find, name


@pytest.mark.parametrize(
    ("header", "host", "value"),
    [
        ("session=t", "localhost:8000", "t"),
        ('a=b; session="t"; c', "127.0.0.1", "t"),
        ("session=", "localhost", None),
        ("xsession=t", "localhost", None),
        ("", "localhost", None),
        ("session=planted", "chat.example.edu", None),
        ("__Host-session=t; session=planted", "chat.example.edu", "t"),
        ("__Host-session=t", "localhost", None),
    ],
)
def test_the_cookie_that_counts_is_the_one_of_the_host(header: str, host: str, value: str | None):
    assert find("session", header, host) == value


def test_the_device_has_a_cookie_of_its_own():
    assert name("device", "localhost") == "device"
    assert name("device", "chat.example.edu") == "__Host-device"
