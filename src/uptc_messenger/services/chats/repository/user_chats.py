"""The SQL of a person's own side of chats: which ones, how far read, what calls.

These tables are keyed by user and never joined with those keyed by chat.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import each, slices
from uptc_messenger.database.schema import mentions, user_chats
from uptc_messenger.models.base import ChatId, UserId

_USER: Final = user_chats.c.user_id == sa.bindparam("user")
_MARKS: Final = sa.select(user_chats.c.chat_id, user_chats.c.read_n).where(_USER)
_SOME: Final = sa.select(user_chats).where(
    _USER, user_chats.c.chat_id.in_(sa.bindparam("ids", expanding=True))
)
_CALLS: Final = (
    sa.select(mentions.c.chat_id, mentions.c.n)
    .join(
        user_chats,
        sa.and_(
            user_chats.c.user_id == mentions.c.user_id, user_chats.c.chat_id == mentions.c.chat_id
        ),
    )
    .where(
        mentions.c.user_id == sa.bindparam("user"),
        mentions.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
        mentions.c.n > user_chats.c.read_n,
    )
)
_ADD: Final = sa.insert(user_chats)
_REMOVE: Final = sa.delete(user_chats).where(
    user_chats.c.user_id.in_(sa.bindparam("ids", expanding=True)),
    user_chats.c.chat_id == sa.bindparam("chat"),
)
_FORGET_CALLS: Final = sa.delete(mentions).where(
    mentions.c.user_id.in_(sa.bindparam("ids", expanding=True)),
    mentions.c.chat_id == sa.bindparam("chat"),
)


def marks(reader: Reader, user_id: UserId) -> dict[ChatId, int]:
    """Every chat that the user is in, and up to which `n` it is read."""
    return {row.chat_id: row.read_n for row in reader.all(_MARKS, {"user": user_id})}


def some(
    reader: Reader, user_id: UserId, chat_ids: Collection[ChatId]
) -> dict[ChatId, sa.Row[Any]]:
    """The user's own rows of these chats."""
    return {row.chat_id: row for row in each(reader, _SOME, chat_ids, user=user_id)}


def unread_calls(
    reader: Reader, user_id: UserId, chat_ids: Collection[ChatId]
) -> Sequence[sa.Row[Any]]:
    """(chat_id, n) of the unread messages that mention the user by name."""
    return list(each(reader, _CALLS, chat_ids, user=user_id))


def add(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store chats of users: the columns of `user_chats`."""
    tx.run(_ADD, rows)


def remove(tx: Transaction, user_ids: Collection[UserId], chat_id: ChatId) -> None:
    """Take the chat, and mentions in it, from these users."""
    for part in slices(user_ids):
        tx.run(_REMOVE, {"ids": part, "chat": chat_id})
        tx.run(_FORGET_CALLS, {"ids": part, "chat": chat_id})
