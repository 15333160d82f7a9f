"""A lean client: it counts what comes, and parses almost nothing of it.

The generator must not be what is measured. Frames are masked with a key of zeros, which
RFC 6455 allows and which leaves the payload as it is; deliveries are counted by a marker.
"""

import asyncio
import json
import struct
import uuid
from typing import Final, cast

MARKER: Final = b'"message.new"'
_RESULT: Final = b'{"type":"result"'
_WELCOME: Final = b'{"type":"welcome"'
_ACK_EVERY: Final = 200
_SHORT: Final = 126


class Client(asyncio.Protocol):
    """One session; `results` and `deliveries` count what arrived."""

    def __init__(self, token: str, chat_id: str | None = None) -> None:
        self.token = token
        self.chat_id = chat_id
        self.results = 0
        self.deliveries = 0
        self.changed = asyncio.Event()
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._upgraded = False
        self._tail = b""
        self._acked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast("asyncio.Transport", transport)
        self.transport = transport
        transport.write(
            b"GET /api/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            b"Sec-WebSocket-Protocol: uptc.v1.json\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        if not self._upgraded:
            self._upgraded = True
            hello: dict[str, object] = {"type": "hello", "id": 0, "token": self.token}
            if self.chat_id is not None:
                hello["view"] = {"open": [self.chat_id]}
            self.say(hello)
            return
        if not self.ready.done() and _WELCOME in data:
            self.ready.set_result(None)
        window = self._tail + data
        self.deliveries += window.count(MARKER)
        self.results += window.count(_RESULT)
        # Shorter than either marker, so nothing is counted twice.
        self._tail = window[-(len(MARKER) - 1) :]
        if self.deliveries - self._acked >= _ACK_EVERY:
            self._acked = self.deliveries
            self.say({"type": "ack", "es": self.deliveries})
        self.changed.set()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("closed before the welcome"))

    def say(self, command: dict[str, object]) -> None:
        """Send one command."""
        self.transport.write(frame(json.dumps(command).encode()))

    def send_message(self, text: str) -> None:
        """Send one message to the client's chat."""
        body = {"text": text}
        name = str(uuid.uuid4())
        assert self.chat_id is not None
        self.say(
            {
                "type": "message.send",
                "id": name,
                "chat_id": self.chat_id,
                "message_id": name,
                "body": body,
            }
        )

    async def until(self, *, results: int = 0, deliveries: int = 0) -> None:
        """Wait until so many have come."""
        while self.results < results or self.deliveries < deliveries:
            self.changed.clear()
            await self.changed.wait()


def frame(payload: bytes) -> bytes:
    """A masked text frame; the key is zero."""
    size = len(payload)
    if size < _SHORT:
        return struct.pack("!BBI", 0x81, 0x80 | size, 0) + payload
    return struct.pack("!BBHI", 0x81, 0x80 | 126, size, 0) + payload


async def connect(port: int, token: str, chat_id: str | None = None) -> Client:
    """A session that has its welcome."""
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(lambda: Client(token, chat_id), "127.0.0.1", port)
    await client.ready
    return client
