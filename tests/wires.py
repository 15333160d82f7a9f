"""Connections that go nowhere, for protocols that are tried without a socket."""

import asyncio
from collections.abc import Callable
from typing import Any


class Wire(asyncio.Transport):
    """A connection that goes nowhere."""

    def __init__(self, *, tls: bool = False) -> None:
        super().__init__({"sslcontext": object()} if tls else {})
        self.written = b""
        self.paused = False
        self.ended = ""
        """How we ended it: nothing, `eof`, `close` or `abort`."""
        self.unsent = 0

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        self.ended = "close"

    def abort(self) -> None:
        self.ended = "abort"

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.ended = "eof"

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol: Any = protocol

    async def feed(self, data: bytes) -> None:
        """What a transport does with bytes that come in, while it may."""
        while data:
            await until(lambda: not self.paused)
            if isinstance(self.protocol, asyncio.BufferedProtocol):
                room: Any = self.protocol.get_buffer(len(data))
                assert room, "a transport takes that for a fault"
                count = min(len(room), len(data))
                room[:count] = data[:count]
                self.protocol.buffer_updated(count)
            else:
                count = len(data)
                self.protocol.data_received(data)
            data = data[count:]

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


async def until(true: Callable[[], bool]) -> None:
    """Let everything that is ready go on until something is true."""
    for _ in range(10_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError
