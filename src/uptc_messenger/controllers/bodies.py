"""The protocol of the HTTP server, which does not copy the bodies of requests."""

import asyncio
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

INFLOW: Final = "uptc.inflow"
"""The extension of a request's scope under which the `Inflow` of its body is."""

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})
_NOWHERE: Final = memoryview(bytearray())


class Inflow(asyncio.BufferedProtocol):
    """The body of one request, for who has room for it: the kernel writes it there itself.

    While somebody waits for bytes it is the protocol of the connection, which is read only as
    far as there is room, and never beyond the end of the body.
    """

    def __init__(self, protocol: "Bodies", cycle: Any, size: int) -> None:  # noqa: ANN401
        self._protocol = protocol
        self._cycle = cycle
        self._room = _NOWHERE
        self._early: memoryview | None = None
        self._left = 0
        self._diverted = False
        self.size = size

    async def fill(self, room: memoryview) -> int:
        """Receive bytes until there is no room or they end; how many.

        Raises `ConnectionResetError` where they end early.
        """
        if self._early is None:
            self._early = self._begin()
        early, self._early = self._early[: len(room)], self._early[len(room) :]
        room[: len(early)] = early
        self._room = room[len(early) : len(early) + self._left]
        wanted = len(early) + len(self._room)
        if self._room:
            await self._filled()
        return wanted

    def let_go(self) -> None:
        """Who wants no more of it is told no more; what is still to come is dropped."""
        if self._diverted:
            self._give_back()
            self._protocol.drop(self._left)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's
        """Told by the transport."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """Told by the transport."""
        self._left -= nbytes
        self._protocol.received += nbytes
        self._room = self._room[nbytes:]
        if self._room:
            return
        self._cycle.flow.pause_reading()
        if self._left:
            self._cycle.message_event.set()
        else:
            self._give_back()
            self._protocol.end_body()
            self._cycle.flow.resume_reading()

    def eof_received(self) -> None:
        """Told by the transport."""
        self._protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Told by the transport."""
        self._protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        """Told by the transport."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Told by the transport."""
        self._protocol.resume_writing()

    def _begin(self) -> memoryview:
        """What the parser has of it already."""
        cycle = self._cycle
        if cycle.waiting_for_100_continue and not cycle.transport.is_closing():
            cycle.transport.write(_CONTINUE)
            cycle.waiting_for_100_continue = False
        early, cycle.body = cycle.body, bytearray()
        if cycle.more_body and not cycle.disconnected:
            cycle.flow.pause_reading()
            cycle.transport.set_protocol(self)
            self._diverted = True
            self._left = self._protocol.unseen
        elif cycle.more_body:
            raise ConnectionResetError
        return memoryview(early)

    async def _filled(self) -> None:
        cycle = self._cycle
        try:
            while self._room and not cycle.disconnected:
                cycle.message_event.clear()
                cycle.flow.resume_reading()
                await cycle.message_event.wait()
            if self._room:
                raise ConnectionResetError
        finally:
            if self._room:
                self._room = _NOWHERE
                cycle.flow.pause_reading()

    def _give_back(self) -> None:
        self._diverted = False
        self._cycle.transport.set_protocol(self._protocol)


class Bodies(HttpToolsProtocol):
    """Hands a piece of a body on as it came in, unless another comes before it is read.

    The library collects pieces in an array and copies that again for whoever reads it; but
    mostly a piece is read before the next one comes, and there is nothing to collect. A body
    that somebody has room for does not go through the parser at all: what its length says is
    its, and after it a parser begins anew.
    """

    received = 0
    """Bytes that have come over the connection."""
    _size = -1
    _seen = 0
    _dropped = 0

    @property
    def unseen(self) -> int:
        """How many bytes of the body the parser was not given yet."""
        return self._size - self._seen

    def drop(self, count: int) -> None:
        """So many bytes that are still to come are of a body that nobody wants any more."""
        self._dropped = count

    def end_body(self) -> None:
        """All of the body has come, and not through the parser."""
        parser: Any = httptools.HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser = parser
        self.on_message_complete()

    def data_received(self, data: bytes) -> None:
        """Told by the transport."""
        self.received += len(data)
        if self._dropped:
            self._unset_keepalive_if_required()
            count = min(len(data), self._dropped)
            data = data[count:]
            self._dropped -= count
            if not self._dropped:
                self.end_body()
        if data:
            super().data_received(data)

    def on_message_begin(self) -> None:
        """Told by the parser."""
        self._size, self._seen = -1, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Told by the parser."""
        super().on_headers_complete()
        fields = [value for name, value in self.headers if name in _LENGTHS]
        if len(fields) == 1 and fields[0].isdigit() and not self.parser.should_upgrade():
            self._size = int(fields[0])
            scope: Any = self.scope
            scope["extensions"] = {INFLOW: Inflow(self, self.cycle, self._size)}

    def on_body(self, body: bytes) -> None:
        """Told by the parser."""
        self._seen += len(body)
        if self.parser is not None and not self.parser.should_upgrade():
            cycle: Any = self.cycle
            if isinstance(cycle.body, bytes):
                cycle.body = bytearray(cycle.body)
            elif not cycle.body and not cycle.response_complete:
                cycle.body, body = body, b""
        super().on_body(body)
