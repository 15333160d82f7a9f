"""The database of a server that does not run, opened by a command."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from uptc_messenger.database import Database, DatabaseConfig, Reader, open_database
from uptc_messenger.database.examine import examine
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.services.auth import AuthService, open_auth
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.folders import claim
from uptc_messenger.toolkit.telemetry import configure_logging


@asynccontextmanager
async def opened(
    settings: Settings, *, upgrade: bool = True
) -> AsyncGenerator[tuple[Database, AuthService], None]:
    """The database and the accounts in it; closed afterwards.

    It is brought to today's schema, or without `upgrade` refused with `SchemaError` where it
    has another. Meanwhile the data folder is claimed, so that no server starts on it;
    `Claimed` where one has it.
    """
    # Standard output belongs to what the command prints.
    configure_logging(settings.server.log_format, "warning")
    with claim(Path(settings.server.data), *settings.database.files):
        if not upgrade:
            await examine(settings.database, _nothing)
        database = await open_database(settings.database)
        try:
            auth = await open_auth(database, settings.auth, wall_clock)
            try:
                yield database, auth
            finally:
                auth.close()
        finally:
            await database.close()


def has_database(config: DatabaseConfig) -> bool:
    """Whether there is one already, as far as can be seen without asking another machine."""
    return all(file.is_file() for file in config.files)


def require_database(config: DatabaseConfig) -> None:
    """Raise `SchemaError` where there is no file yet: a command must not make a new one."""
    if not has_database(config):
        raise SchemaError(
            f"There is no database {config.files[0]} yet: `uptc-messenger serve` makes it, "
            "or another data folder is meant (--data)."
        )


def _nothing(reader: Reader) -> None:
    del reader
