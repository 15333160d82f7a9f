"""Turns at the threads that hash: who has shown something already goes first.

An invitation, a session, a code or a device that is known cannot be had by guessing, so nobody
can fill this line from outside. Strangers wait behind it, and not for long.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from uptc_messenger.models.errors import Overloaded

MAX_WAITING: Final = 512
_RETRY_MS: Final = 5000
Line = deque[asyncio.Future[None]]


class Turns:
    """So many `places` at a time; `patience_s` are the seconds for strangers and for the known.

    A caller that would wait longer is refused as `overloaded`, and so is everyone while
    `MAX_WAITING` stand in the same line.
    """

    def __init__(self, places: int, patience_s: tuple[float, float]) -> None:
        self._free = places
        self._patience_s = patience_s
        self._lines: tuple[Line, Line] = (deque(), deque())

    @property
    def waiting(self) -> int:
        """Callers that wait for their turn."""
        return sum(map(len, self._lines))

    @asynccontextmanager
    async def turn(self, *, known: bool) -> AsyncGenerator[None, None]:
        """Hold a place."""
        if self._free > 0:
            self._free -= 1
        else:
            await self._wait(known=known)
        try:
            yield
        finally:
            self._next()

    async def _wait(self, *, known: bool) -> None:
        line = self._lines[known]
        if len(line) >= MAX_WAITING:
            raise Overloaded(retry_after_ms=_RETRY_MS)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(place)
        try:
            async with asyncio.timeout(self._patience_s[known]):
                await place
        except TimeoutError:
            self._give_up(line, place)
            raise Overloaded(retry_after_ms=_RETRY_MS) from None
        except asyncio.CancelledError:
            self._give_up(line, place)
            raise

    def _give_up(self, line: Line, place: asyncio.Future[None]) -> None:
        if place in line:
            line.remove(place)
        if not place.cancelled():  # it was called in the same instant
            self._next()

    def _next(self) -> None:
        strangers, known = self._lines
        while line := known or strangers:
            place = line.popleft()
            if not place.done():  # who is done has just run out of patience
                place.set_result(None)
                return
        self._free += 1
