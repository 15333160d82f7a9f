"""Sending at a time: the ordinary send, once, with the rights that its author has then."""

from uptc_messenger.database import Row, Transaction
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import Conflict, Forbidden, NotFound, Problem, broken
from uptc_messenger.models.messages import Body, Sent
from uptc_messenger.models.scheduled import ScheduledPut
from uptc_messenger.services.chats import access, scheduled
from uptc_messenger.services.chats import log as chat_log
from uptc_messenger.services.chats.scheduled import Due, Put
from uptc_messenger.services.messages import read_marks
from uptc_messenger.services.messages.posting import Post, post
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.services.users import many
from uptc_messenger.toolkit.clock import rfc3339


def put(tx: Transaction, member: Member, message_id: MessageId, wanted: ScheduledPut) -> Put:
    """Let a message wait, or change one that waits, with the chat's log held.

    Refused is what would be refused now, and `Conflict` says that it was sent already.
    """
    access.require_poster(member)
    if reading.by_id(tx, member.chat_id, message_id) is not None:
        raise Conflict("This message was sent already.")
    if wanted.reply_to is not None:
        quoted = reading.by_id(tx, member.chat_id, wanted.reply_to)
        if quoted is None or quoted.seq <= member.visible_after:
            raise NotFound("The message replied to is not in this chat.")
    return scheduled.put(tx, member, message_id, wanted)


def send_now(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> Sent:
    """Send one that waits, or that failed, at once; where it is refused it waits on.

    Asked again after its answer was lost, it is the `duplicate` that a send would be.
    """
    try:
        row = _held(tx, user_id, chat_id, message_id)
    except NotFound:
        return _sent_before(tx, user_id, chat_id, message_id)
    sent = _post(tx, row)
    if isinstance(sent, Problem):
        raise sent
    _settle(tx, row, sent)
    return sent


def cancel(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> None:
    """Never send it; raises `NotFound` where it does not wait, so perhaps was sent."""
    _held(tx, user_id, chat_id, message_id)
    scheduled.cancel(tx, user_id, chat_id, message_id)


def send_due(tx: Transaction, due: Due) -> bool:
    """Send one whose time has come; False where there is nothing to do any more.

    What is refused for good is told to its author and due no more. Both are one commit with
    the message itself: a crash before it leaves everything to be done again, a crash after it
    nothing.
    """
    row = _due(tx, due)
    if row is None:
        return False
    sent = _post(tx, row)
    if not isinstance(sent, Problem):
        _settle(tx, row, sent)
    elif sent.retryable:
        raise sent
    else:
        scheduled.fail(tx, due.user_id, (due.chat_id, due.message_id), sent)
    return True


def _sent_before(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> Sent:
    access.require_member(tx, user_id, chat_id)
    sent = reading.by_id(tx, chat_id, message_id)
    if sent is None or sent.sender_id != user_id:
        raise NotFound(scheduled.NOT_WAITING)
    return Sent(seq=sent.seq, n=sent.n, created_at=rfc3339(sent.created_at), duplicate=True)


def give_up(tx: Transaction, due: Due) -> bool:
    """Tell the author of one that we fail to send; False where it is not due any more."""
    if _due(tx, due) is None:
        return False
    scheduled.fail(tx, due.user_id, (due.chat_id, due.message_id), broken())
    return True


def _due(tx: Transaction, due: Due) -> Row | None:
    try:
        row = _held(tx, due.user_id, due.chat_id, due.message_id)
    except NotFound:
        return None
    return None if row.failure is not None or row.send_at > tx.now else row


def _held(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> Row:
    # The chat before what is its author's own, as every send does.
    chat_log.lock_all(tx, [chat_id])
    return scheduled.require(tx, user_id, chat_id, message_id)


def _post(tx: Transaction, row: Row) -> Sent | Problem:
    if not many.active(tx, [row.user_id]):
        return Forbidden("This account is disabled.")
    item = Post(
        author_id=row.user_id,
        chat_id=row.chat_id,
        message_id=row.id,
        body=Body(text=row.body["text"]),
        reply_to=row.reply_to,
        file_ids=tuple(scheduled.file_ids_of(row)),
        scheduled=True,
    )
    (outcome,) = post(tx, [item])
    return outcome


def _settle(tx: Transaction, row: Row, sent: Sent) -> None:
    scheduled.settle(tx, row, "sent")
    member = access.find_members(tx, [(row.user_id, row.chat_id)])
    for proof in member.values():
        read_marks.announce(tx, proof, sent.n)
