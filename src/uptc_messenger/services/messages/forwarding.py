"""Forwarding: the server copies what the log says, so nobody can put words in another's mouth."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, FileId, MessageId, Millis, Record, Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.messages import Body, MessageRef, Origin
from uptc_messenger.services.chats import access
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.services.messages.repository.posting import Key

Members = Mapping[tuple[UserId, ChatId], Member]
# No answer goes to it: what is forwarded can never be taken for what was written.
_FORWARD: Final = "\0forward"


class Forward(Record, frozen=True):
    """A message to send that says what another says: who, where, under which id, what."""

    author_id: UserId
    chat_id: ChatId
    message_id: MessageId
    source: MessageRef

    @property
    def key(self) -> Key:
        """What makes a retry the same message."""
        return self.chat_id, self.message_id

    @property
    def source_key(self) -> Key:
        """The message that is copied."""
        return self.source.chat_id, self.source.message_id

    @property
    def digest(self) -> bytes:
        """16 bytes that differ where the source does, whatever became of its text since."""
        content = f"{_FORWARD}\0{self.source.chat_id}\0{self.source.message_id}"
        return hashlib.blake2b(content.encode(), digest_size=16).digest()


class Source(NamedTuple):
    """What may be copied of a message."""

    chat_id: ChatId
    seq: Seq
    sender_id: UserId
    body: Body | None
    file_ids: tuple[FileId, ...]
    origin: dict[str, Any] | None
    created_at: Millis

    @property
    def first(self) -> dict[str, Any]:
        """The column `origin` of a copy: of a message that is a copy itself, where that is from."""
        return self.origin or {
            "chat_id": self.chat_id,
            "seq": self.seq,
            "sender_id": self.sender_id,
            "sent_at": self.created_at,
        }


def sources(reader: Reader, forwards: Collection[Forward]) -> dict[Key, Source]:
    """The messages that are to be copied, as far as they exist."""
    if not forwards:
        return {}
    rows = reading.by_ids(reader, {forward.source_key for forward in forwards})
    return {(row.chat_id, row.id): _source(row) for row in rows}


def require_source(forward: Forward, members: Members, found: Mapping[Key, Source]) -> Source:
    """What the author of the forward may read now; raises `NotFound`, as for no message."""
    member = members.get((forward.author_id, forward.source.chat_id))
    source = found.get(forward.source_key)
    if member is None or source is None or source.seq <= member.visible_after:
        raise NotFound("The message to forward is not there.")
    return source


def origin(reader: Reader, member: Member, message_id: MessageId) -> Origin:
    """Where a forwarded message was first written, for a reader who may read it there too.

    Raises `NotFound`, the same whether it was not forwarded, is gone, or is not theirs to see.
    """
    row = reading.by_id(reader, member.chat_id, message_id)
    if row is None or row.seq <= member.visible_after or row.origin is None:
        raise NotFound
    chat_id, seq = row.origin["chat_id"], row.origin["seq"]
    there = access.require_member(reader, member.user_id, chat_id)
    first = reading.by_seqs(reader, chat_id, [seq]).get(seq)
    if first is None or first.deleted or first.seq <= there.visible_after:
        raise NotFound
    return Origin(chat_id=chat_id, message_id=first.id, seq=seq)


def _source(row: Row) -> Source:
    return Source(
        chat_id=row.chat_id,
        seq=row.seq,
        sender_id=row.sender_id,
        body=None if row.deleted else Body(text=row.body["text"]),
        file_ids=tuple(row.file_ids or ()),
        origin=row.origin,
        created_at=row.created_at,
    )
