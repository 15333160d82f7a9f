import gzip
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio

from tests.fakes import code_of
from uptc_messenger.controllers.public import Public, make_asset

PAGE = {"accept": "text/html,application/xhtml+xml"}
SCRIPT = "console.log('hola');" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A public folder with a built client, and a secret beside it."""
    files = {
        "public/mark.svg": "<svg/>",
        "public/offline.html": "<p>offline",
        "public/.hidden": "no",
        "public/app/index.html": "<!doctype html><title>client</title>",
        "public/app/sw.js": "self",
        "public/app/assets/app-abc.js": SCRIPT,
        "public/app/.vite/manifest.json": "{}",
        "public/app/.built-from": "hash",
        "secret.txt": "secret",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "public"


@pytest_asyncio.fixture
async def visitor(folder: Path) -> AsyncGenerator[httpx.AsyncClient, None]:
    transport = httpx.ASGITransport(app=cast("Any", Public(folder)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "media_type", "cache"),
    [
        ("/mark.svg", "image/svg+xml", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        (
            "/assets/app-abc.js",
            "text/javascript; charset=utf-8",
            "public, max-age=31536000, immutable",
        ),
    ],
)
async def test_a_file_has_its_type_and_its_lifetime(
    visitor: httpx.AsyncClient, path: str, media_type: str, cache: str
):
    answer = await visitor.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == cache


@pytest.mark.parametrize("path", ["/", "/chat/01a207c9", "/join", "/owner", "/login/"])
async def test_a_page_of_the_client_is_the_client(visitor: httpx.AsyncClient, path: str):
    answer = await visitor.get(path, headers=PAGE)
    assert answer.status_code == 200
    assert "<title>client" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
        "/assets/..%2f..%2f..%2fsecret.txt",
        "//etc/passwd", "/.hidden", "/.built-from", "/app/.built-from", "/.vite/manifest.json",
        "/app/index.html", "/assets/missing.js", "/favicon.ico", "/mark.svg/", "/assets",
    ],
)  # fmt: skip
async def test_nothing_else_is_there(visitor: httpx.AsyncClient, path: str):
    answer = await visitor.get(path)
    assert (answer.status_code, code_of(answer)) == (404, "not_found")


async def test_a_missing_file_is_not_the_client_even_for_a_browser(visitor: httpx.AsyncClient):
    for path in ("/assets/missing.js", "/api/v1/nothing", "/missing.png"):
        assert (await visitor.get(path, headers=PAGE)).status_code == 404


async def test_the_first_page_is_for_programs_too(visitor: httpx.AsyncClient):
    answer = await visitor.get("/", headers={"accept": "*/*"})
    assert (answer.status_code, answer.text) == (200, "<!doctype html><title>client</title>")


async def test_an_unchanged_file_is_not_sent_again(visitor: httpx.AsyncClient):
    first = await visitor.get("/sw.js")
    again = await visitor.get("/sw.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await visitor.get("/sw.js", headers={"if-none-match": '"another"'})
    assert other.status_code == 200


async def test_text_is_sent_packed_to_who_can_read_it(visitor: httpx.AsyncClient):
    plain = await visitor.get("/assets/app-abc.js", headers={"accept-encoding": "identity"})
    packed = await visitor.get("/assets/app-abc.js", headers={"accept-encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert plain.text == packed.text == SCRIPT


async def test_only_reading_is_possible(visitor: httpx.AsyncClient):
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        answer = await visitor.request(method, "/sw.js")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    head = await visitor.head("/sw.js")
    assert head.headers["content-length"] == "4"


async def test_without_a_built_client_a_page_says_what_to_do(tmp_path: Path):
    public = Public(tmp_path)
    assert not public.built
    transport = httpx.ASGITransport(app=cast("Any", public))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as visitor:
        answer = await visitor.get("/", headers=PAGE)
        assert answer.status_code == 503
        assert "make web" in answer.text
        assert "construido" in answer.text


def test_an_image_is_not_packed_again():
    assert make_asset(b"x" * 5000, ".png", "no-cache").packed is None
    packed = make_asset(b"x" * 5000, ".svg", "no-cache").packed
    assert packed is not None
    assert gzip.decompress(packed) == b"x" * 5000
