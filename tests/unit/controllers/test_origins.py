import pytest

from uptc_messenger.controllers.origins import Origins, is_loopback, origin_of

HERE = "https://chat.example.edu"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]", "[::1]:80"]
)
def test_this_machine_is_loopback(host: str):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "localhost.evil.org", "127.0.0.1.evil.org", "evil.org:127", "0.0.0.0", "[::2]"]
)
def test_nothing_else_is(host: str):
    assert not is_loopback(host)


def test_the_origin_must_be_exactly_one_of_ours():
    origins = Origins([HERE + "/", "https://other.example.edu:444"])
    assert origins.may_act(HERE, "chat.example.edu")
    assert origins.may_act("https://other.example.edu:444", "chat.example.edu")
    for foreign in (
        None, "", "null", "http://chat.example.edu", HERE + ":443", HERE + ".evil.org",
        "https://chat.example.edu.", "https://evil.org", "https://evil.org#" + HERE, HERE + "/",
    ):  # fmt: skip
        assert not origins.may_act(foreign, "chat.example.edu"), foreign


def test_on_loopback_a_page_of_the_same_host_and_port_may_act():
    origins = Origins([])
    assert origins.may_act("http://localhost:8000", "localhost:8000")
    assert not origins.may_act("http://localhost:9000", "localhost:8000")
    assert not origins.may_act("http://127.0.0.1:8000", "localhost:8000")
    assert not origins.may_act("http://192.168.1.5:8000", "192.168.1.5:8000")


def test_without_origins_every_host_is_served_and_with_them_only_theirs():
    assert Origins([]).serves("anything")
    origins = Origins([HERE])
    assert origins.serves("Chat.Example.Edu")
    assert origins.serves("127.0.0.1:8000")
    assert not origins.serves("evil.org")
    assert not origins.serves("chat.example.edu:444")


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Chat.example.edu:443/path", HERE),
        ("http://x:80", "http://x"),
        ("http://x:8000", "http://x:8000"),
        ("ftp://x", ""),
        ("x", ""),
        ("", ""),
    ],
)
def test_an_origin_is_written_as_browsers_do(url: str, origin: str):
    assert origin_of(url) == origin
