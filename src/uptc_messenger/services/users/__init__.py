"""People and their own logs."""

from uptc_messenger.services.users.service import (
    NewUser,
    Standing,
    change,
    create,
    find,
    has_owner,
    ids_by_username,
    last_seen,
    me,
    profile,
    profiles,
    seen,
    set_disabled,
    set_role,
    standing,
    standing_by_name,
)

__all__ = [
    "NewUser",
    "Standing",
    "change",
    "create",
    "find",
    "has_owner",
    "ids_by_username",
    "last_seen",
    "me",
    "profile",
    "profiles",
    "seen",
    "set_disabled",
    "set_role",
    "standing",
    "standing_by_name",
]
