"""The log of a chat: every durable change takes the next `seq`, under the chat's lock."""

import functools
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.database.together import Written
from uptc_messenger.models.base import ChangeId, ChatId, Millis, Record, Seq, UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import (
    Audience,
    ChatDeleted,
    ChatEvent,
    ChatUpdated,
    MemberJoined,
    MemberLeft,
    MemberRole,
    ToChat,
)
from uptc_messenger.services.chats.repository import log as repository
from uptc_messenger.toolkit.clock import rfc3339

OVERLAP_MS: Final = 60_000
"""For so long after a chat changed its route it is announced on both."""

PlainEvent = MemberJoined | MemberLeft | MemberRole | ChatUpdated | ChatDeleted
"""Events that carry what is stored of their change, and nothing else."""


class Position(Record, frozen=True):
    """The head of a chat's log, held under its lock until the commit."""

    chat_id: ChatId
    seq: Seq
    n: int
    audience: Audience = Audience()

    def next_message(self) -> "Position":
        """Where the next message goes."""
        return Position(
            chat_id=self.chat_id, seq=self.seq + 1, n=self.n + 1, audience=self.audience
        )


class Change(Record, frozen=True):
    """What is stored of a change besides its position.

    `ref_seq` is the message that it changes; `data` is what cannot be read from elsewhere.
    """

    chat_id: ChatId
    actor_id: UserId
    ref_seq: Seq | None = None
    change_id: ChangeId | None = None
    data: Any = None


def lock(tx: Transaction, chat_id: ChatId) -> Position:
    """Hold the chat's log; raises `NotFound` where there is no such chat.

    Look up what a retry may have written only after this: before it, two retries could
    both find nothing.
    """
    heads = lock_all(tx, [chat_id])
    if not heads:
        raise NotFound
    return heads[chat_id]


def lock_all(tx: Transaction, chat_ids: Collection[ChatId]) -> dict[ChatId, Position]:
    """Hold the logs of those chats that exist, in the order of their ids."""
    return positions(tx, repository.lock(tx, chat_ids))


def positions(tx: Transaction, held: Iterable[repository.Held]) -> dict[ChatId, Position]:
    """The heads of chats that are held."""
    return {
        chat.chat_id: Position(
            chat_id=chat.chat_id, seq=chat.seq, n=chat.n, audience=_audience(tx.now, chat)
        )
        for chat in held
    }


def _audience(now: Millis, chat: repository.Held) -> Audience:
    if chat.route == 0 and chat.routed_at == 0:
        return _narrow(chat.roster_seq)
    both = now - chat.routed_at < OVERLAP_MS
    return Audience(roster=chat.roster_seq, wide=chat.route == 1, both=both)


@functools.lru_cache(maxsize=1024)
def _narrow(roster: Seq) -> Audience:
    """Nearly every chat: made small and still small."""
    return Audience(roster=roster)


def advance(tx: Transaction, heads: Iterable[Position]) -> None:
    """Store the new heads of logs that are held."""
    repository.advance(tx, [_head(tx, head) for head in heads])


def advancing(tx: Transaction, heads: Iterable[Position]) -> Written:
    """As `advance`, to be written together with what made them advance."""
    return repository.advancing([_head(tx, head) for head in heads])


def _head(tx: Transaction, head: Position) -> dict[str, Any]:
    return {"chat": head.chat_id, "seq": head.seq, "count": head.n, "at": tx.now}


def find_change(tx: Transaction, chat_id: ChatId, change_id: ChangeId) -> Row | None:
    """(seq, kind, ref_seq, actor_id, data) of the change that a client named so, after the lock."""
    return repository.find_change(tx, chat_id, change_id)


def changes_between(reader: Reader, chat_id: ChatId, after: Seq, upto: Seq) -> Sequence[Row]:
    """The changes that are not messages in (after, upto], oldest first: rows of `changes`."""
    return repository.changes_between(reader, chat_id, after, upto)


def append(tx: Transaction, change: Change, build: Callable[[Seq], ChatEvent]) -> ChatEvent:
    """Give the change the next `seq`, store it, and announce what `build` makes of it."""
    head = lock(tx, change.chat_id)
    event = build(head.seq + 1)
    repository.append(tx, [_row(tx, change, event)])
    advance(tx, [Position(chat_id=head.chat_id, seq=event.seq, n=head.n)])
    tx.emit(ToChat(event=event, n=head.n, audience=head.audience))
    return event


def record(tx: Transaction, change: Change, kind: type[PlainEvent]) -> Seq:
    """Append a change whose `data` is what its event carries; returns its position."""

    def build(seq: Seq) -> ChatEvent:
        return kind(
            chat_id=change.chat_id,
            seq=seq,
            actor_id=change.actor_id,
            at=rfc3339(tx.now),
            data=change.data,
        )

    return append(tx, change, build).seq


def _row(tx: Transaction, change: Change, event: ChatEvent) -> dict[str, Any]:
    return {
        "chat_id": change.chat_id,
        "seq": event.seq,
        "kind": type(event).__struct_config__.tag,
        "ref_seq": change.ref_seq,
        "actor_id": change.actor_id,
        "change_id": change.change_id,
        "created_at": tx.now,
        "data": change.data,
    }
