"""Chats as one of their members sees them."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec import UNSET, UnsetType

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, Millis, Record, UserId, WireChatId
from uptc_messenger.models.chats import Chat, ChatSettings, Draft, Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.messages import Message
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.chats import access, finding, service
from uptc_messenger.services.chats.repository import chats, drafts, members, scheduled, user_chats
from uptc_messenger.toolkit.clock import rfc3339

LastMessages = Callable[[Reader, Sequence[Member]], Mapping[ChatId, Message]]
"""The newest message of each member's chat that the member may read."""


class Place(Record, frozen=True):
    """Where a page of the list of chats ended."""

    updated_at: Millis
    chat_id: WireChatId


def without_messages(reader: Reader, members: Sequence[Member]) -> Mapping[ChatId, Message]:
    """`LastMessages` where nobody asks for them."""
    del reader, members
    return {}


def present(
    reader: Reader,
    user_id: UserId,
    chat_ids: Sequence[ChatId],
    last_messages: LastMessages = without_messages,
) -> list[Chat]:
    """These chats as the user sees them, in the order given; absent where not a member."""
    proofs = access.find_members(reader, [(user_id, chat_id) for chat_id in chat_ids])
    mine = {member.chat_id: member for member in proofs.values()}
    rows = chats.full(reader, mine)
    own = user_chats.some(reader, user_id, mine)
    last = last_messages(reader, list(mine.values()))
    found = [_chat(mine[c], rows[c], own[c]) for c in chat_ids if c in mine]
    return _complete(reader, user_id, found, last)


def present_one(
    reader: Reader,
    user_id: UserId,
    chat_id: ChatId,
    last_messages: LastMessages = without_messages,
) -> Chat:
    """One chat as the user sees it; raises `NotFound`."""
    found = present(reader, user_id, [chat_id], last_messages)
    if not found:
        raise NotFound
    return found[0]


def page(
    reader: Reader, user_id: UserId, after: Place | None, limit: int, typed: str = ""
) -> tuple[list[ChatId], Place | None]:
    """The next of the user's chats, latest activity first, and where that page ends.

    With `typed` only of those that are called so. The place is None where no more follow.
    """
    mine = finding.find(reader, user_id, typed) if typed else service.chat_ids(reader, user_id)
    rows = sorted(
        chats.heads(reader, mine),
        key=lambda row: (row.updated_at, row.id),
        reverse=True,
    )
    if after is not None:
        ended = (after.updated_at, after.chat_id)
        rows = [row for row in rows if (row.updated_at, row.id) < ended]
    shown = rows[:limit]
    more = len(rows) > limit
    end = Place(updated_at=shown[-1].updated_at, chat_id=shown[-1].id) if more else None
    return [row.id for row in shown], end


def _chat(member: Member, row: Row, own: Row) -> Chat:
    return Chat(
        chat_id=member.chat_id,
        kind=member.kind,
        title=row.title,
        topic=row.topic,
        role=member.role,
        seq=row.last_seq,
        n=row.last_n,
        read_n=own.read_n,
        mentions=0,
        member_count=row.member_count,
        settings=read_stored(row.settings, ChatSettings),
        level=own.level,
        pinned=own.pinned,
        archived=own.archived,
        updated_at=rfc3339(row.updated_at),
        picture_file_id=UNSET if row.picture_file_id is None else row.picture_file_id,
        muted_until=UNSET if own.muted_until is None else rfc3339(own.muted_until),
    )


def _complete(
    reader: Reader, user_id: UserId, found: list[Chat], last: Mapping[ChatId, Message]
) -> list[Chat]:
    unread = {chat.chat_id: chat.read_n for chat in found if chat.n > chat.read_n}
    calls = service.unread_mentions(reader, user_id, unread)
    direct = [chat.chat_id for chat in found if chat.kind == "direct"]
    peers = members.peers(reader, user_id, direct)
    waiting = scheduled.counts(reader, user_id)
    begun = drafts.some(reader, user_id, [chat.chat_id for chat in found])
    return [
        msgspec.structs.replace(
            chat,
            mentions=calls.get(chat.chat_id, 0),
            peer_id=peers.get(chat.chat_id, UNSET),
            last_message=last.get(chat.chat_id, UNSET),
            draft=_draft(begun.get(chat.chat_id)),
            scheduled=waiting.get(chat.chat_id, UNSET),
        )
        for chat in found
    ]


def _draft(row: Row | None) -> Draft | UnsetType:
    return UNSET if row is None else Draft(text=row.text, version=row.version)
