"""Bodies as they come in: a piece is dealt with while the next one is received."""

import asyncio
import contextvars
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

ROOM: Final = 1 << 21
"""Bytes of a piece: so large that handing it to a thread costs little beside hashing it."""

_KEPT: Final = 8

Take = Callable[[memoryview], object]


class Body(Protocol):
    """Bytes that come in, for who has room for them."""

    async def fill(self, room: memoryview) -> int:
        """Receive as many as there is room for, and fewer only at their end; how many."""
        ...


class Rooms:
    """Memory for pieces: two for a body, however large that is, and used again."""

    def __init__(self) -> None:
        self._free: list[memoryview] = []

    async def pour(self, body: Body, take: Take) -> int:
        """Have every piece taken, one after the other, in a thread; how many bytes that were.

        What `take` raises is raised; when this ends in any way no thread is at it any more,
        unless it is cancelled twice.
        """
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()

        def work(piece: memoryview) -> object:
            return context.run(take, piece)

        rooms, size = deque([self._one()]), 0
        taking: asyncio.Future[object] | None = None
        try:
            while count := await body.fill(rooms[0]):
                if taking is not None:
                    await _ended(taking)
                taking = loop.run_in_executor(None, work, rooms[0][:count])
                size += count
                if count < ROOM:
                    break
                if len(rooms) == 1:
                    rooms.append(self._one())
                rooms.rotate()
            if taking is not None:
                await _ended(taking)
        finally:
            if taking is not None:
                await asyncio.wait([taking])
                taking.exception()  # what the body says comes first
            self._free.extend(rooms)
            del self._free[_KEPT:]
        return size

    async def measure(self, body: Body) -> int:
        """Receive all of a body that nobody needs; how many bytes that were."""
        room, size = self._one(), 0
        while count := await body.fill(room):
            size += count
        self._free.append(room)
        return size

    def _one(self) -> memoryview:
        return self._free.pop() if self._free else memoryview(bytearray(ROOM))


async def _ended(taking: asyncio.Future[object]) -> None:
    # To be cancelled while waiting for it itself would cancel it, but not its thread.
    if not taking.done():
        await asyncio.wait([taking])
    taking.result()
