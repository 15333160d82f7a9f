"""Chats, their members and the invitations into them."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from uptc_messenger.models.auth import Secret
from uptc_messenger.models.base import (
    ChatId,
    ChatKind,
    ChatRole,
    FileId,
    InviteId,
    Record,
    Seq,
    Timestamp,
    UserId,
    WireChatId,
    WireFileId,
    WireSeq,
    WireUserId,
)
from uptc_messenger.models.errors import TooLarge
from uptc_messenger.models.messages import MAX_TEXT_BYTES, Message

Title = Annotated[str, Meta(min_length=1, max_length=120)]
Topic = Annotated[str, Meta(max_length=500)]
Level = Literal["default", "all", "mentions", "none"]
HistoryPolicy = Literal["all", "joined"]
PostPolicy = Literal["members", "admins"]


class ChatSettings(Record, frozen=True):
    history: HistoryPolicy = "all"
    post: PostPolicy = "members"
    receipts: bool = True


class SettingsChange(Record, frozen=True):
    """What is absent stays."""

    history: HistoryPolicy | UnsetType = UNSET
    post: PostPolicy | UnsetType = UNSET
    receipts: bool | UnsetType = UNSET


class ChatCreation(Record, frozen=True):
    """Body of `POST /chats`."""

    kind: ChatKind
    member_ids: Annotated[list[WireUserId], Meta(max_length=1000)]
    title: Title | None = None
    topic: Topic | None = None
    chat_id: WireChatId | None = None


class ChatChange(Record, frozen=True):
    """Body of `PATCH /chats/{chat_id}`; what is absent stays."""

    title: Title | UnsetType = UNSET
    topic: Topic | UnsetType = UNSET
    settings: SettingsChange | UnsetType = UNSET
    picture_file_id: WireFileId | UnsetType | None = UNSET


class Preferences(Record, frozen=True):
    """How I want one chat; nothing of it changes what is delivered."""

    level: Level
    pinned: bool
    archived: bool
    muted_until: Timestamp | UnsetType = UNSET


class PreferencesPut(Record, frozen=True):
    """Body of `PUT /chats/{chat_id}/preferences`: the whole of them, as they shall be."""

    level: Level
    pinned: bool
    archived: bool
    muted_until: Annotated[datetime, Meta(tz=True)] | None = None


class Draft(Record, frozen=True):
    """What I have begun to write in a chat; in a `PUT`, `version` is the one that I knew."""

    text: Annotated[str, Meta(max_length=MAX_TEXT_BYTES)]
    version: WireSeq

    def __post_init__(self) -> None:
        if len(self.text) > MAX_TEXT_BYTES // 4 and len(self.text.encode()) > MAX_TEXT_BYTES:
            raise TooLarge("A draft has at most 16,384 bytes.")


class Chat(Record, frozen=True):
    """A chat as one of its members sees it: unread is exactly `n - read_n`."""

    chat_id: ChatId
    kind: ChatKind
    title: str | None
    topic: str
    role: ChatRole
    seq: Seq
    n: int
    read_n: int
    mentions: int
    member_count: int
    settings: ChatSettings
    level: Level
    pinned: bool
    archived: bool
    updated_at: Timestamp
    peer_id: UserId | UnsetType = UNSET
    last_message: Message | UnsetType = UNSET
    muted_until: Timestamp | UnsetType = UNSET
    draft: Draft | UnsetType = UNSET
    picture_file_id: FileId | UnsetType | None = UNSET
    scheduled: int | UnsetType = UNSET
    """How many messages of mine wait to be sent here; absent for none."""


class ChatPage(Record, frozen=True):
    chats: list[Chat]
    next_cursor: str | None


class Member(Record, frozen=True):
    """Proof that a user may act in a chat; only `services.chats.access` mints it.

    `visible_after` is the last position that this member may not read (0: all history).
    `barred` is true in a direct chat of which one person has blocked the other.
    """

    chat_id: ChatId
    user_id: UserId
    role: ChatRole
    kind: ChatKind
    settings: ChatSettings
    visible_after: Seq
    barred: bool = False


class MemberEntry(Record, frozen=True):
    user_id: UserId
    role: ChatRole
    joined_at: Timestamp


class MemberPage(Record, frozen=True):
    members: list[MemberEntry]
    next_cursor: str | None


class RoleAssignment(Record, frozen=True):
    """Body of `PUT /chats/{chat_id}/members/{user_id}`."""

    role: ChatRole = "member"


class InviteCreation(Record, frozen=True):
    """Body of `POST /invites`; without chats it invites to the server."""

    chat_ids: Annotated[list[WireChatId], Meta(max_length=20)] = msgspec.field(
        default_factory=list[WireChatId]
    )
    role: Literal["admin", "member", "guest"] = "member"
    expires_in_s: Annotated[int, Meta(ge=60, le=31_536_000)] | None = None
    max_uses: Annotated[int, Meta(ge=1, le=100_000)] | None = None


class Invite(Record, frozen=True):
    """An invitation; `invite` and `url` are there only in the answer that made it."""

    invite_id: InviteId
    chat_ids: list[ChatId]
    role: ChatRole
    expires_at: Timestamp | None
    uses: int
    max_uses: int | None
    invite: str | UnsetType = UNSET
    url: str | UnsetType = UNSET


class InvitePage(Record, frozen=True):
    invites: list[Invite]
    next_cursor: str | None


class InviteSecret(Record, frozen=True):
    """Body of `POST /invites/preview` and `POST /invites/accept`."""

    invite: Secret


class InvitedChat(Record, frozen=True):
    title: str | None
    member_count: int


class Inviter(Record, frozen=True):
    display_name: str
    username: str


class InvitePreview(Record, frozen=True):
    inviter: Inviter
    chats: list[InvitedChat]
    role: ChatRole


class Accepted(Record, frozen=True):
    """Answer to `POST /invites/accept`: the chats that one is now in."""

    chats: list[Chat]
