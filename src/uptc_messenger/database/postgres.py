"""PostgreSQL through asyncpg: the same synchronous work, on greenlets instead of threads."""

from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from uptc_messenger.database.store import Work
from uptc_messenger.models.errors import Unavailable

T = TypeVar("T")
_NOT_OURS: Final = ("08", "40", "53", "55", "57", "58")
"""Classes of SQLSTATE that speak of the server: connection, rollback, resources, system."""


class PostgresStore:
    """A database server; `fsync` and `synchronous_commit` stay on for the log."""

    def __init__(self, url: sa.URL, *, pool_size: int) -> None:
        address = url.set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(
            address,
            pool_size=pool_size,
            pool_pre_ping=True,
            hide_parameters=True,
            json_deserializer=str,  # our own column type reads it, as on SQLite
        )
        self._reading = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @property
    def fault(self) -> str | None:
        return None  # the server watches its disks itself, and restarts by itself

    async def transact(self, work: Work[T]) -> T:
        try:
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)
        except (DBAPIError, OSError) as error:
            raise _refusal(error) from error

    async def read(self, work: Work[T]) -> T:
        try:
            async with self._reading.begin() as connection:
                return await connection.run_sync(work)
        except (DBAPIError, OSError) as error:
            raise _refusal(error) from error

    async def scan(self, work: Work[T]) -> T:
        return await self.read(work)

    async def close(self) -> None:
        await self._engine.dispose()


def _refusal(error: DBAPIError | OSError) -> Exception:
    """`Unavailable` where the server is to blame, else the error itself."""
    if isinstance(error, OSError | OperationalError | InterfaceError):
        return Unavailable()
    state: str = getattr(error.orig, "sqlstate", None) or ""
    lost = error.connection_invalidated or state.startswith(_NOT_OURS)
    return Unavailable() if lost else error
