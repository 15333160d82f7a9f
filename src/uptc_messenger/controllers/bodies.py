"""The protocol of the HTTP server, which does not copy the bodies of requests."""

from collections.abc import Callable
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

INFLOW: Final = "uptc.inflow"
"""The extension of a request's scope under which the `Inflow` of its body is."""

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})
Take = Callable[[bytes], None]


class Inflow:
    """The body of one request, for who wants all of its pieces and nothing else."""

    def __init__(self, protocol: "Bodies", cycle: Any, size: int) -> None:  # noqa: ANN401
        self._protocol = protocol
        self._cycle = cycle
        self.size = size

    async def pour(self, take: Take) -> None:
        """Give every piece as it comes in; raises `ConnectionResetError` where they end early.

        Nobody is woken before the last of them: who calls has the room for `size` bytes.
        """
        cycle = self._cycle
        if cycle.waiting_for_100_continue and not cycle.transport.is_closing():
            cycle.transport.write(_CONTINUE)
            cycle.waiting_for_100_continue = False
        first, cycle.body = bytes(cycle.body), bytearray()
        if first:
            take(first)
        self._protocol.divert(cycle, take)
        try:
            while cycle.more_body and not cycle.disconnected:
                cycle.message_event.clear()
                cycle.flow.resume_reading()
                await cycle.message_event.wait()
        finally:
            self._protocol.divert(cycle, None)
        if cycle.more_body:
            raise ConnectionResetError


class Bodies(HttpToolsProtocol):
    """Hands a piece of a body on as it came in, unless another comes before it is read.

    The library collects pieces in an array and copies that again for whoever reads it; but
    mostly a piece is read before the next one comes, and there is nothing to collect. A body
    that somebody takes as a whole does not go through the parser, which copies it as well:
    what its length says is its, and after it a parser begins anew.
    """

    _size = -1
    _seen = 0
    _left = 0
    _take: Take | None = None

    def divert(self, cycle: Any, take: Take | None) -> None:  # noqa: ANN401
        """From now on `take` is given what comes of the body of this request, or nobody is."""
        self._take = take
        if take is not None and cycle is self.cycle and cycle.more_body:
            self._left = self._size - self._seen

    def data_received(self, data: bytes) -> None:
        """Told by the transport."""
        while self._left and data:
            self._unset_keepalive_if_required()
            piece, data = (data, b"") if len(data) <= self._left else _cut(data, self._left)
            self._left -= len(piece)
            if self._take is not None:
                self._take(piece)
            if not self._left:
                self._begin_parsing()
                self.on_message_complete()
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

    def _begin_parsing(self) -> None:
        parser: Any = httptools.HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.parser = parser


def _cut(data: bytes, at: int) -> tuple[bytes, bytes]:
    return data[:at], data[at:]
