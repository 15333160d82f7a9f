"""What a batch holds, always in the same order: chats by id, then people by id.

The batches of two nodes may touch the same rows. Whoever takes them in one order cannot wait
for who waits for him.
"""

from collections.abc import Collection, Iterable
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from uptc_messenger.database.schema import chats, users
from uptc_messenger.database.types import ID
from uptc_messenger.models.base import Record


class Needs(Record, frozen=True):
    """What a command will lock, as far as is known before it runs.

    Without it the command is as correct; two nodes may then stand in each other's way for
    the second after which PostgreSQL undoes one of them, and that one is tried again.
    """

    chat_id: str | None = None
    user_id: str | None = None
    durable: bool = True
    """False: a crash of the database server may forget it. Only for what has no position."""


NOTHING: Final = Needs()
RELAXED: Final = Needs(durable=False)
_GIVEN: Final = sa.bindparam("ids", type_=ARRAY(ID, dimensions=1))


def _in_order(table: sa.Table) -> sa.Select[str]:
    return (
        sa.select(table.c.id)
        .where(table.c.id == sa.any_(_GIVEN))
        .order_by(table.c.id)
        .with_for_update(key_share=True)
    )


_CHATS: Final = _in_order(chats)
_USERS: Final = _in_order(users)


def hold(connection: sa.Connection, needs: Collection[Needs]) -> None:
    """Take the locks of a whole batch; SQLite has one writer and needs none."""
    if connection.dialect.name != "postgresql":
        return
    for query, ids in (
        (_CHATS, _sorted(each.chat_id for each in needs)),
        (_USERS, _sorted(each.user_id for each in needs)),
    ):
        if ids:
            connection.execute(query, {"ids": ids})


def _sorted(ids: Iterable[str | None]) -> list[str]:
    return sorted({each for each in ids if each is not None})
