"""`uptc-messenger migrate`: the database, brought to the schema of this program."""

import asyncio
from pathlib import Path

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import explained
from uptc_messenger.database import DatabaseConfig, open_database
from uptc_messenger.database.migrate import head_revision
from uptc_messenger.toolkit.folders import claim


def migrate(
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Bring the database to the schema of this program; `serve` does the same at its start."""
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        with claim(Path(settings.server.data), *settings.database.files):
            asyncio.run(_upgrade(settings.database))
    print(f"The database has schema {head_revision()}.")


async def _upgrade(config: DatabaseConfig) -> None:
    database = await open_database(config)
    await database.close()
