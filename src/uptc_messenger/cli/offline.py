"""The database of a server, opened by a command: the server may run meanwhile, or not."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from uptc_messenger.database import Database, open_database
from uptc_messenger.services.auth import AuthService, open_auth
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.clock import wall_clock
from uptc_messenger.toolkit.telemetry import configure_logging


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[tuple[Database, AuthService], None]:
    """The database and the accounts in it, brought to today's schema; closed afterwards."""
    # Standard output belongs to what the command prints.
    configure_logging(settings.server.log_format, "warning")
    database = await open_database(settings.database)
    try:
        auth = await open_auth(database, settings.auth, wall_clock)
        try:
            yield database, auth
        finally:
            auth.close()
    finally:
        await database.close()
