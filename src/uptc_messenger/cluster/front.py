"""One address in front of the nodes: each new connection goes to the one with the fewest.

It works below HTTP, so WebSockets pass as they are; of a connection it reads the first line,
which says whether it is for a gateway or for whoever answers requests. A node that is not
ready gets no new connections and keeps those that it has: that is how it drains.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from uptc_messenger.toolkit.tasks import TaskGroup

_CHECK_EVERY_S: Final = 0.3
_PATIENCE_S: Final = 1.0
_HEAD_S: Final = 10.0
_SOCKET: Final = b"GET /api/v1/ws"
_CHUNK: Final = 65_536
_BODY: Final = b'{"code":"unavailable","sentence":"No node is ready.","retryable":true}'
_NOBODY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
    b"Retry-After: 1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)
_QUESTION: Final = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@dataclass(slots=True)
class Backend:
    """A node as the front sees it; `address` is asked each time, since it may move."""

    name: str
    address: Callable[[], str]
    ready: bool = False
    roles: str = ""
    """What it serves; empty is everything."""

    connections: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])


class Front:
    """Listens on one port for all nodes."""

    def __init__(self, backends: Sequence[Backend]) -> None:
        self.backends = backends
        self._server: asyncio.Server | None = None
        self._tasks = TaskGroup("front")

    @property
    def address(self) -> str:
        """What people open."""
        if self._server is None:
            return ""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def open(self, port: int) -> None:
        """Listen; 0 takes a free port."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port, backlog=1024)

    def watch(self) -> None:
        """Ask every node, again and again, whether it is ready."""
        for backend in self.backends:
            self._tasks.start(backend.name, self._check(backend))

    async def close(self) -> None:
        """End every connection."""
        if self._server is not None:
            self._server.close()
        await self._tasks.close()
        await asyncio.sleep(0)  # what was closed ends in the next turn of the loop

    async def _check(self, backend: Backend) -> None:
        while True:
            backend.ready = await answers(backend.address())
            await asyncio.sleep(_CHECK_EVERY_S)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start("connection", self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            split = any(backend.roles for backend in self.backends)
            first = await _first_line(reader) if split else b""
            for backend in self._in_order(_role(first)):
                if (far := await _reach(backend.address())) is None:
                    backend.ready = False
                    continue
                far[1].write(first)
                await self._join(backend, (reader, writer), far)
                return
            writer.write(_NOBODY)
            with contextlib.suppress(OSError):
                await writer.drain()
        finally:
            await _end(writer)

    def _in_order(self, role: str) -> list[Backend]:
        fit = [backend for backend in self.backends if not backend.roles or role in backend.roles]
        ready = [backend for backend in fit if backend.ready]
        return sorted(ready, key=lambda backend: len(backend.connections))

    async def _join(
        self,
        backend: Backend,
        near: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        far: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        group = TaskGroup(backend.name)
        pumps = [
            group.start("out", _pump(near[0], far[1])),
            group.start("in", _pump(far[0], near[1])),
        ]
        backend.connections.add(pumps[0])
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            backend.connections.discard(pumps[0])
            far[1].close()  # before any wait: that may be cancelled
            await group.close()
            await _end(far[1])


async def answers(address: str) -> bool:
    """Whether a node says that it is ready, within a second."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            if (far := await _reach(address)) is None:
                return False
            try:
                far[1].write(_QUESTION)
                status = await far[0].readline()
            finally:
                await _end(far[1])
    except (OSError, TimeoutError):
        return False
    return b" 200 " in status


async def _first_line(reader: asyncio.StreamReader) -> bytes:
    """The line that says what a connection is for; what there is of it where it ends or waits."""
    try:
        async with asyncio.timeout(_HEAD_S):
            return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    except (asyncio.LimitOverrunError, OSError, TimeoutError):
        return b""


def _role(first: bytes) -> str:
    return "gateway" if first.startswith(_SOCKET) else "api"


async def _reach(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
    where = urlsplit(address)
    if where.port is None:
        return None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await asyncio.open_connection(where.hostname, where.port)
    except (OSError, TimeoutError):
        return None


async def _end(writer: asyncio.StreamWriter) -> None:
    """Close, and wait until it is: what is still open when the loop ends is a leak."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(_CHUNK):
            writer.write(data)
            await writer.drain()
