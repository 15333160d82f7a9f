"""The SQL of drafts: what a person has begun to write, one text for each chat."""

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.lookups import each
from uptc_messenger.database.schema import drafts
from uptc_messenger.models.base import ChatId, UserId

_USER: Final = drafts.c.user_id == sa.bindparam("user")
_ONE: Final = sa.and_(_USER, drafts.c.chat_id == sa.bindparam("chat"))
_FIND: Final = sa.select(drafts).where(_ONE)
_SOME: Final = sa.select(drafts.c.chat_id, drafts.c.text, drafts.c.version).where(
    _USER, drafts.c.chat_id.in_(sa.bindparam("ids", expanding=True))
)
_ADD: Final = sa.insert(drafts)
_SET: Final = (
    sa.update(drafts)
    .where(_ONE)
    .values(
        text=sa.bindparam("new_text"),
        version=sa.bindparam("new_version"),
        useq=sa.bindparam("new_useq"),
    )
)


def find(reader: Reader, user_id: UserId, chat_id: ChatId) -> sa.Row[Any] | None:
    """The row of `drafts`; None where nothing was ever begun."""
    return reader.first(_FIND, {"user": user_id, "chat": chat_id})


def some(
    reader: Reader, user_id: UserId, chat_ids: Collection[ChatId]
) -> dict[ChatId, sa.Row[Any]]:
    """(chat_id, text, version) of the user's drafts in these chats."""
    return {row.chat_id: row for row in each(reader, _SOME, chat_ids, user=user_id)}


def add(tx: Transaction, row: dict[str, Any]) -> None:
    """Store the first draft in a chat: the columns of `drafts`."""
    tx.run(_ADD, row)


def replace(tx: Transaction, row: dict[str, Any]) -> None:
    """Replace the draft that is there: the columns of `drafts`."""
    new = {f"new_{name}": row[name] for name in ("text", "version", "useq")}
    tx.run(_SET, {"user": row["user_id"], "chat": row["chat_id"], **new})
