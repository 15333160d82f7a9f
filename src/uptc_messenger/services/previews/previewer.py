"""Looking behind the links of messages: after the commit, in turn, and never in their way.

It is one more reader of the log: told by the writer what was committed here, and by the sweep
how far the logs of any node are. What waits is bounded, and what finds no room is a message
without a preview, and no more. Who begins to do it looks back at what was sent a moment ago: it
may have waited with somebody who stopped.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.database.locks import Needs
from uptc_messenger.models.base import ChatId, Millis, Record, Seq, UserId
from uptc_messenger.models.errors import NotFound, Problem
from uptc_messenger.models.events import (
    ChatEvent,
    MessageEdited,
    MessageNew,
    Publication,
    ToChat,
)
from uptc_messenger.models.frames import Head
from uptc_messenger.services.auth import Limiter
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages import catchup, previewing
from uptc_messenger.services.messages.previewing import Linked
from uptc_messenger.services.messages.previews import Kept
from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.previews.making import Maker
from uptc_messenger.services.users import service as users
from uptc_messenger.toolkit.clock import Clock

MOST_CHATS: Final = 10_000
"""Chats of which is known how far they were looked through."""

FRESH_MS: Final = 600_000
"""Of a chat that is new to us, only what was sent so short a time ago is looked at."""

PAUSE_S: Final = 1.0
"""How soon who it is for now begins to look back."""

_STRETCH: Final = 50
_BACK: Final = 500
_log = structlog.get_logger(__name__)


class Place(Record, frozen=True):
    """A message that may have a link."""

    chat_id: ChatId
    seq: Seq


class Stretch(Record, frozen=True):
    """Entries of a log that may have such messages, sent since: those in (after, upto]."""

    chat_id: ChatId
    after: Seq
    upto: Seq
    since: Millis


class Previewer:
    """Looks behind links for as long as it is `ours` to do."""

    def __init__(
        self,
        database: Database,
        maker: Maker,
        limits: tuple[Limiter, Clock],
        config: PreviewsConfig,
    ) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self._database = database
        self._limiter, self._clock = limits
        self._queue: asyncio.Queue[Place | Stretch] = asyncio.Queue(config.queue_limit)
        self._reached: OrderedDict[ChatId, Seq] = OrderedDict()
        self.on = config.links == "on"
        self.at_once = config.at_once
        self.maker = maker
        self.dropped = 0
        self.limited = 0
        self.made = 0

    @property
    def waiting(self) -> int:
        """Messages, or stretches of a log, that wait for their turn."""
        return self._queue.qsize()

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        if not self.on or not self.ours():
            return
        for publication in publications:
            if isinstance(publication, ToChat):
                self._take(publication.event)

    def swept(self, heads: Iterable[tuple[ChatId, Seq]]) -> None:
        """Told how far chats are that any node wrote to, again and again."""
        if not self.on:
            return
        for chat_id, seq in heads:
            known = self._reached.pop(chat_id, 0)
            if known < seq:
                since = 0 if known else self._clock() - FRESH_MS
                after = max(known, seq - _STRETCH)
                self._offer(Stretch(chat_id=chat_id, after=after, upto=seq, since=since))
            self._reached[chat_id] = max(known, seq)
            if len(self._reached) > MOST_CHATS:
                self._reached.popitem(last=False)

    def _take(self, event: ChatEvent) -> None:
        # The sweep tells again of what was heard here, unless that is known to be without a gap.
        follows = self._reached.get(event.chat_id) == event.seq - 1
        if self._is_taken(event) and follows:
            self._reached[event.chat_id] = event.seq

    def _is_taken(self, event: ChatEvent) -> bool:
        """Whether it has no link, or found room."""
        if not isinstance(event, MessageNew | MessageEdited):
            return True
        message = event.data
        if message.body is None or "://" not in message.body.text:
            return True
        return self._offer(Place(chat_id=message.chat_id, seq=message.seq))

    def _offer(self, what: Place | Stretch) -> bool:
        try:
            self._queue.put_nowait(what)
        except asyncio.QueueFull:
            self.dropped += 1
            return False
        return True

    async def run(self) -> None:
        """Take one after the other until cancelled; several of these may run."""
        while True:
            await self._try(self._look(await self._queue.get()))

    async def follow(self) -> None:
        """Look back whenever it becomes ours to do, until cancelled."""
        behind = True
        while True:
            if not self.ours():
                behind = True
            elif behind:
                behind = not await self._try(self.look_back())
            await asyncio.sleep(PAUSE_S)

    async def look_back(self) -> None:
        """Look into what was sent of late, whoever was told of it then."""
        since = self._clock() - FRESH_MS
        for head in await self._database.scan(partial(_recent, since)):
            after = max(head.seq - _BACK, 0)
            await self._look(Stretch(chat_id=head.chat_id, after=after, upto=head.seq, since=since))

    async def _try(self, deed: Awaitable[None]) -> bool:
        """Whether it was done; whatever a page does to us, the next link is looked into."""
        try:
            await deed
        except Problem as problem:
            _log.warning("a link was not looked into", problem=problem.code)
            return not problem.retryable
        except Exception:  # noqa: BLE001 - anybody may have written what is read here
            _log.exception("a link was not looked into")
        return True

    async def drain(self) -> None:
        """Look into all that waits now."""
        while not self._queue.empty():
            await self._look(self._queue.get_nowait())

    async def _look(self, what: Place | Stretch) -> None:
        for chat_id, seq in await self._places(what):
            wanted = await self._database.read(partial(_wanted, chat_id, seq))
            if wanted is not None:
                await self._preview(wanted)

    async def _places(self, what: Place | Stretch) -> list[tuple[ChatId, Seq]]:
        if isinstance(what, Place):
            return [(what.chat_id, what.seq)]
        head = Head(chat_id=what.chat_id, seq=what.upto, n=0)
        found = await self._database.read(
            lambda reader: previewing.linked_after(reader, head, what.after, what.since)
        )
        return [(what.chat_id, seq) for seq in found]

    async def _preview(self, wanted: Linked) -> None:
        if self._limiter.try_take("preview", wanted.author_id):
            self.limited += 1
            return
        found = await self.maker.make(wanted.url)
        if found is None:
            return
        needs = Needs(chat_id=wanted.chat_id)
        self.made += await self._database.write(partial(_show, wanted, found), needs)


def _recent(since: Millis, reader: Reader) -> list[Head]:
    return chats.heads(reader, catchup.changed_since(reader, since))


def _wanted(chat_id: ChatId, seq: Seq, reader: Reader) -> Linked | None:
    """The message, where it lacks a preview and its author has not asked for none."""
    found = previewing.lacking(reader, chat_id, seq)
    if found is None or _abstains(reader, found.author_id):
        return None
    return found


def _abstains(reader: Reader, author: UserId) -> bool:
    return author in users.without_previews(reader, [author])


def _show(wanted: Linked, found: Kept, tx: Transaction) -> bool:
    """In the author's name: who is no more in the chat changes nothing there."""
    try:
        author = access.hold(tx, wanted.author_id, wanted.chat_id)
        return not _abstains(tx, wanted.author_id) and previewing.show(
            tx, author, wanted.message_id, found
        )
    except NotFound:
        return False
