"""What an operator may ask of an installation, and the answers: the words of the admin socket.

Each connection carries one request and one answer, each a line of JSON.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from uptc_messenger.models.auth import Password, Session
from uptc_messenger.models.base import (
    ChatRole,
    InviteId,
    Record,
    ServerRole,
    Timestamp,
    WireInviteId,
    WireSessionId,
)
from uptc_messenger.models.errors import ErrorCode
from uptc_messenger.models.users import DisplayName, User, Username

MAX_REQUEST: Final = 65_536
"""Bytes of a request with its line break."""

Scalar = str | int | float | bool | None
Section = dict[str, Scalar]


class AddUser(Record, frozen=True, tag="user.add"):
    username: Username
    password: Password
    role: ServerRole = "member"
    display_name: DisplayName | None = None


class ListUsers(Record, frozen=True, tag="user.list"):
    """By username, after `after`; only those with this role on the server, where one is given."""

    after: Annotated[str, Meta(max_length=128)] = ""
    role: ServerRole | None = None


class SetPassword(Record, frozen=True, tag="user.passwd"):
    username: Username
    password: Password


class SetRole(Record, frozen=True, tag="user.role"):
    username: Username
    role: ServerRole


class SetDisabled(Record, frozen=True, tag="user.disable"):
    username: Username
    disabled: bool


class IssueResetLink(Record, frozen=True, tag="user.reset_link"):
    username: Username


class ListSessions(Record, frozen=True, tag="sessions.list"):
    username: Username


class EndSessionsOf(Record, frozen=True, tag="sessions.end"):
    """Ends one session, or every one where none is named."""

    username: Username
    session_id: WireSessionId | None = None


class CreateInvite(Record, frozen=True, tag="invite.create"):
    """Chats by id or by title; `by` is in whose name, a fitting owner where nobody is named."""

    chats: Annotated[list[Annotated[str, Meta(min_length=1, max_length=200)]], Meta(max_length=20)]
    role: Literal["admin", "member", "guest"] = "member"
    expires_in_s: Annotated[int, Meta(ge=60, le=31_536_000)] | None = None
    max_uses: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    by: Username | None = None


class ListInvites(Record, frozen=True, tag="invite.list"):
    pass


class RevokeInvite(Record, frozen=True, tag="invite.revoke"):
    invite_id: WireInviteId


class GetStatus(Record, frozen=True, tag="status"):
    pass


class RefuseAddress(Record, frozen=True, tag="mail.bounced"):
    """Mail to this address came back; with the `Message-ID` of what did, unless we say it."""

    address: Annotated[str, Meta(min_length=3, max_length=254)]
    reason: Annotated[str, Meta(max_length=200)]
    letter: Annotated[str, Meta(max_length=998)] | None = None


AdminRequest = (
    AddUser
    | ListUsers
    | SetPassword
    | SetRole
    | SetDisabled
    | IssueResetLink
    | ListSessions
    | EndSessionsOf
    | CreateInvite
    | ListInvites
    | RevokeInvite
    | GetStatus
    | RefuseAddress
)


class Envelope(Record, frozen=True):
    """A request, and which database its sender believes to be behind the socket."""

    database: Annotated[str, Meta(max_length=64)]
    request: AdminRequest


class Done(Record, frozen=True, tag="done"):
    """It was done; `ended` sessions ended by it, and `ownerless` says that nobody owns it now."""

    ended: int = 0
    ownerless: Literal[True] | UnsetType = UNSET


class Account(Record, frozen=True, tag="account"):
    user: User


class Entry(Record, frozen=True):
    """An account, as a list shows it."""

    username: str
    display_name: str
    role: ServerRole
    disabled: bool
    created_at: Timestamp
    last_seen_at: Timestamp | None


class Accounts(Record, frozen=True, tag="accounts"):
    """By username; `more` where there are more than are told at once."""

    accounts: list[Entry]
    more: bool


class ResetLink(Record, frozen=True, tag="reset_link"):
    """Whoever opens `url` sets a new password, once and until `expires_at`."""

    username: str
    url: str
    code: str
    expires_at: Timestamp


class Sessions(Record, frozen=True, tag="sessions"):
    """The devices of one person, the last used first."""

    username: str
    sessions: list[Session]


class HandedOut(Record, frozen=True):
    """An invitation that can still be used; without its secret, which nobody knows any more."""

    invite_id: InviteId
    inviter: str
    chats: list[str]
    role: ChatRole
    expires_at: Timestamp | None
    uses: int
    max_uses: int | None


class NewInvite(Record, frozen=True, tag="invite"):
    """An invitation just made: the only time that its link is known."""

    invite: HandedOut
    url: str


class Invites(Record, frozen=True, tag="invites"):
    """The newest first; `more` where there are more than are told at once."""

    invites: list[HandedOut]
    more: bool


class Status(Record, frozen=True, tag="status"):
    """Facts by section and name: `_s` are seconds, `_bytes` bytes, `_at` instants."""

    running: bool
    sections: dict[str, Section]


class AddressRefused(Record, frozen=True, tag="address_refused"):
    """So many people get no more letters."""

    people: int


class Refused(Record, frozen=True, tag="refused"):
    """A `Problem`, as it travels."""

    code: ErrorCode
    sentence: str
    retryable: bool


AdminAnswer = (
    Done
    | Account
    | Accounts
    | ResetLink
    | Sessions
    | NewInvite
    | Invites
    | Status
    | AddressRefused
    | Refused
)


def encode(message: Envelope | AdminAnswer) -> bytes:
    """One line."""
    return msgspec.json.encode(message) + b"\n"
