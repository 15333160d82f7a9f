"""PostgreSQL through asyncpg: the same synchronous work, on greenlets instead of threads.

One connection writes, because there is one lane; others read. None of them waits for ever:
the server ends transactions after `transaction_timeout_s`, and where the
server itself is silent the socket is cut a second later, without asking it to cancel. (A
cancelled wait for a standby is answered as if it had succeeded.)
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.dialing import Dialer, Refused
from uptc_messenger.database.faults import disk_full
from uptc_messenger.database.store import Contended, Raced, Work
from uptc_messenger.database.witness import Witness
from uptc_messenger.models.errors import Overloaded, Problem, Timeout, Unavailable

T = TypeVar("T")
_NOT_OURS: Final = ("08", "40", "53", "55", "57", "58", "25006", "XX")
"""SQLSTATEs that speak of the server: connection, rollback, resources, system, a standby."""

_DISK_FULL: Final = "53100"
_THERE_ALREADY: Final = "23505"
_IN_THE_WAY: Final = ("40001", "40P01", "55P03")
"""Serialization, deadlock, a lock that did not come free."""

_GRACE_S: Final = 1.0
_SCAN_S: Final = 60.0
_SCANNERS: Final = 2
_WAIT_FOR_ONE_S: Final = 5.0
_STATEMENTS: Final = 500
"""Prepared statements that a connection keeps."""

_FAILURES: Final = (exc.DBAPIError, exc.TimeoutError, *Refused)
# What the writer does is looking up keys: a plan that reads a whole table is always wrong,
# and planning anew over all partitions costs more than the look-up.
_BY_KEY: Final = {
    "synchronous_commit": "on",
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
_RELAXED: Final = sa.text("SET LOCAL synchronous_commit = off")


class PostgresStore:
    """A database server, or several of which one is the primary."""

    def __init__(self, url: sa.URL, config: DatabaseConfig, witness: Witness | None = None) -> None:
        self.url = url
        self._limit_s = config.transaction_timeout_s
        self._dialer = Dialer(url, "writer", {**_limits(self._limit_s), **_BY_KEY})
        self._dialer.warned = self._warned
        self._warnings: list[str] = []
        self._writer = _engine(url, self._dialer, 1)
        self._reader = _reading(url, self._limit_s, config.pool_size)
        self._scanner = _reading(url, _SCAN_S, _SCANNERS)
        self._witness = witness
        self._attested: object | None = None

    @property
    def fault(self) -> str | None:
        return None  # the server watches its disks itself, and restarts by itself

    async def transact(self, work: Work[T], *, durable: bool = True) -> T:
        try:
            return await self._transact(work, durable=durable)
        except _Stale:
            # It broke before the commit, so nothing was written; the next one is new.
            return await self._transact(work, durable=durable)

    async def _transact(self, work: Work[T], *, durable: bool) -> T:
        async with _explained(), self._bounded(self._writer, self._limit_s) as connection:
            counting = self._witness if durable else None
            await self._attest(connection)
            try:
                if not durable:
                    await connection.execute(_RELAXED)
                result = await connection.run_sync(work)
                if counting is not None:
                    await connection.run_sync(counting.count)
            except BaseException:
                await _undo(connection)
                raise
            await self._commit(connection)
            if counting is not None:
                counting.counted()
            return result

    async def _attest(self, connection: AsyncConnection) -> None:
        raw = (await connection.get_raw_connection()).driver_connection
        if self._witness is None or raw is self._attested:
            return
        await connection.run_sync(self._witness.attest)
        await self._commit(connection)
        self._attested = raw
        self._witness.attested()

    async def _commit(self, connection: AsyncConnection) -> None:
        """Commit; raises `Timeout` where nobody can say whether it happened."""
        self._warnings.clear()
        try:
            await connection.commit()
        except _FAILURES as error:
            if _state(error) and not _is_not_ours(error):
                raise
            raise Timeout from error
        if self._warnings:  # such as: it did not wait for the standby
            raise Timeout

    def _warned(self, text: str) -> None:
        self._warnings.append(text)

    async def read(self, work: Work[T]) -> T:
        return await self._read(self._reader, self._limit_s, work)

    async def scan(self, work: Work[T]) -> T:
        return await self._read(self._scanner, _SCAN_S, work)

    async def _read(self, engine: AsyncEngine, limit_s: float, work: Work[T]) -> T:
        try:
            return await self._read_once(engine, limit_s, work)
        except _Stale:
            # The pool's connections were of a server that is gone; the next one is new.
            return await self._read_once(engine, limit_s, work)

    async def _read_once(self, engine: AsyncEngine, limit_s: float, work: Work[T]) -> T:
        async with _explained(), self._bounded(engine, limit_s) as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def _bounded(
        self, engine: AsyncEngine, limit_s: float
    ) -> AsyncGenerator[AsyncConnection, None]:
        """A connection whose socket is cut where the server says nothing for too long."""
        async with engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            cut = asyncio.get_running_loop().call_later(limit_s + _GRACE_S, raw.terminate)
            try:
                yield connection
            finally:
                cut.cancel()

    async def close(self) -> None:
        for engine in (self._writer, self._reader, self._scanner):
            await engine.dispose()


class _Stale(Unavailable):
    """The connection broke; a new one may do better."""


def _limits(limit_s: float) -> dict[str, str]:
    def part(share: float) -> str:
        return str(round(limit_s * share * 1000))

    return {
        "transaction_timeout": part(1.0),
        "statement_timeout": part(0.8),
        # A node that stops in the middle lets go of its locks before others give up on them.
        "lock_timeout": part(0.6),
        "idle_in_transaction_session_timeout": part(0.4),
    }


def _engine(url: sa.URL, dialer: Dialer, size: int, **options: Any) -> AsyncEngine:  # noqa: ANN401
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query={}).update_query_dict(
            {"prepared_statement_cache_size": str(_STATEMENTS)}
        ),
        async_creator=dialer,
        pool_size=size,
        max_overflow=0,
        pool_timeout=_WAIT_FOR_ONE_S,
        hide_parameters=True,
        json_deserializer=str,  # our own column type reads it, as on SQLite
        **options,
    )


def _reading(url: sa.URL, limit_s: float, size: int) -> AsyncEngine:
    dialer = Dialer(url, "reader", _limits(limit_s))
    engine = _engine(url, dialer, size)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def _undo(connection: AsyncConnection) -> None:
    try:
        await connection.rollback()
    except _FAILURES:
        await connection.invalidate()


@asynccontextmanager
async def _explained() -> AsyncGenerator[None, None]:
    """Turn what the server is to blame for into a `Problem`; other errors are ours."""
    try:
        yield
    except Problem:
        raise
    except exc.TimeoutError as error:  # the pool's
        raise Overloaded(retry_after_ms=1000) from error
    except _FAILURES as error:
        if isinstance(error, exc.DBAPIError) and error.connection_invalidated:
            raise _Stale from error
        if (problem := _problem(error)) is None:
            raise
        raise problem from error


def _problem(error: BaseException) -> Problem | None:
    """What the server is to blame for; None for what we are."""
    state = _state(error)
    if state == _DISK_FULL:
        return disk_full()
    if state == _THERE_ALREADY:
        return Raced()
    if state in _IN_THE_WAY:
        return Contended()
    return Unavailable() if _is_not_ours(error) else None


def _is_not_ours(error: BaseException) -> bool:
    if not isinstance(error, exc.DBAPIError):
        return True
    lost = error.connection_invalidated or isinstance(error, exc.InterfaceError)
    return lost or _state(error).startswith(_NOT_OURS)


def _state(error: BaseException) -> str:
    return getattr(getattr(error, "orig", None), "sqlstate", None) or ""
