"""The SQL of messages that wait for their time: a person's own, like their drafts."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.schema import scheduled
from uptc_messenger.models.base import ChatId, MessageId, UserId

Rows = Sequence[sa.Row[Any]]
_USER: Final = scheduled.c.user_id == sa.bindparam("user")
_CHAT: Final = scheduled.c.chat_id == sa.bindparam("chat")
_ONE: Final = sa.and_(_USER, scheduled.c.id == sa.bindparam("message"))
_HOLD: Final = sa.select(scheduled).where(_ONE).with_for_update()
_ALL: Final = sa.select(scheduled).where(_USER).order_by(scheduled.c.send_at, scheduled.c.id)
_OF_CHAT: Final = _ALL.where(_CHAT)
_COUNT: Final = sa.select(sa.func.count()).select_from(scheduled).where(_USER)
_COUNTS: Final = (
    sa.select(scheduled.c.chat_id, sa.func.count().label("total"))
    .where(_USER)
    .group_by(scheduled.c.chat_id)
)
_WAITS: Final = scheduled.c.failure.is_(None)
_DUE: Final = (
    sa.select(scheduled.c.user_id, scheduled.c.id, scheduled.c.chat_id, scheduled.c.send_at)
    .where(_WAITS)
    .order_by(scheduled.c.send_at, scheduled.c.user_id, scheduled.c.id)
    .limit(sa.bindparam("limit"))
)
_ADD: Final = sa.insert(scheduled)
_SET: Final = (
    sa.update(scheduled)
    .where(_ONE)
    .values(
        body=sa.bindparam("new_body"),
        reply_to=sa.bindparam("new_reply_to"),
        file_ids=sa.bindparam("new_file_ids"),
        send_at=sa.bindparam("new_send_at"),
        failure=None,
    )
)
_FAIL: Final = sa.update(scheduled).where(_ONE).values(failure=sa.bindparam("why"))
_REMOVE: Final = sa.delete(scheduled).where(_ONE)


def hold(tx: Transaction, user_id: UserId, message_id: MessageId) -> sa.Row[Any] | None:
    """The row of `scheduled`, locked until the commit."""
    return tx.first(_HOLD, {"user": user_id, "message": message_id})


def every(reader: Reader, user_id: UserId, chat_id: ChatId | None) -> Rows:
    """What waits of a person, in one chat or in all, what is due first first."""
    if chat_id is None:
        return reader.all(_ALL, {"user": user_id})
    return reader.all(_OF_CHAT, {"user": user_id, "chat": chat_id})


def count(reader: Reader, user_id: UserId) -> int:
    """How many wait of a person."""
    return reader.value(_COUNT, {"user": user_id})


def counts(reader: Reader, user_id: UserId) -> dict[ChatId, int]:
    """How many wait of a person, by chat."""
    return {row.chat_id: row.total for row in reader.all(_COUNTS, {"user": user_id})}


def next_due(reader: Reader, limit: int) -> Rows:
    """(user_id, id, chat_id, send_at) of those of anybody whose time comes first."""
    return reader.all(_DUE, {"limit": limit})


def add(tx: Transaction, row: dict[str, Any]) -> None:
    """Store one: the columns of `scheduled`."""
    tx.run(_ADD, row)


def replace(tx: Transaction, user_id: UserId, message_id: MessageId, row: dict[str, Any]) -> None:
    """Set what is to be sent, and when; it then waits again."""
    names = ("body", "reply_to", "file_ids", "send_at")
    values = {f"new_{name}": row[name] for name in names}
    tx.run(_SET, {"user": user_id, "message": message_id, **values})


def fail(tx: Transaction, user_id: UserId, message_id: MessageId, failure: Any) -> None:  # noqa: ANN401
    """Note why one could not be sent: it is due no more."""
    tx.run(_FAIL, {"user": user_id, "message": message_id, "why": failure})


def remove(tx: Transaction, user_id: UserId, message_id: MessageId) -> None:
    tx.run(_REMOVE, {"user": user_id, "message": message_id})
