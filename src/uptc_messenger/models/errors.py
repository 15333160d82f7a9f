"""Refusals and goodbyes: one table each, the same over HTTP and WebSocket."""

from enum import IntEnum
from typing import ClassVar, Literal

ErrorCode = Literal[
    "bad_request",
    "unauthenticated",
    "mfa_required",
    "session_expired",
    "forbidden",
    "not_found",
    "id_conflict",
    "conflict",
    "too_large",
    "unsupported",
    "reset_required",
    "rate_limited",
    "overloaded",
    "unavailable",
    "timeout",
]


class Problem(Exception):
    """A refusal that a person can understand; never a bug of ours.

    `code` is stable and for programs, `sentence` is for people. `retryable` says that
    the same request may succeed later, not before `retry_after_ms` where that is given.
    """

    code: ClassVar[ErrorCode]
    retryable: ClassVar[bool] = False
    default: ClassVar[str]

    def __init__(
        self,
        sentence: str | None = None,
        *,
        retry_after_ms: int | None = None,
        details: dict[str, str] | None = None,
    ) -> None:
        self.sentence = sentence or self.default
        self.retry_after_ms = retry_after_ms
        self.details = details
        super().__init__(self.sentence)


class BadRequest(Problem):
    code = "bad_request"
    default = "The request does not have the form that is documented."


class Unauthenticated(Problem):
    code = "unauthenticated"
    default = "Log in first."


class MfaRequired(Problem):
    code = "mfa_required"
    default = "A second factor is required."


class SessionExpired(Problem):
    code = "session_expired"
    default = "This session has ended; log in again."


class Forbidden(Problem):
    code = "forbidden"
    default = "You may not do this."


class NotFound(Problem):
    code = "not_found"
    default = "There is nothing here that you may see."


class IdConflict(Problem):
    code = "id_conflict"
    default = "This id was already used for something else."


class Conflict(Problem):
    code = "conflict"
    default = "The state has changed meanwhile."


class TooLarge(Problem):
    code = "too_large"
    default = "This is larger than allowed."


class Unsupported(Problem):
    code = "unsupported"
    default = "Send application/json."


class ResetRequired(Problem):
    code = "reset_required"
    default = "The local copy is too old; load it anew."


class RateLimited(Problem):
    code = "rate_limited"
    retryable = True
    default = "Too many requests; wait a moment."


class Overloaded(Problem):
    code = "overloaded"
    retryable = True
    default = "The server is busy; try again shortly."


class Unavailable(Problem):
    code = "unavailable"
    retryable = True
    default = "The server cannot do this right now; try again."


class Timeout(Problem):
    """The result is unknown: only a retry with the same id tells."""

    code = "timeout"
    retryable = True
    default = "No answer in time; retry with the same id."


def broken() -> Unavailable:
    """What is said of a bug of ours: it is logged with its traceback, told without it."""
    return Unavailable("Something went wrong here; it was logged. Try again.")


PROBLEMS: tuple[type[Problem], ...] = (
    BadRequest,
    Unauthenticated,
    MfaRequired,
    SessionExpired,
    Forbidden,
    NotFound,
    IdConflict,
    Conflict,
    TooLarge,
    Unsupported,
    ResetRequired,
    RateLimited,
    Overloaded,
    Unavailable,
    Timeout,
)


_RECONNECT = range(4000, 4500)


class CloseCode(IntEnum):
    """Why the server closed a socket; 4000-4499: reconnect, 4500-4999: stop."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    INVALID_DATA = 1007
    TOO_BIG = 1009
    INTERNAL = 4000
    GOAWAY = 4001
    NO_HELLO = 4002
    HEARTBEAT_TIMEOUT = 4003
    SLOW_CONSUMER = 4008
    OVERLOADED = 4013
    RATE_LIMITED = 4029
    BAD_PROTOCOL = 4500
    UNSUPPORTED_VERSION = 4501
    TOKEN_INVALID = 4503
    SESSION_REVOKED = 4504
    ACCOUNT_DISABLED = 4505
    TOO_MANY_SESSIONS = 4506

    @property
    def reconnect(self) -> bool:
        """Whether a client may come back by itself."""
        return self in _RECONNECT
