"""Reading the log: what came after a position, and pages of messages around one."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import MAX_SEQ, ChatId, MessageId, Millis, Record, Seq
from uptc_messenger.models.chats import ChatSettings, Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import (
    ChangeUnknown,
    ChatDeleted,
    ChatEvent,
    ChatUpdate,
    ChatUpdated,
    MemberChange,
    MemberJoined,
    MemberLeft,
    MemberRole,
    MessageDeleted,
    MessageEdited,
    MessageNew,
    MessagePreviewed,
    Nothing,
    PinChange,
    PinChanged,
    ReactionChange,
    ReactionChanged,
)
from uptc_messenger.models.frames import Head
from uptc_messenger.models.messages import Message, MessagePage
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.chats import service as chats
from uptc_messenger.services.messages.presentation import Shared, present, present_to_all
from uptc_messenger.services.messages.repository import reading as repository
from uptc_messenger.toolkit.clock import rfc3339

FARTHEST: Final = 2_000
"""Changes that are worth replaying; further back, the newest page is cheaper for both."""

_WHOLE: Final[dict[str, type[MessageEdited | MessageDeleted | MessagePreviewed]]] = {
    "message.edited": MessageEdited,
    "message.deleted": MessageDeleted,
    "message.previewed": MessagePreviewed,
}
_DATA: Final[dict[str, tuple[type[Any], type[Any]]]] = {
    "reaction.changed": (ReactionChanged, ReactionChange),
    "member.joined": (MemberJoined, MemberChange),
    "member.left": (MemberLeft, MemberChange),
    "member.role": (MemberRole, MemberChange),
    "chat.updated": (ChatUpdated, ChatUpdate),
    "chat.deleted": (ChatDeleted, Nothing),
    "pin.changed": (PinChanged, PinChange),
}
_UNKNOWN: Final = (ChangeUnknown, Nothing)


class Slice(Record, frozen=True):
    """The log over (from_seq, to_seq]; with `reset` it is empty and the newest page is due."""

    from_seq: Seq
    to_seq: Seq
    items: list[ChatEvent]
    more: bool
    reset: bool


def begin_anew(reader: Reader, member: Member, after: Seq) -> Slice:
    """What is due to a position of another log: the newest page, and nothing after it."""
    head = repository.head(reader, member.chat_id)
    if head is None:
        raise NotFound
    return Slice(from_seq=after, to_seq=head.last_seq, items=[], more=False, reset=True)


class Missing(Record, frozen=True):
    """The log from a position to its `head`; with `reset` it is too much to read for others."""

    head: Head
    entries: list[ChatEvent]
    reset: bool


class _WholeChat(Record, frozen=True):
    """A chat as all its members share it."""

    chat_id: ChatId
    settings: ChatSettings


def events_after(reader: Reader, member: Member, after: Seq, limit: int) -> Slice:
    """Up to `limit` entries of the log after a position, oldest first, none left out.

    A position before what the member may read, before what is kept, further back than
    2,000 changes, or beyond the log (it was restored from an older copy) is a `reset`.
    """
    head = repository.head(reader, member.chat_id)
    if head is None:
        raise NotFound
    lowest = max(head.floor_seq, member.visible_after, head.last_seq - FARTHEST)
    if not lowest <= after <= head.last_seq:
        return begin_anew(reader, member, after)
    upto = min(after + limit, head.last_seq)
    items = _entries(reader, member, after, upto)
    return Slice(from_seq=after, to_seq=upto, items=items, more=upto < head.last_seq, reset=False)


def missing(reader: Reader, chat_id: ChatId, after: Seq, limit: int) -> Missing | None:
    """What the log of a chat has after a position, for all who follow it; None for no chat.

    The one reading without a `Member`: whoever delivers it has proved each receiver.
    """
    head = repository.head(reader, chat_id)
    settings = chats.settings(reader, chat_id)
    if head is None or settings is None:
        return None
    top = Head(chat_id=chat_id, seq=head.last_seq, n=head.last_n)
    if not max(head.floor_seq, head.last_seq - limit) <= after:
        return Missing(head=top, entries=[], reset=True)
    whole = _WholeChat(chat_id=chat_id, settings=settings)
    entries = _entries(reader, whole, after, head.last_seq) if after < head.last_seq else []
    return Missing(head=top, entries=entries, reset=False)


def changed_since(reader: Reader, since: Millis) -> set[ChatId]:
    """Chats with messages that were stamped after an instant."""
    return repository.changed_since(reader, since)


def _entries(reader: Reader, chat: Shared, after: Seq, upto: Seq) -> list[ChatEvent]:
    new = repository.forward(reader, chat.chat_id, after, upto + 1, upto - after)
    changes = chat_log.changes_between(reader, chat.chat_id, after, upto)
    named = {row.seq: row for row in new}
    changed = {row.ref_seq for row in changes if row.ref_seq} - named.keys()
    named |= repository.by_seqs(reader, chat.chat_id, changed)
    shown = {message.seq: message for message in present_to_all(reader, chat, [*named.values()])}
    entries: list[ChatEvent] = [_posted(shown[row.seq]) for row in new]
    entries += [_changed(row, shown) for row in changes]
    return sorted(entries, key=lambda entry: entry.seq)


def _posted(message: Message) -> MessageNew:
    return MessageNew(
        chat_id=message.chat_id,
        seq=message.seq,
        n=message.n,
        actor_id=message.sender_id,
        at=message.created_at,
        data=message,
    )


def _changed(row: Row, shown: dict[Seq, Message]) -> ChatEvent:
    at = rfc3339(row.created_at)
    place: dict[str, Any] = {
        "chat_id": row.chat_id,
        "seq": row.seq,
        "actor_id": row.actor_id,
        "at": at,
    }
    if (whole := _WHOLE.get(row.kind)) is not None:
        return whole(**place, data=shown[row.ref_seq])
    # While nodes are replaced one by one, a newer one may have written it.
    event, data = _DATA.get(row.kind, _UNKNOWN)
    try:
        return event(**place, data=read_stored(row.data or {}, data))
    except msgspec.ValidationError:
        return ChangeUnknown(**place, data=Nothing())


def newest(reader: Reader, member: Member, limit: int) -> MessagePage:
    """The newest page, oldest first."""
    return before(reader, member, MAX_SEQ, limit)


def before(reader: Reader, member: Member, seq: Seq, limit: int) -> MessagePage:
    """The page that ends before a position; `more` says that there is more before it."""
    rows, more = _older(reader, member, seq, limit)
    return MessagePage(messages=present(reader, member, rows), more=more)


def after(reader: Reader, member: Member, seq: Seq, limit: int) -> MessagePage:
    """The page that starts after a position; `more` says that there is more after it."""
    rows, more = _newer(reader, member, seq, limit)
    return MessagePage(messages=present(reader, member, rows), more=more, more_after=more)


def around(reader: Reader, member: Member, seq: Seq, limit: int) -> MessagePage:
    """The page with a position in its middle; `more` speaks of before, `more_after` of after."""
    older, more = _older(reader, member, seq + 1, limit - limit // 2)
    newer, more_after = _newer(reader, member, seq, limit // 2)
    rows = [*older, *newer]
    return MessagePage(messages=present(reader, member, rows), more=more, more_after=more_after)


def _older(reader: Reader, member: Member, seq: Seq, limit: int) -> tuple[Sequence[Row], bool]:
    rows = repository.backward(reader, member.chat_id, member.visible_after, seq, limit + 1)
    return rows[:limit][::-1], len(rows) > limit


def _newer(reader: Reader, member: Member, seq: Seq, limit: int) -> tuple[Sequence[Row], bool]:
    start = max(seq, member.visible_after)
    rows = repository.forward(reader, member.chat_id, start, MAX_SEQ, limit + 1)
    return rows[:limit], len(rows) > limit


def one(reader: Reader, member: Member, message_id: MessageId) -> Message:
    """A message as it is now; raises `NotFound`."""
    row = repository.by_id(reader, member.chat_id, message_id)
    if row is None or row.seq <= member.visible_after:
        raise NotFound("There is no such message.")
    return present(reader, member, [row])[0]


def last_messages(reader: Reader, members: Sequence[Member]) -> dict[ChatId, Message]:
    """The newest message of each of these chats that the member may read."""
    rows = {row.chat_id: row for row in repository.newest_of(reader, [m.chat_id for m in members])}
    readable = [
        (member, rows[member.chat_id])
        for member in members
        if member.chat_id in rows and rows[member.chat_id].seq > member.visible_after
    ]
    return {member.chat_id: present(reader, member, [row])[0] for member, row in readable}
