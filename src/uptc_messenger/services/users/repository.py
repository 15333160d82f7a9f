"""The SQL of users: accounts without their secrets, and the log of each user."""

from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Transaction
from uptc_messenger.database.schema import user_log, users
from uptc_messenger.models.base import Seq, UserId

_NEXT: Final = (
    sa.update(users)
    .where(users.c.id == sa.bindparam("user"))
    .values(useq=users.c.useq + 1)
    .returning(users.c.useq)
)
_APPEND: Final = sa.insert(user_log)


def next_useq(tx: Transaction, user_id: UserId) -> Seq | None:
    """Take the user's next `useq` under the row's lock; None where there is no such user."""
    return tx.value(_NEXT, {"user": user_id})


def append_to_log(tx: Transaction, row: dict[str, Any]) -> None:
    """Store one entry: the columns of `user_log`."""
    tx.run(_APPEND, row)
