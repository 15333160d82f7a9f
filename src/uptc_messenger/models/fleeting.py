"""What has no position, is never replayed and may be dropped anywhere."""

from uptc_messenger.models.base import ChatId, Record, UserId


class Frame(Record, frozen=True, tag_field="type"):
    """An object that stands in a text frame from the server."""


class Typing(Frame, frozen=True, tag="typing"):
    chat_id: ChatId
    user_id: UserId
    on: bool


class ReceiptShown(Frame, frozen=True, tag="receipt"):
    chat_id: ChatId
    user_id: UserId
    n: int
