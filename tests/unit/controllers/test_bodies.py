import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from uptc_messenger.controllers.bodies import Bodies

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
