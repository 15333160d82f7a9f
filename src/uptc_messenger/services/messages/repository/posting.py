"""The SQL of a send: the same few statements for one message or for two hundred."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from uptc_messenger.database import Transaction
from uptc_messenger.database.driven import Rows
from uptc_messenger.database.lookups import DIALECTS, in_pairs
from uptc_messenger.database.prepared import Lookup, Write
from uptc_messenger.database.schema import chat_mentions, mentions, messages, user_chats
from uptc_messenger.database.together import Asked, Written
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
    "scheduled",
    "created_at",
    "digest",
)
# The row is there, for the author is a member. As an INSERT that finds it there, this takes
# arrays and sees the row as it is now, also where another node has just changed it.
_MARKS: Final = {"sqlite": sqlite.insert(user_chats), "postgresql": postgresql.insert(user_chats)}
_READ: Final = Write(
    {
        dialect: mark.on_conflict_do_update(
            index_elements=["user_id", "chat_id"],
            set_={"read_n": mark.excluded.read_n},
            where=user_chats.c.read_n < mark.excluded.read_n,
        )
        for dialect, mark in _MARKS.items()
    },
    "user_id",
    "chat_id",
    "read_n",
)
_READ_NEXT: Final = (
    sa.update(user_chats)
    .where(
        user_chats.c.user_id == sa.bindparam("user"),
        user_chats.c.chat_id == sa.bindparam("chat"),
        user_chats.c.read_n == sa.bindparam("before"),
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


def asked(keys: Collection[Key], replied: Collection[Key]) -> Sequence[Asked]:
    """Which of these messages there are already, and what may be replied to, with its body."""
    return (_POSTED, keys), (_QUOTED, replied)


def found(answers: Sequence[Rows]) -> tuple[dict[Key, Posted], dict[Key, Quotable]]:
    """What came of `asked`."""
    posted, quoted = answers
    there, quotable = [Posted(*row) for row in posted], [Quotable(*row) for row in quoted]
    return {row[:2]: row for row in there}, {row[:2]: row for row in quotable}


def insert(
    tx: Transaction,
    rows: Sequence[dict[str, Any]],
    marks: Collection[tuple[UserId, ChatId, int]],
    heads: Written,
) -> None:
    """Store messages, the columns of `messages`, and with them the heads of their chats.

    Read marks move forward, never back.
    """
    read = [{"user_id": user, "chat_id": chat, "read_n": n} for user, chat, n in sorted(marks)]
    tx.write_all([(_INSERT, rows), heads, (_READ, read)])


def mark_next(tx: Transaction, marks: Sequence[tuple[UserId, ChatId, int]]) -> None:
    """Move read marks on by one message, where everything before it is read."""
    tx.run(
        _READ_NEXT,
        [{"user": user, "chat": chat, "before": n - 1, "mark": n} for user, chat, n in marks],
    )


def mention(tx: Transaction, rows: Sequence[tuple[UserId, ChatId, Seq, int]]) -> None:
    """One row for each person mentioned."""
    tx.run(
        _MENTION,
        [{"user_id": user, "chat_id": chat, "seq": seq, "n": n} for user, chat, seq, n in rows],
    )


def mention_all(tx: Transaction, chat_id: ChatId, seq: Seq, n: int) -> None:
    """One row for a mention of everybody, however many they are."""
    tx.run(_MENTION_ALL, {"chat_id": chat_id, "seq": seq, "n": n})
