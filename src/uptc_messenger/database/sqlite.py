"""SQLite: one writing connection, one for short reads, a few for scans.

Statements run on the event loop's thread, where they take microseconds; only COMMIT, which
waits for the disk, runs on a thread of its own (docs/decisions/0002). Durable against power
loss: WAL with synchronous=FULL.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool

from uptc_messenger.database.faults import DiskFailed, refusal
from uptc_messenger.database.store import Work
from uptc_messenger.models.errors import Unavailable

T = TypeVar("T")
_PRAGMAS: Final = (
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)
_LOCK_WAIT_S: Final = 5.0
_LOCK_STEP_S: Final = 0.005
_log = structlog.get_logger(__name__)


def connect(path: Path, *, writer: bool) -> sqlite3.Connection:
    """A connection whose transactions we begin and end ourselves.

    The writer never sleeps inside SQLite for a lock: that would hold the event loop.
    """
    timeout = 0.0 if writer else _LOCK_WAIT_S
    raw = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        raw.execute(pragma)
    if not writer:
        raw.execute("PRAGMA query_only = ON")
    return raw


def make_engine(path: Path, *, writer: bool, pooled: int = 0) -> sa.Engine:
    """An engine over one connection, or over a pool of `pooled`."""
    pool = {"poolclass": QueuePool, "pool_size": pooled} if pooled else {"poolclass": StaticPool}
    engine = sa.create_engine(
        "sqlite://", creator=lambda: connect(path, writer=writer), hide_parameters=True, **pool
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"
    event.listen(engine, "begin", _begins_with(begin))
    return engine


class SqliteStore:
    """The embedded database: a file of ours alone, or shared with the command line."""

    def __init__(self, path: Path, *, scanners: int = 4) -> None:
        self._writer = make_engine(path, writer=True)
        self._reader = make_engine(path, writer=False)
        self._scanner = make_engine(path, writer=False, pooled=scanners)
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="commit")
        self._scanners = ThreadPoolExecutor(scanners, thread_name_prefix="scan")
        self._trouble: Unavailable | None = None

    @property
    def fault(self) -> str | None:
        # What the disk did not confirm may be gone from its cache by now, and a second attempt
        # would be confirmed without it: only a fresh look at the file, a restart, is honest.
        return self._trouble.sentence if isinstance(self._trouble, DiskFailed) else None

    async def transact(self, work: Work[T], *, durable: bool = True) -> T:
        del durable  # a commit of the one writer costs the same either way
        if isinstance(self._trouble, DiskFailed):
            raise self._trouble
        try:
            with self._writer.connect() as connection:
                await self._begin(connection)
                result = work(connection)
                await self._commit(connection)
        except DatabaseError as error:
            raise self._notice(error) from error
        if self._trouble is not None:
            _log.info("the database saves again")
            self._trouble = None
        return result

    def _notice(self, error: DatabaseError) -> Exception:
        """The refusal of a command; said in the log once, however many meet it."""
        found = refusal(error)
        if found is None:
            return error
        if self._trouble is None or found.sentence != self._trouble.sentence:
            _log.error("the database does not save", reason=found.sentence)
        self._trouble = found
        return found

    async def _begin(self, connection: sa.Connection) -> None:
        deadline = asyncio.get_running_loop().time() + _LOCK_WAIT_S
        while True:
            try:
                connection.begin()
            except OperationalError as error:
                connection.rollback()
                late = asyncio.get_running_loop().time() > deadline
                if late or "locked" not in str(error.orig):
                    raise
                await asyncio.sleep(_LOCK_STEP_S)
            else:
                return

    async def _commit(self, connection: sa.Connection) -> None:
        # Shielded: a cancelled caller must not leave the connection in two threads.
        commit = asyncio.get_running_loop().run_in_executor(self._committer, connection.commit)
        try:
            await asyncio.shield(commit)
        except asyncio.CancelledError:
            await asyncio.wait([commit])
            raise

    async def read(self, work: Work[T]) -> T:
        try:
            with self._reader.connect() as connection, connection.begin():
                return work(connection)
        except DatabaseError as error:
            raise refusal(error) or error from error

    async def scan(self, work: Work[T]) -> T:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._scanners, self._scan, work)
        except DatabaseError as error:
            raise refusal(error) or error from error

    def _scan(self, work: Work[T]) -> T:
        with self._scanner.connect() as connection, connection.begin():
            return work(connection)

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._committer, self._checkpoint)
        self._committer.shutdown()
        self._scanners.shutdown()
        for engine in (self._scanner, self._reader, self._writer):
            engine.dispose()

    def _checkpoint(self) -> None:
        # Best effort: another process may be reading, the disk may be full, and the WAL is as
        # durable as the file.
        with suppress(sqlite3.Error), closing(self._writer.raw_connection()) as raw:
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _begins_with(statement: str) -> Callable[[sa.Connection], None]:
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(statement)

    return begin
