"""The SQL of the indexer's cursors: up to which position of its log a chat is indexed."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.derived import search_cursors
from uptc_messenger.database.lookups import each
from uptc_messenger.models.base import ChatId, Seq

_TERMS: Final = 1
"""The number of the terms that the index has; it rises whenever those of a message change."""

ZERO: Final = _TERMS << 54
"""What is stored for 0: no position of a log is as large.

So a program of older terms takes each chat for indexed and leaves it alone, and what one has
indexed is indexed again.
"""

_CHAT: Final = search_cursors.c.chat_id == sa.bindparam("chat")
_OF: Final = sa.select(search_cursors).where(
    search_cursors.c.chat_id.in_(sa.bindparam("ids", expanding=True))
)
_MOVE: Final = (
    sa.update(search_cursors)
    .where(_CHAT, search_cursors.c.seq == sa.bindparam("known"))
    .values(seq=sa.bindparam("reached"))
)
_ANEW: Final = (
    sa.update(search_cursors)
    .where(_CHAT, search_cursors.c.seq < sa.bindparam("zero"))
    .values(seq=sa.bindparam("zero"))
)
_DROP: Final = sa.delete(search_cursors).where(_CHAT)
_DROP_ALL: Final = sa.delete(search_cursors)


def of(reader: Reader, chat_ids: Collection[ChatId]) -> dict[ChatId, Seq]:
    """How far each of these chats is indexed; absent are those that were never begun."""
    return {row.chat_id: max(row.seq - ZERO, 0) for row in each(reader, _OF, chat_ids)}


def begin(tx: Transaction, chat_id: ChatId) -> None:
    """Make the cursor of a chat, at 0, where there is none of these terms."""
    tx.run(_ANEW, {"chat": chat_id, "zero": ZERO})
    tx.add_absent(search_cursors, {"chat_id": chat_id, "seq": ZERO})


def move(tx: Transaction, chat_id: ChatId, known: Seq, reached: Seq) -> bool:
    """Move a cursor on from where it was known to be; False where another has moved it."""
    places = {"known": ZERO + known, "reached": ZERO + reached}
    return tx.run(_MOVE, {"chat": chat_id, **places}) > 0


def drop(tx: Transaction, chat_id: ChatId) -> None:
    tx.run(_DROP, {"chat": chat_id})


def drop_all(tx: Transaction) -> None:
    tx.run(_DROP_ALL)
