"""Everything a client may be told: one closed union of frames, one encoder."""

from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from uptc_messenger.models.base import (
    ChatId,
    ChatRole,
    MessageId,
    Millis,
    Record,
    Seq,
    SessionId,
    Timestamp,
    UserId,
)
from uptc_messenger.models.chats import Chat, ChatSettings
from uptc_messenger.models.errors import CloseCode, ErrorCode
from uptc_messenger.models.messages import Message
from uptc_messenger.models.users import User

PresenceState = Literal["online", "idle", "dnd", "offline"]


# The log of a chat -----------------------------------------------------------------


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


ChatEvent = (
    MessageNew
    | MessageEdited
    | MessageDeleted
    | ReactionChanged
    | MemberJoined
    | MemberLeft
    | MemberRole
    | ChatUpdated
    | ChatDeleted
    | PinChanged
)


# The log of a user -----------------------------------------------------------------


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


class UserEntry(Record, frozen=True, kw_only=True, tag_field="kind"):
    """One durable change of what is a person's own, at `useq` in that person's log."""

    useq: Seq
    type: Literal["user.event"] = "user.event"


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


UserEvent = ChatJoined | ChatLeft | ReadUpdated | Mentioned | SessionEnded | SettingsUpdated


# Frames of a session ---------------------------------------------------------------


class Frame(Record, frozen=True, tag_field="type"):
    """An object that stands in a text frame from the server."""


class Head(Record, frozen=True):
    """How far a chat has come: the position of its log and its count of messages."""

    chat_id: ChatId
    seq: Seq
    n: int
    preview: str | UnsetType = UNSET


class DigestEntry(Record, frozen=True):
    chat_id: ChatId
    seq: Seq
    n: int
    read_n: int
    mentions: int
    preview: str | UnsetType = UNSET


class Rates(Record, frozen=True):
    """Requests a minute that a session may make, by kind."""

    send: int
    typing: int
    other: int


class Limits(Record, frozen=True):
    frame: int
    window_events: int
    window_bytes: int
    rates: Rates


class PresenceEntry(Record, frozen=True):
    user_id: UserId
    state: PresenceState
    last_seen: Timestamp | UnsetType = UNSET
    text: str | UnsetType = UNSET


class ViewState(Record, frozen=True):
    """Answer to `view.set`: events of the open chats start at these heads + 1."""

    heads: list[Head]
    presence: list[PresenceEntry]


class Welcome(Frame, frozen=True, tag="welcome"):
    session_id: SessionId
    user_id: UserId
    protocol: str
    server_time: Timestamp
    heartbeat_ms: int
    limits: Limits
    log_epoch: str
    useq: Seq
    heads: list[Head]
    resumed: bool
    sync_token: str
    ref: int | str | UnsetType = UNSET


class Result(Frame, frozen=True, tag="result"):
    """Answer to a command that was carried out.

    `data` is the encoded `Sent`, `Changed`, `ReadState` or `ViewState` that the command answers.
    """

    ref: int | str
    data: msgspec.Raw


class Error(Frame, frozen=True, tag="error"):
    code: ErrorCode
    message: str
    retryable: bool
    ref: int | str | UnsetType = UNSET
    retry_after_ms: int | UnsetType = UNSET
    details: dict[str, str] | UnsetType = UNSET


class ChatHeads(Frame, frozen=True, tag="chat.head"):
    heads: list[Head]


class Digest(Frame, frozen=True, tag="digest"):
    chats: list[DigestEntry]
    more: bool


class SyncResult(Frame, frozen=True, tag="sync.result"):
    """The log of a chat over (from_seq, to_seq]; `reset`: load the newest page instead."""

    chat_id: ChatId
    from_seq: Seq
    to_seq: Seq
    items: list[ChatEvent]
    more: bool
    reset: bool
    ref: int | str | UnsetType = UNSET


class EventPage(Record, frozen=True):
    """Answer to `GET /chats/{chat_id}/events`: the log over (after_seq, to_seq]."""

    events: list[ChatEvent]
    to_seq: Seq
    more: bool
    reset: bool


class Checkpoint(Frame, frozen=True, tag="checkpoint"):
    sync_token: str


class Typing(Frame, frozen=True, tag="typing"):
    chat_id: ChatId
    user_id: UserId
    on: bool


class Presence(Frame, frozen=True, tag="presence"):
    users: list[PresenceEntry]


class ReceiptShown(Frame, frozen=True, tag="receipt"):
    chat_id: ChatId
    user_id: UserId
    n: int


class Flow(Frame, frozen=True, tag="flow"):
    state: Literal["normal", "lagging"]
    dropped_from_es: int


class GoAway(Frame, frozen=True, tag="goaway"):
    reason: Literal["drain", "rebalance", "upgrade"]
    after_ms: int
    resume: bool


class ServerPing(Frame, frozen=True, tag="ping"):
    ts: Millis
    heads: list[Head] | UnsetType = UNSET


class ServerPong(Frame, frozen=True, tag="pong"):
    ts: int | float | None = None
    heads: list[Head] | UnsetType = UNSET


# What a commit announces -----------------------------------------------------------


class ToChat(Record, frozen=True):
    """A log entry for every member who looks; `n` is the chat's count after it."""

    event: ChatEvent
    n: int


class ToUser(Record, frozen=True):
    """A user's own log entry for every session of that user."""

    user_id: UserId
    event: UserEvent


class ToViewers(Record, frozen=True):
    """Something fleeting for the sessions that have the chat open; may be dropped anywhere."""

    frame: Typing | ReceiptShown


class EndSessions(Record, frozen=True):
    """Sessions that may do nothing more: their sockets close with `code`.

    With `session_ids` None it is every session of the user.
    """

    user_id: UserId
    session_ids: frozenset[SessionId] | None
    code: CloseCode


Publication = ToChat | ToUser | ToViewers | EndSessions

encoder: Final = msgspec.json.Encoder()
"""Wire form of any frame; stateless, shared."""
