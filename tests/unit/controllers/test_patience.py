import asyncio
from collections.abc import AsyncGenerator
from typing import Any, ClassVar

import msgspec
import pytest
import pytest_asyncio
import uvicorn
from prometheus_client import CollectorRegistry
from uvicorn.server import ServerState

from tests.wires import Wire, until
from uptc_messenger.controllers.patience import (
    HEAD_BYTES,
    HEAD_S,
    SILENCE_S,
    WAITING,
    Endings,
    Patient,
    look,
)

LINE = b"GET / HTTP/1.1\r\n"
HEAD = LINE + b"Host: localhost\r\n"
PIECE = b"X-Piece: " + b"x" * 1_000 + b"\r\n"


class Served:
    """A connection to an application that reads whole bodies, and answers when it is told to."""

    all: ClassVar[list["Served"]] = []

    def __init__(self, *, tls: bool = False) -> None:
        self.registry = CollectorRegistry()
        self.bodies: list[bytes] = []
        self.reads, self.answers = asyncio.Event(), asyncio.Event()
        self.reads.set()
        self.answers.set()
        self.state = ServerState()
        self.wire = Wire(tls=tls)
        config = uvicorn.Config(self.app, interface="asgi3", lifespan="off", log_config=None)
        self.protocol = Patient(Endings(self.registry), config, self.state, {})
        self.wire.set_protocol(self.protocol)
        self.protocol.connection_made(self.wire)
        self.all.append(self)

    async def end(self) -> None:
        """Let every request come to its end."""
        self.reads.set()
        self.answers.set()
        self.protocol.connection_lost(None)
        while self.state.tasks:
            await asyncio.gather(*self.state.tasks, return_exceptions=True)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        del scope
        await self.reads.wait()
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message["body"], message["more_body"]
        await self.answers.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        self.bodies.append(body)

    def send(self, data: bytes) -> None:
        self.protocol.data_received(data)

    def wait(self, seconds: float) -> str:
        """So much later; how the connection was ended."""
        look(self.state.connections, asyncio.get_running_loop().time() + seconds)
        return self.wire.ended

    def ended(self, reason: str) -> float | None:
        labels = {"reason": reason}
        return self.registry.get_sample_value("http_connections_ended_total", labels)

    @property
    def refusal(self) -> dict[str, Any]:
        head, _, body = self.wire.written.partition(b"\r\n\r\n")
        assert b"connection: close" in head
        assert b"content-type: application/problem+json" in head
        document = msgspec.json.decode(body)
        assert head.startswith(b"HTTP/1.1 %d " % document["status"])
        return document


@pytest_asyncio.fixture(autouse=True)
async def nothing_is_left() -> AsyncGenerator[None, None]:
    yield
    while Served.all:
        await Served.all.pop().end()


@pytest.mark.parametrize("size", [1, 100, 10_000])
async def test_a_head_without_an_end_is_refused(size: int):
    served = Served()
    served.send(HEAD)
    flood = PIECE * 200
    sent = 0
    while not served.wire.ended and sent < len(flood):
        served.send(flood[sent : sent + size])
        sent += size
    assert sent <= HEAD_BYTES + size
    assert served.refusal["code"] == "too_large"
    assert served.refusal["status"] == 431
    assert served.ended("head_too_large") == 1
    # What still comes is dropped, so that the client can read why.
    served.send(flood)
    assert served.wire.ended == "eof"
    assert served.wait(1) == "close"


async def test_a_head_that_comes_in_one_piece_has_the_same_limit():
    served = Served()
    served.send(HEAD + PIECE * 40 + b"\r\n")
    assert served.refusal["status"] == 431
    assert served.bodies == []


async def test_a_head_just_below_the_limit_is_served():
    served = Served()
    pieces = (HEAD_BYTES - len(HEAD)) // len(PIECE)
    served.send(HEAD + PIECE * pieces + b"\r\n")
    await until(lambda: served.bodies == [b""])
    assert served.wire.written.startswith(b"HTTP/1.1 204")


async def test_each_head_is_measured_by_itself():
    """Also behind a body of which the end comes with it."""
    served = Served()
    for number in range(4):
        served.send(LINE + b"Content-Length: 50000\r\n" + PIECE * 20)
        served.send(b"\r\n" + b"x" * 40_000)
        served.send(b"x" * 10_000)
        await until(lambda number=number: len(served.bodies) == number + 1)
    assert served.wire.ended == ""


