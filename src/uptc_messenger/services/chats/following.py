"""Which chats somebody who reads all logs has still to read: told, swept, looked through.

A reader has a cursor for each chat, somewhere in the database. What was committed wakes it;
where it was not there to be woken, it looks through all chats. One node reads for all, while
it holds the lease.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from itertools import islice
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader
from uptc_messenger.models.base import ChatId, Millis, Seq
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.chats import service as chats
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.troubles import Trouble

MOST_WAITING: Final = 10_000
"""Chats that are remembered as waiting; beyond it, all chats are looked through."""

PAUSE_S: Final = 0.2
"""What is said within it is read together."""

FAILED_S: Final = 1.0
"""How long a reader rests after a failure."""

SWEEP_S: Final = 300.0
"""How often all chats are looked through for what nobody told, however much is told meanwhile."""

_PAGE: Final = 1_000
_log = structlog.get_logger(__name__)

Known = Callable[[Reader, Collection[ChatId]], Mapping[ChatId, Seq]]
"""How far each of these chats has been read; absent are those that were never begun."""


class Follower:
    """Knows who waits; `run` lets its reader catch up for as long as it is `ours`."""

    def __init__(self, database: Database, clock: Clock, known: Known, reader: str) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self.resting: Callable[[], None] = lambda: None
        """Called while another node does it: what is remembered may be forgotten."""

        self.full = False
        """Whether what is read finds no room, so that reading waits."""

        self._database, self._clock, self._known = database, clock, known
        self._name, self._trouble = reader, Trouble()
        self._waiting: dict[ChatId, Millis] = {}
        self._reached: dict[str, Seq] = {}
        self._looked = False
        self._look_at = 0.0
        self._woken = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Chats that are known to have something that was not read yet."""
        return len(self._waiting)

    @property
    def lag_ms(self) -> Millis:
        """For how long the one that waits longest has been waiting."""
        oldest = min(self._waiting.values(), default=None)
        return 0 if oldest is None else max(self._clock() - oldest, 0)

    @property
    def looked(self) -> bool:
        """Whether all chats were looked through lately, so that whoever waits is known."""
        return self._looked

    def note(self, chat_id: ChatId) -> None:
        """Told that something was said there."""
        if chat_id not in self._waiting:
            if len(self._waiting) >= MOST_WAITING:
                self._looked = False
                return
            self._waiting[chat_id] = self._clock()
        self._woken.set()

    def swept(self, heads: Iterable[tuple[ChatId, Seq]]) -> None:
        """Told how far chats are that any node wrote to, again and again."""
        for chat_id, seq in heads:
            if self.moved(chat_id, seq):
                self.note(chat_id)

    def moved(self, log: str, seq: Seq) -> bool:
        """Whether a log is further than anybody told before."""
        if self._reached.get(log, 0) >= seq:
            return False
        if len(self._reached) >= MOST_WAITING:
            self._reached.clear()
        self._reached[log] = seq
        return True

    def wake(self) -> None:
        """Let the reader run soon."""
        self._woken.set()

    def forget(self) -> None:
        """Something could not be remembered: all is looked through."""
        self._looked = False

    def rest(self) -> None:
        """Another node does it; should it be ours again, everything is looked through."""
        self._waiting.clear()
        self._reached.clear()
        self._looked = False
        self.resting()

    def take(self, most: int) -> dict[ChatId, Millis]:
        """Some who wait, each with since when.

        They are forgotten before they are read, so what is committed meanwhile is noted again.
        """
        return {one: self._waiting.pop(one) for one in list(islice(self._waiting, most))}

    def put_back(self, since: Mapping[ChatId, Millis]) -> None:
        """These wait still, behind the others."""
        for chat_id, at in since.items():
            self._waiting[chat_id] = min(self._waiting.get(chat_id, at), at)

    async def look_through(self, first: Callable[[], Awaitable[None]] | None = None) -> None:
        """Note who is behind, until there are no more chats or no room to note them."""
        self._looked, after = True, None
        self._look_at = asyncio.get_running_loop().time() + SWEEP_S
        try:
            if first is not None:
                await first()
            while self._looked:
                behind, after = await self._database.scan(self._behind(after))
                for chat_id in behind:
                    self.note(chat_id)
                if after is None:
                    return
        except BaseException:
            self._looked = False
            raise

    def _behind(
        self, after: ChatId | None
    ) -> Callable[[Reader], tuple[list[ChatId], ChatId | None]]:
        """A look at the next chats in the order of their ids: who is behind, where to go on."""

        def look(reader: Reader) -> tuple[list[ChatId], ChatId | None]:
            page = chats.every_head(reader, after, _PAGE)
            known = self._known(reader, [head.chat_id for head in page])
            behind = [head.chat_id for head in page if _is_behind(head, known.get(head.chat_id))]
            return behind, page[-1].chat_id if len(page) == _PAGE else None

        return look

    async def run(self, catch_up: Callable[[], Awaitable[None]]) -> None:
        """Catch up again and again until cancelled; what fails is tried again."""
        while True:
            if not self.ours():
                self.rest()
                await asyncio.sleep(PAUSE_S)
                continue
            self._woken.clear()
            if await self._done(catch_up):
                await self._wait()
            else:
                await asyncio.sleep(FAILED_S)

    async def _done(self, catch_up: Callable[[], Awaitable[None]]) -> bool:
        try:
            await catch_up()
        except Problem as problem:
            if self._trouble.begins(problem.code):
                _log.warning("a reader waits", reader=self._name, problem=problem.code)
        except Exception as error:  # noqa: BLE001
            # Nobody else reads: one failure is not the end of all.
            if self._trouble.begins(type(error).__name__):
                _log.exception("a reader waits", reader=self._name)
        else:
            if self._trouble.ends():
                _log.info("a reader goes on", reader=self._name)
            return True
        return False

    async def _wait(self) -> None:
        now = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(PAUSE_S if self.full else max(self._look_at - now(), 0)):
                await self._woken.wait()
        except TimeoutError:
            pass
        if now() >= self._look_at:
            self._looked = False
        await asyncio.sleep(PAUSE_S)


def _is_behind(head: chats.AnyHead, known: Seq | None) -> bool:
    if head.deleted:
        return known is not None
    return (known or 0) < head.seq
