"""The SQL of how far each chat's log has been told, and to which of its members."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import each
from uptc_messenger.database.notices import notification_cursors
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import ChatId, Record, Seq, UserId

_CHAT: Final = notification_cursors.c.chat_id == sa.bindparam("chat")
_OF: Final = sa.select(notification_cursors).where(
    notification_cursors.c.chat_id.in_(sa.bindparam("ids", expanding=True))
)
_MOVE: Final = (
    sa.update(notification_cursors)
    .where(
        _CHAT,
        notification_cursors.c.seq == sa.bindparam("known"),
        notification_cursors.c.member_id.is_not_distinct_from(sa.bindparam("told", type_=ID)),
    )
    .values(
        seq=sa.bindparam("reached"), upto=sa.bindparam("until"), member_id=sa.bindparam("member")
    )
)
_DROP: Final = sa.delete(notification_cursors).where(_CHAT)


class Place(Record, frozen=True):
    """Told up to `seq` to everybody; from there to `upto` to the members up to `member_id`."""

    seq: Seq = 0
    upto: Seq | None = None
    member_id: UserId | None = None


def of(reader: Reader, chat_ids: Collection[ChatId]) -> dict[ChatId, Place]:
    """Where each of these chats stands; absent are those that were never begun."""
    return {
        row.chat_id: Place(seq=row.seq, upto=row.upto, member_id=row.member_id)
        for row in each(reader, _OF, chat_ids)
    }


def begin(tx: Transaction, chat_id: ChatId) -> None:
    """Make the cursor of a chat, before its first entry, where there is none."""
    tx.add_absent(notification_cursors, {"chat_id": chat_id, "seq": 0})


def move(tx: Transaction, chat_id: ChatId, known: Place, reached: Place) -> bool:
    """Move a cursor on from where it was known to be; False where another has moved it."""
    values = {
        "chat": chat_id,
        "known": known.seq,
        "told": known.member_id,
        "reached": reached.seq,
        "until": reached.upto,
        "member": reached.member_id,
    }
    return tx.run(_MOVE, values) > 0


def drop(tx: Transaction, chat_id: ChatId) -> None:
    tx.run(_DROP, {"chat": chat_id})
