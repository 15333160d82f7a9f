"""Reading a conversation for its page: a slice at a time, as its reader may see it."""

from collections.abc import AsyncIterator, Sequence
from datetime import tzinfo
from typing import Final

from uptc_messenger.database import Database, Reader
from uptc_messenger.models.base import ChatId, Record, Seq, Timestamp, UserId
from uptc_messenger.models.chats import Chat
from uptc_messenger.models.errors import NotFound, Problem
from uptc_messenger.models.messages import Forwarded, Message, Quote
from uptc_messenger.services import users
from uptc_messenger.services.chats import access, presenting
from uptc_messenger.services.messages.export import document
from uptc_messenger.services.messages.export.document import Frame, Section
from uptc_messenger.services.messages.export.words import WORDS
from uptc_messenger.services.messages.presentation import present
from uptc_messenger.services.messages.repository import reading

SLICE: Final = 200
"""Messages that are read, and held in memory, at once."""


class Copy(Record, frozen=True):
    """A page to be written: whose, of what, and up to where."""

    user_id: UserId
    chat_id: ChatId
    frame: Frame
    first_seq: Seq
    head: Seq


class _Slice(Record, frozen=True):
    messages: list[Message]
    names: dict[UserId, str]


def plan(
    reader: Reader, user_id: UserId, chat_id: ChatId, zone: tzinfo, made_at: Timestamp
) -> Copy:
    """Decide what the copy holds: up to here, as the reader may read; raises `NotFound`."""
    member = access.require_member(reader, user_id, chat_id)
    chat = presenting.present_one(reader, user_id, chat_id)
    me = users.me(reader, user_id)
    frame = Frame(
        words=WORDS[me.locale],
        zone=zone,
        title=WORDS[me.locale].saved if chat.kind == "saved" else _title(reader, chat),
        topic=chat.topic,
        reader=me.display_name,
        made_at=made_at,
    )
    return Copy(
        user_id=user_id,
        chat_id=chat_id,
        frame=frame,
        first_seq=member.visible_after + 1,
        head=chat.seq,
    )


async def write(database: Database, copy: Copy) -> AsyncIterator[bytes]:
    """The page, piece by piece: memory does not grow with the conversation.

    Whether its reader may still read is asked for every piece. The page says so at its end
    when it could not be completed.
    """
    words = copy.frame.words
    yield document.begin(copy.frame).encode()
    section, after, note = Section(copy.frame), copy.first_seq - 1, words.empty
    while True:
        try:
            found = await database.scan(lambda reader, after=after: _read(reader, copy, after))
        except Problem:
            note = words.cut_off
            break
        if not found.messages:
            break
        pieces = [section.render(m, found.names, copy.first_seq) for m in found.messages]
        yield "".join(pieces).encode()
        after, note = found.messages[-1].seq, ""
    yield document.end(note).encode()


def _title(reader: Reader, chat: Chat) -> str:
    if chat.title is not None:
        return chat.title
    peer_id = chat.peer_id
    return users.profile(reader, peer_id).display_name if isinstance(peer_id, str) else ""


def _read(reader: Reader, copy: Copy, after: Seq) -> _Slice:
    member = access.require_member(reader, copy.user_id, copy.chat_id)
    if member.visible_after >= copy.first_seq:
        # Whoever left and came back, or whose history was closed meanwhile, reads less now.
        raise NotFound
    rows = reading.forward(reader, copy.chat_id, after, copy.head + 1, SLICE)
    messages = present(reader, member, rows)
    return _Slice(messages=messages, names=_names(reader, messages))


def _names(reader: Reader, messages: Sequence[Message]) -> dict[UserId, str]:
    wanted = {message.sender_id for message in messages}
    wanted |= {m.reply_to.sender_id for m in messages if isinstance(m.reply_to, Quote)}
    wanted |= {m.forwarded.sender_id for m in messages if isinstance(m.forwarded, Forwarded)}
    return {u: person.display_name for u, person in users.profiles(reader, wanted).items()}
