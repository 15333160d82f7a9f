"""How far a person has read: unread is the chat's `n` minus this, exactly."""

from functools import partial
from typing import Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import NotFound
from uptc_messenger.models.events import ReadUpdate, ReadUpdated, ToViewers
from uptc_messenger.models.fleeting import ReceiptShown
from uptc_messenger.models.messages import ReadMark, Receipt
from uptc_messenger.services import users
from uptc_messenger.services.chats import membership
from uptc_messenger.services.messages.repository import changing as repository
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.services.users import blocks
from uptc_messenger.services.users import log as user_log

MOST_SHOWN: Final = 64
"""With more members, reading is told to nobody live: it would be a frame from each to each."""


def mark(tx: Transaction, member: Member, wanted: ReadMark) -> int:
    """Move the member's mark forward, or with `force` anywhere; returns where it is now.

    A mark beyond the last message is clamped to it. Every device of the member learns of
    a change; those who look at the chat get a receipt where chat and member show them.
    """
    head = reading.head(tx, member.chat_id)
    current = repository.read_mark(tx, member.user_id, member.chat_id)
    if head is None or current is None:
        raise NotFound
    n = min(wanted.n, head.last_n)
    if n == current or (n < current and not wanted.force):
        return current
    repository.set_read_mark(tx, member.user_id, member.chat_id, n)
    _tell(tx, member, n)
    if _shows_live(member, head.member_count) and not users.silent(tx, [member.user_id]):
        receipt = ReceiptShown(chat_id=member.chat_id, user_id=member.user_id, n=n)
        tx.emit(ToViewers(frame=receipt))
    return n


def receipts(
    reader: Reader, member: Member, after: UserId | None, limit: int
) -> tuple[list[Receipt], UserId | None]:
    """How far the next members have read, and the last of them if more follow.

    Where the chat does not show receipts there are none, nor of whoever keeps theirs to
    themselves, nor between two people of whom one has blocked the other.
    """
    if not member.settings.receipts:
        return [], None
    entries, end = membership.page(reader, member, after, limit)
    shown = [entry.user_id for entry in entries]
    hidden = blocks.apart(reader, member.user_id) | users.silent(reader, shown)
    ids = [user for user in shown if user not in hidden or user == member.user_id]
    marks = repository.read_marks(reader, member.chat_id, ids)
    return [Receipt(user_id=user, n=marks[user]) for user in ids if user in marks], end


def announce(tx: Transaction, member: Member, at: int | None = None) -> None:
    """Tell the member's other devices of a mark that moved with a message that was sent.

    With `at` only where the mark is there, so where that message moved it.
    """
    current = repository.read_mark(tx, member.user_id, member.chat_id)
    if current is not None and at in {None, current}:
        _tell(tx, member, current)


def _tell(tx: Transaction, member: Member, n: int) -> None:
    update = ReadUpdate(chat_id=member.chat_id, read_n=n)
    user_log.append(tx, member.user_id, partial(_read_updated, update))


def _shows_live(member: Member, member_count: int) -> bool:
    allowed = member.settings.receipts and member.kind != "channel"
    return allowed and member_count <= MOST_SHOWN


def _read_updated(update: ReadUpdate, useq: Seq) -> ReadUpdated:
    return ReadUpdated(useq=useq, data=update)
