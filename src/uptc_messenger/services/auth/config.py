"""How accounts are made, and how long a proof of identity lives."""

from typing import Annotated

from msgspec import Meta

from uptc_messenger.models.auth import Registration
from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import Age, Patience


class AuthConfig(Record, frozen=True):
    registration: Registration = "invite"
    """Who may make an account: anyone, whoever holds an invitation, or nobody."""

    session_idle_s: Age = 30 * 86_400
    """A session that is not used for this long ends."""

    session_lifetime_s: Age = 180 * 86_400
    """A session ends after this long, however much it is used."""

    max_sessions: Annotated[int, Meta(ge=1, le=200)] = 50
    """Devices that one person may have logged in; the one unused for longest makes room."""

    reset_code_s: Age = 30 * 60
    """How long a code to set a new password is valid."""

    owner_code_s: Age = 24 * 3600
    """How long the link that makes the first owner is valid; each start prints a new one."""

    argon2_memory_kib: Annotated[int, Meta(ge=8, le=4 << 20)] = 19_456
    """Memory of one password hash (argon2id); existing hashes are renewed at the next login."""

    argon2_time: Annotated[int, Meta(ge=1, le=1_000)] = 2
    """Passes of one password hash."""

    hash_threads: Annotated[int, Meta(ge=1, le=64)] = 2
    """Passwords that are hashed at the same time."""

    hash_wait_s: Patience = 10.0
    """A stranger's login that would wait longer for its turn is refused as `overloaded`."""

    hash_wait_known_s: Patience = 50.0
    """The same for who has an invitation, a session, a code or a known device; they go first."""
