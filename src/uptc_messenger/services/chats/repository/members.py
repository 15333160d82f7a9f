"""The SQL of membership: who is in a chat, with which role, since and until when."""

from collections.abc import Collection, Sequence
from typing import Any, Final, cast

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import DIALECTS, each, in_pairs, slices
from uptc_messenger.database.prepared import Lookup
from uptc_messenger.database.schema import chats, members
from uptc_messenger.database.together import Asked
from uptc_messenger.models.base import ChatId, ChatKind, ChatRole, Seq, UserId

Rows = Sequence[sa.Row[Any]]
Membership = tuple[UserId, ChatId, ChatRole, Seq, ChatKind, bool, str]
"""user_id, chat_id, role, joined_seq, kind, barred, settings as JSON text."""

_CHAT: Final = members.c.chat_id == sa.bindparam("chat")
_USER: Final = members.c.user_id == sa.bindparam("user")
_CURRENT: Final = members.c.left_seq.is_(None)
_OF_PAIRS: Final = Lookup(
    {
        dialect: sa.select(
            members.c.user_id,
            members.c.chat_id,
            members.c.role,
            members.c.joined_seq,
            chats.c.kind,
            chats.c.barred,
            # As text: its reader remembers the few different ones.
            sa.type_coerce(chats.c.settings, sa.Text),
        )
        .join(chats, chats.c.id == members.c.chat_id)
        .where(in_pairs(dialect, members.c.chat_id, members.c.user_id), _CURRENT, ~chats.c.deleted)
        for dialect in DIALECTS
    },
    by="pairs",
)
_PRESENT: Final = Lookup(
    {
        dialect: sa.select(
            members.c.user_id, members.c.chat_id, members.c.role, members.c.joined_seq
        ).where(in_pairs(dialect, members.c.chat_id, members.c.user_id), _CURRENT)
        for dialect in DIALECTS
    },
    by="pairs",
)
_ONE: Final = sa.select(members).where(_CHAT, _USER)
_IDS: Final = sa.select(members.c.user_id).where(_CHAT, _CURRENT).order_by(members.c.user_id)
_PAGE: Final = (
    sa.select(members.c.user_id, members.c.role, members.c.joined_at)
    .where(_CHAT, _CURRENT)
    .order_by(members.c.user_id)
    .limit(sa.bindparam("limit"))
)
_NEXT_PAGE: Final = _PAGE.where(members.c.user_id > sa.bindparam("after"))
_OWNERS: Final = sa.select(sa.func.count()).where(_CHAT, _CURRENT, members.c.role == "owner")
_AMONG: Final = (
    sa.select(members.c.user_id)
    .distinct()
    .where(
        members.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
        members.c.user_id.in_(sa.bindparam("users", expanding=True)),
        _CURRENT,
    )
)
_OTHERS: Final = sa.select(members.c.chat_id, members.c.user_id).where(
    members.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
    members.c.user_id != sa.bindparam("user"),
)
_WITH_ROLES: Final = (
    sa.select(members.c.user_id)
    .distinct()
    .where(
        members.c.chat_id.in_(sa.bindparam("ids", expanding=True)),
        members.c.role.in_(sa.bindparam("roles", expanding=True)),
        _CURRENT,
    )
)
_ADD: Final = sa.insert(members)
_COME_BACK: Final = (
    sa.update(members)
    .where(_CHAT, _USER)
    .values(
        role=sa.bindparam("new_role"),
        joined_seq=sa.bindparam("at_seq"),
        joined_at=sa.bindparam("at"),
        left_seq=None,
    )
)
_SET_ROLE: Final = sa.update(members).where(_CHAT, _USER).values(role=sa.bindparam("new_role"))
_LEAVE: Final = sa.update(members).where(_CHAT, _USER).values(left_seq=sa.bindparam("at_seq"))
_LEAVE_ALL: Final = (
    sa.update(members).where(_CHAT, _CURRENT).values(left_seq=sa.bindparam("at_seq"))
)


def of_pairs(reader: Reader, pairs: Collection[tuple[UserId, ChatId]]) -> Sequence[Membership]:
    """Those of the pairs that are current members of a chat that exists."""
    wanted = [(chat, user) for user, chat in pairs]
    rows = [row for part in slices(wanted) for row in reader.look_up(_OF_PAIRS, part)]
    return cast("Sequence[Membership]", rows)


def present(pairs: Collection[tuple[UserId, ChatId]]) -> Asked:
    """(user_id, chat_id, role, joined_seq) of those that are current members."""
    return _PRESENT, [(chat, user) for user, chat in pairs]


def find(reader: Reader, chat_id: ChatId, user_id: UserId) -> sa.Row[Any] | None:
    """The row of `members`, also of who has left."""
    return reader.first(_ONE, {"chat": chat_id, "user": user_id})


def find_current(reader: Reader, chat_id: ChatId, user_id: UserId) -> sa.Row[Any] | None:
    """The row of `members` of who is in the chat now."""
    row = find(reader, chat_id, user_id)
    return row if row is not None and row.left_seq is None else None


def ids(reader: Reader, chat_id: ChatId) -> list[UserId]:
    """Every current member, in the order of their ids."""
    return [row.user_id for row in reader.all(_IDS, {"chat": chat_id})]


def page(reader: Reader, chat_id: ChatId, after: UserId | None, limit: int) -> Rows:
    """(user_id, role, joined_at) in the order of user ids."""
    values = {"chat": chat_id, "limit": limit}
    if after is None:
        return reader.all(_PAGE, values)
    return reader.all(_NEXT_PAGE, {**values, "after": after})


def count_owners(reader: Reader, chat_id: ChatId) -> int:
    return reader.value(_OWNERS, {"chat": chat_id})


def among(
    reader: Reader, chat_ids: Collection[ChatId], user_ids: Collection[UserId]
) -> set[UserId]:
    """Which of these users are current members of any of these chats."""
    return {row.user_id for row in each(reader, _AMONG, chat_ids, users=list(user_ids))}


def with_roles(
    reader: Reader, chat_ids: Collection[ChatId], roles: Collection[ChatRole]
) -> set[UserId]:
    """Who has one of the roles in any of these chats."""
    return {row.user_id for row in each(reader, _WITH_ROLES, chat_ids, roles=list(roles))}


def peers(reader: Reader, user_id: UserId, chat_ids: Collection[ChatId]) -> dict[ChatId, UserId]:
    """The other person of each of these direct chats."""
    rows = each(reader, _OTHERS, chat_ids, user=user_id)
    return {row.chat_id: row.user_id for row in rows}


def add(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store members who were never in the chat: the columns of `members`."""
    tx.run(_ADD, rows)


def come_back(tx: Transaction, row: dict[str, Any]) -> None:
    """Let in again who had left: the columns of `members`."""
    tx.run(
        _COME_BACK,
        {
            "chat": row["chat_id"],
            "user": row["user_id"],
            "new_role": row["role"],
            "at_seq": row["joined_seq"],
            "at": row["joined_at"],
        },
    )


def set_role(tx: Transaction, chat_id: ChatId, user_id: UserId, role: ChatRole) -> None:
    tx.run(_SET_ROLE, {"chat": chat_id, "user": user_id, "new_role": role})


def leave(tx: Transaction, chat_id: ChatId, user_id: UserId, seq: Seq) -> None:
    """Note the position at which a member stopped being one."""
    tx.run(_LEAVE, {"chat": chat_id, "user": user_id, "at_seq": seq})


def leave_all(tx: Transaction, chat_id: ChatId, seq: Seq) -> None:
    tx.run(_LEAVE_ALL, {"chat": chat_id, "at_seq": seq})
