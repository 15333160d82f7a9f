"""A way from one part to another that can be cut, in one direction or both, and slowed down.

A cut is silence, as in a network: bytes wait, nothing is refused, nobody learns of an end.
"""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from uptc_messenger.toolkit.tasks import TaskGroup

Direction = Literal["both", "out", "in"]
"""`out` is from the part that connects; `in` is back to it."""

DIRECTIONS: Final[tuple[Direction, ...]] = ("both", "out", "in")
_CHUNK: Final = 65_536


@dataclass(frozen=True, slots=True)
class Place:
    """A Unix socket, or a port of this machine."""

    path: Path | None = None
    port: int = 0


class Link:
    """Passes connections on to one place."""

    def __init__(self, name: str, target: Place) -> None:
        self.name = name
        self.delay_s = 0.0
        self._target = target
        self._server: asyncio.Server | None = None
        self._tasks = TaskGroup(f"link {name}")
        self._out, self._in = asyncio.Event(), asyncio.Event()
        self.heal()

    @property
    def whole(self) -> bool:
        """Whether bytes pass both ways."""
        return self._out.is_set() and self._in.is_set()

    @property
    def port(self) -> int:
        """Where it listens, if it is on a port."""
        return self._server.sockets[0].getsockname()[1] if self._server else 0

    async def open(self, path: Path | None = None) -> None:
        """Listen on a socket file, or on a free port."""
        if path is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
            return
        path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, at the start
        self._server = await asyncio.start_unix_server(self._accept, path)

    def cut(self, direction: Direction = "both") -> None:
        """Let nothing through any more; what comes meanwhile waits."""
        if direction != "in":
            self._out.clear()
        if direction != "out":
            self._in.clear()

    def heal(self) -> None:
        """Let everything through, first what has waited."""
        self.delay_s = 0.0
        self._out.set()
        self._in.set()

    async def close(self) -> None:
        """End every connection and stop listening."""
        if self._server is not None:
            self._server.close()
        await self._tasks.close()
        await asyncio.sleep(0)  # what was closed ends in the next turn of the loop

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.start("connection", self._carry(reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._out.wait()
            try:
                far_reader, far_writer = await self._connect()
            except OSError:
                return
            try:
                await _first_of(
                    self._pump(reader, far_writer, self._out),
                    self._pump(far_reader, writer, self._in),
                )
            finally:
                far_writer.close()
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._target.path is not None:
            return await asyncio.open_unix_connection(self._target.path)
        return await asyncio.open_connection("127.0.0.1", self._target.port)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passes: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._passage(passes)
                writer.write(data)
                await writer.drain()
        await self._passage(passes)

    async def _passage(self, passes: asyncio.Event) -> None:
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        await passes.wait()


async def _first_of(*pumps: Coroutine[Any, Any, None]) -> None:
    group = TaskGroup("pumps")
    tasks = [group.start("pump", pump) for pump in pumps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await group.close()
