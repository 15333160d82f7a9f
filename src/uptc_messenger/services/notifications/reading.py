"""From the log to what is to be told: one more reader, with a cursor for each chat.

It is never part of a send, and takes a few entries and some hundred members at a time, so a
message in a chat of thousands costs the others nothing. Should two nodes do it at once, they do
the work twice and no harm.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from uptc_messenger.database import Database, Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Seq, UserId
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
from uptc_messenger.services.chats.following import Follower
from uptc_messenger.services.notifications import devices, spreading
from uptc_messenger.services.notifications.repository import cursors, jobs
from uptc_messenger.services.notifications.repository import devices as repository
from uptc_messenger.services.notifications.spreading import Terms
from uptc_messenger.toolkit.clock import Clock

MOST_PEOPLE: Final = 10_000
"""People who are remembered as having read something; beyond it, all are looked through."""

_PEOPLE: Final = 200
_FIRST: Final = UserId("00000000-0000-0000-0000-000000000000")
_READ: Final = (MessageNew, MessageDeleted, ChatDeleted)


class NewsReader:
    """Brings the queue to where the logs are; `run` does so while it is for this node to do."""

    def __init__(self, database: Database, clock: Clock, terms: Terms) -> None:
        self.added: Callable[[], None] = lambda: None
        """Called when something is to be told."""

        self.follower = Follower(database, clock, _known, "notifications")
        self.follower.resting = self._rest
        self._database, self._clock = database, clock
        self._terms, self._config = terms, terms.config
        self._people: dict[UserId, None] = {}
        self._turn = asyncio.Lock()
        self._queued = 0
        self.told = 0
        """Places that were put into the queue."""

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        for publication in publications if self.follower.ours() else ():
            match publication:
                case ToChat(event=event) if isinstance(event, _READ):
                    self.follower.note(event.chat_id)
                case ToUser(user_id=user, event=ReadUpdated() | ChatLeft()):
                    self.changed([user])
                case _:
                    pass

    def swept(
        self, heads: Iterable[tuple[ChatId, Seq]], people: Iterable[tuple[UserId, Seq]] = ()
    ) -> None:
        """Told how far chats and people are that any node wrote to, again and again."""
        self.follower.swept(heads)
        self.changed([user for user, useq in people if self.follower.moved(user, useq)])

    def changed(self, user_ids: Iterable[UserId]) -> None:
        """Told whose own log moved: something may be read by now."""
        for user_id in user_ids:
            if len(self._people) >= MOST_PEOPLE:
                self.follower.forget()
                break
            self._people[user_id] = None
            self.follower.wake()

    async def run(self) -> None:
        """Read until cancelled; what fails is tried again."""
        await self.follower.run(self.catch_up)

    def _rest(self) -> None:
        self._people.clear()

    async def catch_up(self) -> None:
        """Return when what was committed before is in the queue, or the queue is full."""
        follower, limit = self.follower, self._config.queue_limit
        async with self._turn:
            # Counted once, and what is added since: it reads a row of the index for each.
            self._queued = await self._database.read(
                lambda reader: jobs.waiting(reader, "push", limit)
            )
            while self._people or follower.waiting or not follower.looked:
                if self._people:
                    await self._look_again()
                elif not follower.waiting:
                    await follower.look_through(self._sweep)
                elif self._has_room():
                    await self._advance(*follower.take(1).popitem())
                else:
                    return

    def _has_room(self) -> bool:
        # Letters are not counted: they are one for each person at most, and wait for the morning.
        self.follower.full = self._queued >= self._config.queue_limit
        return not self.follower.full

    async def _advance(self, chat_id: ChatId, since: Millis) -> None:
        """A part of one chat; if there is more of it, it waits behind the others."""
        now, again = self._clock(), round(self._config.again_s * 1000)
        try:
            step = await self._database.scan(
                lambda reader: spreading.read(reader, chat_id, self._terms, now)
            )
            if step is None:
                return
            if await self._database.write(lambda tx: spreading.write(tx, step, again)):
                self.told += len(step.jobs)
                self._queued += sum(job.kind == "push" for job in step.jobs)
                if step.jobs or step.removed:
                    self.added()
        except BaseException:
            self.follower.put_back({chat_id: since})
            raise
        if step.more:
            self.follower.put_back({chat_id: since})

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
        await self._sweep_people()
        await self._sweep_devices()

    async def _sweep_devices(self) -> None:
        """Forget the keys of devices whose session has ended: nothing is told there any more."""
        after: str | None = _FIRST
        while after is not None:
            ended, after = await self._database.scan(_ended_after(after))
            if ended:
                await self._database.write(lambda tx, gone=ended: repository.remove(tx, gone))

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


def _ended_after(after: str) -> Callable[[Reader], tuple[list[str], str | None]]:
    """A look at the next devices: whose session has ended, and where to go on."""

    def look(reader: Reader) -> tuple[list[str], str | None]:
        page = repository.following(reader, after, _PEOPLE)
        return devices.ended(reader, page), page[-1].id if len(page) == _PEOPLE else None

    return look


def _known(reader: Reader, chat_ids: Collection[ChatId]) -> dict[ChatId, Seq]:
    return {chat_id: place.seq for chat_id, place in cursors.of(reader, chat_ids).items()}
