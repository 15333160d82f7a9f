import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from tests.wires import Wire, until
from uptc_messenger.controllers.bodies import INFLOW, Bodies

HEAD = b"PUT / HTTP/1.1\r\nHost: localhost\r\n"


class Served:
    """A connection and the messages that the application received over it."""

    def __init__(self, *, reads: asyncio.Event) -> None:
        self.messages: list[Any] = []
        self.reads = reads
        self.done = asyncio.Event()
        config = uvicorn.Config(self.app, interface="asgi3", lifespan="off", log_config=None)
        self.wire = Wire()
        self.protocol = Bodies(config, ServerState(), {})
        self.wire.set_protocol(self.protocol)
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


class Poured(Served):
    """The same, by an application that has room for so many bytes at once, while it is patient."""

    def __init__(self, *, reads: asyncio.Event, room: int = 50_000) -> None:
        super().__init__(reads=reads)
        self.room = memoryview(bytearray(room))
        self.body_ = b""
        self.patience = asyncio.timeout(None)
        self.failed: type[Exception] | None = None

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        await self.reads.wait()
        self.patience = asyncio.timeout(None)
        inflow = scope["extensions"][INFLOW]
        try:
            async with self.patience:
                while count := await inflow.fill(self.room):
                    self.body_ += self.room[:count]
        except (ConnectionResetError, TimeoutError) as error:
            self.failed = type(error)
        finally:
            inflow.let_go()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        self.done.set()

    async def answered(self, times: int) -> None:
        """Wait until so many requests have their answer."""
        await until(lambda: self.wire.written.count(b"HTTP/1.1 204") >= times)


DATA = bytes(range(256)) * 400


@pytest.mark.parametrize("room", [9, len(DATA) // 2, len(DATA), 2 * len(DATA)])
@pytest.mark.parametrize("step", [7_777, 99_999, 400_000])
async def test_a_body_that_somebody_has_room_for(step: int, room: int):
    """However it is cut, also with the beginning of the next request behind it."""
    served = Poured(reads=opened(), room=room)
    wire = (HEAD + b"Content-Length: %d\r\n\r\n" % len(DATA) + DATA) * 3
    for at in range(0, len(wire), step):
        await served.wire.feed(wire[at : at + step])
        await asyncio.sleep(0)
    await served.answered(3)
    assert served.body_ == DATA * 3
    assert served.wire.protocol is served.protocol


async def test_a_byte_at_a_time():
    served = Poured(reads=opened())
    for byte in HEAD + b"Content-Length: 300\r\n\r\n" + DATA[:300]:
        await served.wire.feed(bytes([byte]))
        await asyncio.sleep(0)
    await served.answered(1)
    assert served.body_ == DATA[:300]


async def test_nothing_is_read_for_which_there_is_no_room():
    served = Poured(reads=opened(), room=1_000)
    inflow: Any = None

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal inflow
        inflow = scope["extensions"][INFLOW]
        await inflow.fill(served.room)
        served.done.set()
        await asyncio.Event().wait()

    served.protocol.app = app
    await served.wire.feed(HEAD + b"Content-Length: %d\r\n\r\n" % len(DATA))
    await until(lambda: served.wire.protocol is inflow and not served.wire.paused)
    await served.wire.feed(DATA[:1_000])
    assert served.wire.paused
    await served.done.wait()
    assert served.wire.paused
    assert served.room == DATA[:1_000]


async def test_who_gives_up_leaves_the_connection_to_the_next_request():
    served = Poured(reads=opened())
    await served.wire.feed(HEAD + b"Content-Length: %d\r\n\r\n" % len(DATA) + DATA[:60_000])
    await until(lambda: bool(served.body_) and not served.wire.paused)
    served.patience.reschedule(0)
    await served.answered(1)
    assert served.failed is TimeoutError
    served.body_ = b""
    for at in range(60_000, len(DATA), 9_999):
        await served.wire.feed(DATA[at : at + 9_999])
        assert served.room[:10_000] == DATA[50_000:60_000], "its room is its own again"
    await served.wire.feed(HEAD + b"Content-Length: 4\r\n\r\nhola")
    await served.answered(2)
    assert served.body_ == b"hola"


async def test_who_gives_up_before_a_byte_has_come_does_so_too():
    served = Poured(reads=opened())
    await served.wire.feed(HEAD + b"Content-Length: 5\r\n\r\n")
    await until(lambda: served.wire.protocol is not served.protocol)
    served.patience.reschedule(0)
    await served.answered(1)
    await served.wire.feed(b"adios" + HEAD + b"Content-Length: 4\r\n\r\nhola")
    await served.answered(2)
    assert served.body_ == b"hola"


async def test_what_came_before_somebody_wants_it_is_not_lost():
    served = Poured(reads=asyncio.Event())
    await served.wire.feed(HEAD + b"Content-Length: %d\r\n\r\n" % (len(DATA) * 2))
    await served.wire.feed(DATA)
    assert served.wire.paused
    served.reads.set()
    await until(lambda: not served.wire.paused)
    await served.wire.feed(DATA)
    await served.done.wait()
    assert served.body_ == DATA * 2


@pytest.mark.parametrize("came", [b"", b"x", b"x" * 70_000])
async def test_a_body_that_is_cut_off_is_told(came: bytes):
    served = Poured(reads=opened())
    await served.wire.feed(HEAD + b"Content-Length: 100000\r\n\r\n" + came)
    await until(lambda: served.wire.protocol is not served.protocol and not served.wire.paused)
    served.wire.protocol.connection_lost(None)
    await served.done.wait()
    assert served.failed is ConnectionResetError


async def test_a_body_that_was_cut_off_before_somebody_wants_it_is_told():
    served = Poured(reads=asyncio.Event())
    await served.wire.feed(HEAD + b"Content-Length: 1000\r\n\r\nx")
    served.wire.protocol.connection_lost(None)
    served.reads.set()
    await served.done.wait()
    assert served.failed is ConnectionResetError


async def test_who_waits_to_be_asked_for_the_body_is_asked():
    served = Poured(reads=opened())
    await served.wire.feed(HEAD + b"Expect: 100-continue\r\nContent-Length: 4\r\n\r\n")
    await until(lambda: b"100 Continue" in served.wire.written)
    await served.wire.feed(b"hola")
    await served.done.wait()
    assert served.body_ == b"hola"


async def test_a_body_without_a_length_is_not_offered():
    served = Served(reads=opened())
    served.protocol.data_received(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    assert INFLOW not in served.protocol.scope.get("extensions", {})
    served.protocol.data_received(b"0\r\n\r\n")
    await served.done.wait()
