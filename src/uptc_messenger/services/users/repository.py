"""The SQL of users: accounts without their secrets, and the log of each user."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import slices
from uptc_messenger.database.prepared import Write
from uptc_messenger.database.schema import blocks, user_log, users
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import Millis, Seq, ServerRole, UserId

_NEXT: Final = (
    sa.update(users)
    .where(users.c.id == sa.bindparam("user"))
    .values(useq=users.c.useq + 1)
    .returning(users.c.useq)
)
_NEXT_ALL: Final = (
    sa.update(users)
    .where(users.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(useq=users.c.useq + 1)
    .returning(users.c.id, users.c.useq)
)
_HOLD_ALL: Final = (
    sa.select(users.c.id)
    .where(users.c.id == sa.any_(sa.bindparam("given", type_=ARRAY(ID, dimensions=1))))
    .order_by(users.c.id)
    .with_for_update(key_share=True)
)
_APPEND: Final = sa.insert(user_log)
_APPEND_ALL: Final = Write(_APPEND, "user_id", "useq", "kind", "data", "created_at")
_SHOWN: Final = (
    users.c.id,
    users.c.username,
    users.c.display_name,
    users.c.about,
    users.c.locale,
    users.c.role,
    users.c.avatar_file_id,
    users.c.disabled,
    users.c.hides_last_seen,
    users.c.hides_receipts,
    users.c.hides_previews,
)
_BY_ID: Final = sa.select(*_SHOWN).where(users.c.id == sa.bindparam("user"))
_BY_NAME: Final = sa.select(*_SHOWN).where(users.c.username == sa.bindparam("name"))
_BY_IDS: Final = sa.select(*_SHOWN).where(users.c.id.in_(sa.bindparam("ids", expanding=True)))
_IDS_BY_NAME: Final = sa.select(users.c.username, users.c.id).where(
    users.c.username.in_(sa.bindparam("names", expanding=True)), ~users.c.disabled
)
_OWNER: Final = (
    sa.select(users.c.id)
    .where(users.c.role == "owner", ~users.c.disabled)
    .order_by(users.c.id)
    .limit(1)
)
_LISTED: Final = (
    sa.select(*_SHOWN, users.c.created_at, users.c.last_seen_at)
    .where(users.c.username > sa.bindparam("after"))
    .order_by(users.c.username)
    .limit(sa.bindparam("limit"))
)
_LISTED_BY_ROLE: Final = _LISTED.where(users.c.role == sa.bindparam("of_role"))
_ANYBODY: Final = sa.select(users.c.id).limit(1)
_TOTALS: Final = sa.select(
    sa.func.count().label("accounts"),
    sa.func.coalesce(sa.func.sum(sa.case((users.c.disabled, 1), else_=0)), 0).label("disabled"),
).select_from(users)
_LAST_SEEN: Final = sa.select(users.c.id, users.c.last_seen_at).where(
    users.c.id.in_(sa.bindparam("ids", expanding=True)),
    users.c.last_seen_at.is_not(None),
    ~users.c.hides_last_seen,
)
_USEQ: Final = sa.select(users.c.useq).where(users.c.id == sa.bindparam("user"))
_USEQS: Final = sa.select(users.c.id, users.c.useq).where(
    users.c.id.in_(sa.bindparam("ids", expanding=True))
)
_LOG_CHANGED: Final = (
    sa.select(user_log.c.user_id, sa.func.max(user_log.c.useq).label("useq"))
    .where(user_log.c.created_at > sa.bindparam("since", type_=sa.BigInteger))
    .group_by(user_log.c.user_id)
)
_LOG_AFTER: Final = (
    sa.select(user_log.c.useq, user_log.c.kind, user_log.c.data)
    .where(user_log.c.user_id == sa.bindparam("user"), user_log.c.useq > sa.bindparam("after"))
    .order_by(user_log.c.useq)
    .limit(sa.bindparam("limit"))
)
_REWRITE: Final = (
    sa.update(user_log)
    .where(user_log.c.user_id == sa.bindparam("user"), user_log.c.useq == sa.bindparam("at"))
    .values(data=sa.bindparam("new_data"))
)
_HOLD: Final = (
    sa.select(users.c.id)
    .where(users.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(users.c.id)
    .with_for_update(key_share=True)
)
_BLOCKER: Final = blocks.c.user_id == sa.bindparam("user")
_BLOCK: Final = sa.and_(_BLOCKER, blocks.c.blocked_id == sa.bindparam("other"))
_BLOCKED_AT: Final = sa.select(blocks.c.blocked_at).where(_BLOCK)
_BLOCKS: Final = (
    sa.select(blocks.c.blocked_id, blocks.c.blocked_at)
    .where(_BLOCKER, blocks.c.blocked_id > sa.bindparam("after"))
    .order_by(blocks.c.blocked_id)
    .limit(sa.bindparam("limit"))
)
# Two searches in two indexes; an OR over both columns would read more than its answer.
_APART: Final = sa.union(
    sa.select(blocks.c.blocked_id.label("id")).where(_BLOCKER),
    sa.select(blocks.c.user_id).where(blocks.c.blocked_id == sa.bindparam("user")),
)
_BLOCKING: Final = sa.select(blocks.c.user_id).where(
    blocks.c.user_id.in_(sa.bindparam("ids", expanding=True)),
    blocks.c.blocked_id == sa.bindparam("user"),
)
_ADD_BLOCK: Final = sa.insert(blocks)
_REMOVE_BLOCK: Final = sa.delete(blocks).where(_BLOCK)
_INSERT: Final = sa.insert(users)
_SEEN: Final = (
    sa.update(users)
    .where(users.c.id == sa.bindparam("user"))
    .values(last_seen_at=sa.bindparam("at"))
)


def next_useq(tx: Transaction, user_id: UserId) -> Seq | None:
    """Take the user's next `useq` under the row's lock; None where there is no such user."""
    return tx.value(_NEXT, {"user": user_id})


def next_useqs(tx: Transaction, user_ids: Collection[UserId]) -> list[tuple[UserId, Seq]]:
    """Take the next `useq` of each of these users who exists."""
    ids = sorted(user_ids)
    if tx.dialect == "postgresql":
        # Held in id order first: an UPDATE takes its rows in any order.
        tx.all(_HOLD_ALL, {"given": ids})
    parts = (ids[at : at + 1000] for at in range(0, len(ids), 1000))
    return [(row.id, row.useq) for part in parts for row in tx.all(_NEXT_ALL, {"ids": part})]


def append_to_log(tx: Transaction, row: dict[str, Any]) -> None:
    """Store one entry: the columns of `user_log`."""
    tx.run(_APPEND, row)


def append_all_to_log(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store many entries, of one user or of many."""
    tx.write(_APPEND_ALL, rows)


