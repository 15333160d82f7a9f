"""People, as they are seen and as they see themselves."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from uptc_messenger.models.base import (
    FileId,
    Record,
    ServerRole,
    Timestamp,
    UserId,
    WireFileId,
)

Locale = Literal["es", "en"]
USERNAME_PATTERN: Final = r"^[a-z0-9._-]{3,32}\Z"
Username = Annotated[str, Meta(min_length=1, max_length=128)]
"""As typed: case-folded, then held to `USERNAME_PATTERN` by `services.users`."""

DisplayName = Annotated[str, Meta(min_length=1, max_length=80)]
About = Annotated[str, Meta(max_length=500)]


class User(Record, frozen=True):
    """An account without its secrets."""

    user_id: UserId
    username: str
    display_name: str
    about: str
    locale: Locale
    role: ServerRole
    avatar_file_id: FileId | None = None
    hides_last_seen: bool = False
    hides_receipts: bool = False
    hides_previews: bool = False


class Profile(Record, frozen=True):
    """What others may see of a person."""

    user_id: UserId
    username: str
    display_name: str
    about: str
    avatar_file_id: FileId | None = None


class ProfileChange(Record, frozen=True):
    """Body of `PATCH /users/me`; what is absent stays."""

    display_name: DisplayName | msgspec.UnsetType = msgspec.UNSET
    about: About | msgspec.UnsetType = msgspec.UNSET
    locale: Locale | msgspec.UnsetType = msgspec.UNSET
    avatar_file_id: WireFileId | msgspec.UnsetType | None = msgspec.UNSET
    hides_last_seen: bool | msgspec.UnsetType = msgspec.UNSET
    hides_receipts: bool | msgspec.UnsetType = msgspec.UNSET
    hides_previews: bool | msgspec.UnsetType = msgspec.UNSET


class UserPage(Record, frozen=True):
    """A page of the directory."""

    users: list[Profile]
    next_cursor: str | None


class Block(Record, frozen=True):
    """Somebody whom I have blocked, and since when."""

    user: Profile
    blocked_at: Timestamp


class BlockPage(Record, frozen=True):
    blocks: list[Block]
    next_cursor: str | None
