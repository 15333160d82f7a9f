"""The SQL of a chat's log: its head, and the changes that are not messages."""

from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import DIALECTS
from uptc_messenger.database.prepared import Lookup, Write
from uptc_messenger.database.schema import changes, chats
from uptc_messenger.database.together import Lock, Written
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import ChatId, ChatKind, Millis, Seq

# The row lock is what makes commit order equal the order of seq; in id order, so that two
# nodes whose batches overlap cannot wait for each other.
_HEADS: Final = sa.select(
    chats.c.id,
    chats.c.last_seq,
    chats.c.last_n,
    chats.c.route,
    chats.c.routed_at,
    chats.c.roster_seq,
    chats.c.kind,
    chats.c.barred,
)
# As text: its reader remembers the few different ones.
_SETTINGS: Final[dict[str, sa.ColumnElement[str]]] = {
    "sqlite": sa.type_coerce(chats.c.settings, sa.Text),
    "postgresql": sa.cast(chats.c.settings, sa.Text),
}
_WANTED: Final = {
    "sqlite": chats.c.id.in_(sa.bindparam("ids", expanding=True)),
    # No join: PostgreSQL would leave out a row that another node has just changed.
    "postgresql": chats.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(ID, dimensions=1))),
}
_HELD: Final = {
    dialect: _HEADS.add_columns(_SETTINGS[dialect]).where(_WANTED[dialect], ~chats.c.deleted)
    for dialect in DIALECTS
}
_SEEN: Final = {
    dialect: sa.select(chats.c.id, chats.c.last_seq).where(_WANTED[dialect], ~chats.c.deleted)
    for dialect in DIALECTS
}
_IN_ORDER: Final = _HELD["postgresql"].order_by(chats.c.id).with_for_update(key_share=True)
_LOCK: Final = Lookup({**_HELD, "postgresql": _IN_ORDER}, by="ids")
LOCK: Final = Lock(held=_LOCK, seen=Lookup(_SEEN, by="ids"))
"""Of chats; every message and every change of who is a member raises the number."""

_ADVANCE: Final = Write(
    sa.update(chats)
    .where(chats.c.id == sa.bindparam("chat"))
    .values(
        last_seq=sa.bindparam("seq"), last_n=sa.bindparam("count"), updated_at=sa.bindparam("at")
    ),
    held=True,
)
_APPEND: Final = sa.insert(changes)
_FIND: Final = sa.select(
    changes.c.seq, changes.c.kind, changes.c.ref_seq, changes.c.actor_id, changes.c.data
).where(changes.c.chat_id == sa.bindparam("chat"), changes.c.change_id == sa.bindparam("change"))
_CHANGED: Final = (
    sa.select(changes.c.chat_id)
    .distinct()
    .where(changes.c.created_at > sa.bindparam("since", type_=sa.BigInteger))
)
_AFTER: Final = (
    sa.select(changes)
    .where(
        changes.c.chat_id == sa.bindparam("chat"),
        changes.c.seq > sa.bindparam("after"),
        changes.c.seq <= sa.bindparam("upto"),
    )
    .order_by(changes.c.seq)
)


class Held(NamedTuple):
    """A chat under its lock: its head, its route, and what decides who may write."""

    chat_id: ChatId
    seq: Seq
    n: int
    route: int
    routed_at: Millis
    roster_seq: Seq
    kind: ChatKind
    barred: bool
    settings: str
    """JSON text."""


def lock(tx: Transaction, chat_ids: Collection[ChatId]) -> Sequence[Held]:
    """Those of the chats that exist, held until the commit."""
    return [Held(*row) for row in tx.look_up(_LOCK, sorted(chat_ids))]


def advance(tx: Transaction, heads: Sequence[dict[str, Any]]) -> None:
    """Store new heads: dictionaries of chat, seq, count, at."""
    if heads:
        tx.write(_ADVANCE, heads)


def advancing(heads: Sequence[dict[str, Any]]) -> Written:
    """As `advance`, to be written together with what made them advance."""
    return _ADVANCE, heads


def append(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store changes: dictionaries of the columns of `changes`."""
    if rows:
        tx.run(_APPEND, rows)


def find_change(reader: Reader, chat_id: ChatId, change_id: str) -> sa.Row[Any] | None:
    """(seq, kind, ref_seq, actor_id, data) of the change that a client named so."""
    return reader.first(_FIND, {"chat": chat_id, "change": change_id})


def changed_since(reader: Reader, since: Millis) -> set[ChatId]:
    """The chats of changes that were stamped after an instant."""
    return {row.chat_id for row in reader.all(_CHANGED, {"since": since})}


def changes_between(
    reader: Reader, chat_id: ChatId, after: Seq, upto: Seq
) -> Sequence[sa.Row[Any]]:
    """Rows of `changes` in (after, upto], oldest first."""
    return reader.all(_AFTER, {"chat": chat_id, "after": after, "upto": upto})
