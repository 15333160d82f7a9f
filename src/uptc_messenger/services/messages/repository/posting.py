"""The SQL of a send: the same few statements for one message or for two hundred."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from uptc_messenger.database import Transaction
from uptc_messenger.database.lookups import DIALECTS, in_pairs
from uptc_messenger.database.prepared import Lookup, Write
from uptc_messenger.database.schema import chat_mentions, mentions, messages, user_chats
from uptc_messenger.models.base import ChatId, MessageId, Seq, UserId

Key = tuple[ChatId, MessageId]

_POSTED: Final = Lookup(
    {
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
    },
    by="pairs",
)
_QUOTED: Final = Lookup(
    {
        dialect: sa.select(
            messages.c.chat_id,
            messages.c.id,
            messages.c.seq,
            messages.c.sender_id,
            messages.c.body,
        ).where(in_pairs(dialect, messages.c.chat_id, messages.c.id))
        for dialect in DIALECTS
    },
    by="pairs",
)
_INSERT: Final = Write(
    sa.insert(messages),
    "chat_id",
    "seq",
    "n",
    "id",
    "sender_id",
    "kind",
    "body",
    "mentions",
    "file_ids",
    "reply_seq",
    "origin",
    "created_at",
    "digest",
)
_READ: Final = Write(
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


class Posted(NamedTuple):
    """What a retry is compared with."""

    chat_id: ChatId
    id: MessageId
    seq: Seq
    n: int
    sender_id: UserId
    created_at: int
    digest: bytes


class Quotable(NamedTuple):
    """A message that may be replied to."""

    chat_id: ChatId
    id: MessageId
    seq: Seq
    sender_id: UserId
    body: dict[str, str] | None


def posted(tx: Transaction, keys: Collection[Key]) -> dict[Key, Posted]:
    """Which of these messages there are already."""
    found = [Posted(*row) for row in tx.look_up(_POSTED, keys)]
    return {(row.chat_id, row.id): row for row in found}


def quoted(tx: Transaction, keys: Collection[Key]) -> dict[Key, Quotable]:
    """What may be replied to, with its body."""
    found = [Quotable(*row) for row in tx.look_up(_QUOTED, keys)]
    return {(row.chat_id, row.id): row for row in found}


def insert(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store messages: the columns of `messages`."""
    tx.write(_INSERT, rows)


def mark_read(tx: Transaction, marks: Sequence[tuple[UserId, ChatId, int]]) -> None:
    """Move read marks forward, never back."""
    tx.write(_READ, [{"user": user, "chat": chat, "mark": n} for user, chat, n in marks])


def mention(tx: Transaction, rows: Sequence[tuple[UserId, ChatId, Seq, int]]) -> None:
    """One row for each person mentioned."""
    tx.run(
        _MENTION,
        [{"user_id": user, "chat_id": chat, "seq": seq, "n": n} for user, chat, seq, n in rows],
    )


def mention_all(tx: Transaction, chat_id: ChatId, seq: Seq, n: int) -> None:
    """One row for a mention of everybody, however many they are."""
    tx.run(_MENTION_ALL, {"chat_id": chat_id, "seq": seq, "n": n})
