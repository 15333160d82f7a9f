"""What a database says of itself when somebody asks how it is."""

import time
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.examine import look
from uptc_messenger.database.migrate import current_revision, head_revision
from uptc_messenger.models.base import Record

_CLOCK: Final = {
    "sqlite": sa.text("SELECT (julianday('now') - 2440587.5) * 86400.0"),
    "postgresql": sa.text("SELECT extract(epoch FROM clock_timestamp())::float8"),
}
_VERSION: Final = {
    "sqlite": sa.text("SELECT sqlite_version()"),
    "postgresql": sa.text("SHOW server_version"),
}


class Health(Record, frozen=True):
    """`clock_s` is how far the database's clock is ahead of ours; None for a file of ours."""

    engine: str
    version: str
    revision: str | None
    wanted: str
    clock_s: float | None


async def examine_health(config: DatabaseConfig) -> Health:
    """Ask; raises `SchemaError` or `Unavailable` with a sentence where nobody answers."""
    return await look(config, _health)


def _health(connection: sa.Connection) -> Health:
    engine = connection.dialect.name
    version = str(connection.execute(_VERSION[engine]).scalar())
    theirs = float(connection.execute(_CLOCK[engine]).scalar() or 0)
    return Health(
        engine=engine,
        version=version,
        revision=current_revision(connection),
        wanted=head_revision(),
        clock_s=None if engine == "sqlite" else theirs - time.time(),
    )
