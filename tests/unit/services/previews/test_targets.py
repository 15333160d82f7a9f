import pytest

from uptc_messenger.services.previews.targets import Refused, Target, parse

PORTS = (80, 443)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://example.org", "example.org", 443, "/"),
        ("HTTP://Example.ORG:80/a b".replace(" ", "%20"), "example.org", 80, "/a%20b"),
        ("https://example.org/?q=ñ", "example.org", 443, "/?q=%C3%B1"),
        ("https://español.example/é#fin", "xn--espaol-zwa.example", 443, "/%C3%A9"),
        ("http://[2001:db8::1]/", "2001:db8::1", 80, "/"),
        ("https://example.org./", "example.org.", 443, "/"),
        ("https://example.org/?u=http://127.0.0.1", "example.org", 443, "/?u=http://127.0.0.1"),
    ],
)
def test_a_link_in_its_parts(url: str, host: str, port: int, path: str):
    found = parse(url, PORTS)
    assert (found.host, found.port, found.path) == (host, port, path)
    assert parse(found.url, PORTS) == found


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "javascript:alert(1)",
        "//example.org",
        "https://",
        "https:///a",
        "https://ana@example.org/",
        "https://ana:x@example.org/",
        "https://example.org@127.0.0.1/",
        "https://@example.org/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/\r\nhost: x",
        "https://example.org/a b",
        "https://exam ple.org/",
        "https://example.org:22/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[::1/",
        "https://" + "a" * 64 + "ñ.org/",
        "https://" + "a." * 200 + "org/",
        "https://ex_am!ple.org/",
        "https://example.org/" + "a" * 2_048,
    ],
)
def test_what_is_no_link_of_the_web_is_refused(url: str):
    with pytest.raises(Refused):
        parse(url, PORTS)


def test_tests_may_ask_any_port():
    assert parse("http://127.0.0.1:8123/", None).port == 8123


def test_what_is_found_on_a_page_is_read_from_there():
    page = Target(scheme="https", host="example.org", port=443, path="/a/b?c")
    assert page.join("d.png") == "https://example.org/a/d.png"
    assert page.join(" //cdn.example.org/e ") == "https://cdn.example.org/e"
    assert page.join("data:image/png;base64,AA") == "data:image/png;base64,AA"
    with pytest.raises(Refused):
        page.join("http://[")
