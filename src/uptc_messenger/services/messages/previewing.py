"""Showing the page behind a link, and showing it no more: each one entry of the log.

Every member here is proved under the chat's lock (`access.hold`).
"""

from msgspec import structs

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import ChatId, MessageId, Millis, Record, Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import Forbidden
from uptc_messenger.models.events import MessagePreviewed
from uptc_messenger.models.frames import Head
from uptc_messenger.models.messages import Changed
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.files import holding
from uptc_messenger.services.messages import attachments, indexing, previews
from uptc_messenger.services.messages.changing import locked, tell
from uptc_messenger.services.messages.previews import Kept
from uptc_messenger.services.messages.repository import changing as repository
from uptc_messenger.services.messages.repository import reading


class Linked(Record, frozen=True):
    """A message whose first link has no preview yet."""

    chat_id: ChatId
    message_id: MessageId
    author_id: UserId
    url: str


def lacking(reader: Reader, chat_id: ChatId, seq: Seq) -> Linked | None:
    """The message at this place, if it has a link and nothing is stored of its preview."""
    row = reading.by_seqs(reader, chat_id, [seq]).get(seq)
    url = previews.subject(row) if row is not None and row.preview is None else None
    if row is None or url is None:
        return None
    return Linked(chat_id=chat_id, message_id=row.id, author_id=row.sender_id, url=url)


def linked_after(reader: Reader, head: Head, after: Seq, since: Millis) -> list[Seq]:
    """The messages that may have a link, were sent since, and were posted or changed after it.

    `after` is to be near the end of the log: all of it is read.
    """
    found = indexing.stretch(reader, head, after, head.seq - after)
    fresh = (said for said in found.said if said.created_at >= since)
    return [said.seq for said in fresh if "://" in (said.text or "")]


def show(tx: Transaction, author: Member, message_id: MessageId, found: Kept) -> bool:
    """Show what was found behind the link of a message; False where it is no more wanted.

    It is not where the message was deleted, has another link now, or has its answer already.
    An image that is gone meanwhile is left out. Raises `NotFound`.
    """
    row = locked(tx, author, message_id)
    if row.preview is not None or previews.subject(row) != found.url:
        return False
    _store(tx, author, row, _with_image(tx, row, found))
    return True


def remove(tx: Transaction, member: Member, message_id: MessageId) -> Changed:
    """Show no preview of this link under one's own message, now and from now on."""
    row = locked(tx, member, message_id)
    if row.sender_id != member.user_id:
        raise Forbidden("Only its author may take the preview off a message.")
    stored, url = previews.kept(row), previews.subject(row)
    if url is None or (stored is not None and stored.removed):
        return Changed(duplicate=True)
    if stored is not None:
        previews.let_go(tx, row, stored)
    return Changed(seq=_store(tx, member, row, Kept(url=url, removed=True)))


def _with_image(tx: Transaction, row: Row, found: Kept) -> Kept:
    if found.file_id is None:
        return found
    image = holding.hold(tx, [found.file_id]).get(found.file_id)
    if image is None or image.state != "ready":
        return structs.replace(found, file_id=None)
    attachments.attach(tx, previews.places(row, found.file_id))
    return found


def _store(tx: Transaction, member: Member, row: Row, shown: Kept) -> int:
    repository.set_preview(tx, member.chat_id, row.seq, shown)
    change = chat_log.Change(chat_id=member.chat_id, actor_id=member.user_id, ref_seq=row.seq)
    return tell(tx, member, change, MessagePreviewed).seq
