"""The log of a chat: every durable change takes the next `seq`, under the chat's lock."""

from collections.abc import Callable
from typing import Any

from uptc_messenger.database import Transaction
from uptc_messenger.models.base import ChangeId, ChatId, Record, Seq, UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import ChatEvent, ToChat
from uptc_messenger.services.chats.repository import log as repository


class Position(Record, frozen=True):
    """The head of a chat's log, held under its lock until the commit."""

    chat_id: ChatId
    seq: Seq
    n: int


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
    rows = repository.lock(tx, [chat_id])
    if not rows:
        raise NotFound
    return Position(chat_id=chat_id, seq=rows[0].last_seq, n=rows[0].last_n)


def append(tx: Transaction, change: Change, build: Callable[[Seq], ChatEvent]) -> ChatEvent:
    """Give the change the next `seq`, store it, and announce what `build` makes of it."""
    head = lock(tx, change.chat_id)
    event = build(head.seq + 1)
    repository.append(tx, [_row(tx, change, event)])
    repository.advance(
        tx, [{"chat": head.chat_id, "seq": event.seq, "count": head.n, "at": tx.now}]
    )
    tx.emit(ToChat(event=event, n=head.n))
    return event


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
