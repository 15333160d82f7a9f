"""The SQL of a person's own side of chats: which ones, how far read, what calls.

These tables are keyed by user and never joined with those keyed by chat.
"""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import DIALECTS, each, in_pairs, slices
from uptc_messenger.database.schema import drafts, mentions, user_chats
from uptc_messenger.models.base import ChatId, Seq, UserId

_USER: Final = user_chats.c.user_id == sa.bindparam("user")
_MARKS: Final = sa.select(user_chats.c.chat_id, user_chats.c.read_n).where(_USER)
_JOINED: Final = sa.select(user_chats.c.chat_id, user_chats.c.joined_seq).where(_USER)
_SOME: Final = sa.select(user_chats).where(
    _USER, user_chats.c.chat_id.in_(sa.bindparam("ids", expanding=True))
)
_READ: Final = {
    dialect: sa.select(user_chats.c.user_id, user_chats.c.chat_id, user_chats.c.read_n).where(
        in_pairs(dialect, user_chats.c.user_id, user_chats.c.chat_id)
    )
    for dialect in DIALECTS
}
_OF_CHAT: Final = sa.select(user_chats).where(
    user_chats.c.chat_id == sa.bindparam("chat"),
    user_chats.c.user_id.in_(sa.bindparam("ids", expanding=True)),
)
_CALLS: Final = (
    sa.select(mentions.c.chat_id, mentions.c.seq, mentions.c.n)
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
_MINE: Final = sa.and_(_USER, user_chats.c.chat_id == sa.bindparam("chat"))
_HOLD: Final = sa.select(user_chats).where(_MINE).with_for_update()
_PREFER: Final = (
    sa.update(user_chats)
    .where(_MINE)
    .values(
        level=sa.bindparam("new_level"),
        muted_until=sa.bindparam("new_muted_until"),
        pinned=sa.bindparam("new_pinned"),
        archived=sa.bindparam("new_archived"),
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
_FORGET_DRAFTS: Final = sa.delete(drafts).where(
    drafts.c.user_id.in_(sa.bindparam("ids", expanding=True)),
    drafts.c.chat_id == sa.bindparam("chat"),
)


def marks(reader: Reader, user_id: UserId) -> dict[ChatId, int]:
    """Every chat that the user is in, and up to which `n` it is read."""
    return {row.chat_id: row.read_n for row in reader.all(_MARKS, {"user": user_id})}


def some(
    reader: Reader, user_id: UserId, chat_ids: Collection[ChatId]
) -> dict[ChatId, sa.Row[Any]]:
    """The user's own rows of these chats."""
    return {row.chat_id: row for row in each(reader, _SOME, chat_ids, user=user_id)}


def read_n(
    reader: Reader, places: Collection[tuple[UserId, ChatId]]
) -> dict[tuple[UserId, ChatId], int]:
    """How far these people have read these chats; absent is who is not in it."""
    query, found = _READ[reader.dialect], dict[tuple[UserId, ChatId], int]()
    for part in slices(places):
        users, ids = zip(*part, strict=True)
        values = {"pairs": part, "firsts": list(users), "seconds": list(ids)}
        found |= {(row.user_id, row.chat_id): row.read_n for row in reader.all(query, values)}
    return found


def of_chat(reader: Reader, chat_id: ChatId, user_ids: Collection[UserId]) -> Sequence[sa.Row[Any]]:
    """These users' own rows of one chat."""
    return list(each(reader, _OF_CHAT, user_ids, chat=chat_id))


def memberships(reader: Reader, user_id: UserId) -> dict[ChatId, Seq]:
    """The chats of a user, each with the position after which the user came."""
    return {row.chat_id: row.joined_seq for row in reader.all(_JOINED, {"user": user_id})}


def unread_calls(
    reader: Reader, user_id: UserId, chat_ids: Collection[ChatId]
) -> Sequence[sa.Row[Any]]:
    """(chat_id, seq, n) of the unread messages that mention the user by name."""
    return list(each(reader, _CALLS, chat_ids, user=user_id))


def hold(tx: Transaction, user_id: UserId, chat_id: ChatId) -> sa.Row[Any] | None:
    """The user's own row of a chat, locked until the commit."""
    return tx.first(_HOLD, {"user": user_id, "chat": chat_id})


def prefer(tx: Transaction, user_id: UserId, chat_id: ChatId, values: dict[str, Any]) -> None:
    """Set level, muted_until, pinned and archived."""
    new = {f"new_{name}": value for name, value in values.items()}
    tx.run(_PREFER, {"user": user_id, "chat": chat_id, **new})


def add(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store chats of users: the columns of `user_chats`, as loud as all that they leave alone."""
    tx.run(_ADD, [{"level": "default", **row} for row in rows])


def remove(tx: Transaction, user_ids: Collection[UserId], chat_id: ChatId) -> None:
    """Take the chat, with mentions and drafts in it, from these users."""
    for part in slices(user_ids):
        tx.run(_REMOVE, {"ids": part, "chat": chat_id})
        tx.run(_FORGET_CALLS, {"ids": part, "chat": chat_id})
        tx.run(_FORGET_DRAFTS, {"ids": part, "chat": chat_id})
