"""What the writers of all nodes are doing, as the database sees it."""

import hashlib
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.installation import read_facts
from uptc_messenger.database.transaction import Reader
from uptc_messenger.models.base import Millis

# Only a transaction that has written has an id of its own; one that waits for its standby has.
_OLDEST: Final = sa.text(
    "SELECT CAST(extract(epoch FROM min(xact_start)) * 1000 AS bigint) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
)
_NOW: Final = sa.text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")

_WHICH: Final = sa.text(
    "SELECT system_identifier || ' ' || oid FROM pg_control_system(), pg_database "
    "WHERE datname = current_database()"
)


def fingerprint(reader: Reader) -> str:
    """Differs between two databases of one installation; a standby has that of its primary."""
    which = reader.value(_WHICH) if reader.dialect == "postgresql" else "a file"
    epoch = read_facts(reader).get("log_epoch", "")
    return hashlib.sha256(f"{which} {epoch}".encode()).hexdigest()[:32]


def oldest_write(reader: Reader) -> Millis | None:
    """When the oldest open transaction that writes began; None where none is, or none can be."""
    return reader.value(_OLDEST) if reader.dialect == "postgresql" else None


def time(reader: Reader) -> Millis | None:
    """What time it is for the database; None where that is this machine's own."""
    return reader.value(_NOW) if reader.dialect == "postgresql" else None
