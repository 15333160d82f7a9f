"""The logs of chats and of users as they are told, and what a commit announces."""

from typing import Literal

from msgspec import UNSET, UnsetType

from uptc_messenger.models.base import (
    ChatId,
    ChatRole,
    FileId,
    MessageId,
    Record,
    Seq,
    SessionId,
    Timestamp,
    UserId,
)
from uptc_messenger.models.chats import Chat, ChatSettings, Draft, Preferences
from uptc_messenger.models.errors import CloseCode
from uptc_messenger.models.fleeting import ReceiptShown, Typing
from uptc_messenger.models.messages import Message
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.models.scheduled import ScheduledUpdate
from uptc_messenger.models.users import User


class ReactionChange(Record, frozen=True):
    message_id: MessageId
    emoji: str
    user_id: UserId
    on: bool
    count: int


class MemberChange(Record, frozen=True):
    user_id: UserId
    role: ChatRole | UnsetType = UNSET


class ChatUpdate(Record, frozen=True):
    """The fields that changed, as they are now."""

    title: str | UnsetType = UNSET
    topic: str | UnsetType = UNSET
    settings: ChatSettings | UnsetType = UNSET
    picture_file_id: FileId | UnsetType | None = UNSET


class PinChange(Record, frozen=True):
    message_id: MessageId
    on: bool


class Nothing(Record, frozen=True):
    pass


class LogEntry(Record, frozen=True, kw_only=True, tag_field="kind"):
    """One durable change of a chat, at its position `seq` in the chat's log."""

    chat_id: ChatId
    seq: Seq
    actor_id: UserId
    at: Timestamp
    type: Literal["event"] = "event"


class MessageNew(LogEntry, frozen=True, tag="message.new"):
    n: int
    data: Message


class MessageEdited(LogEntry, frozen=True, tag="message.edited"):
    data: Message


class MessageDeleted(LogEntry, frozen=True, tag="message.deleted"):
    data: Message


class MessagePreviewed(LogEntry, frozen=True, tag="message.previewed"):
    data: Message


class ReactionChanged(LogEntry, frozen=True, tag="reaction.changed"):
    data: ReactionChange


class MemberJoined(LogEntry, frozen=True, tag="member.joined"):
    data: MemberChange


class MemberLeft(LogEntry, frozen=True, tag="member.left"):
    data: MemberChange


class MemberRole(LogEntry, frozen=True, tag="member.role"):
    data: MemberChange


class ChatUpdated(LogEntry, frozen=True, tag="chat.updated"):
    data: ChatUpdate


class ChatDeleted(LogEntry, frozen=True, tag="chat.deleted"):
    data: Nothing


class PinChanged(LogEntry, frozen=True, tag="pin.changed"):
    data: PinChange


class ChangeUnknown(LogEntry, frozen=True, tag="unknown"):
    """Something that a newer version of the program has stored and this one cannot tell."""

    data: Nothing


ChatEvent = (
    MessageNew
    | MessageEdited
    | MessageDeleted
    | MessagePreviewed
    | ReactionChanged
    | MemberJoined
    | MemberLeft
    | MemberRole
    | ChatUpdated
    | ChatDeleted
    | PinChanged
    | ChangeUnknown
)


class ChatRef(Record, frozen=True):
    chat_id: ChatId


class ReadUpdate(Record, frozen=True):
    chat_id: ChatId
    read_n: int


class MentionAt(Record, frozen=True):
    chat_id: ChatId
    seq: Seq
    n: int


class SessionEnd(Record, frozen=True):
    session_id: SessionId


class BlockUpdate(Record, frozen=True):
    user_id: UserId
    on: bool


class LevelUpdate(Preferences, frozen=True, kw_only=True):
    chat_id: ChatId


class DraftUpdate(Draft, frozen=True, kw_only=True):
    chat_id: ChatId


class UserEntry(Record, frozen=True, kw_only=True, tag_field="kind"):
    """One durable change of what is a person's own, at `useq` in that person's log."""

    useq: Seq
    type: Literal["user.event"] = "user.event"

    @property
    def seq(self) -> Seq:
        """The position, as every log calls it."""
        return self.useq


class ChatJoined(UserEntry, frozen=True, tag="chat.joined"):
    data: Chat


class ChatLeft(UserEntry, frozen=True, tag="chat.left"):
    data: ChatRef


class ReadUpdated(UserEntry, frozen=True, tag="read.updated"):
    data: ReadUpdate


class Mentioned(UserEntry, frozen=True, tag="mention"):
    data: MentionAt


class SessionEnded(UserEntry, frozen=True, tag="session.ended"):
    data: SessionEnd


class SettingsUpdated(UserEntry, frozen=True, tag="settings.updated"):
    data: User


class BlockUpdated(UserEntry, frozen=True, tag="block.updated"):
    data: BlockUpdate


class LevelUpdated(UserEntry, frozen=True, tag="level.updated"):
    data: LevelUpdate


class DraftUpdated(UserEntry, frozen=True, tag="draft.updated"):
    data: DraftUpdate


class NotificationsUpdated(UserEntry, frozen=True, tag="notifications.updated"):
    data: NotificationSettings


class ScheduledUpdated(UserEntry, frozen=True, tag="scheduled.updated"):
    data: ScheduledUpdate


class OwnUnknown(UserEntry, frozen=True, tag="unknown"):
    """Something that a newer version of the program has stored and this one cannot tell."""

    data: Nothing


UserEvent = (
    ChatJoined
    | ChatLeft
    | ReadUpdated
    | Mentioned
    | SessionEnded
    | SettingsUpdated
    | BlockUpdated
    | LevelUpdated
    | DraftUpdated
    | NotificationsUpdated
    | ScheduledUpdated
    | OwnUnknown
)


class Audience(Record, frozen=True):
    """Whose business a chat is, as its lock was held.

    `roster` is the position of the last change of its members: equal numbers mean equal
    members. A `wide` chat is followed by all its members' nodes together, a narrow one
    through each member; while a chat changes from one to the other it is `both`.
    """

    roster: Seq = 0
    wide: bool = False
    both: bool = False


class ToChat(Record, frozen=True):
    """A log entry for every member who looks; `n` is the chat's count after it."""

    event: ChatEvent
    n: int
    audience: Audience = Audience()


class ToUser(Record, frozen=True):
    """A user's own log entry for every session of that user."""

    user_id: UserId
    event: UserEvent


class ToViewers(Record, frozen=True):
    """Something fleeting for the sessions that have the chat open; may be dropped anywhere."""

    frame: Typing | ReceiptShown


class Apart(Record, frozen=True):
    """Two people between whom nothing fleeting passes any more, or (`on` False) again."""

    one: UserId
    other: UserId
    on: bool


class EndSessions(Record, frozen=True):
    """Sessions that may do nothing more: their sockets close with `code`.

    With `session_ids` None it is every session of the user.
    """

    user_id: UserId
    session_ids: frozenset[SessionId] | None
    code: CloseCode


Publication = ToChat | ToUser | ToViewers | Apart | EndSessions
