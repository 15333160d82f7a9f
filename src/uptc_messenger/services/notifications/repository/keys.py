"""The SQL of the secrets of notifications: made once, and kept with those of the installation."""

from typing import Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.database.schema import installation

_VALUE: Final = sa.select(installation.c.value).where(installation.c.name == sa.bindparam("key"))


def find(reader: Reader, name: str) -> str | None:
    """A secret, where it was made."""
    return reader.value(_VALUE, {"key": name})


def keep(tx: Transaction, name: str, value: str) -> str:
    """The secret of this name: `value`, unless there was one already."""
    tx.add_absent(installation, {"name": name, "value": value})
    return find(tx, name) or value
