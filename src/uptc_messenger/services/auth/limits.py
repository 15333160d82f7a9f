"""How much one person, address or session may do: one table of named limits."""

from typing import Final, Literal

import structlog

from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import RateLimited
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.gcra import FULL, Gcra

LimitName = Literal[
    "login_account",
    "login_ip",
    "login_device",
    "password",
    "code_guess",
    "code_use",
    "register_ip",
    "register_invite",
    "invite_create",
    "invite_guess",
    "search",
    "export",
    "mail_address",
    "notification_test",
    "upload",
    "preview",
    "send",
    "typing",
    "other",
    "anonymous",
    "connect",
]
Key = Literal["account", "device", "ip", "session", "invite", "code"]
_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND
_log = structlog.get_logger(__name__)


class Limit(Record, frozen=True):
    """`burst` at once and one more every `refill_ms`, for each of what `key` names.

    When the memory for it is full of keys that still count, a limit that is `fail_open`
    forgets the oldest and the others refuse: guessing a password must not become free by
    guessing from many addresses.
    """

    key: Key
    burst: int
    refill_ms: int
    fail_open: bool
    about: str


def _closed(key: Key, burst: int, refill_ms: int, about: str) -> Limit:
    return Limit(key=key, burst=burst, refill_ms=refill_ms, fail_open=False, about=about)


def _open(key: Key, burst: int, refill_ms: int, about: str) -> Limit:
    return Limit(key=key, burst=burst, refill_ms=refill_ms, fail_open=True, about=about)


LIMITS: Final[dict[LimitName, Limit]] = {
    "login_account": _closed(
        "account", 10, 90 * _SECOND, "failed logins to one account: 10 in 15 minutes"
    ),
    "login_ip": _closed("ip", 30, 30 * _SECOND, "failed logins from one address: 30 in 15 minutes"),
    "login_device": _closed(
        "device",
        10,
        90 * _SECOND,
        "failed logins from a device that was logged in before: 10 in 15 minutes",
    ),
    "password": _closed(
        "account", 10, 90 * _SECOND, "wrong old passwords of one account: 10 in 15 minutes"
    ),
    "code_guess": _closed(
        "ip", 10, 6 * _MINUTE, "one-time codes that were wrong, from one address: 10 in an hour"
    ),
    "code_use": _closed("code", 5, _MINUTE, "uses of a one-time code that is right"),
    "register_ip": _closed(
        "ip", 6, 30 * _SECOND, "accounts made from one address without an invitation"
    ),
    "register_invite": _closed(
        "invite", 500, _SECOND, "accounts made with one invitation: a class sits behind one address"
    ),
    "invite_create": _closed("account", 20, 3 * _MINUTE, "invitations made: 20 in an hour"),
    "invite_guess": _closed(
        "ip", 30, 10 * _SECOND, "invitations tried from one address that are not good"
    ),
    "search": _open("account", 60, _SECOND, "searches in messages and in the directory"),
    "export": _open("account", 5, 2 * _MINUTE, "conversations exported: 5 in 10 minutes"),
    "mail_address": _closed(
        "account", 5, 12 * _MINUTE, "letters that ask to confirm an address: 5 in an hour"
    ),
    "notification_test": _open("account", 5, 2 * _MINUTE, "test notifications: 5 in 10 minutes"),
    "upload": _open("account", 100, 2 * _SECOND, "uploads begun: 100 at once"),
    "preview": _open(
        "account", 20, 15 * _SECOND, "links that are looked into for previews: 20 at once"
    ),
    "send": _open("account", 60, _SECOND, "messages sent, edited, deleted and reacted to"),
    "typing": _open("session", 30, _SECOND, "signs of typing"),
    "other": _open("session", 300, 50, "everything else that a logged-in session asks"),
    "anonymous": _open(
        "ip", 600, 50, "requests from one address without a session and without a limit above"
    ),
    "connect": _open(
        "session", 20, 3 * _SECOND, "WebSocket connections of one session: 20 in a minute"
    ),
}


class Limiter:
    """Counts in memory; switched off it lets everything through."""

    def __init__(self, clock: Clock, *, on: bool = True, capacity: int = 50_000) -> None:
        self._clock = clock
        self._on = on
        self.refused = 0
        self._buckets = {
            name: Gcra(limit.burst, limit.refill_ms, capacity) for name, limit in LIMITS.items()
        }

    @property
    def on(self) -> bool:
        """Whether anything is limited at all."""
        return self._on

    def take(self, name: LimitName, key: str) -> None:
        """Count one; `RateLimited` where it is too many."""
        wait = self.try_take(name, key)
        if wait != 0:
            self.refused += 1
            _log.info("limited", limit=name)
            raise RateLimited(retry_after_ms=wait)

    def try_take(self, name: LimitName, key: str) -> int:
        """Count one and answer 0, or the milliseconds until there is one."""
        if not self._on:
            return 0
        bucket = self._buckets[name]
        wait = bucket.take(key, self._clock())
        if wait == FULL and LIMITS[name].fail_open:
            bucket.forget_oldest()
            wait = bucket.take(key, self._clock())
        return LIMITS[name].refill_ms if wait == FULL else wait

    def give_back(self, name: LimitName, key: str) -> None:
        """Count one less: what is limited is failing, and this did not fail."""
        if self._on:
            self._buckets[name].give_back(key)


def per_minute(name: LimitName) -> int:
    """How many a minute a limit lets through in the long run."""
    return max(1, _MINUTE // LIMITS[name].refill_ms)
