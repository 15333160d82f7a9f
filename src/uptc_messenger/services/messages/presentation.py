"""From what is stored to messages as they are shown."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from uptc_messenger.database import Reader, Row
from uptc_messenger.models.base import ChatId, FileId, MessageId, Seq, UserId
from uptc_messenger.models.chats import ChatSettings, Member
from uptc_messenger.models.events import MessageNew
from uptc_messenger.models.files import File
from uptc_messenger.models.messages import (
    EXCERPT_CHARS,
    Body,
    Forwarded,
    Message,
    Quote,
    Reaction,
)
from uptc_messenger.services.files.presenting import in_order
from uptc_messenger.services.messages import attachments, previews
from uptc_messenger.services.messages.markdown import excerpt
from uptc_messenger.services.messages.repository import reading
from uptc_messenger.toolkit.clock import rfc3339

PREVIEW_CHARS: Final = 80
_NOBODY: Final = UserId("00000000-0000-0000-0000-000000000000")


Place = tuple[ChatId, Seq]


def present(reader: Reader, member: Member, rows: Sequence[Row]) -> list[Message]:
    """Messages of one chat as this member sees them, with one's own reactions marked."""
    return present_each(reader, {member.chat_id: member}, rows)


def present_each(
    reader: Reader, members: Mapping[ChatId, Member], rows: Sequence[Row]
) -> list[Message]:
    """The same for messages of any chats of one person, with as few looks as for one chat."""
    visible = {chat_id: member.visible_after for chat_id, member in members.items()}
    viewer = next((member.user_id for member in members.values()), _NOBODY)
    return _present(reader, rows, viewer, visible)


class Shared(Protocol):
    """A chat as all its members share it: a `Member` is one, or the log read for everybody."""

    @property
    def chat_id(self) -> ChatId: ...

    @property
    def settings(self) -> ChatSettings: ...


def present_to_all(reader: Reader, chat: Shared, rows: Sequence[Row]) -> list[Message]:
    """Messages of a chat in the one form that every member may get.

    Where history is hidden from late joiners no quote has a text: whoever may read the
    quoted message has it already.
    """
    hidden = chat.settings.history == "joined"
    return _present(reader, rows, _NOBODY, {chat.chat_id: None if hidden else 0})


def _present(
    reader: Reader, rows: Sequence[Row], viewer: UserId, visible: Mapping[ChatId, Seq | None]
) -> list[Message]:
    """`visible` is after which position of each chat a quote has its text; None is nowhere."""
    places = [(row.chat_id, row.seq) for row in rows if not row.deleted]
    reactions = _reactions(reading.reactions_of(reader, places, viewer))
    quoted = reading.by_places(reader, {_quoted(row) for row in rows if row.reply_seq})
    quotes = {
        (row.chat_id, row.seq): quote_of(row, shown=_is_shown(row, visible[row.chat_id]))
        for row in quoted
    }
    files = attachments.shown(reader, rows)
    return [
        _complete(
            message_of(
                row, reactions.get((row.chat_id, row.seq), []), quotes.get(_quoted(row), UNSET)
            ),
            row,
            files,
        )
        for row in rows
    ]


def _quoted(row: Row) -> Place:
    return row.chat_id, row.reply_seq or 0


def _is_shown(row: Row, visible_after: Seq | None) -> bool:
    return visible_after is not None and row.seq > visible_after


def _complete(message: Message, row: Row, files: dict[FileId, File]) -> Message:
    if row.preview is None and not message.file_ids:
        return message
    shown = UNSET if message.deleted else previews.shown(row, files)
    return replace(message, files=in_order(files, message.file_ids), preview=shown)


def message_of(
    row: Row,
    reactions: list[Reaction],
    quote: Quote | UnsetType,
) -> Message:
    """One row of `messages`, with what hangs on it."""
    gone = row.deleted
    return Message(
        chat_id=row.chat_id,
        seq=row.seq,
        n=row.n,
        message_id=row.id,
        sender_id=row.sender_id,
        kind=row.kind,
        body=None if gone else Body(text=row.body["text"]),
        created_at=rfc3339(row.created_at),
        revision=row.revision,
        deleted=gone,
        file_ids=[] if gone else row.file_ids or [],
        mentions=[] if gone else row.mentions or [],
        reactions=reactions,
        reply_to=quote,
        forwarded=UNSET if gone else forwarded_of(row.origin),
        scheduled=row.scheduled or UNSET,
        edited_at=UNSET if row.edited_at is None else rfc3339(row.edited_at),
    )


def forwarded_of(origin: dict[str, Any] | None) -> Forwarded | UnsetType:
    """What every reader is told of the column `origin`: never in which chat it was."""
    if origin is None:
        return UNSET
    return Forwarded(sender_id=origin["sender_id"], sent_at=rfc3339(origin["sent_at"]))


class Quotable(Protocol):
    """What a quote is made of: a row of `messages`, or a message about to become one."""

    @property
    def id(self) -> MessageId: ...

    @property
    def seq(self) -> Seq: ...

    @property
    def sender_id(self) -> UserId: ...

    @property
    def body(self) -> dict[str, str] | None: ...


def quote_of(row: Row | Quotable, *, shown: bool) -> Quote:
    """The quoted row; its text only where it may be `shown` and was not deleted."""
    text = row.body["text"] if shown and row.body is not None else ""
    return Quote(
        message_id=row.id,
        seq=row.seq,
        sender_id=row.sender_id,
        excerpt=excerpt(text, EXCERPT_CHARS),
    )


def preview(event: MessageNew) -> str:
    """A line for a list of chats."""
    body, files = event.data.body, event.data.files or ()
    shown = "" if body is None else excerpt(body.text, PREVIEW_CHARS)
    return shown or next((excerpt(file.name, PREVIEW_CHARS) for file in files), "")


def _reactions(rows: Iterable[Row]) -> dict[Place, list[Reaction]]:
    found: defaultdict[Place, list[Reaction]] = defaultdict(list)
    for row in rows:
        mine = True if row.mine else UNSET
        found[row.chat_id, row.seq].append(Reaction(emoji=row.emoji, count=row.total, mine=mine))
    return found
