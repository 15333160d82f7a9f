"""The I/O of one socket: the `asyncio.Protocol` that uvicorn hands upgrade requests to.

Handshake and inbound frames are the sans-I/O `websockets` protocol's (RFC 6455). Outbound
data frames bypass it: they were framed once for everybody and go to the transport as they
are, all that waits in one write.
"""

import asyncio
import codecs
import socket
import struct
from typing import Any, Final, Protocol, cast

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State

from uptc_messenger.controllers import handshake
from uptc_messenger.controllers.handshake import Admission, Refusal
from uptc_messenger.models.errors import CloseCode

_CLOSE_WAIT_S: Final = 5.0
_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""A `linger` of no seconds (socket(7)): what was not taken is dropped."""
_REASON_BYTES: Final = 120


class Talk(Protocol):
    """What goes on over an open socket."""

    def message(self, data: bytes, *, text: bool) -> None:
        """A whole message came; text is valid UTF-8."""
        ...

    def writable(self, *, yes: bool) -> None:
        """Whether the peer takes what is written."""
        ...

    def stop(self) -> None:
        """The server stops."""
        ...

    def lost(self) -> None:
        """The connection is gone."""
        ...


class Host(Protocol):
    """What a link asks of the gateway."""

    max_frame: int

    def judge(self, request: Request) -> Admission | Refusal:
        """Decide on an upgrade request."""
        ...

    def open(self, link: "Link", admission: Admission) -> Talk:
        """Begin to talk over an accepted socket."""
        ...


class Link(asyncio.Protocol):
    """One connection from its upgrade request to its end."""

    __slots__ = (
        "_closing",
        "_connections",
        "_decoder",
        "_host",
        "_open",
        "_parts",
        "_protocol",
        "_talk",
        "_text",
        "_transport",
        "deflated",
    )

    def __init__(self, host: Host, connections: set[Any]) -> None:
        self._host = host
        self._connections = connections
        self._protocol = handshake.make_protocol(host.max_frame)
        self._talk: Talk | None = None
        self._parts: list[bytes] | None = None
        self._decoder: codecs.IncrementalDecoder | None = None
        self._text = False
        self._open = False
        self._closing: asyncio.TimerHandle | None = None
        self.deflated = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        # uvicorn calls `shutdown` on whatever is in here when the server stops.
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._answer(event)
            elif isinstance(event, Frame):
                self._frame(event)
        self._pump()

    def eof_received(self) -> None:
        self._protocol.receive_eof()
        self._pump()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._connections.discard(self)
        if self._closing is not None:
            self._closing.cancel()
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.lost()

    def pause_writing(self) -> None:
        if self._talk is not None:
            self._talk.writable(yes=False)

    def resume_writing(self) -> None:
        if self._talk is not None:
            self._talk.writable(yes=True)

    def shutdown(self) -> None:
        """The server stops: say goodbye, or drop a connection that never said hello."""
        if self._talk is not None:
            self._talk.stop()
        else:
            self._transport.close()

    def write(self, data: bytes) -> None:
        """Send frames that are ready for the wire."""
        if self._open:
            self._transport.write(data)

    def send(self, data: bytes, *, text: bool) -> None:
        """Frame and send one message."""
        if self._protocol.state is State.OPEN:
            send = self._protocol.send_text if text else self._protocol.send_binary
            send(data)
            self._pump()

    def close(self, code: CloseCode, reason: str) -> None:
        """Start the closing handshake (RFC 6455, section 7.1.2)."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason.encode()[:_REASON_BYTES].decode(errors="ignore"))
            self._pump()

    def read_on(self, *, yes: bool) -> None:
        """Let the peer send, or let it wait."""
        if self._transport.is_closing():
            return
        if yes:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    @property
    def peer(self) -> str:
        """The address at the other end; a proxy's where there is one."""
        name: tuple[str, int] | None = self._transport.get_extra_info("peername")
        return name[0] if name else ""

    def _answer(self, request: Request) -> None:
        decision = self._host.judge(request)
        if isinstance(decision, Refusal):
            response = self._protocol.reject(decision.status, decision.sentence + "\n")
            self._protocol.send_response(response)
            return
        response = self._protocol.accept(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        self._protocol.send_response(response)
        if self._protocol.state is not State.OPEN:
            return
        self.deflated = handshake.deflates(self._protocol)
        if decision.echo:
            self._protocol.max_message_size = handshake.ECHO_MAX_BYTES
        self._pump()
        self._talk = self._host.open(self, decision)
        if not decision.versioned:
            self.close(CloseCode.UNSUPPORTED_VERSION, "This version is not spoken here.")

    def _frame(self, frame: Frame) -> None:
        if frame.opcode in {Opcode.TEXT, Opcode.BINARY}:
            self._text = frame.opcode is Opcode.TEXT
            if frame.fin:
                self._whole(bytes(frame.data))
            else:
                self._parts = []
                self._decoder = _UTF8() if self._text else None
                self._part(frame)
        elif frame.opcode is Opcode.CONT:
            self._part(frame)

    def _part(self, frame: Frame) -> None:
        parts = self._parts
        if parts is None:
            return
        data = bytes(frame.data)
        if data:  # empty parts without end must not cost memory
            parts.append(data)
        if self._decoder is not None and not self._decodes(data, final=frame.fin):
            return
        if frame.fin:
            self._parts, self._decoder = None, None
            self._hand_over(b"".join(parts))

    def _decodes(self, data: bytes, *, final: bool) -> bool:
        decoder = self._decoder or _UTF8()
        try:
            decoder.decode(data, final=final)
        except UnicodeDecodeError:
            self._parts, self._decoder = None, None
            self._protocol.fail(CloseCode.INVALID_DATA, "This is not UTF-8.")
            return False
        return True

    def _whole(self, data: bytes) -> None:
        if self._text and not data.isascii() and not self._decodes(data, final=True):
            return
        self._hand_over(data)

    def _hand_over(self, data: bytes) -> None:
        # A peer that says something and closes at once has still said it: both come in one
        # read, and by now the protocol is already closing.
        heard = self._protocol.state is State.OPEN or self._protocol.close_rcvd is not None
        if self._talk is not None and heard:
            self._talk.message(data, text=self._text)

    def _pump(self) -> None:
        """Write what the protocol wants written, and close when it wants that."""
        self._open = self._protocol.state is State.OPEN
        for data in self._protocol.data_to_send():
            if data:
                self._transport.write(data)
            else:
                self._transport.close()
        if self._closing is None and self._protocol.close_expected():
            loop = asyncio.get_running_loop()
            self._closing = loop.call_later(_CLOSE_WAIT_S, self._cut)

    def _cut(self) -> None:
        """End the line with a reset: who reads nothing would not hear of any other end."""
        # What waits for a full window is otherwise the kernel's to keep, and to drop in silence.
        line = self._transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self._transport.abort()


_UTF8: Final = codecs.getincrementaldecoder("utf-8")
