"""What the writers of all nodes are doing, as the database sees it."""

from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.transaction import Reader
from uptc_messenger.models.base import Millis

# Only a transaction that has written has an id of its own; one that waits for its standby has.
_OLDEST: Final = sa.text(
    "SELECT CAST(extract(epoch FROM min(xact_start)) * 1000 AS bigint) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()"
)
_NOW: Final = sa.text("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)")


def oldest_write(reader: Reader) -> Millis | None:
    """When the oldest open transaction that writes began; None where none is, or none can be."""
    return reader.value(_OLDEST) if reader.dialect == "postgresql" else None


def time(reader: Reader) -> Millis | None:
    """What time it is for the database; None where that is this machine's own."""
    return reader.value(_NOW) if reader.dialect == "postgresql" else None
