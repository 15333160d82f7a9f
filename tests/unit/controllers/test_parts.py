import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest

from uptc_messenger.controllers import parts
from uptc_messenger.controllers.bodies import INFLOW
from uptc_messenger.controllers.parts import coming
from uptc_messenger.models.errors import BadRequest, Timeout, TooLarge


async def streamed(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


def request(*pieces: bytes, told: str | None = None, inflow: Any = None) -> Any:
    headers = {} if told is None else {"content-length": told}
    scope = {} if inflow is None else {"extensions": {INFLOW: inflow}}
    return SimpleNamespace(headers=headers, scope=scope, stream=lambda: streamed(*pieces))


async def read(body: Any, room: int) -> bytes:
    memory, found = memoryview(bytearray(room)), b""
    while count := await body.fill(memory):
        found += memory[:count]
    return found


@pytest.mark.parametrize("room", [1, 3, 4, 100])
async def test_a_body_without_a_length_fills_rooms_of_any_size(room: int):
    with coming(request(b"ho", b"", b"la", b"!"), 10, 10) as body:
        assert await read(body, room) == b"hola!"


async def test_many_crumbs_take_no_more_memory_than_there_is_room():
    with coming(request(*[b"x"] * 10_000), 10_000, 10_000) as body:
        assert await read(body, 4_096) == b"x" * 10_000


@pytest.mark.parametrize(
    ("pieces", "told", "error"),
    [
        ((), None, BadRequest),
        ((b"x" * 6,), None, BadRequest),
        ((b"x" * 11,), None, TooLarge),
        ((), "6", BadRequest),
        ((), "11", TooLarge),
    ],
)
async def test_what_is_nothing_or_too_much(pieces: Any, told: Any, error: Any):
    with pytest.raises(error), coming(request(*pieces, told=told), 5, 10) as body:
        await read(body, 100)


class Waiting:
    """A body of which nothing comes."""

    def __init__(self) -> None:
        self.gone = False

    async def fill(self, room: memoryview) -> int:
        await asyncio.Event().wait()
        raise AssertionError

    def let_go(self) -> None:
        self.gone = True


async def test_a_part_that_takes_too_long_is_let_go_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "PATIENCE_S", 0)
    inflow = Waiting()
    with pytest.raises(Timeout), coming(request(inflow=inflow), 10, 10) as body:
        await read(body, 1)
    assert inflow.gone


async def test_a_request_that_is_cut_off_is_called_so():
    class Cut(Waiting):
        async def fill(self, room: memoryview) -> int:
            raise ConnectionResetError

    with pytest.raises(BadRequest), coming(request(inflow=Cut()), 10, 10) as body:
        await read(body, 1)
