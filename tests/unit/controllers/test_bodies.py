import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from uptc_messenger.controllers.bodies import INFLOW, Bodies

HEAD = b"PUT / HTTP/1.1\r\nHost: localhost\r\n"


class Wire(asyncio.Transport):
    """A connection that goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.paused = False

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Served:
    """A connection and the messages that the application received over it."""

    def __init__(self, *, reads: asyncio.Event) -> None:
        self.messages: list[Any] = []
        self.reads = reads
        self.done = asyncio.Event()
        config = uvicorn.Config(self.app, interface="asgi3", lifespan="off", log_config=None)
        self.wire = Wire()
        self.protocol = Bodies(config, ServerState(), {})
        self.protocol.connection_made(self.wire)

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        await self.reads.wait()
        more = True
        while more:
            self.messages.append(message := await receive())
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        self.done.set()

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.messages)


async def until(true: Callable[[], bool]) -> None:
    """Let everything that is ready go on until something is true."""
    for _ in range(10_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError


def opened() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def test_a_piece_that_is_alone_is_not_copied():
    served = Served(reads=opened())
    served.protocol.data_received(HEAD + b"Content-Length: 100000\r\n\r\n")
    served.protocol.data_received(b"x" * 100_000)
    waiting: Any = served.protocol.cycle.body
    assert served.wire.paused
    await served.done.wait()
    assert served.messages[-1]["body"] is waiting


async def test_pieces_that_wait_are_collected_in_their_order():
    """Also crumbs, and none of them copies all that came before it."""
    served = Served(reads=asyncio.Event())
    served.protocol.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    data = bytes(range(256)) * 40
    served.protocol.data_received(b"".join(b"1\r\n%c\r\n" % byte for byte in data))
    assert isinstance(served.protocol.cycle.body, bytearray)
    served.protocol.data_received(b"3\r\nend\r\n0\r\n\r\n")
    served.reads.set()
    await served.done.wait()
    assert served.body == data + b"end"
    assert served.wire.written.startswith(b"HTTP/1.1 204")


async def test_one_request_after_the_other():
    served = Served(reads=opened())
    for body in (b"one", b"", b"three"):
        served.done.clear()
        served.messages.clear()
        served.protocol.data_received(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await served.done.wait()
        assert served.body == body


class Poured(Served):
    """The same, by an application that takes a body as a whole until its patience ends."""

    def __init__(self, *, reads: asyncio.Event) -> None:
        super().__init__(reads=reads)
        self.pieces: list[bytes] = []
        self.patience = asyncio.timeout(None)
        self.failed: type[Exception] | None = None

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        await self.reads.wait()
        self.patience = asyncio.timeout(None)
        try:
            async with self.patience:
                await scope["extensions"][INFLOW].pour(self.pieces.append)
        except (ConnectionResetError, TimeoutError) as error:
            self.failed = type(error)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        self.done.set()

    async def answered(self, times: int) -> None:
        """Wait until so many requests have their answer."""
        await until(lambda: self.wire.written.count(b"HTTP/1.1 204") >= times)


DATA = bytes(range(256)) * 400


@pytest.mark.parametrize("step", [7, 1_000, 99_999, 400_000])
async def test_a_body_that_is_taken_as_a_whole(step: int):
    """However it is cut, also with the beginning of the next request behind it."""
    served = Poured(reads=opened())
    wire = (HEAD + b"Content-Length: %d\r\n\r\n" % len(DATA) + DATA) * 3
    for at in range(0, len(wire), step):
        served.protocol.data_received(wire[at : at + step])
        await asyncio.sleep(0)
    await served.answered(3)
    assert b"".join(served.pieces) == DATA * 3


async def test_who_gives_up_leaves_the_connection_to_the_next_request():
    served = Poured(reads=opened())
    served.protocol.data_received(HEAD + b"Content-Length: %d\r\n\r\n" % len(DATA) + DATA[:10])
    await until(lambda: bool(served.pieces))
    served.patience.reschedule(0)
    await served.answered(1)
    assert served.failed is TimeoutError
    served.pieces.clear()
    served.protocol.data_received(DATA[10:] + HEAD + b"Content-Length: 4\r\n\r\nhola")
    await served.answered(2)
    assert served.pieces == [b"hola"]


async def test_what_came_before_somebody_wants_it_is_not_lost_and_none_of_it_is_copied():
    served = Poured(reads=asyncio.Event())
    served.protocol.data_received(HEAD + b"Content-Length: %d\r\n\r\n" % (len(DATA) * 2))
    served.protocol.data_received(DATA)
    assert served.wire.paused
    served.reads.set()
    await until(lambda: not served.wire.paused)
    served.protocol.data_received(DATA)
    await served.done.wait()
    assert served.pieces == [DATA, DATA]
    assert served.pieces[1] is DATA


async def test_a_body_that_is_cut_off_is_told():
    served = Poured(reads=opened())
    served.protocol.data_received(HEAD + b"Content-Length: 1000\r\n\r\nx")
    await asyncio.sleep(0)
    served.protocol.connection_lost(None)
    await served.done.wait()
    assert served.failed is ConnectionResetError


async def test_who_waits_to_be_asked_for_the_body_is_asked():
    served = Poured(reads=opened())
    served.protocol.data_received(HEAD + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
    await until(lambda: b"100 Continue" in served.wire.written)
    served.protocol.data_received(b"hola")
    await served.done.wait()
    assert served.pieces == [b"hola"]


async def test_a_body_without_a_length_is_not_offered():
    served = Served(reads=opened())
    served.protocol.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    assert INFLOW not in served.protocol.scope.get("extensions", {})
    served.protocol.data_received(b"0\r\n\r\n")
    await served.done.wait()
