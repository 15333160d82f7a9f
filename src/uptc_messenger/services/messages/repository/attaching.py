"""The SQL of what hangs on messages: which files, in which chats."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.file_tables import attachments
from uptc_messenger.database.prepared import Write
from uptc_messenger.database.schema import chats, members, messages
from uptc_messenger.models.base import ChatId, FileId, Seq, UserId

Rows = Sequence[sa.Row[Any]]
_CHAT: Final = attachments.c.chat_id == sa.bindparam("chat")
_ON_MESSAGE: Final = sa.and_(_CHAT, attachments.c.seq == sa.bindparam("at_seq"))
_INSERT: Final = Write(sa.insert(attachments), "chat_id", "seq", "position", "file_id", "kind")
_OF_MESSAGE: Final = sa.select(attachments.c.file_id).where(_ON_MESSAGE)
_DETACH: Final = sa.delete(attachments).where(_ON_MESSAGE)
_DETACH_ONE: Final = sa.delete(attachments).where(
    _ON_MESSAGE, attachments.c.position == sa.bindparam("place")
)
_BARE: Final = (
    sa.update(messages)
    .where(messages.c.chat_id == sa.bindparam("chat"), messages.c.seq == sa.bindparam("at_seq"))
    .values(file_ids=None)
)
_PLACES: Final = (
    sa.select(attachments.c.chat_id, sa.func.max(attachments.c.seq).label("seq"))
    .where(
        attachments.c.file_id == sa.bindparam("file"),
        attachments.c.chat_id > sa.bindparam("after"),
        sa.exists().where(
            members.c.chat_id == attachments.c.chat_id,
            members.c.user_id == sa.bindparam("user"),
            members.c.left_seq.is_(None),
        ),
    )
    .group_by(attachments.c.chat_id)
    .order_by(attachments.c.chat_id)
    .limit(sa.bindparam("limit"))
)
_BEFORE: Final = sa.or_(
    attachments.c.seq < sa.bindparam("before_seq"),
    sa.and_(
        attachments.c.seq == sa.bindparam("before_seq"),
        attachments.c.position > sa.bindparam("after_position"),
    ),
)
_PAGE: Final = (
    sa.select(
        attachments.c.seq,
        attachments.c.position,
        attachments.c.file_id,
        messages.c.id,
        messages.c.sender_id,
        messages.c.created_at,
    )
    .join(
        messages,
        sa.and_(messages.c.chat_id == attachments.c.chat_id, messages.c.seq == attachments.c.seq),
    )
    .where(
        _CHAT,
        attachments.c.kind.in_(sa.bindparam("kinds", expanding=True)),
        attachments.c.seq > sa.bindparam("after_seq"),
        _BEFORE,
    )
    .order_by(attachments.c.seq.desc(), attachments.c.position)
    .limit(sa.bindparam("limit"))
)
_SOME: Final = sa.select(attachments.c.seq).where(_CHAT).limit(sa.bindparam("limit"))
# From the chats: those that are deleted are few, and each costs one look into the key.
_GONE: Final = (
    sa.select(chats.c.id)
    .where(chats.c.deleted, sa.exists().where(attachments.c.chat_id == chats.c.id))
    .limit(sa.bindparam("limit"))
)


def attach(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store which files hang on which messages: the columns of `attachments`."""
    tx.write(_INSERT, rows)


def files_of(reader: Reader, chat_id: ChatId, seq: Seq) -> list[FileId]:
    """The files of a message."""
    return [row.file_id for row in reader.all(_OF_MESSAGE, {"chat": chat_id, "at_seq": seq})]


def detach(tx: Transaction, chat_id: ChatId, seq: Seq) -> None:
    """Take the files off a message."""
    tx.run(_DETACH, {"chat": chat_id, "at_seq": seq})
    tx.run(_BARE, {"chat": chat_id, "at_seq": seq})


def detach_one(tx: Transaction, chat_id: ChatId, seq: Seq, position: int) -> None:
    """Take one file off a message, which is none of `file_ids`."""
    tx.run(_DETACH_ONE, {"chat": chat_id, "at_seq": seq, "place": position})


def places(reader: Reader, file_id: FileId, user_id: UserId, after: ChatId, limit: int) -> Rows:
    """(chat_id, seq): a member's chats with a file by their ids, and its newest place there."""
    values = {"file": file_id, "user": user_id, "after": after, "limit": limit}
    return reader.all(_PLACES, values)


def page(reader: Reader, chat_id: ChatId, kinds: Collection[str], at: dict[str, int]) -> Rows:
    """(seq, position, file_id, id, sender_id, created_at) of files of these kinds, newest first.

    `at` holds after_seq, before_seq, after_position and limit.
    """
    return reader.all(_PAGE, {"chat": chat_id, "kinds": list(kinds), **at})


def some(reader: Reader, chat_id: ChatId, limit: int) -> set[Seq]:
    """Some of the messages of a chat that have files."""
    return {row.seq for row in reader.all(_SOME, {"chat": chat_id, "limit": limit})}


def deleted_chats(reader: Reader, limit: int) -> list[ChatId]:
    """Chats that are no more and have files."""
    return [row.id for row in reader.all(_GONE, {"limit": limit})]
