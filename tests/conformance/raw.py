"""A WebSocket client down to the bits, which can send what no decent client would."""

import base64
import os
import socket
import struct
import zlib
from contextlib import suppress
from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA


@dataclass(frozen=True)
class Received:
    """One frame from the server; `rsv1` says that it is compressed."""

    fin: bool
    rsv1: bool
    opcode: int
    payload: bytes

    @property
    def close_code(self) -> int:
        """The code of a close frame; 1005 where it has none (RFC 6455, section 7.1.5)."""
        return struct.unpack("!H", self.payload[:2])[0] if self.payload else 1005


class RawClient:
    """A connection to /echo whose handshake is done."""

    def __init__(self, url: str, extensions: str = "") -> None:
        host, port = url.removeprefix("http://").split(":")
        self._socket = socket.create_connection((host, int(port)), timeout=20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            "GET /echo HTTP/1.1",
            f"Host: {host}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        ]
        if extensions:
            lines.append(f"Sec-WebSocket-Extensions: {extensions}")
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.head = self._until(b"\r\n\r\n").decode()

    def close(self) -> None:
        self._socket.close()

    def raw(self, data: bytes) -> None:
        self._socket.sendall(data)

    def send(
        self,
        opcode: int,
        payload: bytes = b"",
        *,
        fin: bool = True,
        rsv: int = 0,
        mask: bool = True,
    ) -> None:
        """Send one frame."""
        self.raw(frame(opcode, payload, fin=fin, rsv=rsv, mask=mask))

    def send_close(self, code: int | None = None, reason: bytes = b"") -> None:
        self.send(CLOSE, b"" if code is None else struct.pack("!H", code) + reason)

    def fragments(self, opcode: int, *payloads: bytes) -> None:
        """Send one message in several frames."""
        for index, payload in enumerate(payloads):
            kind = opcode if index == 0 else CONTINUATION
            self.send(kind, payload, fin=index == len(payloads) - 1)

    def receive(self) -> Received:
        """The next frame; `EOFError` where the server has closed the connection."""
        first, second = self._exactly(2)
        assert second & 0x80 == 0, "a server never masks (RFC 6455, section 5.1)"
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._exactly(8))
        return Received(bool(first & 0x80), bool(first & 0x40), first & 0x0F, self._exactly(size))

    def message(self) -> tuple[int, bytes]:
        """The next data message, put together and unpacked; control frames are skipped."""
        received = [self._data()]
        while not received[-1].fin:
            received.append(self._data())
        payload = b"".join(part.payload for part in received)
        if received[0].rsv1:
            # RFC 7692, section 7.2.2: the tail was cut off by whoever compressed.
            payload = zlib.decompressobj(-15).decompress(payload + b"\x00\x00\xff\xff")
        return received[0].opcode, payload

    def ended(self) -> int:
        """The code with which the server closes; it must then close the connection too."""
        while True:
            received = self.receive()
            if received.opcode == CLOSE:
                break
        self._answer_close(received)
        with suppress(ConnectionResetError):
            assert self._socket.recv(1) == b"", "data after a close frame"
        return received.close_code

    def _answer_close(self, received: Received) -> None:
        # The server closes the connection first, as it should (RFC 6455, section 7.1.1).
        with suppress(OSError):
            self.send(CLOSE, received.payload[:2])

    def _data(self) -> Received:
        while True:
            received = self.receive()
            if received.opcode not in {PING, PONG}:
                assert received.opcode != CLOSE, f"closed with {received.close_code}"
                return received

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._read:
            self._fill()
        head, _, self._read = self._read.partition(mark)
        return head

    def _exactly(self, size: int) -> bytes:
        parts = bytearray(self._read)
        while len(parts) < size:
            some = self._socket.recv(max(65_536, min(size - len(parts), 1_048_576)))
            if not some:
                raise EOFError
            parts += some
        self._read = bytes(parts[size:])
        return bytes(parts[:size])

    def _fill(self) -> None:
        some = self._socket.recv(65_536)
        if not some:
            raise EOFError
        self._read += some


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bool = True
) -> bytes:
    """One frame as a client sends it (RFC 6455, section 5.2)."""
    first = fin << 7 | rsv << 4 | opcode
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, mask << 7 | size)
    elif size < 65_536:
        head = struct.pack("!BBH", first, mask << 7 | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask << 7 | 127, size)
    if not mask:
        return head + payload
    key = os.urandom(4)
    pad = (key * (size // 4 + 1))[:size]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
    return head + key + masked
