"""What a person has written for later: it follows them like a draft until it is sent."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from msgspec import UNSET

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.base import ChatId, FileId, MessageId, Millis, Record, Seq, UserId
from uptc_messenger.models.chats import Member
from uptc_messenger.models.errors import BadRequest, IdConflict, NotFound, Problem, TooLarge
from uptc_messenger.models.events import ScheduledUpdated
from uptc_messenger.models.files import File
from uptc_messenger.models.messages import Body
from uptc_messenger.models.scheduled import (
    Failure,
    Scheduled,
    ScheduledPut,
    ScheduledState,
    ScheduledUpdate,
)
from uptc_messenger.models.stored import read_stored
from uptc_messenger.services.chats.repository import scheduled as repository
from uptc_messenger.services.files import holding, presenting
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
    after: dict[str, Any] = {
        "body": wanted.body,
        "reply_to": wanted.reply_to,
        "file_ids": wanted.file_ids or None,
        "send_at": send_at,
    }
    if before is None:
        _add(tx, member, message_id, after)
    elif _differs(before, after):
        _change(tx, before, after)
    row = require(tx, member.user_id, member.chat_id, message_id)
    return Put(scheduled=_shown(row, _files(tx, [row])), new=before is None)


def listed(reader: Reader, user_id: UserId, chat_id: ChatId | None = None) -> list[Scheduled]:
    """What waits of a person, in one chat or in all; what is sent first comes first."""
    rows = repository.every(reader, user_id, chat_id)
    files = _files(reader, rows)
    return [_shown(row, files) for row in rows]


def cancel(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> None:
    """Never send it; raises `NotFound` where it does not wait, so perhaps was sent."""
    settle(tx, require(tx, user_id, chat_id, message_id), "cancelled")


def require(tx: Transaction, user_id: UserId, chat_id: ChatId, message_id: MessageId) -> Row:
    """The row of one that waits, locked until the commit; raises `NotFound`."""
    row = repository.hold(tx, user_id, message_id)
    if row is None or row.chat_id != chat_id:
        raise NotFound(NOT_WAITING)
    return row


def file_ids_of(row: Row) -> Sequence[FileId]:
    """The files that wait with a row."""
    return row.file_ids or ()


def settle(tx: Transaction, row: Row, state: ScheduledState) -> None:
    """One that is held waits no more; every device of its author learns why."""
    repository.remove(tx, row.user_id, row.id)
    holding.release(tx, file_ids_of(row))
    _tell(tx, row.user_id, (row.chat_id, row.id), state)


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


def _add(tx: Transaction, member: Member, message_id: MessageId, row: dict[str, Any]) -> None:
    if repository.count(tx, member.user_id) >= MOST:
        raise TooLarge(f"At most {MOST} messages may wait: send or cancel one first.")
    holding.change(tx, member.user_id, [], row["file_ids"] or [])
    key = {"user_id": member.user_id, "id": message_id, "chat_id": member.chat_id}
    repository.add(tx, {**key, **row, "created_at": tx.now})
    _tell(tx, member.user_id, (member.chat_id, message_id), "waiting")


def _change(tx: Transaction, before: Row, after: dict[str, Any]) -> None:
    holding.change(tx, before.user_id, file_ids_of(before), after["file_ids"] or [])
    repository.replace(tx, before.user_id, before.id, after)
    _tell(tx, before.user_id, (before.chat_id, before.id), "waiting")


def _differs(before: Row, after: dict[str, Any]) -> bool:
    now = {
        "body": Body(text=before.body["text"]),
        "reply_to": before.reply_to,
        "file_ids": before.file_ids,
        "send_at": before.send_at,
    }
    return before.failure is not None or now != after


def _files(reader: Reader, rows: Collection[Row]) -> dict[FileId, File]:
    return presenting.shown(reader, {each for row in rows for each in file_ids_of(row)})


def _shown(row: Row, files: dict[FileId, File]) -> Scheduled:
    return Scheduled(
        chat_id=row.chat_id,
        message_id=row.id,
        body=Body(text=row.body["text"]),
        send_at=rfc3339(row.send_at),
        created_at=rfc3339(row.created_at),
        reply_to=row.reply_to or UNSET,
        files=presenting.in_order(files, row.file_ids),
        failure=UNSET if row.failure is None else read_stored(row.failure, Failure),
    )


def _tell(
    tx: Transaction, user_id: UserId, place: tuple[ChatId, MessageId], state: ScheduledState
) -> None:
    left = repository.counts(tx, user_id).get(place[0], 0)
    update = ScheduledUpdate(chat_id=place[0], message_id=place[1], state=state, scheduled=left)

    def build(useq: Seq) -> ScheduledUpdated:
        return ScheduledUpdated(useq=useq, data=update)

    user_log.append(tx, user_id, build)
