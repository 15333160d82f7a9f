"""What a person has written for later: it follows them like a draft until it is sent."""

from typing import Final

import msgspec
from msgspec import UNSET

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import ChatId, MessageId, Millis, Record, Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import BadRequest, IdConflict, NotFound, Problem, TooLarge
from uptc_messenger.models.events import ScheduledUpdated
from uptc_messenger.models.messages import Body
from uptc_messenger.models.scheduled import (
    Failure,
    Scheduled,
    ScheduledPut,
    ScheduledState,
    ScheduledUpdate,
)
from uptc_messenger.services.chats.repository import scheduled as repository
from uptc_messenger.services.users import log as user_log
from uptc_messenger.toolkit.clock import rfc3339

MOST: Final = 100
"""Messages that wait of one person, in all chats together."""

NOT_WAITING: Final = "No such message waits: it may have been sent or cancelled."

FARTHEST_MS: Final = 366 * 24 * 3_600_000
"""A year ahead, in whatever year."""


class Put(Record, frozen=True):
    """What waits now; `new` is False where it waited before."""

    scheduled: Scheduled
    new: bool


class Due(Record, frozen=True):
    """A message of somebody, and when its time comes or came."""

    user_id: UserId
    chat_id: ChatId
    message_id: MessageId
    send_at: Millis


def put(tx: Transaction, member: Member, message_id: MessageId, wanted: ScheduledPut) -> Put:
    """Let a message wait, or change one that waits; the same again changes nothing."""
    send_at = _time(tx, wanted)
    before = repository.hold(tx, member.user_id, message_id)
    if before is not None and before.chat_id != member.chat_id:
        raise IdConflict("This message_id waits in another chat.")
    after: dict[str, object] = {
        "body": wanted.body,
        "reply_to": wanted.reply_to,
        "send_at": send_at,
    }
    if before is None:
        _add(tx, member, message_id, after)
    elif _differs(before, after):
        repository.replace(tx, member.user_id, message_id, after)
        _tell(tx, member.user_id, (member.chat_id, message_id), "waiting")
    row = require(tx, member.user_id, member.chat_id, message_id)
    return Put(scheduled=_shown(row), new=before is None)


def listed(reader: Reader, user_id: UserId, chat_id: ChatId | None = None) -> list[Scheduled]:
    """What waits of a person, in one chat or in all; what is sent first comes first."""
    return [_shown(row) for row in repository.every(reader, user_id, chat_id)]


def cancel(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> None:
    """Never send it; raises `NotFound` where it does not wait, so perhaps was sent."""
    require(tx, user_id, chat_id, message_id)
    settle(tx, user_id, (chat_id, message_id), "cancelled")


def require(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> Row:
    """The row of one that waits, locked until the commit; raises `NotFound`."""
    row = repository.hold(tx, user_id, message_id)
    if row is None or row.chat_id != chat_id:
        raise NotFound(NOT_WAITING)
    return row


def settle(
    tx: Transaction, user_id: UserId, place: tuple[ChatId, MessageId], state: ScheduledState
) -> None:
    """It waits no more; every device of its author learns why."""
    repository.remove(tx, user_id, place[1])
    _tell(tx, user_id, place, state)


def fail(
    tx: Transaction, user_id: UserId, place: tuple[ChatId, MessageId], problem: Problem
) -> None:
    """It could not be sent: it stays, for its author to see why and to decide."""
    failure = Failure(code=problem.code, message=problem.sentence)
    repository.fail(tx, user_id, place[1], failure)
    _tell(tx, user_id, place, "failed")


def next_due(reader: Reader, limit: int) -> list[Due]:
    """Those of anybody whose time comes first, the first of them first."""
    return [
        Due(user_id=row.user_id, chat_id=row.chat_id, message_id=row.id, send_at=row.send_at)
        for row in repository.next_due(reader, limit)
    ]


def _time(tx: Transaction, wanted: ScheduledPut) -> Millis:
    send_at = int(wanted.send_at.timestamp() * 1000)
    if not tx.now < send_at <= tx.now + FARTHEST_MS:
        raise BadRequest("send_at: a time in the future, a year ahead at most.")
    return send_at


def _add(tx: Transaction, member: Member, message_id: MessageId, row: dict[str, object]) -> None:
    if repository.count(tx, member.user_id) >= MOST:
        raise TooLarge(f"At most {MOST} messages may wait: send or cancel one first.")
    key = {"user_id": member.user_id, "id": message_id, "chat_id": member.chat_id}
    repository.add(tx, {**key, **row, "created_at": tx.now})
    _tell(tx, member.user_id, (member.chat_id, message_id), "waiting")


def _differs(before: Row, after: dict[str, object]) -> bool:
    now = {"body": Body(text=before.body["text"]), "reply_to": before.reply_to}
    return before.failure is not None or {**now, "send_at": before.send_at} != after


def _shown(row: Row) -> Scheduled:
    return Scheduled(
        chat_id=row.chat_id,
        message_id=row.id,
        body=Body(text=row.body["text"]),
        send_at=rfc3339(row.send_at),
        created_at=rfc3339(row.created_at),
        reply_to=row.reply_to or UNSET,
        failure=UNSET if row.failure is None else msgspec.convert(row.failure, Failure),
    )


def _tell(
    tx: Transaction, user_id: UserId, place: tuple[ChatId, MessageId], state: ScheduledState
) -> None:
    left = repository.counts(tx, user_id).get(place[0], 0)
    update = ScheduledUpdate(chat_id=place[0], message_id=place[1], state=state, scheduled=left)

    def build(useq: Seq) -> ScheduledUpdated:
        return ScheduledUpdated(useq=useq, data=update)

    user_log.append(tx, user_id, build)
