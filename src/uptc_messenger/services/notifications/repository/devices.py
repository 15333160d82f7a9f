"""The SQL of push subscriptions: one for each session, one for each endpoint."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.database.lookups import each, slices
from uptc_messenger.database.notices import notification_jobs, push_subscriptions
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import Millis, SessionId, UserId

_ID: Final = push_subscriptions.c.id == sa.bindparam("device")
_OF_USER: Final = (
    sa.select(push_subscriptions)
    .where(push_subscriptions.c.user_id == sa.bindparam("user"))
    .order_by(push_subscriptions.c.created_at.desc(), push_subscriptions.c.id)
)
_OF_USERS: Final = sa.select(push_subscriptions.c.id, push_subscriptions.c.user_id).where(
    push_subscriptions.c.user_id.in_(sa.bindparam("ids", expanding=True))
)
_BY_IDS: Final = sa.select(push_subscriptions).where(
    push_subscriptions.c.id.in_(sa.bindparam("ids", expanding=True))
)
_SAME: Final = sa.select(push_subscriptions).where(
    sa.or_(
        push_subscriptions.c.session_id == sa.bindparam("session"),
        push_subscriptions.c.endpoint_hash == sa.bindparam("hash"),
    )
)
_ADD: Final = sa.insert(push_subscriptions)
_TOLD: Final = (
    sa.update(push_subscriptions)
    .where(_ID)
    .values(
        sent_at=sa.func.coalesce(
            sa.bindparam("at", type_=sa.BigInteger), push_subscriptions.c.sent_at
        ),
        problem=sa.bindparam("what"),
    )
)
_REMOVE: Final = sa.delete(push_subscriptions).where(
    push_subscriptions.c.id.in_(sa.bindparam("ids", expanding=True))
)
_REMOVE_JOBS: Final = sa.delete(notification_jobs).where(
    notification_jobs.c.target_id.in_(sa.bindparam("ids", expanding=True))
)
_NEXT: Final = (
    sa.select(push_subscriptions.c.id, push_subscriptions.c.session_id)
    .where(push_subscriptions.c.id > sa.bindparam("after", type_=ID))
    .order_by(push_subscriptions.c.id)
    .limit(sa.bindparam("limit"))
)
_ANY: Final = sa.select(push_subscriptions.c.id).limit(1)


def of_user(reader: Reader, user_id: UserId) -> Sequence[Row]:
    """A person's devices, the newest first."""
    return reader.all(_OF_USER, {"user": user_id})


def of_users(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, list[str]]:
    """The ids of the devices of those who have any."""
    found: dict[UserId, list[str]] = {}
    for row in each(reader, _OF_USERS, user_ids):
        found.setdefault(row.user_id, []).append(row.id)
    return found


def by_ids(reader: Reader, ids: Collection[str]) -> dict[str, Row]:
    """The devices that are still there."""
    return {row.id: row for row in each(reader, _BY_IDS, ids)}


def same(reader: Reader, session_id: SessionId, endpoint_hash: bytes) -> Sequence[Row]:
    """The devices of this session, or with this endpoint."""
    return reader.all(_SAME, {"session": session_id, "hash": endpoint_hash})


def add(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a device: the columns of `push_subscriptions`."""
    tx.run(_ADD, row)


def told(tx: Transaction, device_id: str, at: Millis | None, problem: str | None) -> None:
    """Note when a push was last taken, and what is the matter if it was not."""
    tx.run(_TOLD, {"device": device_id, "at": at, "what": problem})


def remove(tx: Transaction, ids: Collection[str]) -> None:
    """Forget devices and everything that was to be told there."""
    for part in slices(ids):
        tx.run(_REMOVE, {"ids": part})
        tx.run(_REMOVE_JOBS, {"ids": part})


def following(reader: Reader, after: str, limit: int) -> Sequence[Row]:
    """The next devices of all there are, in the order of their ids."""
    return reader.all(_NEXT, {"after": after, "limit": limit})


def any_at_all(reader: Reader) -> bool:
    """Whether anybody has a device."""
    return reader.value(_ANY) is not None
