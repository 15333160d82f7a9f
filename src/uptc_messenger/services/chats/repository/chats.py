"""The SQL of chats themselves: what they are called, how they are set, how far they are."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import each
from uptc_messenger.database.schema import chat_mentions, chats, direct_chats
from uptc_messenger.models.base import ChatId, Millis, Seq, UserId

Rows = Sequence[sa.Row[Any]]
WIDENS_ABOVE: Final = 96
"""With more members a chat gets a route of its own between nodes (docs/decisions/0081)."""

NARROWS_BELOW: Final = 48
"""With fewer it loses that route; between the two nothing flaps."""

STARTS_WIDE_ABOVE: Final = 64
"""A chat that is made with more members than this has its own route at once."""

_IDS: Final = chats.c.id.in_(sa.bindparam("ids", expanding=True))
_ONE: Final = chats.c.id == sa.bindparam("chat")
_FULL: Final = sa.select(chats).where(_IDS, ~chats.c.deleted)
_ANY: Final = sa.select(chats.c.kind, chats.c.creator_id, chats.c.deleted).where(_ONE)
_HEADS: Final = sa.select(chats.c.id, chats.c.last_seq, chats.c.last_n, chats.c.updated_at).where(
    _IDS, ~chats.c.deleted
)
_NEWER: Final = _HEADS.where(chats.c.updated_at > sa.bindparam("since"))
_EVERY: Final = (
    sa.select(chats.c.id, chats.c.last_seq, chats.c.deleted)
    .order_by(chats.c.id)
    .limit(sa.bindparam("limit"))
)
_EVERY_AFTER: Final = _EVERY.where(chats.c.id > sa.bindparam("after"))
_NAMED: Final = (
    sa.select(chats.c.id)
    .where(chats.c.title == sa.bindparam("title"), ~chats.c.deleted)
    .order_by(chats.c.id)
    .limit(sa.bindparam("limit"))
)
_TOTALS: Final = sa.select(
    sa.func.count().label("chats"),
    # PostgreSQL sums big integers to a decimal.
    sa.cast(sa.func.coalesce(sa.func.sum(chats.c.last_n), 0), sa.BigInteger).label("messages"),
).where(~chats.c.deleted)
_CREATE: Final = sa.insert(chats)
_COUNTED: Final = chats.c.member_count + sa.bindparam("difference", type_=sa.Integer)
_WIDENS: Final = sa.and_(chats.c.route == 0, sa.bindparam("widest", type_=sa.Integer) < _COUNTED)
_NARROWS: Final = sa.and_(
    chats.c.route == 1, sa.bindparam("narrowest", type_=sa.Integer) > _COUNTED
)
_COUNT: Final = (
    sa.update(chats)
    .where(_ONE)
    .values(
        member_count=_COUNTED,
        roster_seq=chats.c.last_seq,
        route=sa.case((_WIDENS, 1), (_NARROWS, 0), else_=chats.c.route),
        routed_at=sa.case(
            (sa.or_(_WIDENS, _NARROWS), sa.bindparam("now", type_=sa.BigInteger)),
            else_=chats.c.routed_at,
        ),
    )
)
_ROSTER: Final = sa.select(chats.c.roster_seq).where(_ONE)
_WIDE: Final = sa.select(chats.c.id).where(_IDS, chats.c.route == 1, ~chats.c.deleted)
_UPDATE: Final = (
    sa.update(chats)
    .where(_ONE)
    .values(
        title=sa.bindparam("new_title"),
        topic=sa.bindparam("new_topic"),
        settings=sa.bindparam("new_settings"),
        picture_file_id=sa.bindparam("new_picture_file_id"),
    )
)
_BAR: Final = sa.update(chats).where(_ONE).values(barred=sa.bindparam("barred_now"))
_DELETE: Final = sa.update(chats).where(_ONE).values(deleted=True, member_count=0)
_DIRECT: Final = sa.select(direct_chats.c.chat_id).where(
    direct_chats.c.low_id == sa.bindparam("low"), direct_chats.c.high_id == sa.bindparam("high")
)
_ADD_DIRECT: Final = sa.insert(direct_chats)
_CALLS_TO_ALL: Final = sa.select(
    chat_mentions.c.chat_id, chat_mentions.c.seq, chat_mentions.c.n
).where(
    chat_mentions.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
    chat_mentions.c.seq > sa.bindparam("after"),
)


def full(reader: Reader, chat_ids: Collection[ChatId]) -> dict[ChatId, sa.Row[Any]]:
    """The rows of those chats that exist."""
    return {row.id: row for row in each(reader, _FULL, chat_ids)}


def find_any(reader: Reader, chat_id: ChatId) -> sa.Row[Any] | None:
    """(kind, creator_id, deleted), also of a chat that was deleted."""
    return reader.first(_ANY, {"chat": chat_id})


def heads(reader: Reader, chat_ids: Collection[ChatId], since: Millis | None = None) -> Rows:
    """(id, last_seq, last_n, updated_at) of those that exist and were active after `since`."""
    if since is None:
        return list(each(reader, _HEADS, chat_ids))
    return list(each(reader, _NEWER, chat_ids, since=since))


def every(reader: Reader, after: ChatId | None, limit: int) -> Rows:
    """(id, last_seq, deleted) of all chats in the order of their ids, also of deleted ones."""
    if after is None:
        return reader.all(_EVERY, {"limit": limit})
    return reader.all(_EVERY_AFTER, {"after": after, "limit": limit})


def named(reader: Reader, title: str, limit: int) -> list[ChatId]:
    """Chats with exactly this title. It reads every chat: for an operator, not for a request."""
    return [row.id for row in reader.all(_NAMED, {"title": title, "limit": limit})]


def totals(reader: Reader) -> sa.Row[Any] | None:
    """(chats, messages) that there are. It reads every chat, as `named` does."""
    return reader.first(_TOTALS)


def roster_seq(reader: Reader, chat_id: ChatId) -> Seq:
    """The position of the last change of members; 0 where it is the creation."""
    return reader.value(_ROSTER, {"chat": chat_id}) or 0


def create(tx: Transaction, row: dict[str, Any]) -> None:
    """Store a chat: the columns of `chats`."""
    tx.run(_CREATE, row)


def count_members(tx: Transaction, chat_id: ChatId, difference: int) -> None:
    """Add to the number of members, once their change stands in the log.

    Where that makes a small chat large, or a large one small, its route changes from now on.
    """
    tx.run(
        _COUNT,
        {
            "chat": chat_id,
            "difference": difference,
            "widest": WIDENS_ABOVE,
            "narrowest": NARROWS_BELOW,
            "now": tx.now,
        },
    )


def wide(reader: Reader, chat_ids: Collection[ChatId]) -> list[ChatId]:
    """Those of the chats that are large enough for a route of their own."""
    return [row.id for row in each(reader, _WIDE, chat_ids)]


def update(tx: Transaction, chat_id: ChatId, values: dict[str, Any]) -> None:
    """Set title, topic, settings and picture_file_id."""
    tx.run(_UPDATE, {"chat": chat_id, **{f"new_{name}": value for name, value in values.items()}})


def bar(tx: Transaction, chat_id: ChatId, *, barred: bool) -> None:
    """Note whether one person of a direct chat has blocked the other."""
    tx.run(_BAR, {"chat": chat_id, "barred_now": barred})


def delete(tx: Transaction, chat_id: ChatId) -> None:
    """Mark as deleted: the row stays, so that the id is never used again."""
    tx.run(_DELETE, {"chat": chat_id})


def find_direct(reader: Reader, one: UserId, other: UserId) -> ChatId | None:
    """The direct chat of two people; of one with oneself: what that person saves."""
    low, high = sorted((one, other))
    return reader.value(_DIRECT, {"low": low, "high": high})


def add_direct(tx: Transaction, one: UserId, other: UserId, chat_id: ChatId) -> None:
    low, high = sorted((one, other))
    tx.run(_ADD_DIRECT, {"low_id": low, "high_id": high, "chat_id": chat_id})


def calls_to_all(reader: Reader, chat_ids: Collection[ChatId], after: int) -> Rows:
    """(chat_id, seq, n) of the mentions of everybody beyond a position."""
    return list(each(reader, _CALLS_TO_ALL, chat_ids, after=after))
