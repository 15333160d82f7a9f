"""Attempts of which only the failures are limited, also when many are under way at once.

An attempt is counted when it begins and given back when it does not fail. A class that logs in
from one address in the same second is therefore over the limit for a moment without any
failure: who finds the limit used up by attempts that are still being decided waits for them.
Guesses that run side by side win nothing: they never fail more often than the limit says.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from uptc_messenger.models.errors import (
    Forbidden,
    NotFound,
    Overloaded,
    RateLimited,
    Unauthenticated,
)
from uptc_messenger.services.auth.limits import Limiter, LimitName

Slot = tuple[LimitName, str]
MAX_WAITING: Final = 1024
WAIT_S: Final = 60.0
_RETRY_MS: Final = 5000
_FAILURES: Final = (Unauthenticated, Forbidden, NotFound)


class Trials:
    """Counts attempts while they last; at most `MAX_WAITING` wait, each at most `WAIT_S`."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter
        self._under_way: Counter[Slot] = Counter()
        self._lines: dict[Slot, deque[asyncio.Future[None]]] = {}
        self._waiting = 0

    @property
    def waiting(self) -> int:
        """Attempts that wait for others to be decided."""
        return self._waiting

    @asynccontextmanager
    async def attempt(self, *slots: Slot) -> AsyncGenerator[None, None]:
        """Count what goes on inside, against each of the slots in this order.

        `RateLimited` where one is used up by failures, `Overloaded` where too many wait. What
        ends as `Unauthenticated`, `Forbidden` or `NotFound` stays counted, and so does what is
        cancelled: nobody knows how it would have ended.
        """
        begun: list[Slot] = []
        failed = True
        try:
            for slot in slots:
                await self._begin(slot)
                begun.append(slot)
            failed = False
            yield
        except (*_FAILURES, asyncio.CancelledError):
            failed = True
            raise
        finally:
            # Whoever was refused before it could try has not failed either.
            for slot in reversed(begun):
                self._end(slot, failed=failed and len(begun) == len(slots))

    async def _begin(self, slot: Slot) -> None:
        first = True
        while (first and slot in self._lines) or self._limiter.try_take(*slot) != 0:
            if not self._under_way[slot]:
                self._limiter.take(*slot)
                break
            await self._wait(slot, first=first)
            first = False
        self._under_way[slot] += 1

    async def _wait(self, slot: Slot, *, first: bool) -> None:
        if self._waiting >= MAX_WAITING:
            raise Overloaded(retry_after_ms=_RETRY_MS)
        line = self._lines.setdefault(slot, deque())
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Who was called and came too late keeps its place.
        line.append(turn) if first else line.appendleft(turn)
        self._waiting += 1
        try:
            async with asyncio.timeout(WAIT_S):
                await turn
        except TimeoutError:
            raise RateLimited(retry_after_ms=_RETRY_MS) from None
        finally:
            self._waiting -= 1
            self._leave(slot, turn)

    def _leave(self, slot: Slot, turn: asyncio.Future[None]) -> None:
        line = self._lines.get(slot)
        if line is not None and turn in line:
            line.remove(turn)
        if not line:
            self._lines.pop(slot, None)

    def _end(self, slot: Slot, *, failed: bool) -> None:
        if not failed:
            self._limiter.give_back(*slot)
        self._under_way[slot] -= 1
        if not self._under_way[slot]:
            del self._under_way[slot]
        self._call(slot, everyone=slot not in self._under_way)

    def _call(self, slot: Slot, *, everyone: bool) -> None:
        line = self._lines.get(slot)
        while line:
            turn = line.popleft()
            if not turn.done():  # who is done has just run out of patience
                turn.set_result(None)
                if not everyone:
                    return
