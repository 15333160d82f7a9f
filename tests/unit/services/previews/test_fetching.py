import asyncio
import gzip
import ssl
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.certificates import Authority
from tests.sites import HEAD, Names, Site, answer, around, config, here, moved, ok, site
from uptc_messenger.services.previews.fetching import MAX_HOPS, Fetcher, Kind, Surroundings
from uptc_messenger.services.previews.targets import Refused


@pytest.fixture
async def inside() -> AsyncGenerator[Site]:
    """What nobody may make us ask: it says so if somebody does."""
    async with site("127.0.0.1") as made:
        made.shows()
        yield made


def fetcher(*sites: Site, names: Names | None = None, **limits: float) -> Fetcher:
    wanted = config(*(each.port for each in sites), **limits)
    return Fetcher(wanted, around(names))


async def refused(fetching: Fetcher, url: str, kind: Kind = "page") -> str:
    with pytest.raises(Refused) as caught:
        await fetching.fetch(url, kind)
    return str(caught.value)


async def test_a_page_is_asked_for_with_nothing_but_the_request(outside: Site):
    url = outside.shows(path="/a?b=%C3%B1&c=d")
    found = await fetcher(outside).fetch(url, "page")
    assert found.body.decode() == HEAD
    (asked,) = outside.asked
    lines = asked.lower().split("\r\n")
    assert lines[0] == "get /a?b=%c3%b1&c=d http/1.1"
    assert {line.partition(":")[0] for line in lines[1:] if line} == {
        "host", "user-agent", "accept", "accept-language", "accept-encoding", "connection",
    }  # fmt: skip
    assert f"host: 127.0.0.2:{outside.port}" in lines
    assert "accept-encoding: identity" in lines


async def test_a_proxy_of_the_environment_is_not_asked(
    outside: Site, inside: Site, monkeypatch: pytest.MonkeyPatch
):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, inside.url)
    await fetcher(outside, inside).fetch(outside.shows(), "page")
    assert inside.asked == []


async def test_a_name_is_asked_once_and_the_address_that_was_judged_is_used(
    outside: Site, inside: Site
):
    """DNS rebinding: the first answer may be asked, the second is our own machine."""
    names = Names(evil_test=["127.0.0.2", "127.0.0.1"])
    outside.shows()
    fetching = fetcher(outside, inside, names=names)
    await fetching.fetch(f"http://evil.test:{outside.port}/", "page")
    assert names.asked == ["evil.test"]
    assert len(outside.asked) == 1
    assert "127.0.0.1" not in outside.asked[0]
    assert await refused(fetching, f"http://evil.test:{inside.port}/")
    assert inside.asked == []


async def test_a_redirect_asks_the_name_again_and_judges_again(outside: Site, inside: Site):
    names = Names(evil_test=["127.0.0.2", "127.0.0.1"])
    outside.answers["/"] = moved(f"http://evil.test:{inside.port}/")
    fetching = fetcher(outside, inside, names=names)
    assert "internet" in await refused(fetching, f"http://evil.test:{outside.port}/")
    assert names.asked == ["evil.test"] * 2
    assert inside.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]"])
async def test_a_redirect_to_us_is_not_followed(outside: Site, inside: Site, host: str):
    outside.answers["/"] = moved(f"http://{host}:{inside.port}/")
    assert "internet" in await refused(fetcher(outside, inside), outside.url + "/")
    assert inside.asked == []


async def test_one_address_of_ours_makes_the_whole_host_refused(outside: Site, inside: Site):
    names = Names(mixed_test=["127.0.0.2 127.0.0.1"], none_test=[])
    fetching = fetcher(outside, inside, names=names)
    assert "internet" in await refused(fetching, f"http://mixed.test:{outside.port}/")
    assert "no address" in await refused(fetching, "http://none.test/")
    assert outside.asked == inside.asked == []


async def test_the_second_address_is_tried_where_nobody_listens_at_the_first(outside: Site):
    names = Names(two_test=["127.0.0.3 127.0.0.2"])
    outside.shows()
    await fetcher(outside, names=names).fetch(f"http://two.test:{outside.port}/", "page")
    assert f"host: two.test:{outside.port}" in outside.asked[0].lower()


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "gopher://127.0.0.2/", "http://127.0.0.2:22/"]
)
async def test_a_redirect_leads_to_the_web_only(outside: Site, to: str):
    outside.answers["/"] = moved(to)
    assert await refused(fetcher(outside), outside.url + "/")


