"""One look at a database as it is: nothing is made, upgraded or written."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DBAPIError

from uptc_messenger.database.address import parse_url
from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.dialing import engine_at_primary
from uptc_messenger.database.migrate import (
    SchemaError,
    diagnosis,
    head_revision,
    refusal,
    require_known,
)
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.database.store import Work
from uptc_messenger.database.transaction import Reader

T = TypeVar("T")
Query = Callable[[Reader], T]


async def examine(config: DatabaseConfig, query: Query[T]) -> T:
    """Run a query of any length on one snapshot, beside a server that goes on writing.

    Raises `SchemaError` where there is no database of this program's schema.
    """
    return await look(config, partial(_ask, query=query))


async def look(config: DatabaseConfig, work: Work[T]) -> T:
    """The same for a database of any schema; raises `SchemaError` where there is none."""
    url = parse_url(config.url)
    try:
        if url.get_backend_name() == "sqlite":
            return _look_at_sqlite(Path(url.database or "uptc.db"), work)
        return await _look_at_postgres(url, work)
    except DatabaseError as error:
        raise SchemaError(diagnosis(url, error)) from error
    except (DBAPIError, OSError) as error:
        if _is_of_the_disk(url, error):
            raise
        raise refusal(url, error) from error


def _look_at_sqlite(path: Path, work: Work[T]) -> T:
    if not path.exists():
        raise SchemaError(f"There is no database at {path}.")
    engine = make_engine(path, writer=False)
    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


async def _look_at_postgres(url: sa.URL, work: Work[T]) -> T:
    engine = engine_at_primary(url, "snapshot", isolation_level="REPEATABLE READ")
    try:
        reading = engine.execution_options(postgresql_readonly=True)
        async with reading.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _ask(connection: sa.Connection, query: Query[T]) -> T:
    revision, ours = require_known(connection), head_revision()
    if revision != ours:
        raise SchemaError(
            f"The database has schema {revision or 'none'} and this program {ours}: "
            "use the program that made it, or upgrade it first with `uptc-messenger upgrade`."
        )
    return query(Reader(connection))


def _is_of_the_disk(url: sa.URL, error: Exception) -> bool:
    # A query may write what it reads to a file: what goes wrong there is not the database's.
    return isinstance(error, OSError) and (
        url.get_backend_name() == "sqlite" or isinstance(error.filename, str)
    )
