import zlib

import pytest

from tests import media
from tests.peeker import Peeker
from tests.sites import HEAD, Site, ok
from uptc_messenger.services.messages.previews import Kept

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


async def test_a_page_its_words_and_its_image_drawn_anew(peeker: Peeker, outside: Site):
    url = outside.shows()
    kept = await peeker.maker.make(url)
    assert kept is not None
    assert (kept.url, kept.title, kept.site) == (url, "Feria del libro", "El Diario")
    (drawn,) = peeker.library.objects
    image = media.opened(drawn.read_bytes())
    assert (image.format, image.size) == ("WEBP", (480, 240))
    assert media.SECRET not in drawn.read_bytes()


async def test_a_link_is_fetched_once_in_a_while(peeker: Peeker, outside: Site):
    url = outside.shows()
    first = await peeker.maker.make(url)
    assert await peeker.maker.make(url) == first
    assert len(outside.asked) == 2
    peeker.world.clock.now += 2_000_000
    await peeker.maker.make(url)
    assert len(outside.asked) == 4


async def test_a_link_whose_image_is_gone_is_fetched_anew(peeker: Peeker, outside: Site):
    url = outside.shows()
    await peeker.maker.make(url)
    peeker.world.clock.now += 900_000
    peeker.library.files.collector._unused_ms = 1
    await peeker.library.files.collector.collect()
    assert peeker.library.objects == []
    kept = await peeker.maker.make(url)
    assert kept is not None
    assert len(peeker.library.objects) == 1


async def test_what_failed_is_not_asked_again_at_once(peeker: Peeker, outside: Site):
    assert await peeker.maker.make(outside.url + "/none") is None
    assert await peeker.maker.make(outside.url + "/none") is None
    assert (len(outside.asked), peeker.maker.failed) == (1, 1)


async def test_links_into_this_server_show_nothing(peeker: Peeker, outside: Site):
    peeker.maker.here = lambda: outside.url
    outside.shows(path="/c/1")
    for link in (outside.url, outside.url + "/c/1", outside.url.upper() + "?a", outside.url + "#a"):
        assert await peeker.maker.make(link) is None
    assert outside.asked == []


@pytest.mark.parametrize(
    "data",
    [
        SVG,
        b"<html>",
        b"",
        media.bomb(),
        media.picture("PNG")[:-30],
        media.picture("JPEG", (1, 1)),
        media.picture("PNG", (400, 4)),
        b"GIF89a" + b"\xff" * 100,
        b"RIFF\x00\x00\x00\x00WEBP" + zlib.compress(b"x"),
    ],
    ids=["svg", "page", "empty", "bomb", "cut", "counter", "flat", "gif", "webp"],
)
async def test_what_is_no_picture_leaves_the_words(peeker: Peeker, outside: Site, data: bytes):
    """Whatever its type is said to be."""
    url = outside.shows()
    outside.answers["/foto.jpg"] = ok(data, "image/jpeg")
    kept = await peeker.maker.make(url)
    assert kept is not None
    assert (kept.title, kept.file_id) == ("Feria del libro", None)
    assert peeker.library.objects == []


@pytest.mark.parametrize(
    "at", ["http://127.0.0.1:1/a", "file:///etc/passwd", "data:,a", "http://["]
)
async def test_an_image_is_fetched_by_the_same_rules(peeker: Peeker, outside: Site, at: str):
    url = outside.shows(HEAD.replace("/foto.jpg", at))
    kept = await peeker.maker.make(url)
    assert kept is not None
    assert kept.file_id is None


async def test_a_page_that_says_nothing_is_none(peeker: Peeker, outside: Site):
    outside.answers["/"] = ok("<p>hola", "text/html")
    outside.answers["/lie"] = ok(media.picture(), "text/html")
    assert await peeker.maker.make(outside.url + "/") is None
    assert await peeker.maker.make(outside.url + "/lie") is None
    assert isinstance(await peeker.maker.make(outside.shows(path="/good")), Kept)
