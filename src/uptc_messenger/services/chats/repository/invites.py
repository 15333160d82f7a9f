"""The SQL of invitations; of their secrets only the fingerprint is stored."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import each
from uptc_messenger.database.schema import invites
from uptc_messenger.models.base import InviteId, Millis, UserId

_HASH: Final = invites.c.secret_hash == sa.bindparam("hash")
_ID: Final = invites.c.id == sa.bindparam("invite")
_BY_SECRET: Final = sa.select(invites).where(_HASH)
_HOLD: Final = _BY_SECRET.with_for_update()
_BY_ID: Final = sa.select(invites).where(_ID)
_USABLE: Final = sa.and_(
    ~invites.c.revoked,
    sa.or_(invites.c.expires_at.is_(None), invites.c.expires_at > sa.bindparam("now")),
    sa.or_(invites.c.max_uses.is_(None), invites.c.uses < invites.c.max_uses),
)
_BY_INVITERS: Final = invites.c.inviter_id.in_(sa.bindparam("ids", expanding=True))
_TO_THE_SERVER: Final = invites.c.chat_ids == []
_NEWEST: Final = invites.c.id < sa.bindparam("before")
_PAGE: Final = (
    sa.select(invites)
    .where(_USABLE, _NEWEST, _BY_INVITERS)
    .order_by(invites.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_PAGE_WITH_SERVER: Final = (
    sa.select(invites)
    .where(_USABLE, _NEWEST, sa.or_(_BY_INVITERS, _TO_THE_SERVER))
    .order_by(invites.c.id.desc())
    .limit(sa.bindparam("limit"))
)
_ALL: Final = (
    sa.select(invites).where(_USABLE).order_by(invites.c.id.desc()).limit(sa.bindparam("limit"))
)
_ADD: Final = sa.insert(invites)
_USE: Final = sa.update(invites).where(_ID).values(uses=invites.c.uses + 1)
_REVOKE: Final = sa.update(invites).where(_ID).values(revoked=True)


def by_secret(reader: Reader, secret_hash: bytes) -> sa.Row[Any] | None:
    return reader.first(_BY_SECRET, {"hash": secret_hash})


def hold(tx: Transaction, secret_hash: bytes) -> sa.Row[Any] | None:
    """The same, locked until the commit, so that its uses are counted one by one."""
    return tx.first(_HOLD, {"hash": secret_hash})


def by_id(reader: Reader, invite_id: InviteId) -> sa.Row[Any] | None:
    return reader.first(_BY_ID, {"invite": invite_id})


def page(
    reader: Reader, inviter_ids: Collection[UserId], values: dict[str, Any], *, server: bool
) -> Sequence[sa.Row[Any]]:
    """Usable invitations by these people, and with `server` those to the server; newest first.

    `values`: now, before (an id), limit.
    """
    query = _PAGE_WITH_SERVER if server else _PAGE
    # Each slice of inviters gives its newest, so the newest of all are among them.
    found = {row.id: row for row in each(reader, query, inviter_ids, **values)}
    newest = sorted(found.values(), key=lambda row: row.id, reverse=True)
    return newest[: values["limit"]]


def all_usable(reader: Reader, now: Millis, limit: int) -> Sequence[sa.Row[Any]]:
    """Every invitation of the installation that can be used, the newest first."""
    return reader.all(_ALL, {"now": now, "limit": limit})


def add(tx: Transaction, row: dict[str, Any]) -> None:
    """Store an invitation: the columns of `invites`."""
    tx.run(_ADD, row)


def use(tx: Transaction, invite_id: InviteId) -> None:
    tx.run(_USE, {"invite": invite_id})


def revoke(tx: Transaction, invite_id: InviteId) -> None:
    tx.run(_REVOKE, {"invite": invite_id})


def usable(row: sa.Row[Any], now: Millis) -> bool:
    """Neither revoked nor expired; how often it was used is another question."""
    return not row.revoked and (row.expires_at is None or row.expires_at > now)


def used_up(row: sa.Row[Any]) -> bool:
    return row.max_uses is not None and row.uses >= row.max_uses
