"""What a database says of itself when somebody asks how it is."""

import asyncio
import time
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from uptc_messenger.database.address import parse_url
from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.examine import look
from uptc_messenger.database.migrate import (
    SchemaError,
    current_revision,
    diagnosis,
    head_revision,
    require_whole,
)
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
    """Ask; raises `SchemaError` or `Unavailable` with a sentence where nobody answers.

    A file is refused where it is damaged, as a server would refuse it at its start.
    """
    try:
        for file in filter(Path.exists, config.files):
            await asyncio.to_thread(require_whole, file)
    except DatabaseError as error:
        raise SchemaError(diagnosis(parse_url(config.url), error)) from error
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
