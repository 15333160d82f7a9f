"""What is true of this database as a whole, made once when it is new."""

import secrets
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.connection import Database
from uptc_messenger.database.moves import MOVED_TO, PROMOTION_OF
from uptc_messenger.database.schema import installation
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.models.base import Record

_VALUE: Final = sa.select(installation.c.value).where(installation.c.name == sa.bindparam("key"))
_STORE: Final = sa.insert(installation)


class Installation(Record, frozen=True):
    """`log_epoch` changes when the log may have gone back: then no position means anything."""

    log_epoch: str
    sync_key: bytes
    installation_id: str
    """Tells installations apart; a restored one keeps it."""


async def identify(database: Database) -> Installation:
    """Read what this database is, or decide it when the database is new."""
    return await database.write(_identify)


def _identify(tx: Transaction) -> Installation:
    return Installation(
        log_epoch=_value(tx, "log_epoch"),
        sync_key=bytes.fromhex(_value(tx, "sync_key")),
        installation_id=_value(tx, "installation_id"),
    )


def read_facts(reader: Reader) -> dict[str, str]:
    """What is known of this database, by name; nothing is decided here."""
    rows = reader.all(sa.select(installation.c.name, installation.c.value))
    return {row.name: row.value for row in rows}


def begin_another_log(tx: Transaction) -> None:
    """The log may go back now: clients must forget the positions that they have in it.

    What it said of a move to another database is no longer true either.
    """
    gone = ("log_epoch", MOVED_TO, PROMOTION_OF)
    tx.run(sa.delete(installation).where(installation.c.name.in_(gone)))
    _value(tx, "log_epoch")


def _value(tx: Transaction, name: str) -> str:
    value: str | None = _read(tx, name)
    if value is None:
        value = secrets.token_hex(16)
        tx.run(_STORE, {"name": name, "value": value})
    return value


def _read(reader: Reader, name: str) -> str | None:
    return reader.value(_VALUE, {"key": name})
