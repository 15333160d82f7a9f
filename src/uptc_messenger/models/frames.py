"""The frames of a session: everything the server says besides the logs themselves."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from uptc_messenger.models.base import (
    ChatId,
    Millis,
    Record,
    Seq,
    SessionId,
    Timestamp,
    UserId,
)
from uptc_messenger.models.errors import ErrorCode
from uptc_messenger.models.events import ChatEvent
from uptc_messenger.models.files import FileKind
from uptc_messenger.models.fleeting import Frame

PresenceState = Literal["online", "idle", "dnd", "offline"]


class HeadFile(Record, frozen=True):
    """A file of a message that has no words."""

    kind: FileKind
    name: str


class Head(Record, frozen=True):
    """How far a chat has come: the position of its log and its count of messages."""

    chat_id: ChatId
    seq: Seq
    n: int
    preview: str | UnsetType = UNSET
    sender_id: UserId | UnsetType = UNSET
    """Who wrote what `preview` shows; there when it is."""
    files: tuple[HeadFile, ...] | UnsetType = UNSET
    """What was sent without words; `preview` is then the name of the first."""
    mentions_all: bool | UnsetType = UNSET
    """Somebody called everybody since the last head: the chat's `mentions` have to be asked for."""


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


class Crowd(Frame, frozen=True, tag="crowd"):
    """About how many members of a large chat are connected; who they are is not told."""

    chat_id: ChatId
    online: int


class Presence(Frame, frozen=True, tag="presence"):
    users: list[PresenceEntry]


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
