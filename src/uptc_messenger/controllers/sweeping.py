"""The sweep: one node at a time tells all of them which logs changed of late."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from uptc_messenger.database import Database, Reader, activity, leases
from uptc_messenger.models.base import ChatId, Millis, Seq, UserId
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages import catchup
from uptc_messenger.services.users import log as user_log
from uptc_messenger.services.websocket.sweeper import (
    EVERY_S,
    LEASE_MS,
    ChatAt,
    Sweep,
    Sweeper,
    UserAt,
    parts_of,
)
from uptc_messenger.toolkit.clock import Clock

LEASE: Final = "sweep"
SKEW_MS: Final = 100
"""Nodes know the database's time to within so much."""

Tell = Callable[[Sweep], None]
Told = Callable[[Sequence[tuple[ChatId, Seq]], Sequence[tuple[UserId, Seq]]], None]


class Sweeping:
    """Sweeps every two seconds while this node holds the lease."""

    def __init__(self, database: Database, clock: Clock, node: str, tell: Tell) -> None:
        self._database = database
        self._clock = clock
        self._node = node
        self._tell = tell
        self._sweeper = Sweeper()
        self.holding = False
        self.swept: Told = lambda _heads, _people: None
        """Told of each sweep of this node how far the chats and people are that changed."""

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.turn()
            except Problem:
                self.rest()
            await asyncio.sleep(EVERY_S)

    async def turn(self) -> None:
        """Sweep once, if it is this node's turn."""
        free = await self._database.read(
            lambda reader: leases.is_free(reader, LEASE, self._node, self._clock())
        )
        self.holding = free and await self._database.write(
            lambda tx: leases.take(tx, LEASE, self._node, LEASE_MS)
        )
        if self.holding:
            await self._sweep()
        else:
            self.rest()

    async def release(self) -> None:
        """Let another node sweep at once."""
        if self.holding:
            await self._database.write(lambda tx: leases.release(tx, LEASE, self._node))
        self.rest()

    def rest(self) -> None:
        """Do not sweep; what was seen before counts no longer."""
        self.holding = False
        self._sweeper.rest()

    async def _sweep(self) -> None:
        # Before the snapshot: whatever was committed by then is in it.
        at = self._clock() - SKEW_MS
        oldest = await self._database.read(activity.oldest_write)
        since, hold = self._sweeper.begin(at, oldest)
        moved, people = await self._database.scan(lambda reader: _changed(reader, since))
        for part in parts_of(at, moved, people, hold=hold):
            self._tell(part)
        heads = [(chat.chat_id, chat.seq) for chat in moved]
        self.swept(heads, [(person.user_id, person.useq) for person in people])


def _changed(reader: Reader, since: Millis) -> tuple[list[ChatAt], list[UserAt]]:
    ids = catchup.changed_since(reader, since) | chats.changed_since(reader, since)
    wide = set(chats.wide(reader, ids))
    moved = [
        ChatAt(head.chat_id, head.seq, head.n, head.chat_id in wide)
        for head in chats.heads(reader, ids)
    ]
    people = user_log.changed_since(reader, since)
    return moved, [UserAt(user_id, useq) for user_id, useq in people.items()]
