"""Messages: what is sent, what is stored, what is shown."""

from collections.abc import Sized
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType

from uptc_messenger.models.base import (
    ChatId,
    FileId,
    MessageId,
    Record,
    Seq,
    Timestamp,
    UserId,
    WireChangeId,
    WireChatId,
    WireFileId,
    WireMessageId,
    WireSeq,
)
from uptc_messenger.models.errors import BadRequest, TooLarge
from uptc_messenger.models.files import MAX_FILES, File
from uptc_messenger.models.previews import LinkPreview

ALL: Final = "all"
"""Among mentions: everybody in the chat."""

MAX_TEXT_BYTES: Final = 16_384
EXCERPT_CHARS: Final = 140
MessageKind = Literal["text", "system"]
# White space, and what takes no room at all: a text of only these looks empty.
_INVISIBLE: Final = (
    "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0xAD, 0x1680, 0x180E)))
    + "".join(map(chr, (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2070))))
    + "".join(map(chr, (0x2800, 0x3000, 0x3164, 0xFEFF, 0xFFA0)))
)
Emoji = Annotated[str, Meta(min_length=1, max_length=32)]
FileIds = Annotated[list[WireFileId], Meta(max_length=MAX_FILES)]


class Body(Record, frozen=True):
    """What a person wrote: at most 16,384 bytes of UTF-8; nothing only beside files."""

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT_BYTES // 4 and len(self.text.encode()) > MAX_TEXT_BYTES:
            raise TooLarge("A message has at most 16,384 bytes.")


def require_content(body: Body, files: Sized | None) -> None:
    """Refuse a message in which there is nothing to be seen."""
    if not files and not body.text.strip(_INVISIBLE):
        raise BadRequest("A message needs a text, or a file.")


class Quote(Record, frozen=True):
    """The message that is replied to; the excerpt is empty where it may not be shown."""

    message_id: MessageId
    seq: Seq
    sender_id: UserId
    excerpt: str


class Forwarded(Record, frozen=True):
    """Who wrote first what was forwarded, and when; where, each reader asks for."""

    sender_id: UserId
    sent_at: Timestamp


class MessageRef(Record, frozen=True):
    """A message of any chat; as a body of `PUT …/forward` the one that is forwarded."""

    chat_id: WireChatId
    message_id: WireMessageId


class Origin(Record, frozen=True):
    """Answer to `GET …/origin`: where a forwarded message was first written."""

    chat_id: ChatId
    message_id: MessageId
    seq: Seq


class Reaction(Record, frozen=True):
    emoji: str
    count: int
    mine: bool | UnsetType = UNSET


class ReactionEntry(Record, frozen=True):
    """Who reacted how, and when."""

    emoji: str
    user_id: UserId
    reacted_at: Timestamp


class ReactionPage(Record, frozen=True):
    """All who reacted in one way stand together."""

    reactions: list[ReactionEntry]
    next_cursor: str | None


class Message(Record, frozen=True):
    """A message as it is now; `seq` is where it was posted, whatever changed since."""

    chat_id: ChatId
    seq: Seq
    n: int
    message_id: MessageId
    sender_id: UserId
    kind: MessageKind
    body: Body | None
    created_at: Timestamp
    revision: int
    deleted: bool
    file_ids: list[FileId]
    mentions: list[str]
    reactions: list[Reaction]
    reply_to: Quote | UnsetType = UNSET
    forwarded: Forwarded | UnsetType = UNSET
    scheduled: bool | UnsetType = UNSET
    """True where the server sent it at the time its author had set: it reads nothing for them."""
    edited_at: Timestamp | UnsetType = UNSET
    duplicate: bool | UnsetType = UNSET
    files: list[File] | UnsetType = UNSET
    """What `file_ids` name, in that order, where there are any."""

    preview: LinkPreview | UnsetType = UNSET


class MessagePut(Record, frozen=True):
    """Body of `PUT /chats/{chat_id}/messages/{message_id}`."""

    body: Body
    reply_to: WireMessageId | None = None
    file_ids: FileIds | None = None

    def __post_init__(self) -> None:
        require_content(self.body, self.file_ids)


class MessageEdit(Record, frozen=True):
    """Body of `PATCH /chats/{chat_id}/messages/{message_id}`."""

    body: Body
    change_id: WireChangeId
    base_revision: Annotated[int, Meta(ge=1)] | None = None


class MessagePage(Record, frozen=True):
    """Oldest first; `more` says that there is more before, `more_after` after."""

    messages: list[Message]
    more: bool
    more_after: bool | UnsetType = UNSET


class ReadMark(Record, frozen=True):
    """Body of `PUT /chats/{chat_id}/read`."""

    n: WireSeq
    force: bool = False


class Sent(Record, frozen=True):
    """Answer to `message.send`, given after the commit."""

    seq: Seq
    n: int
    created_at: Timestamp
    duplicate: bool


class Changed(Record, frozen=True):
    """Answer to an edit, a deletion or a reaction; no `seq` where nothing ever changed."""

    seq: Seq | UnsetType = UNSET
    revision: int | UnsetType = UNSET
    duplicate: bool | UnsetType = UNSET


class ReadState(Record, frozen=True):
    """Answer to `read.set`."""

    read_n: int


class Receipt(Record, frozen=True):
    user_id: UserId
    n: int


class ReceiptPage(Record, frozen=True):
    receipts: list[Receipt]
    next_cursor: str | None


class Pin(Record, frozen=True):
    """A message that the chat keeps at hand."""

    message: Message
    pinned_by: UserId
    pinned_at: Timestamp


class PinPage(Record, frozen=True):
    """Newest pin first."""

    pins: list[Pin]
    next_cursor: str | None


class Revision(Record, frozen=True):
    """What a message said from `written_at` on."""

    revision: int
    body: Body
    written_at: Timestamp


class RevisionPage(Record, frozen=True):
    """Newest first: the first of all is what the message says now."""

    revisions: list[Revision]
    next_cursor: str | None
