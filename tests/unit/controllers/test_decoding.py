from collections.abc import AsyncGenerator

import httpx
import msgspec
import pytest

from tests.fakes import PASSWORD, code_of
from uptc_messenger.controllers.decoding import MAX_BODY, decode, position
from uptc_messenger.models.errors import BadRequest
from uptc_messenger.toolkit import cursors

LOGIN = "/api/v1/auth/login"
JSON = {"content-type": "application/json"}
GOOD = b'{"username": "ana", "password": "no such account"}'
HEAD, TAIL = b'{"username": "ana", "password": ', b"}"

BAD_BODIES: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"username=ana",
    "not an object": b"[]",
    "null": b"null",
    "a number for a text": HEAD + b"12345678" + TAIL,
    "a missing field": b'{"username": "ana"}',
    "an unknown field": HEAD + b'"x", "is_admin": true' + TAIL,
    "NaN": HEAD + b"NaN" + TAIL,
    "infinity": HEAD + b"1e999" + TAIL,
    "5,000 digits": HEAD + b"1" * 5000 + TAIL,
    "a lone surrogate": HEAD + rb'"\ud800"' + TAIL,
    "U+0000": HEAD + rb'"a\u0000b"' + TAIL,
    "a raw NUL": HEAD + b'"a\0b"' + TAIL,
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "invalid UTF-8": HEAD + b'"\xff"' + TAIL,
    "trailing text": GOOD + b"x",
    "100,000 deep": b"[" * 100_000,
    "100,000 deep in a field": HEAD + b"[" * 100_000 + b"]" * 100_000 + TAIL,
    "100,000 objects deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 fields": b"{" + b",".join(b'"k%d":1' % i for i in range(70_000)) + b"}",
}


async def test_a_body_of_another_form_is_a_bad_request(client: httpx.AsyncClient):
    for name, body in BAD_BODIES.items():
        answer = await client.post(LOGIN, content=body, headers=JSON)
        assert (answer.status_code, code_of(answer)) == (400, "bad_request"), name
        assert len(answer.json()["detail"]) <= 200
    good = {"username": "ana", "password": PASSWORD}
    assert (await client.post("/api/v1/auth/register", json=good)).status_code == 201


OTHER_TYPES = [
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/msgpack",
    "application/json-patch+json",
    "",
    "application/jsonx",
]


async def test_a_body_that_is_not_json_is_unsupported(client: httpx.AsyncClient):
    for media_type in OTHER_TYPES:
        answer = await client.post(LOGIN, content=GOOD, headers={"content-type": media_type})
        assert (answer.status_code, code_of(answer)) == (415, "unsupported"), media_type


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
async def test_json_is_json_however_it_is_written(client: httpx.AsyncClient, media_type: str):
    answer = await client.post(LOGIN, content=GOOD, headers={"content-type": media_type})
    assert code_of(answer) == "unauthenticated"


async def test_a_compressed_body_is_unsupported(client: httpx.AsyncClient):
    headers = {**JSON, "content-encoding": "gzip"}
    assert code_of(await client.post(LOGIN, content=b"\x1f\x8b", headers=headers)) == "unsupported"


async def test_a_body_over_the_limit_is_too_large(client: httpx.AsyncClient):
    answer = await client.post(LOGIN, content=b"x" * (MAX_BODY + 1), headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


async def test_a_body_without_a_length_is_too_large_as_soon_as_it_is(client: httpx.AsyncClient):

    async def long() -> AsyncGenerator[bytes, None]:
        for _ in range(40):
            yield b" " * 65_536

    answer = await client.post(LOGIN, content=long(), headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


def test_nothing_is_converted():
    class Point(msgspec.Struct, forbid_unknown_fields=True):
        x: int

    assert decode(b'{"x": 1}', Point) == Point(x=1)
    for raw in (b'{"x": "1"}', b'{"x": true}', b'{"x": 1.5}', b'{"x": 1, "y": 2}'):
        with pytest.raises(BadRequest):
            decode(raw, Point)


def test_a_position_is_read_from_a_cursor_of_ours_alone():
    assert position(None, str) is None
    assert position(cursors.encode("ana"), str) == "ana"
    with pytest.raises(BadRequest):
        position("x", str)
