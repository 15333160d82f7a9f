"""A database made anew from what somebody loads into it, and put in its place at the end.

Until everything is loaded and proven nothing else has changed; what was in the place is kept
beside it. SQLite: a file with another name, renamed. PostgreSQL: one transaction.
"""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, DBAPIError

from uptc_messenger.database.address import parse_url
from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.dialing import engine_at_primary
from uptc_messenger.database.migrate import SchemaError, diagnosis, refusal, upgrade_connection
from uptc_messenger.database.sqlite import connect, make_engine
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.folders import hand_over

# Where SQLite's own protocol keeps its locks in a file, whatever is in the file: every
# connection in WAL mode holds a shared lock on these bytes as long as it is open.
_SHARED_FIRST: Final = 0x40000002
_SHARED_SIZE: Final = 510


class Occupied(Exception):
    """The place cannot be taken; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new database is made from."""

    revision: str
    """The schema that `load` fills; afterwards the database is upgraded to today's."""

    load: Callable[[Transaction], None]
    prove: Callable[[Reader], None]
    """Raises unless everything that was loaded is there."""

    finish: Callable[[Transaction], None]


def build_sqlite(path: Path, plan: Plan) -> None:
    """Make a database file; complete and durable, or an exception.

    While it is loaded nothing waits for the disk: a file that is not finished is thrown away.
    """
    path.touch(mode=0o600, exist_ok=False)
    hand_over(path)
    engine = make_engine(path, writer=True)
    event.listen(engine, "connect", _never_wait)
    try:
        with engine.begin() as connection:
            upgrade_connection(connection, plan.revision)
            plan.load(Transaction(connection, wall_clock()))
        with engine.begin() as connection:
            _check_integrity(connection)
            plan.prove(Reader(connection))
        with engine.begin() as connection:
            plan.finish(Transaction(connection, wall_clock()))
            upgrade_connection(connection)
        engine.dispose()
        _into_one_file(path)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise _failure(path, str(getattr(error, "orig", error))) from error
    finally:
        engine.dispose()
    sync(path)


def put_sqlite(new: Path, place: Path) -> Path | None:
    """Give a finished file its place at once; returns where the one before it is kept."""
    if not place.exists():
        for stray in _companions(place):
            stray.unlink(missing_ok=True)
        new.rename(place)
        sync(place.parent)
        return None
    kept = place.with_name(f"{place.name}.before-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
    with alone(place):
        kept.hardlink_to(place)
        for ending, stray in zip(("-wal", "-shm"), _companions(place), strict=True):
            if stray.exists():  # only a damaged database still has them
                stray.rename(f"{kept}{ending}")
        new.replace(place)
    sync(place.parent)
    return kept


@contextmanager
def alone(place: Path) -> Generator[None, None, None]:
    """Hold a database file that nobody else has open; raises `Occupied` where somebody does."""
    _fold_in(place)
    with place.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError as error:
            raise Occupied(
                f"The database {place} is in use: stop the server and try again."
            ) from error
        yield


async def rebuild_postgres(address: str, plan: Plan, *, displace: bool) -> str | None:
    """Fill a PostgreSQL database in one transaction; returns the schema that keeps the old one."""
    url = parse_url(address)
    engine = engine_at_primary(url, "restore")
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(_rebuild, plan, displace=displace)
    except (DBAPIError, OSError) as error:
        if isinstance(error, DatabaseError):
            raise SchemaError(diagnosis(url, error)) from error
        raise refusal(url, error) from error
    finally:
        await engine.dispose()


def _rebuild(connection: sa.Connection, plan: Plan, *, displace: bool) -> str | None:
    kept = _displace(connection, allowed=displace) if _tables(connection) else None
    tx = Transaction(connection, wall_clock())
    upgrade_connection(connection, plan.revision)
    plan.load(tx)
    plan.prove(tx)
    plan.finish(tx)
    upgrade_connection(connection)
    return kept


def _displace(connection: sa.Connection, *, allowed: bool) -> str:
    if not allowed:
        raise Occupied("There are tables in this database already; --force puts them aside.")
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"  # the server's own vacuum does not mind
    )
    if connection.execute(sa.text(others)).scalar_one():
        raise Occupied("The database is in use: stop every server of it and try again.")
    kept = f"before_{time.strftime('%Y%m%dt%H%M%Sz', time.gmtime())}"
    connection.execute(sa.text(f"ALTER SCHEMA public RENAME TO {kept}"))
    connection.execute(sa.text("CREATE SCHEMA public"))
    return kept


def _tables(connection: sa.Connection) -> bool:
    return bool(sa.inspect(connection).get_table_names())


def exists(config: DatabaseConfig) -> bool:
    """Whether there is a file at an SQLite address; True for a server, which may be anything."""
    path = sqlite_path(config)
    return path is None or path.exists()


def sqlite_path(config: DatabaseConfig) -> Path | None:
    """The file of an SQLite database; None for a server."""
    url = parse_url(config.url)
    return Path(url.database or "uptc.db") if url.get_backend_name() == "sqlite" else None


def sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _never_wait(raw: sqlite3.Connection, _record: object) -> None:
    raw.execute("PRAGMA synchronous = OFF")


def _check_integrity(connection: sa.Connection) -> None:
    found = connection.execute(sa.text("PRAGMA integrity_check")).scalars().all()
    if list(found) != ["ok"]:
        raise SchemaError(f"The new database is not whole: {'; '.join(found[:3])}.")


def _into_one_file(path: Path) -> None:
    with closing(connect(path, writer=True)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA journal_mode = DELETE")


def _fold_in(place: Path) -> None:
    """Bring what is still in the log of a database into its file; a damaged one is left alone."""
    with suppress(sqlite3.DatabaseError):
        _into_one_file(place)


def _companions(place: Path) -> tuple[Path, Path]:
    return Path(f"{place}-wal"), Path(f"{place}-shm")


def _failure(path: Path, reason: str) -> Exception:
    if "is full" in reason:
        return Unavailable(f"There is no room left on the disk for {path}.")
    return SchemaError(f"The new database {path} could not be made: {reason}.")
