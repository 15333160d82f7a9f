"""Messages that wait for the time at which they are to be sent."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from uptc_messenger.models.base import ChatId, MessageId, Record, Timestamp, WireMessageId
from uptc_messenger.models.errors import ErrorCode
from uptc_messenger.models.files import File
from uptc_messenger.models.messages import Body, FileIds, require_content

ScheduledState = Literal["waiting", "sent", "cancelled", "failed"]


class ScheduledPut(Record, frozen=True):
    """Body of `PUT /chats/{chat_id}/scheduled/{message_id}`: the whole of it."""

    body: Body
    send_at: Annotated[datetime, Meta(tz=True)]
    reply_to: WireMessageId | None = None
    file_ids: FileIds | None = None

    def __post_init__(self) -> None:
        require_content(self.body, self.file_ids)


class Failure(Record, frozen=True):
    """Why it could not be sent when it was time."""

    code: ErrorCode
    message: str


class Scheduled(Record, frozen=True):
    """A message of mine that waits; with a `failure` it waits for me."""

    chat_id: ChatId
    message_id: MessageId
    body: Body
    send_at: Timestamp
    created_at: Timestamp
    reply_to: MessageId | UnsetType = UNSET
    files: list[File] | UnsetType = UNSET
    failure: Failure | UnsetType = UNSET


class ScheduledPage(Record, frozen=True):
    """What is sent first comes first; there is never more than one page."""

    scheduled: list[Scheduled]
    next_cursor: str | None


class ScheduledUpdate(Record, frozen=True):
    """What became of one, and how many the chat has of mine now; its text is asked for."""

    chat_id: ChatId
    message_id: MessageId
    state: ScheduledState
    scheduled: int
