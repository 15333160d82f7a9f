"""A database to read from and to write to, whichever engine is underneath."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from uptc_messenger.database.address import parse_url
from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.lane import Bulk, Lane, Publish
from uptc_messenger.database.locks import NOTHING, Needs
from uptc_messenger.database.migrate import upgrade
from uptc_messenger.database.moves import refuse_moved
from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.database.sqlite import SqliteStore
from uptc_messenger.database.store import Store
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.database.witness import Witness
from uptc_messenger.models.events import Publication
from uptc_messenger.toolkit.clock import Clock, wall_clock
from uptc_messenger.toolkit.tasks import TaskGroup

I = TypeVar("I")  # noqa: E741
T = TypeVar("T")


class Database:
    """Reads on snapshots, writes through one lane.

    Commands are synchronous functions: they cannot wait for anything but the database.
    """

    def __init__(self, store: Store, lane: Lane, witness: Witness | None = None) -> None:
        self._store = store
        self.witness = witness
        """What this node knows that is saved; None where the database is a file of ours."""

        self.lane = lane
        self._tasks = TaskGroup("database")
        self._running = self._tasks.start("lane", lane.run())

    async def read(self, query: Callable[[Reader], T]) -> T:
        """Run a short query on one consistent snapshot."""
        return await self._store.read(lambda connection: query(Reader(connection)))

    async def scan(self, query: Callable[[Reader], T]) -> T:
        """Run a query that may take long; never delays the event loop."""
        return await self._store.scan(lambda connection: query(Reader(connection)))

    async def write(self, command: Callable[[Transaction], T], needs: Needs = NOTHING) -> T:
        """Run a command in a transaction of the lane; returns after its commit.

        A `Problem` that it raises undoes it alone. `needs` says what it will lock, and
        whether a crash of the database server may forget it.
        """
        return await self.lane.submit(None, command, needs)

    def write_each(self, handler: Bulk[I, T], item: I, needs: Needs = NOTHING) -> asyncio.Future[T]:
        """Queue `item` for a handler that takes many at once; ends after the commit."""
        return self.lane.submit(handler, item, needs)

    @property
    def writing(self) -> bool:
        """Whether the lane takes commands, and the disk what they save."""
        return not self._running.done() and self._store.fault is None

    async def ping(self) -> None:
        """Raise `Unavailable` unless the database answers."""
        await self._store.read(lambda connection: connection.execute(sa.text("SELECT 1")).all())

    async def close(self) -> None:
        """Commit what is queued, refuse what comes, let go of the database."""
        self.lane.stop()
        await asyncio.wait([self._running])
        await self._store.close()


def _ignore(publications: Sequence[Publication]) -> None:
    del publications


async def open_database(
    config: DatabaseConfig,
    *,
    publish: Publish = _ignore,
    clock: Clock = wall_clock,
    witness: Witness | None = None,
) -> Database:
    """Open, bring the schema up to date, and start the lane.

    With a `witness` the database is asked, whenever it may be another, whether it is behind.

    Raises `SchemaError` where the database is newer than this program or not ours, or where
    the installation lives in another one.
    """
    url = parse_url(config.url)
    await upgrade(url)
    store = _store(url, config, witness)
    try:
        await store.read(lambda connection: refuse_moved(Reader(connection)))
    except BaseException:
        await store.close()
        raise
    seen = witness if isinstance(store, PostgresStore) else None
    return Database(store, Lane(store, config, clock, publish), seen)


def _store(url: sa.URL, config: DatabaseConfig, witness: Witness | None = None) -> Store:
    if url.get_backend_name() == "sqlite":
        return SqliteStore(Path(url.database or "uptc.db"), scanners=config.pool_size)
    return PostgresStore(url, config, witness)
