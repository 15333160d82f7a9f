"""Logging in: what is asked, what is answered, who is acting."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from uptc_messenger.models.base import Record, ServerRole, SessionId, Timestamp, UserId
from uptc_messenger.models.users import DisplayName, Locale, User, Username

Secret = Annotated[str, Meta(min_length=1, max_length=256)]
"""A code or an invitation as handed out; opaque."""

Password = Annotated[str, Meta(min_length=1, max_length=4096)]
"""As typed; `services.auth.passwords` holds it to its own limits in bytes."""

Registration = Literal["open", "invite", "closed"]
"""Who may make an account: anyone, whoever holds an invitation, or nobody."""

DeviceName = Annotated[str, Meta(max_length=120)]


class Principal(Record, frozen=True):
    """Who is acting, proved by a live session; only `services.auth` makes one."""

    user_id: UserId
    session_id: SessionId
    role: ServerRole


class Register(Record, frozen=True):
    username: Username
    password: Password
    display_name: DisplayName | None = None
    email: Annotated[str, Meta(max_length=254)] | None = None
    invite: Secret | None = None
    locale: Locale = "es"
    """In which the account's mail, notes and exports are written."""
    shared: bool = False
    """The computer is other people's too: its browser shall keep nothing."""


class Login(Record, frozen=True):
    username: Username
    password: Password
    code: Annotated[str, Meta(max_length=64)] | None = None
    device: DeviceName | None = None
    shared: bool = False
    """The computer is other people's too: its browser shall keep nothing."""


class PasswordChange(Record, frozen=True):
    old_password: Password
    new_password: Password


class Reset(Record, frozen=True):
    code: Secret
    password: Password


class OwnerClaim(Record, frozen=True):
    code: Secret
    username: Username
    password: Password
    display_name: DisplayName | None = None
    locale: Locale = "es"


class CodeCheck(Record, frozen=True):
    """Body of `POST /auth/code`."""

    code: Secret


class CodePurpose(Record, frozen=True):
    """What a one-time code that is good opens."""

    purpose: Literal["owner", "reset"]


class ServerInfo(Record, frozen=True):
    """What anybody may know of this server before having an account, and of their own cookie."""

    registration: Registration
    signed_in: bool
    """The request carries the token of a live session: asking who that is will not be refused."""


class Session(Record, frozen=True):
    """A device that is logged in."""

    session_id: SessionId
    device: str
    created_at: Timestamp
    last_seen_at: Timestamp
    current: bool


class SessionPage(Record, frozen=True):
    sessions: list[Session]
    next_cursor: str | None


class LoggedIn(Record, frozen=True):
    """Answer to register, login, owner and reset; browsers get a cookie instead of `token`."""

    user: User
    session: Session
    token: str | msgspec.UnsetType = msgspec.UNSET


class Renewed(Record, frozen=True):
    """Answer to a password change: the one session that goes on."""

    session: Session
    token: str | msgspec.UnsetType = msgspec.UNSET
