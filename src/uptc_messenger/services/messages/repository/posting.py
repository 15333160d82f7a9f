"""The SQL of a send: the same few statements for one message or for two hundred."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Transaction
from uptc_messenger.database.lookups import DIALECTS, in_pairs
from uptc_messenger.database.schema import chat_mentions, mentions, messages, user_chats
from uptc_messenger.models.base import ChatId, MessageId, Seq, UserId

_POSTED: Final = {
    dialect: sa.select(
        messages.c.chat_id,
        messages.c.id,
        messages.c.seq,
        messages.c.n,
        messages.c.sender_id,
        messages.c.created_at,
        messages.c.digest,
    ).where(in_pairs(dialect, messages.c.chat_id, messages.c.id))
    for dialect in DIALECTS
}
_QUOTED: Final = {
    dialect: sa.select(
        messages.c.chat_id,
        messages.c.id,
        messages.c.seq,
        messages.c.sender_id,
        messages.c.body,
    ).where(in_pairs(dialect, messages.c.chat_id, messages.c.id))
    for dialect in DIALECTS
}
_INSERT: Final = sa.insert(messages)
_READ: Final = (
    sa.update(user_chats)
    .where(
        user_chats.c.user_id == sa.bindparam("user"),
        user_chats.c.chat_id == sa.bindparam("chat"),
        user_chats.c.read_n < sa.bindparam("mark"),
    )
    .values(read_n=sa.bindparam("mark"))
)
_MENTION: Final = sa.insert(mentions)
_MENTION_ALL: Final = sa.insert(chat_mentions)


def posted(
    tx: Transaction, keys: Collection[tuple[ChatId, MessageId]]
) -> dict[tuple[ChatId, MessageId], sa.Row[Any]]:
    """Which of these messages there are already."""
    rows = tx.all(_POSTED[tx.dialect], {"pairs": list(keys)})
    return {(row.chat_id, row.id): row for row in rows}


def quoted(
    tx: Transaction, keys: Collection[tuple[ChatId, MessageId]]
) -> dict[tuple[ChatId, MessageId], sa.Row[Any]]:
    """What may be replied to, with its body."""
    if not keys:
        return {}
    rows = tx.all(_QUOTED[tx.dialect], {"pairs": list(keys)})
    return {(row.chat_id, row.id): row for row in rows}


def insert(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store messages: the columns of `messages`."""
    tx.run(_INSERT, rows)


def mark_read(tx: Transaction, marks: Sequence[tuple[UserId, ChatId, int]]) -> None:
    """Move read marks forward, never back."""
    tx.run(_READ, [{"user": user, "chat": chat, "mark": n} for user, chat, n in marks])


def mention(tx: Transaction, rows: Sequence[tuple[UserId, ChatId, Seq, int]]) -> None:
    """One row for each person mentioned."""
    tx.run(
        _MENTION,
        [{"user_id": user, "chat_id": chat, "seq": seq, "n": n} for user, chat, seq, n in rows],
    )


def mention_all(tx: Transaction, chat_id: ChatId, seq: Seq, n: int) -> None:
    """One row for a mention of everybody, however many they are."""
    tx.run(_MENTION_ALL, {"chat_id": chat_id, "seq": seq, "n": n})
