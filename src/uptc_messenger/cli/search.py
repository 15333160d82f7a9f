"""`uptc-messenger search`: the index of messages."""

import asyncio
from typing import Final

import typer

from uptc_messenger.cli import options
from uptc_messenger.cli.exits import explained
from uptc_messenger.cli.offline import opened, require_database
from uptc_messenger.cli.output import AsJson, show
from uptc_messenger.models.base import Record
from uptc_messenger.models.errors import Timeout
from uptc_messenger.services.search.indexing import Indexer, clear
from uptc_messenger.settings import Settings
from uptc_messenger.toolkit.clock import wall_clock

_BATCH: Final = 500


class Rebuilt(Record, frozen=True):
    """What was done."""

    messages: int


def build() -> typer.Typer:
    """The `search` commands."""
    app = typer.Typer(no_args_is_help=True, help="The index of messages.")
    app.callback()(_root)
    app.command()(rebuild)
    return app


def _root() -> None:
    """The index of messages."""


def rebuild(
    as_json: AsJson = False,
    config: options.ConfigFile = None,
    data: options.Data = None,
    database: options.DatabaseUrl = None,
) -> None:
    """Make the search index anew from the messages; the server must not run.

    A server that starts without an index makes one by itself, while people already write.
    """
    with explained():
        settings = options.load(config, {"data": data, "database": database})
        require_database(settings.database)
        done = asyncio.run(_rebuild(settings))
    show(done, as_json, f"{done.messages} messages are in the index.")


async def _rebuild(settings: Settings) -> Rebuilt:
    async with opened(settings) as (database, _):
        await database.write(clear)
        indexer = Indexer(database, wall_clock, batch=_BATCH)
        while not await _caught_up(indexer):
            pass
        return Rebuilt(messages=indexer.indexed)


async def _caught_up(indexer: Indexer) -> bool:
    """Index; False where the disk took too long: the cursors know what was written."""
    try:
        await indexer.catch_up()
    except Timeout:
        return False
    return True
