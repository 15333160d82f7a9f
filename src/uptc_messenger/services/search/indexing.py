"""Keeping the index: one more reader of the log with a cursor for each chat.

It is never part of a send. What was committed wakes it; where it was not there to be woken,
it looks through all chats. One node does it for all, while it holds the lease; two at once do
the work twice and no harm, for only one of them finds a cursor where it knew it to be.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader, Transaction
from uptc_messenger.models.base import ChatId, Millis, Record, Seq
from uptc_messenger.models.errors import Problem
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
from uptc_messenger.services.messages import indexing
from uptc_messenger.services.search import repository, terms
from uptc_messenger.services.search.repository import cursors
from uptc_messenger.toolkit.clock import Clock

BATCH: Final = 50
"""Entries of the log in one commit, of as many chats: others wait for milliseconds at most."""

MOST_WAITING: Final = 10_000
"""Chats that are remembered as waiting; beyond it, all chats are looked through."""

PAUSE_S: Final = 0.2
"""What is said within it goes into the index together."""

SWEEP_S: Final = 300.0
"""How often all chats are looked through for what nobody told."""

_PAGE: Final = 1_000
_READ: Final = (MessageNew, MessageEdited, MessageDeleted, ChatDeleted)
_log = structlog.get_logger(__name__)


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
    """Brings the index to where the logs are; `run` does so for as long as it is `ours`."""

    def __init__(self, database: Database, clock: Clock, batch: int = BATCH) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self._reached: dict[ChatId, Seq] = {}
        self._database = database
        self._clock = clock
        self._batch = batch
        self._waiting: dict[ChatId, Millis] = {}
        self._swept = False
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        self.indexed = 0

    @property
    def waiting(self) -> int:
        """Chats that are known to have something that is not in the index yet."""
        return len(self._waiting)

    @property
    def lag_ms(self) -> Millis:
        """For how long the one that waits longest has been waiting."""
        oldest = next(iter(self._waiting.values()), None)
        return 0 if oldest is None else max(self._clock() - oldest, 0)

    def published(self, publications: Sequence[Publication]) -> None:
        """Told by the writer what it has committed."""
        for publication in publications if self.ours() else ():
            if isinstance(publication, ToChat) and isinstance(publication.event, _READ):
                self._note(publication.event.chat_id)

    def swept(self, heads: Iterable[tuple[ChatId, Seq]]) -> None:
        """Told how far chats are that any node wrote to, again and again."""
        for chat_id, seq in heads:
            if self._reached.get(chat_id, 0) < seq:
                if len(self._reached) >= MOST_WAITING:
                    self._reached.clear()
                self._reached[chat_id] = seq
                self._note(chat_id)

    def _note(self, chat_id: ChatId) -> None:
        if chat_id not in self._waiting:
            if len(self._waiting) >= MOST_WAITING:
                self._swept = False
                return
            self._waiting[chat_id] = self._clock()
        self._woken.set()

    async def run(self) -> None:
        """Index until cancelled; what fails is tried again."""
        while True:
            if not self.ours():
                self._rest()
                await asyncio.sleep(PAUSE_S)
                continue
            try:
                await self.catch_up()
            except Problem as problem:
                _log.warning("search index waits", problem=problem.code)
            except Exception:
                _log.exception("search index waits")
            await self._wait()

    def _rest(self) -> None:
        """Another node does it; should it be ours again, all chats are looked through."""
        self._waiting.clear()
        self._reached.clear()
        self._swept = False

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(SWEEP_S):
                await self._woken.wait()
        except TimeoutError:
            self._swept = False
        await asyncio.sleep(PAUSE_S)

    async def catch_up(self) -> None:
        """Return when nothing that was committed before is missing in the index."""
        async with self._turn:
            self._woken.clear()
            while self._waiting or not self._swept:
                if self._waiting:
                    await self._advance(list(islice(self._waiting, self._batch)))
                else:
                    await self._sweep()

    async def _advance(self, chat_ids: Sequence[ChatId]) -> None:
        """A batch of some chats; those of which there is more wait behind the others."""
        # Forgotten before they are read: what is committed meanwhile is noted again.
        since = {chat_id: self._waiting.pop(chat_id) for chat_id in chat_ids}
        try:
            plan = await self._database.scan(lambda reader: read(reader, chat_ids, self._batch))
            if plan.steps:
                self.indexed += await self._database.write(lambda tx: write_all(tx, plan.steps))
        except BaseException:
            self._waiting |= since
            raise
        for chat_id in plan.behind:
            self._waiting.setdefault(chat_id, since[chat_id])

    async def _sweep(self) -> None:
        """Note who is behind, until there are no more chats or no room to note them."""
        self._swept, after = True, None
        while self._swept:
            behind, after = await self._database.scan(_behind_after(after))
            for chat_id in behind:
                self._note(chat_id)
            if after is None:
                return


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
            if (head.chat_id in known if head.deleted else known.get(head.chat_id, 0) < head.seq)
        ]
        return behind, page[-1].chat_id if len(page) == _PAGE else None

    return look
