"""The SQL of changing what was posted, and of read marks."""

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.schema import messages, pins, reactions, revisions, user_chats
from uptc_messenger.models.base import ChatId, Seq, UserId

_MESSAGE: Final = sa.and_(
    messages.c.chat_id == sa.bindparam("chat"), messages.c.seq == sa.bindparam("at_seq")
)
_UPDATE: Final = (
    sa.update(messages)
    .where(_MESSAGE)
    .values(
        body=sa.bindparam("body"),
        mentions=sa.bindparam("mentions"),
        revision=sa.bindparam("revision"),
        edited_at=sa.bindparam("edited_at"),
        deleted=sa.bindparam("deleted"),
        preview=sa.bindparam("preview"),
    )
)
_SET_PREVIEW: Final = sa.update(messages).where(_MESSAGE).values(preview=sa.bindparam("shown"))
_KEEP: Final = sa.insert(revisions)
_FORGET_ORIGIN: Final = sa.update(messages).where(_MESSAGE).values(origin=None)
_FORGET: Final = sa.delete(revisions).where(
    revisions.c.chat_id == sa.bindparam("chat"), revisions.c.seq == sa.bindparam("at_seq")
)
_UNPIN: Final = sa.delete(pins).where(
    pins.c.chat_id == sa.bindparam("chat"), pins.c.seq == sa.bindparam("at_seq")
)
_ON_MESSAGE: Final = sa.and_(
    reactions.c.chat_id == sa.bindparam("chat"), reactions.c.seq == sa.bindparam("at_seq")
)
_MINE: Final = sa.and_(
    _ON_MESSAGE,
    reactions.c.emoji == sa.bindparam("emoji"),
    reactions.c.user_id == sa.bindparam("user"),
)
_REACT: Final = sa.insert(reactions)
_UNREACT: Final = sa.delete(reactions).where(_MINE)
_UNREACT_ALL: Final = sa.delete(reactions).where(_ON_MESSAGE)
_REACTED: Final = sa.select(sa.literal(1)).where(_MINE)
_COUNT: Final = (
    sa.select(sa.func.count())
    .select_from(reactions)
    .where(_ON_MESSAGE, reactions.c.emoji == sa.bindparam("emoji"))
)
_KINDS: Final = sa.select(reactions.c.emoji).where(_ON_MESSAGE).distinct()
_MARK: Final = sa.and_(
    user_chats.c.user_id == sa.bindparam("user"), user_chats.c.chat_id == sa.bindparam("chat")
)
_READ: Final = sa.select(user_chats.c.read_n).where(_MARK)
_READS: Final = sa.select(user_chats.c.user_id, user_chats.c.read_n).where(
    user_chats.c.user_id.in_(sa.bindparam("users", expanding=True)),
    user_chats.c.chat_id == sa.bindparam("chat"),
)
_SET_READ: Final = sa.update(user_chats).where(_MARK).values(read_n=sa.bindparam("mark"))


def update(tx: Transaction, chat_id: ChatId, seq: Seq, values: dict[str, Any]) -> None:
    """Set body, mentions, revision, edited_at, deleted and preview of one message."""
    tx.run(_UPDATE, {"chat": chat_id, "at_seq": seq, **values})


def set_preview(tx: Transaction, chat_id: ChatId, seq: Seq, shown: Any) -> None:  # noqa: ANN401
    """Set what is stored of the preview of one message: a struct."""
    tx.run(_SET_PREVIEW, {"chat": chat_id, "at_seq": seq, "shown": shown})


def keep_revision(tx: Transaction, row: dict[str, Any]) -> None:
    """Store what a message said before an edit: the columns of `revisions`."""
    tx.run(_KEEP, row)


def forget(tx: Transaction, chat_id: ChatId, seq: Seq) -> None:
    """Remove earlier texts, reactions, the pin and the origin of a message that is deleted."""
    tx.run(_FORGET, {"chat": chat_id, "at_seq": seq})
    tx.run(_UNREACT_ALL, {"chat": chat_id, "at_seq": seq})
    tx.run(_UNPIN, {"chat": chat_id, "at_seq": seq})
    tx.run(_FORGET_ORIGIN, {"chat": chat_id, "at_seq": seq})


def has_reacted(reader: Reader, key: dict[str, Any]) -> bool:
    """Whether the reaction of chat, at_seq, emoji, user is there."""
    return reader.first(_REACTED, key) is not None


def react(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a reaction: the columns of `reactions`."""
    tx.run(_REACT, row)


def unreact(tx: Transaction, key: dict[str, Any]) -> None:
    """Remove the reaction of chat, at_seq, emoji, user."""
    tx.run(_UNREACT, key)


def count(reader: Reader, chat_id: ChatId, seq: Seq, emoji: str) -> int:
    """How many people reacted so."""
    return reader.value(_COUNT, {"chat": chat_id, "at_seq": seq, "emoji": emoji}) or 0


def emojis(reader: Reader, chat_id: ChatId, seq: Seq) -> set[str]:
    """The different reactions to a message."""
    return {row[0] for row in reader.all(_KINDS, {"chat": chat_id, "at_seq": seq})}


def read_mark(reader: Reader, user_id: UserId, chat_id: ChatId) -> int | None:
    """Up to which `n` the user has read; None for who is not in the chat."""
    return reader.value(_READ, {"user": user_id, "chat": chat_id})


def read_marks(reader: Reader, chat_id: ChatId, user_ids: Collection[UserId]) -> dict[UserId, int]:
    """Up to which `n` each of these members has read."""
    if not user_ids:
        return {}
    rows = reader.all(_READS, {"chat": chat_id, "users": list(user_ids)})
    return {row.user_id: row.read_n for row in rows}


def set_read_mark(tx: Transaction, user_id: UserId, chat_id: ChatId, n: int) -> None:
    tx.run(_SET_READ, {"user": user_id, "chat": chat_id, "mark": n})
