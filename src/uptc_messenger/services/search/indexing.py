"""Keeping the index: one more reader of the log with a cursor for each chat.

It is never part of a send. Should two nodes do it at once, they do the work twice and no harm,
for only one of them finds a cursor where it knew it to be.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.models.base import ChatId, Millis, Record, Seq
from uptc_messenger.models.events import (
    ChatDeleted,
    MessageDeleted,
    MessageEdited,
    MessageNew,
    Publication,
    ToChat,
)
from uptc_messenger.models.frames import Head
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.chats.following import Follower
from uptc_messenger.services.messages import indexing
from uptc_messenger.services.search import repository, terms
from uptc_messenger.services.search.repository import cursors
from uptc_messenger.toolkit.clock import Clock

BATCH: Final = 50
"""Entries of the log in one commit, of as many chats: others wait for milliseconds at most."""

_READ: Final = (MessageNew, MessageEdited, MessageDeleted, ChatDeleted)


class Step(Record, frozen=True):
    """What is to be written of a chat, and the move of its cursor that goes with it."""

    chat_id: ChatId
    known: Seq
    reached: Seq
    entries: list[repository.Entry]
    more: bool
    gone: bool = False


class Plan(Record, frozen=True):
    """What goes into one commit, and the chats that are still behind after it."""

    steps: list[Step]
    behind: list[ChatId]


class Indexer:
    """Brings the index to where the logs are; `run` does so while it is for this node to do."""

    def __init__(self, database: Database, clock: Clock, batch: int = BATCH) -> None:
        self.follower = Follower(database, clock, cursors.of, "search")
        self._database = database
        self._batch = batch
        self._turn = asyncio.Lock()
        self.indexed = 0

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        for publication in publications if self.follower.ours() else ():
            if isinstance(publication, ToChat) and isinstance(publication.event, _READ):
                self.follower.note(publication.event.chat_id)

    async def run(self) -> None:
        """Index until cancelled; what fails is tried again."""
        await self.follower.run(self.catch_up)

    async def catch_up(self) -> None:
        """Return when nothing that was committed before is missing in the index."""
        follower = self.follower
        async with self._turn:
            while follower.waiting or not follower.looked:
                if follower.waiting:
                    await self._advance(follower.take(self._batch))
                else:
                    await follower.look_through()

    async def _advance(self, since: Mapping[ChatId, Millis]) -> None:
        """A batch of some chats; those of which there is more wait behind the others."""
        chat_ids = list(since)
        try:
            plan = await self._database.scan(lambda reader: read(reader, chat_ids, self._batch))
            if plan.steps:
                self.indexed += await self._database.write(lambda tx: write_all(tx, plan.steps))
        except BaseException:
            self.follower.put_back(since)
            raise
        self.follower.put_back({chat_id: since[chat_id] for chat_id in plan.behind})


def read(reader: Reader, chat_ids: Sequence[ChatId], limit: int) -> Plan:
    """The next steps of these chats, as many as there is room for."""
    known = cursors.of(reader, chat_ids)
    heads = {head.chat_id: head for head in chats.heads(reader, chat_ids)}
    steps: list[Step] = []
    left = deque(chat_ids)
    while left and limit > 0:
        chat_id = left.popleft()
        step = _step(reader, chat_id, heads.get(chat_id), known.get(chat_id), limit)
        if step is not None:
            steps.append(step)
            limit -= BATCH if step.gone else step.reached - step.known
    return Plan(steps=steps, behind=[*left, *(step.chat_id for step in steps if step.more)])


def _step(
    reader: Reader, chat_id: ChatId, head: Head | None, known: Seq | None, limit: int
) -> Step | None:
    """The next step of a chat; None where there is none to do."""
    if head is None:
        gone = Step(chat_id=chat_id, known=0, reached=0, entries=[], more=True, gone=True)
        return None if known is None else gone
    found = indexing.stretch(reader, head, known or 0, limit)
    if found.to_seq == (known or 0):
        return None
    return Step(
        chat_id=chat_id,
        known=known or 0,
        reached=found.to_seq,
        entries=[_entry(chat_id, said) for said in found.said],
        more=found.more,
    )


def write_all(tx: Transaction, steps: Sequence[Step]) -> int:
    """Carry out steps, always in one order; returns the entries of those that nobody else did."""
    ordered = sorted(steps, key=lambda step: step.chat_id)
    return sum(len(step.entries) for step in ordered if write(tx, step))


def write(tx: Transaction, step: Step) -> bool:
    """Carry out a step; False where somebody else did."""
    if step.gone:
        if not repository.forget(tx, step.chat_id, BATCH):
            cursors.drop(tx, step.chat_id)
        return True
    if not step.known:
        cursors.begin(tx, step.chat_id)
    if not cursors.move(tx, step.chat_id, step.known, step.reached):
        return False
    repository.put(tx, step.chat_id, step.entries)
    return True


def clear(tx: Transaction) -> None:
    """Forget the whole index: the next look through the chats begins it anew."""
    cursors.drop_all(tx)
    repository.clear(tx)


def _entry(chat_id: ChatId, said: indexing.Said) -> repository.Entry:
    return repository.Entry(
        seq=said.seq,
        place=terms.place_of(chat_id, said.seq, said.created_at),
        terms=terms.of_message(chat_id, said),
    )