def useq(reader: Reader, user_id: UserId) -> Seq:
    """The head of the user's log."""
    return reader.value(_USEQ, {"user": user_id}) or 0


def useqs(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, Seq]:
    """The newest position of each of these users' own logs."""
    return {
        row.id: row.useq for part in slices(user_ids) for row in reader.all(_USEQS, {"ids": part})
    }


def log_changed_since(reader: Reader, since: Millis) -> dict[UserId, Seq]:
    """The newest position of each log with an entry that was stamped after an instant."""
    return {row.user_id: row.useq for row in reader.all(_LOG_CHANGED, {"since": since})}


def log_after(reader: Reader, user_id: UserId, after: Seq, limit: int) -> Sequence[sa.Row[Any]]:
    """(useq, kind, data) of the user's log after a position, oldest first."""
    return reader.all(_LOG_AFTER, {"user": user_id, "after": after, "limit": limit})


def rewrite_log(tx: Transaction, user_id: UserId, useq: Seq, data: object) -> None:
    """Replace what one entry carries; its position and kind stay."""
    tx.run(_REWRITE, {"user": user_id, "at": useq, "new_data": data})


def hold(tx: Transaction, user_ids: Collection[UserId]) -> None:
    """Lock the rows of these users until the commit, in the order of their ids."""
    tx.all(_HOLD, {"ids": sorted(user_ids)})


def blocked_at(reader: Reader, user_id: UserId, other_id: UserId) -> Millis | None:
    """Since when the first has blocked the second, if at all."""
    return reader.value(_BLOCKED_AT, {"user": user_id, "other": other_id})


