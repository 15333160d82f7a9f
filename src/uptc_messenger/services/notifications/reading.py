"""From the log to what is to be told: one more reader, with a cursor for each chat.

It is never part of a send, and takes a few entries and some hundred members at a time, so a
message in a chat of thousands costs the others nothing. One node does it for all, while it
holds the lease; two at once do the work twice and no harm.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Seq, UserId
from uptc_messenger.models.errors import Problem
from uptc_messenger.models.events import (
    ChatDeleted,
    ChatLeft,
    MessageDeleted,
    MessageNew,
    Publication,
    ReadUpdated,
    ToChat,
    ToUser,
)
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.notifications import spreading
from uptc_messenger.services.notifications.repository import cursors, jobs
from uptc_messenger.services.notifications.spreading import Terms
from uptc_messenger.toolkit.clock import Clock

MOST_WAITING: Final = 10_000
"""Chats, and people, that are remembered as waiting; beyond it, all are looked through."""

PAUSE_S: Final = 0.2
"""What is said within it is read together."""

SWEEP_S: Final = 300.0
"""How often all chats are looked through for what nobody told."""

_PAGE: Final = 1_000
_PEOPLE: Final = 200
_FIRST: Final = UserId("00000000-0000-0000-0000-000000000000")
_READ: Final = (MessageNew, MessageDeleted, ChatDeleted)
_log = structlog.get_logger(__name__)


class NewsReader:
    """Brings the queue to where the logs are; `run` does so for as long as it is `ours`."""

    def __init__(self, database: Database, clock: Clock, terms: Terms) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self.added: Callable[[], None] = lambda: None
        """Called when something is to be told."""

        self._database, self._clock = database, clock
        self._terms, self._config = terms, terms.config
        self._waiting: dict[ChatId, Millis] = {}
        self._people: dict[UserId, None] = {}
        self._reached: dict[str, Seq] = {}
        self._swept = False
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        self.full = False
        """Whether the queue has no room, so that reading waits."""

        self.told = 0
        """Places that were put into the queue."""

    @property
    def waiting(self) -> int:
        """Chats that are known to have something that was not read yet."""
        return len(self._waiting)

    @property
    def lag_ms(self) -> Millis:
        """For how long the one that waits longest has been waiting."""
        oldest = next(iter(self._waiting.values()), None)
        return 0 if oldest is None else max(self._clock() - oldest, 0)

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        for publication in publications if self.ours() else ():
            match publication:
                case ToChat(event=event) if isinstance(event, _READ):
                    self._note(event.chat_id)
                case ToUser(user_id=user, event=ReadUpdated() | ChatLeft()):
                    self.changed([user])
                case _:
                    pass

    def swept(
        self, heads: Iterable[tuple[ChatId, Seq]], people: Iterable[tuple[UserId, Seq]] = ()
    ) -> None:
        """Told how far chats and people are that any node wrote to, again and again."""
        for chat_id, seq in heads:
            if self._moved(chat_id, seq):
                self._note(chat_id)
        self.changed([user_id for user_id, useq in people if self._moved(user_id, useq)])

    def _moved(self, log: str, seq: Seq) -> bool:
        if self._reached.get(log, 0) >= seq:
            return False
        if len(self._reached) >= MOST_WAITING:
            self._reached.clear()
        self._reached[log] = seq
        return True

    def changed(self, user_ids: Iterable[UserId]) -> None:
        """Told whose own log moved: something may be read by now."""
        for user_id in user_ids:
            if len(self._people) >= MOST_WAITING:
                self._swept = False
                break
            self._people[user_id] = None
            self._woken.set()

    def _note(self, chat_id: ChatId) -> None:
        if chat_id not in self._waiting:
            if len(self._waiting) >= MOST_WAITING:
                self._swept = False
                return
            self._waiting[chat_id] = self._clock()
        self._woken.set()

    async def run(self) -> None:
        """Read until cancelled; what fails is tried again."""
        while True:
            if not self.ours():
                self._rest()
                await asyncio.sleep(PAUSE_S)
                continue
            try:
                await self.catch_up()
            except Problem as problem:
                _log.warning("notifications wait", problem=problem.code)
            except Exception:
                _log.exception("notifications wait")
            await self._wait()

    def _rest(self) -> None:
        """Another node does it; should it be ours again, everything is looked through."""
        self._waiting.clear()
        self._people.clear()
        self._reached.clear()
        self._swept = False

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(PAUSE_S if self.full else SWEEP_S):
                await self._woken.wait()
        except TimeoutError:
            self._swept = self.full and self._swept
        await asyncio.sleep(PAUSE_S)

    async def catch_up(self) -> None:
        """Return when what was committed before is in the queue, or the queue is full."""
        async with self._turn:
            self._woken.clear()
            while self._people or self._waiting or not self._swept:
                if self._people:
                    await self._look_again()
                elif not self._waiting:
                    await self._sweep()
                elif await self._has_room():
                    await self._advance(next(iter(self._waiting)))
                else:
                    return

    async def _has_room(self) -> bool:
        limit = self._config.queue_limit
        self.full = await self._database.read(lambda reader: jobs.waiting(reader, limit)) >= limit
        return not self.full

    async def _advance(self, chat_id: ChatId) -> None:
        """A part of one chat; if there is more of it, it waits behind the others."""
        # Forgotten before it is read: what is committed meanwhile is noted again.
        since = self._waiting.pop(chat_id)
        now, again = self._clock(), round(self._config.again_s * 1000)
        try:
            step = await self._database.scan(
                lambda reader: spreading.read(reader, chat_id, self._terms, now)
            )
            if step is None:
                return
            if await self._database.write(lambda tx: spreading.write(tx, step, again)):
                self.told += len(step.jobs)
                if step.jobs or step.removed:
                    self.added()
        except BaseException:
            self._waiting[chat_id] = since
            raise
        if step.more:
            self._waiting.setdefault(chat_id, since)

    async def _look_again(self) -> None:
        """Wake what is on screens of people who have read it, or left, by now."""
        some = [self._people.popitem()[0] for _ in range(min(_PEOPLE, len(self._people)))]
        try:
            await self._wake(
                await self._database.scan(lambda reader: spreading.stale(reader, some))
            )
        except BaseException:
            self._people.update(dict.fromkeys(some))
            raise

    async def _sweep(self) -> None:
        """Note who is behind, until there are no more chats or no room to note them."""
        self._swept, after = True, None
        await self._sweep_people()
        while self._swept:
            behind, after = await self._database.scan(_behind_after(after))
            for chat_id in behind:
                self._note(chat_id)
            if after is None:
                return

    async def _sweep_people(self) -> None:
        after: UserId | None = _FIRST
        while after is not None:
            stale, after = await self._database.scan(_stale_after(after))
            await self._wake(stale)

    async def _wake(self, stale: list[Row]) -> None:
        if stale:
            await self._database.write(lambda tx: jobs.wake(tx, stale))
            self.added()


def _stale_after(after: UserId) -> Callable[[Reader], tuple[list[Row], UserId | None]]:
    """A look at the next people with anything on a screen: what is stale, and where to go on."""

    def look(reader: Reader) -> tuple[list[Row], UserId | None]:
        showing = jobs.showing(reader, after, _PEOPLE)
        end = showing[-1] if len(showing) == _PEOPLE else None
        return spreading.stale(reader, showing), end

    return look


def _behind_after(
    after: ChatId | None,
) -> Callable[[Reader], tuple[list[ChatId], ChatId | None]]:
    """A look at the next chats in the order of their ids: who is behind, and where to go on."""

    def look(reader: Reader) -> tuple[list[ChatId], ChatId | None]:
        page = chats.every_head(reader, after, _PAGE)
        known = cursors.of(reader, [head.chat_id for head in page])
        behind = [
            head.chat_id
            for head in page
            if (
                head.chat_id in known
                if head.deleted
                else known.get(head.chat_id, cursors.Place()).seq < head.seq
            )
        ]
        return behind, page[-1].chat_id if len(page) == _PAGE else None

    return look
