"""Bring a database to the schema of this program; one Alembic tree for both engines."""

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

import asyncpg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from uptc_messenger.database.address import shown
from uptc_messenger.database.dialing import Refused, engine_at_primary
from uptc_messenger.database.faults import advice
from uptc_messenger.database.sqlite import make_engine
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import Unavailable
from uptc_messenger.toolkit.folders import hand_over

_TURN: Final = sa.text("SELECT pg_advisory_xact_lock(8000001)")
_CHECK_S: Final = 2.0
_CHECK_STEPS: Final = 10_000
_TREE: Final = Path(__file__).parent / "migrations"


_NOT_YET: Final = (
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
)


class SchemaError(Exception):
    """The database cannot be used by this program; the sentence says what to do."""


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_TREE).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def head_revision() -> str:
    """The schema revision of this program."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(connection: sa.Connection) -> str | None:
    """The schema revision that a database has; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def knows(revision: str) -> bool:
    """Whether a schema is this program's or an older one of it."""
    tree = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {known.revision for known in tree}


class Step(Record, frozen=True):
    """One revision that a database does not have yet."""

    revision: str
    about: str


def pending(connection: sa.Connection) -> list[Step]:
    """The missing revisions, the first to run first; `SchemaError` for a newer database."""
    current = require_known(connection)
    tree = ScriptDirectory.from_config(_config())
    scripts = reversed(list(tree.iterate_revisions("head", current or "base")))
    return [
        Step(revision=script.revision, about=" ".join((script.doc or "").split()))
        for script in scripts
    ]


def require_known(connection: sa.Connection) -> str | None:
    """The schema that a database has; `SchemaError` where only a newer program knows it."""
    current = current_revision(connection)
    if current is not None and not knows(current):
        raise SchemaError(
            f"The database has schema {current}, which this program does not know: "
            "it was used by a newer version of uptc-messenger; install that one."
        )
    return current


def upgrade_connection(connection: sa.Connection, revision: str = "head") -> None:
    """Run the missing revisions inside the caller's transaction: all of them, or none."""
    if require_known(connection) != head_revision():
        command.upgrade(_config(connection), revision)


async def upgrade(url: sa.URL) -> None:
    """Upgrade the database at `url`; creates an SQLite file where there is none."""
    try:
        if url.get_backend_name() == "sqlite":
            _upgrade_sqlite(Path(url.database or "uptc.db"))
        else:
            await _upgrade_postgres(url)
    except DatabaseError as error:
        raise SchemaError(diagnosis(url, error)) from error
    except (DBAPIError, *Refused) as error:
        raise refusal(url, error) from error


def refusal(url: sa.URL, error: BaseException) -> Exception:
    """What to raise where a database did not let this program in: why, for whoever runs it."""
    origin = error
    if isinstance(error, DBAPIError) and error.orig is not None:
        # What the driver raised, beneath what SQLAlchemy made of it.
        origin = error.orig.__cause__ or error.orig
    if isinstance(origin, _NOT_YET):
        return Unavailable(f"The database at {shown(url)} is not ready: {origin}.")
    lost = isinstance(origin, asyncpg.PostgresConnectionError)
    if isinstance(origin, asyncpg.PostgresError) and not lost:
        return SchemaError(diagnosis(url, origin))
    return Unavailable(f"No database answers at {shown(url)}: {_reason(origin)}")


def _upgrade_sqlite(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if known := path.exists():
        require_whole(path)
    engine = make_engine(path, writer=True)
    try:
        with engine.begin() as connection:
            upgrade_connection(connection)
    finally:
        engine.dispose()
    if not known:
        # What SQLite makes beside the file later gets the owner of the file.
        hand_over(path)


def require_whole(path: Path) -> None:
    """Refuse a damaged file as far as two seconds can tell; nothing is written to it."""
    if not path.stat().st_size:
        raise SchemaError(
            f"The database {path} is empty: something cut it off. Put a backup in its place "
            "with `uptc-messenger restore FILE --force`, or delete the file to begin anew."
        )
    until = time.monotonic() + _CHECK_S
    engine = make_engine(path, writer=False)
    try:
        with engine.connect() as connection:
            raw = cast("sqlite3.Connection", connection.connection.driver_connection)
            raw.set_progress_handler(lambda: time.monotonic() > until, _CHECK_STEPS)
            with suppress(OperationalError):  # interrupted: so far it was whole
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
                if found != "ok":
                    raise SchemaError(damaged(path, str(found).splitlines()[-1]))
    finally:
        engine.dispose()


def damaged(path: Path, reason: str) -> str:
    """What to do about a file that is not whole."""
    return (
        f"The database {path} is damaged ({reason}). Nothing in it was changed. Put a backup in "
        "its place with `uptc-messenger restore FILE --force`, which keeps it beside."
    )


async def _upgrade_postgres(url: sa.URL) -> None:
    # No limits: a migration takes as long as it takes.
    engine = engine_at_primary(url, "migration")
    try:
        async with engine.begin() as connection:
            # Nodes that start together take turns; the first does the work.
            await connection.execute(_TURN)
            await connection.run_sync(upgrade_connection)
    finally:
        await engine.dispose()


def diagnosis(url: sa.URL, error: Exception) -> str:
    """Why a database cannot be used, for whoever runs it."""
    reason = getattr(error, "orig", error)
    told = f"The database {shown(url)} cannot be used: {reason}. Nothing in it was changed."
    return f"{told} {advice(error)}".rstrip() if isinstance(error, DatabaseError) else told


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer within two seconds; check host, port and firewall."
    return f"{str(error).rstrip('.') or type(error).__name__}."
