"""Pins: messages that a chat keeps at hand, each change one entry of its log.

Who pins is proved under the chat's lock (`access.hold`).
"""

from collections.abc import Sequence
from typing import Final

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import MAX_SEQ, MessageId, Seq
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import Conflict, TooLarge
from uptc_messenger.models.events import ChatEvent, PinChange, PinChanged
from uptc_messenger.models.messages import Changed, Pin
from uptc_messenger.services.chats import access
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.messages.changing import locked
from uptc_messenger.services.messages.presentation import present
from uptc_messenger.services.messages.repository import pinning as repository
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.toolkit.clock import rfc3339

MAX_PINS: Final = 100
"""Pinned messages of one chat: more are a second history that nobody reads."""


def put(tx: Transaction, member: Member, message_id: MessageId, *, on: bool) -> Changed:
    """Pin a message, or unpin it; what is so already takes no position.

    Raises `Forbidden` for who may not, `NotFound`, `Conflict` for a deleted message, and
    `TooLarge` beyond 100 pins.
    """
    access.require_pinner(member)
    row = locked(tx, member, message_id)
    if repository.is_pinned(tx, member.chat_id, row.seq) == on:
        return Changed(duplicate=True)
    if on:
        _require_pinnable(tx, row)
    event = _log(tx, member, row, PinChange(message_id=message_id, on=on))
    _store(tx, member, row, event.seq if on else None)
    return Changed(seq=event.seq)


def page(
    reader: Reader, member: Member, before: Seq | None, limit: int
) -> tuple[list[Pin], Seq | None]:
    """The pins that the member may read, newest first, and where the page ends if more follow."""
    last = MAX_SEQ if before is None else before
    rows = repository.page(reader, member.chat_id, member.visible_after, last, limit + 1)
    shown = rows[:limit]
    return _pins(reader, member, shown), shown[-1].pin_seq if len(rows) > limit else None


def _require_pinnable(tx: Transaction, row: Row) -> None:
    if row.deleted:
        raise Conflict("This message was deleted.")
    if repository.count(tx, row.chat_id) >= MAX_PINS:
        raise TooLarge(f"A chat has at most {MAX_PINS} pinned messages: unpin another one first.")


def _log(tx: Transaction, member: Member, row: Row, data: PinChange) -> ChatEvent:
    def build(seq: Seq) -> ChatEvent:
        return PinChanged(
            chat_id=member.chat_id,
            seq=seq,
            actor_id=member.user_id,
            at=rfc3339(tx.now),
            data=data,
        )

    change = chat_log.Change(
        chat_id=member.chat_id, actor_id=member.user_id, ref_seq=row.seq, data=data
    )
    return chat_log.append(tx, change, build)


def _store(tx: Transaction, member: Member, row: Row, pin_seq: Seq | None) -> None:
    if pin_seq is None:
        repository.unpin(tx, member.chat_id, row.seq)
        return
    repository.pin(
        tx,
        {
            "chat_id": member.chat_id,
            "seq": row.seq,
            "pin_seq": pin_seq,
            "pinned_by": member.user_id,
            "pinned_at": tx.now,
        },
    )


def _pins(reader: Reader, member: Member, rows: Sequence[Row]) -> list[Pin]:
    stored = reading.by_seqs(reader, member.chat_id, [row.seq for row in rows])
    shown = present(reader, member, [stored[row.seq] for row in rows])
    return [
        Pin(message=message, pinned_by=row.pinned_by, pinned_at=rfc3339(row.pinned_at))
        for row, message in zip(rows, shown, strict=True)
    ]