async def test_so_many_redirects_and_no_more(outside: Site):
    for hop in range(MAX_HOPS):
        outside.answers[f"/{hop}"] = moved(f"/{hop + 1}")
    outside.answers["/loop"] = moved("/loop", 301)
    outside.shows(path=f"/{MAX_HOPS}")
    found = await fetcher(outside).fetch(outside.url + "/0", "page")
    assert found.target.path == f"/{MAX_HOPS}"
    assert "redirects" in await refused(fetcher(outside), outside.url + "/loop")
    assert len(outside.asked) == 2 * (MAX_HOPS + 1)


async def test_who_is_slow_is_left(outside: Site):
    """A byte now and then keeps nobody: the time is that of the whole."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async def silence(writer: asyncio.StreamWriter) -> None:
        del writer
        await asyncio.sleep(30)

    outside.answers |= {"/drip": drip, "/silence": silence}
    fetching = fetcher(outside, timeout_s=0.3)
    assert "in time" in await refused(fetching, outside.url + "/drip")
    assert "in time" in await refused(fetching, outside.url + "/silence")


async def test_a_body_without_end_is_read_so_far(outside: Site):
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
        while True:
            writer.write(b"x" * 10_000)
            await writer.drain()
            sent += 10_000

    outside.answers["/"] = endless
    fetching = fetcher(outside, max_bytes=100_000)
    found = await fetching.fetch(outside.url + "/", "page")
    assert len(found.body) == 100_000
    assert "large" in await refused(fetching, outside.url + "/", "image")
    assert sent < 50_000_000


async def test_a_page_is_read_to_the_end_of_its_head(outside: Site):
    async def stops(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>a</title></he")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b"ad><body>")
        await writer.drain()
        await asyncio.sleep(30)

    outside.answers["/"] = stops
    found = await fetcher(outside).fetch(outside.url + "/", "page")
    assert found.body.endswith(b"</head><body>")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip", "x"])
async def test_what_is_compressed_is_refused_before_it_is_unpacked(outside: Site, encoding: str):
    bomb = gzip.compress(b"\0" * 20_000_000)
    outside.answers["/"] = ok(bomb, "text/html", f"content-encoding: {encoding}")
    assert await refused(fetcher(outside), outside.url + "/") == "compressed"


async def test_headers_have_a_bound(outside: Site):
    async def headers(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"x-more: " + b"y" * 8_000 + b"\r\n")
            await writer.drain()

    outside.answers["/"] = headers
    assert await refused(fetcher(outside), outside.url + "/") == "RemoteProtocolError"


@pytest.mark.parametrize(
    "said",
    [answer(404, b"no"), answer(500, b""), answer(204, b""), b"nonsense\r\n\r\n", b"", moved("")],
)
async def test_any_other_answer_is_none(outside: Site, said: bytes):
    outside.answers["/"] = said
    assert await refused(fetcher(outside), outside.url + "/")


async def test_nobody_listens(outside: Site):
    assert await refused(fetcher(outside), f"http://127.0.0.3:{outside.port}/") == "ConnectError"


async def test_a_certificate_is_that_of_the_name(tmp_path: Path):
    authority = Authority(tmp_path)
    files = authority.issue("good.test")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    async with site("127.0.0.2", context) as made:
        made.shows()
        names = Names(good_test=["127.0.0.2"], other_test=["127.0.0.2"])
        wanted = config(made.port)
        trusting = Surroundings(names, here, authority.trusting)
        found = await Fetcher(wanted, trusting).fetch(f"https://good.test:{made.port}/", "page")
        assert found.body.decode() == HEAD
        other = f"https://other.test:{made.port}/"
        assert await refused(Fetcher(wanted, trusting), other) == "ConnectError"
        stranger = Fetcher(wanted, Surroundings(names, here))
        assert await refused(stranger, f"https://good.test:{made.port}/") == "ConnectError"
        assert len(made.asked) == 1
