"""What an upgrade of a database will do, told and tried before it is done."""

import asyncio
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.examine import look
from uptc_messenger.database.facts import size
from uptc_messenger.database.migrate import (
    SchemaError,
    Step,
    current_revision,
    head_revision,
    pending,
    upgrade_connection,
)
from uptc_messenger.database.sqlite import connect, make_engine
from uptc_messenger.database.transaction import Reader
from uptc_messenger.models.base import Record

COPIES: Final = 2
"""A table that a revision rewrites is there twice until the commit, and once more in the WAL."""

SPARE_BYTES: Final = 16 * 1_048_576


class Outlook(Record, frozen=True):
    """What the upgrade of one database will do."""

    kind: str
    current: str | None
    target: str
    steps: list[Step]
    size_bytes: int
    needed_bytes: int
    free_bytes: int | None
    """None where the disk is another machine's."""

    rehearsed_s: float | None = None
    """How long it took on a copy; None where it was not tried."""

    @property
    def enough(self) -> bool:
        """Whether the disk has room for it, as far as can be seen."""
        return not self.steps or self.free_bytes is None or self.free_bytes >= self.needed_bytes


async def foresee(config: DatabaseConfig) -> Outlook:
    """Look, also beside a running server; `SchemaError` where the database is newer than we."""
    url = sa.make_url(config.url)
    return await look(config, partial(_foresee, url=url))


def _foresee(connection: sa.Connection, url: sa.URL) -> Outlook:
    reader = Reader(connection)
    stored = size(reader)
    local = reader.dialect == "sqlite"
    folder = Path(url.database or "uptc.db").parent
    return Outlook(
        kind=reader.dialect,
        current=current_revision(connection),
        target=head_revision(),
        steps=pending(connection),
        size_bytes=stored,
        needed_bytes=COPIES * stored + SPARE_BYTES,
        free_bytes=shutil.disk_usage(folder).free if local else None,
    )


async def rehearse(config: DatabaseConfig) -> float:
    """Upgrade a copy of an SQLite database, and return how many seconds it took.

    Raises `SchemaError` where it does not work. The copy is beside the database, where there
    is room for it if anywhere, and is gone afterwards.
    """
    url = sa.make_url(config.url)
    path = Path(url.database or "uptc.db")
    try:
        with tempfile.TemporaryDirectory(prefix="upgrade-", dir=path.parent) as folder:
            return await asyncio.to_thread(_rehearse, path, Path(folder) / "copy.db")
    except (DatabaseError, sqlite3.Error) as error:
        problem = error.orig if isinstance(error, DatabaseError) else error
        raise SchemaError(f"The upgrade does not work on a copy of {path}: {problem}.") from error
    except OSError as error:
        raise SchemaError(f"No copy of {path} can be made: {error.strerror}.") from error


def _rehearse(path: Path, copy: Path) -> float:
    with closing(connect(path, writer=False)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    engine = make_engine(copy, writer=True)
    begun = time.monotonic()
    try:
        with engine.begin() as connection:
            upgrade_connection(connection)
        with engine.connect() as connection:
            _check(connection, path)
    finally:
        engine.dispose()
    return round(time.monotonic() - begun, 3)


def _check(connection: sa.Connection, path: Path) -> None:
    found = [*connection.exec_driver_sql("PRAGMA quick_check").scalars()]
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found != ["ok"] or broken is not None:
        raise SchemaError(f"A copy of {path} is damaged after the upgrade: {found[0]}.")
