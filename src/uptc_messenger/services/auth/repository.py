"""The SQL of credentials, sessions and one-time codes."""

from collections.abc import Collection, Sequence
from typing import Any, Final, Literal

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.schema import codes, credentials, installation, sessions
from uptc_messenger.models.base import Millis, SessionId, UserId
from uptc_messenger.toolkit.ids import uuid7

_HASH: Final = sa.select(credentials.c.password_hash).where(
    credentials.c.user_id == sa.bindparam("user")
)
_BY_TOKEN: Final = sa.select(sessions).where(sessions.c.token_hash == sa.bindparam("token"))
_BY_USER: Final = (
    sa.select(sessions)
    .where(sessions.c.user_id == sa.bindparam("user"))
    .order_by(sessions.c.last_seen_at.desc(), sessions.c.id.desc())
)
_TOUCH: Final = (
    sa.update(sessions)
    .where(sessions.c.id == sa.bindparam("session"))
    .values(last_seen_at=sa.bindparam("at"))
)
_TAKE_CODE: Final = (
    sa.delete(codes)
    .where(
        codes.c.code_hash == sa.bindparam("code"),
        codes.c.purpose == sa.bindparam("for"),
        codes.c.expires_at > sa.bindparam("now"),
    )
    .returning(codes.c.code_hash, codes.c.user_id)
)
_HAS_CODE: Final = sa.select(codes.c.code_hash).where(
    codes.c.code_hash == sa.bindparam("code"),
    codes.c.purpose == sa.bindparam("for"),
    codes.c.expires_at > sa.bindparam("now"),
)
_CODE_PURPOSE: Final = sa.select(codes.c.purpose).where(
    codes.c.code_hash == sa.bindparam("code"), codes.c.expires_at > sa.bindparam("now")
)
_EXISTING: Final = sa.select(sessions.c.id).where(
    sessions.c.id.in_(sa.bindparam("ids", expanding=True))
)
_MARK: Final = "revocation_mark"
_VALUE: Final = sa.select(installation.c.value).where(installation.c.name == sa.bindparam("key"))


def password_hash(reader: Reader, user_id: UserId) -> str | None:
    """The stored hash, with its parameters in it."""
    return reader.value(_HASH, {"user": user_id})


def set_password_hash(tx: Transaction, user_id: UserId, value: str) -> None:
    """Store the hash of a password, the first or a new one."""
    changed = sa.update(credentials).where(credentials.c.user_id == user_id)
    if not tx.run(changed.values(password_hash=value, changed_at=tx.now)):
        row = {"user_id": user_id, "password_hash": value, "changed_at": tx.now}
        tx.run(sa.insert(credentials), row)


def insert_session(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a session: the columns of `sessions`."""
    tx.run(sa.insert(sessions), row)


def session_by_token(reader: Reader, token_hash: bytes) -> sa.Row[Any] | None:
    """The session that a token opens, expired or not."""
    return reader.first(_BY_TOKEN, {"token": token_hash})


def sessions_of(reader: Reader, user_id: UserId) -> Sequence[sa.Row[Any]]:
    """Every session of a user, the last used first."""
    return reader.all(_BY_USER, {"user": user_id})


def delete_sessions(tx: Transaction, user_id: UserId, ids: Collection[SessionId]) -> int:
    """Forget sessions of this user; answers how many there were."""
    mine = sa.delete(sessions).where(sessions.c.user_id == user_id, sessions.c.id.in_(list(ids)))
    return tx.run(mine)


def renew_token(tx: Transaction, session_id: SessionId, token_hash: bytes) -> None:
    """From now on another token opens the session."""
    mine = sa.update(sessions).where(sessions.c.id == session_id)
    tx.run(mine.values(token_hash=token_hash, last_seen_at=tx.now))


def touch(tx: Transaction, seen: dict[SessionId, Millis]) -> None:
    """Remember when sessions were last used."""
    if seen:
        tx.run(_TOUCH, [{"session": session, "at": at} for session, at in seen.items()])


def stale_sessions(reader: Reader, unused_since: Millis, now: Millis) -> Sequence[sa.Row[Any]]:
    """(id, user_id) of sessions that lived their time, or were not used since."""
    over = sa.or_(sessions.c.last_seen_at < unused_since, sessions.c.expires_at <= now)
    return reader.all(sa.select(sessions.c.id, sessions.c.user_id).where(over).limit(500))


def existing_sessions(reader: Reader, ids: Sequence[SessionId]) -> list[SessionId]:
    """Those of the sessions that have not ended."""
    return [row.id for row in reader.all(_EXISTING, {"ids": ids})]


def revocation_mark(reader: Reader) -> str | None:
    """What changes whenever a session ends."""
    return installation_value(reader, _MARK)


def change_revocation_mark(tx: Transaction) -> None:
    """Tell the other processes to look whether their sessions are still there."""
    mark = sa.update(installation).where(installation.c.name == _MARK)
    if not tx.run(mark.values(value=uuid7())):
        set_installation_value(tx, _MARK, uuid7())


def insert_code(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a one-time code: the columns of `codes`."""
    tx.run(sa.insert(codes), row)


def take_code(tx: Transaction, code_hash: bytes, purpose: str) -> sa.Row[Any] | None:
    """Use a code up and answer (code_hash, user_id); None where it is unknown or expired."""
    return tx.first(_TAKE_CODE, {"code": code_hash, "for": purpose, "now": tx.now})


def has_code(reader: Reader, code_hash: bytes, purpose: str, now: Millis) -> bool:
    """Whether a code can be used now."""
    return reader.first(_HAS_CODE, {"code": code_hash, "for": purpose, "now": now}) is not None


def code_purpose(reader: Reader, code_hash: bytes, now: Millis) -> Literal["owner", "reset"] | None:
    """What a code that can still be used is for."""
    return reader.value(_CODE_PURPOSE, {"code": code_hash, "now": now})


def delete_codes(tx: Transaction, purpose: str, user_id: UserId | None) -> None:
    """Forget the codes that were handed out for this."""
    tx.run(
        sa.delete(codes).where(
            codes.c.purpose == purpose, codes.c.user_id.is_not_distinct_from(user_id)
        )
    )


def delete_old_codes(tx: Transaction) -> None:
    """Forget what has expired."""
    tx.run(sa.delete(codes).where(codes.c.expires_at <= tx.now))


def installation_value(reader: Reader, name: str) -> str | None:
    """A value that this installation keeps for itself."""
    return reader.value(_VALUE, {"key": name})


def set_installation_value(tx: Transaction, name: str, value: str) -> None:
    """Keep a value that is not there yet."""
    tx.run(sa.insert(installation), {"name": name, "value": value})