async def test_what_is_no_request_is_told_so():
    served = Served()
    served.send(b"hello\r\n\r\n")
    assert served.refusal["code"] == "bad_request"
    assert served.refusal["status"] == 400
    assert served.ended("malformed") == 1


async def test_a_head_that_does_not_end_is_waited_for_so_long():
    served = Served()
    served.send(HEAD)
    assert served.wait(HEAD_S - 1) == ""
    served.send(b"X-One: more\r\n")
    assert served.wait(HEAD_S + 1) == "eof"
    assert served.refusal["status"] == 408
    assert served.refusal["retryable"]
    assert served.ended("head_too_slow") == 1


async def test_a_connection_without_a_request_is_closed_without_a_word():
    served = Served()
    assert served.wait(HEAD_S - 1) == ""
    assert served.wait(HEAD_S + 1) == "close"
    assert served.wire.written == b""


async def test_a_body_that_stands_still_is_given_up():
    served = Served()
    served.send(HEAD + b"Content-Length: 10\r\n\r\n12345")
    assert served.wait(0) == ""
    assert served.wait(SILENCE_S - 1) == ""
    served.send(b"6")
    # It came a moment ago, when somebody looked.
    assert served.wait(SILENCE_S - 1) == ""
    assert served.wait(2 * SILENCE_S) == "abort"
    assert served.ended("silent") == 1


async def test_who_waits_for_us_is_waited_with():
    served = Served()
    served.answers.clear()
    served.send(HEAD + b"\r\n")
    await until(lambda: bool(served.state.tasks))
    served.wait(0)
    assert served.wait(10 * SILENCE_S) == ""
    served.answers.set()
    await until(lambda: served.bodies == [b""])


async def test_a_body_that_we_do_not_read_is_not_the_clients_fault():
    served = Served()
    served.reads.clear()
    served.send(HEAD + b"Content-Length: 200000\r\n\r\n")
    served.send(b"x" * 100_000)
    assert served.wire.paused
    served.wait(0)
    assert served.wait(10 * SILENCE_S) == ""


async def test_who_does_not_take_the_answer_is_given_up():
    served = Served()
    served.send(HEAD + b"\r\n")
    await until(lambda: served.bodies == [b""])
    served.wire.unsent = 1_000
    served.wait(0)
    assert served.wait(SILENCE_S - 1) == ""
    served.wire.unsent = 900
    assert served.wait(SILENCE_S + 1) == ""
    assert served.wait(2 * SILENCE_S + 2) == "abort"


async def test_a_refusal_in_the_midst_of_an_answer_says_nothing():
    served = Served()
    served.answers.clear()
    served.send(HEAD + b"\r\n")
    served.send(b"nonsense\r\n\r\n")
    assert served.wire.written == b""
    assert served.wire.ended == "close"


async def test_so_many_requests_may_wait_for_the_one_before_them():
    served = Served()
    served.answers.clear()
    served.send((HEAD + b"\r\n") * (1 + WAITING))
    assert served.wire.ended == ""
    served.answers.set()
    await until(lambda: len(served.bodies) == 1 + WAITING)
    served.answers.clear()
    served.send((HEAD + b"\r\n") * 5_000)
    assert len(served.protocol.pipeline) == WAITING
    assert served.wire.ended == "close"
    assert served.ended("too_many") == 1


@pytest.mark.parametrize(("tls", "ended"), [(True, "abort"), (False, "close")])
async def test_a_server_that_stops_waits_for_no_goodbye(tls: bool, ended: str):
    served = Served(tls=tls)
    served.send(HEAD + b"\r\n")
    await until(lambda: served.bodies == [b""])
    served.protocol.shutdown()
    assert served.wire.ended == ended


@pytest.mark.parametrize("tls", [True, False])
async def test_a_server_that_stops_answers_what_was_asked(tls: bool):
    served = Served(tls=tls)
    served.answers.clear()
    served.send(HEAD + b"\r\n")
    served.protocol.shutdown()
    assert served.wire.ended == ""
    served.answers.set()
    await until(lambda: served.bodies == [b""])
    assert served.wire.written.startswith(b"HTTP/1.1 204")
    assert served.wire.ended == "close"