def blocks_after(reader: Reader, user_id: UserId, after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """(blocked_id, blocked_at) of whom the user has blocked, in the order of their ids."""
    return reader.all(_BLOCKS, {"user": user_id, "after": after, "limit": limit})


def apart(reader: Reader, user_id: UserId) -> set[UserId]:
    """Whom the user has blocked, and who has blocked the user."""
    return {row.id for row in reader.all(_APART, {"user": user_id})}


def blocking(reader: Reader, user_id: UserId, among: Collection[UserId]) -> set[UserId]:
    """Those among some who have blocked the user."""
    parts = slices(among)
    rows = (row for part in parts for row in reader.all(_BLOCKING, {"ids": part, "user": user_id}))
    return {row.user_id for row in rows}


def add_block(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a block: the columns of `blocks`."""
    tx.run(_ADD_BLOCK, row)


def remove_block(tx: Transaction, user_id: UserId, other_id: UserId) -> bool:
    """Take a block away; False where there is none."""
    return tx.run(_REMOVE_BLOCK, {"user": user_id, "other": other_id}) > 0


def insert(tx: Transaction, row: dict[str, Any]) -> None:
    """Store an account: the columns of `users`."""
    tx.run(_INSERT, row)


def update(tx: Transaction, user_id: UserId, values: dict[str, Any]) -> bool:
    """Change columns of an account; False where there is no such user."""
    return tx.run(sa.update(users).where(users.c.id == user_id).values(**values)) > 0


def by_id(reader: Reader, user_id: UserId) -> sa.Row[Any] | None:
    """The columns that are shown of a user, and `disabled`."""
    return reader.first(_BY_ID, {"user": user_id})


def by_name(reader: Reader, username: str) -> sa.Row[Any] | None:
    """The same, by folded username."""
    return reader.first(_BY_NAME, {"name": username})


def by_ids(reader: Reader, user_ids: Collection[UserId]) -> Sequence[sa.Row[Any]]:
    """The same for those of many users who exist, in any order."""
    return reader.all(_BY_IDS, {"ids": list(user_ids)}) if user_ids else []


def ids_by_name(reader: Reader, usernames: Collection[str]) -> Sequence[sa.Row[Any]]:
    """(username, id) of those who exist and are not disabled."""
    return reader.all(_IDS_BY_NAME, {"names": list(usernames)}) if usernames else []


def find(reader: Reader, words: Sequence[str], after: str, limit: int) -> Sequence[sa.Row[Any]]:
    """Users with, for each word, a word of theirs that begins so; by username, after `after`."""
    query = sa.select(*_SHOWN).where(~users.c.disabled, users.c.username > after)
    for word in words:
        query = query.where(users.c.search_key.contains(" " + word, autoescape=True))
    return reader.all(query.order_by(users.c.username).limit(limit))


def last_seen(reader: Reader, user_ids: Collection[UserId]) -> Sequence[sa.Row[Any]]:
    """(id, last_seen_at) of those who were ever seen and do not hide when."""
    return reader.all(_LAST_SEEN, {"ids": list(user_ids)}) if user_ids else []


def owner(reader: Reader) -> UserId | None:
    """The first who owns this server and is not disabled."""
    return reader.value(_OWNER)


def listed(
    reader: Reader, after: str, role: ServerRole | None, limit: int
) -> Sequence[sa.Row[Any]]:
    """Accounts by username, also disabled ones, with all that an operator may see of them."""
    values = {"after": after, "limit": limit}
    if role is None:
        return reader.all(_LISTED, values)
    return reader.all(_LISTED_BY_ROLE, {**values, "of_role": role})


def has_anybody(reader: Reader) -> bool:
    """Whether there is any account."""
    return reader.value(_ANYBODY) is not None


def totals(reader: Reader) -> sa.Row[Any] | None:
    """(accounts, disabled): how many there are."""
    return reader.first(_TOTALS)


def seen(tx: Transaction, user_ids: Collection[UserId], at: Millis) -> None:
    """Remember that these users were here."""
    if user_ids:
        tx.run(_SEEN, [{"user": user_id, "at": at} for user_id in user_ids])


def set_role(tx: Transaction, user_id: UserId, role: ServerRole) -> bool:
    """Give a role on the server; False where there is no such user."""
    return update(tx, user_id, {"role": role})
