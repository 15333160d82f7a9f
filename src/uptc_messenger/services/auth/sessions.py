"""Sessions: opened, listed, renewed and ended; each end reaches every open socket."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.auth import Session, SessionPage
from uptc_messenger.models.base import Millis, Record, SessionId, UserId
from uptc_messenger.models.errors import CloseCode, NotFound, SessionExpired, Unauthenticated
from uptc_messenger.models.events import EndSessions, SessionEnd, SessionEnded
from uptc_messenger.models.users import User
from uptc_messenger.services import users
from uptc_messenger.services.auth import repository
from uptc_messenger.services.auth.config import AuthConfig
from uptc_messenger.services.users import log
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import fingerprint, secret, uuid7

SECOND: Final = 1000


class Opened(Record, frozen=True):
    """A session just opened or renewed; the only time that its token is known."""

    user: User
    session: Session
    token: str


class Live(Record, frozen=True):
    """A session that a token opens."""

    session_id: SessionId
    user_id: UserId
    last_seen_at: Millis
    ends_at: Millis
    """When it ends unless it is used before."""


def open_session(tx: Transaction, user: User, device: str, config: AuthConfig) -> Opened:
    """Log a device in; over the limit the device unused for longest is logged out."""
    _make_room(tx, user.user_id, config.max_sessions)
    token, session_id = secret(), SessionId(uuid7())
    row = {
        "id": session_id,
        "user_id": user.user_id,
        "token_hash": fingerprint(token),
        "device": device,
        "created_at": tx.now,
        "last_seen_at": tx.now,
        "expires_at": tx.now + config.session_lifetime_s * SECOND,
    }
    repository.insert_session(tx, row)
    session = Session(
        session_id=session_id,
        device=device,
        created_at=rfc3339(tx.now),
        last_seen_at=rfc3339(tx.now),
        current=True,
    )
    return Opened(user=user, session=session, token=token)


def find(reader: Reader, token: str, now: Millis, config: AuthConfig) -> Live:
    """The live session of a token; `Unauthenticated` where there is none, or `SessionExpired`."""
    row = repository.session_by_token(reader, fingerprint(token))
    if row is None:
        raise Unauthenticated("This session is unknown or was ended; log in again.")
    ends_at = min(row.expires_at, row.last_seen_at + config.session_idle_s * SECOND)
    if ends_at <= now:
        raise SessionExpired
    return Live(
        session_id=row.id, user_id=row.user_id, last_seen_at=row.last_seen_at, ends_at=ends_at
    )


def renew(tx: Transaction, user_id: UserId, session_id: SessionId) -> Opened:
    """Give a session another token; the old one opens nothing any more."""
    token = secret()
    repository.renew_token(tx, session_id, fingerprint(token))
    session = next((s for s in entries(tx, user_id, session_id) if s.current), None)
    if session is None:
        raise Unauthenticated
    return Opened(user=users.me(tx, user_id), session=session, token=token)


def entries(reader: Reader, user_id: UserId, current: SessionId | None) -> list[Session]:
    """A person's devices, the last used first."""
    return [_entry(row, current) for row in repository.sessions_of(reader, user_id)]


def living(reader: Reader, ids: Collection[SessionId]) -> list[SessionId]:
    """Those of these sessions that have not ended."""
    return repository.existing_sessions(reader, list(ids)) if ids else []


def page(reader: Reader, user_id: UserId, current: SessionId) -> SessionPage:
    """All devices: there are never more than the limit on sessions."""
    return SessionPage(sessions=entries(reader, user_id, current), next_cursor=None)


def end(
    tx: Transaction,
    user_id: UserId,
    session_ids: Collection[SessionId],
    code: CloseCode = CloseCode.SESSION_REVOKED,
) -> int:
    """End those of these sessions that are this user's; their sockets close with `code`.

    Answers how many there were.
    """
    mine = {row.id for row in repository.sessions_of(tx, user_id)}
    ended = [session_id for session_id in session_ids if session_id in mine]
    if not ended:
        return 0
    repository.delete_sessions(tx, user_id, ended)
    repository.change_revocation_mark(tx)
    for session_id in ended:
        _tell(tx, user_id, session_id)
    tx.emit(EndSessions(user_id=user_id, session_ids=frozenset(ended), code=code))
    return len(ended)


def end_one(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    """End one's own session; `NotFound` for anybody else's."""
    if session_id not in {row.id for row in repository.sessions_of(tx, user_id)}:
        raise NotFound
    end(tx, user_id, [session_id])


def end_others(tx: Transaction, user_id: UserId, kept: SessionId) -> None:
    """End every session of a user but one."""
    end(tx, user_id, [row.id for row in repository.sessions_of(tx, user_id) if row.id != kept])


def end_all(tx: Transaction, user_id: UserId, code: CloseCode = CloseCode.SESSION_REVOKED) -> int:
    """End every session of a user; answers how many there were."""
    return end(tx, user_id, [row.id for row in repository.sessions_of(tx, user_id)], code)


def end_stale(tx: Transaction, config: AuthConfig) -> int:
    """End sessions whose time is over; answers how many, at most 500 a call."""
    rows = repository.stale_sessions(tx, tx.now - config.session_idle_s * SECOND, tx.now)
    for user_id, ids in _by_user(rows).items():
        end(tx, user_id, ids, CloseCode.TOKEN_INVALID)
    return len(rows)


def _by_user(rows: Sequence[Any]) -> dict[UserId, list[SessionId]]:
    grouped: dict[UserId, list[SessionId]] = {}
    for row in rows:
        grouped.setdefault(row.user_id, []).append(row.id)
    return grouped


def _make_room(tx: Transaction, user_id: UserId, most: int) -> None:
    crowd = [row.id for row in repository.sessions_of(tx, user_id)][most - 1 :]
    end(tx, user_id, crowd, CloseCode.TOO_MANY_SESSIONS)


def _tell(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    ended = SessionEnd(session_id=session_id)
    log.append(tx, user_id, lambda useq: SessionEnded(useq=useq, data=ended))


def _entry(row: Any, current: SessionId | None) -> Session:  # noqa: ANN401 - a row
    return Session(
        session_id=row.id,
        device=row.device,
        created_at=rfc3339(row.created_at),
        last_seen_at=rfc3339(row.last_seen_at),
        current=row.id == current,
    )
