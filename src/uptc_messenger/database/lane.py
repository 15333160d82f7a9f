"""The one writer: everything queued goes into one commit (group commit).

A commit costs a wait for the disk whatever it carries, so the lane never waits for company
and never commits one command where ten are waiting. Order in the queue is order in the
log. Results are given, and announcements made, only after the commit.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from uptc_messenger.database.config import DatabaseConfig
from uptc_messenger.database.locks import NOTHING, Needs, hold
from uptc_messenger.database.store import Contended, Raced, Store
from uptc_messenger.database.transaction import Transaction
from uptc_messenger.models.errors import Overloaded, Problem, Timeout, Unavailable
from uptc_messenger.models.events import Publication
from uptc_messenger.toolkit.clock import Clock

I_contra = TypeVar("I_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")
Publish = Callable[[Sequence[Publication]], None]
_log = structlog.get_logger(__name__)


class Bulk(Protocol[I_contra, R_co]):
    """Carries out many like commands with a constant number of statements.

    Answers one result or refusal for each item, in order. A refused item leaves no trace.
    """

    def __call__(
        self, tx: Transaction, items: Sequence[I_contra], /
    ) -> Sequence[R_co | Problem]: ...


class Job(Generic[T]):
    """A command in the queue: `item` for a bulk handler, or a function of its own."""

    __slots__ = ("future", "handler", "item", "needs")

    def __init__(
        self,
        handler: Bulk[Any, T] | None,
        item: Any,  # noqa: ANN401
        needs: Needs,
        future: asyncio.Future[T],
    ) -> None:
        self.handler = handler
        self.item = item
        self.needs = needs
        self.future = future


class Batch:
    """What one transaction did: a result or refusal for each job, and what to announce."""

    def __init__(self, jobs: Sequence[Job[Any]], now: int) -> None:
        self.jobs = jobs
        self.now = now
        self.outcomes: list[Any] = []
        self.publications: list[Publication] = []

    def run(self, connection: sa.Connection) -> None:
        """Carry out every job on one connection; nothing is committed here."""
        self.outcomes.clear()
        self.publications.clear()
        groups = [(key, list(jobs)) for key, jobs in groupby(self.jobs, lambda job: job.handler)]
        if len(self.jobs) > 1 and (len(groups) > 1 or groups[0][0] is None):
            # A handler alone takes the locks of all its items itself, in one statement.
            hold(connection, [job.needs for job in self.jobs])
        for handler, jobs in groups:
            if handler is None:
                for job in jobs:
                    self._run_alone(connection, job)
            else:
                self._run_bulk(connection, handler, [job.item for job in jobs])

    def _run_alone(self, connection: sa.Connection, job: Job[Any]) -> None:
        tx = Transaction(connection, self.now)
        try:
            with tx.savepoint():
                self.outcomes.append(job.item(tx))
        except Problem as problem:
            self.outcomes.append(problem)
        else:
            self.publications.extend(tx.emitted)

    def _run_bulk(
        self, connection: sa.Connection, handler: Bulk[Any, Any], items: Sequence[Any]
    ) -> None:
        tx = Transaction(connection, self.now)
        self.outcomes.extend(handler(tx, items))
        self.publications.extend(tx.emitted)


class Lane:
    """The queue before the writer, and the loop that empties it."""

    def __init__(
        self, store: Store, config: DatabaseConfig, clock: Clock, publish: Publish
    ) -> None:
        self._store = store
        self._config = config
        self._clock = clock
        self._publish = publish
        self._queue: deque[Job[Any]] = deque()
        self._work = asyncio.Event()
        self._closing = False
        self.commits = 0
        self.commands = 0

    @property
    def waiting(self) -> int:
        """Commands in the queue."""
        return len(self._queue)

    def submit(
        self,
        handler: Bulk[Any, T] | None,
        item: Any,  # noqa: ANN401
        needs: Needs = NOTHING,
    ) -> asyncio.Future[T]:
        """Queue a command; the future ends after its commit, or with its refusal."""
        if self._closing:
            raise Unavailable("The server is stopping.")
        if len(self._queue) >= self._config.queue_limit:
            raise Overloaded(retry_after_ms=1000)
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append(Job(handler, item, needs, future))
        self._work.set()
        return future

    def stop(self) -> None:
        """Refuse new commands; `run` ends when the queue is empty."""
        self._closing = True
        self._work.set()

    async def run(self) -> None:
        """Commit whatever is queued until stopped."""
        while True:
            if not self._queue:
                if self._closing:
                    return
                self._work.clear()
                await self._work.wait()
                continue
            size = min(len(self._queue), self._config.batch_limit)
            await self._commit([self._queue.popleft() for _ in range(size)])

    async def _commit(self, jobs: Sequence[Job[Any]]) -> None:
        late = asyncio.get_running_loop().call_later(self._config.commit_timeout_s, _give_up, jobs)
        try:
            await self._attempt(jobs)
        finally:
            late.cancel()

    async def _attempt(self, jobs: Sequence[Job[Any]], *, again: bool = False) -> None:
        batch = Batch(jobs, self._clock())
        durable = any(job.needs.durable for job in jobs)
        try:
            await self._store.transact(batch.run, durable=durable)
        except Contended as problem:
            await self._isolate(jobs, problem, again=again)
        except Problem as problem:
            _settle(jobs, [problem] * len(jobs))
        except Exception as error:  # noqa: BLE001 - whatever it was, only its own command fails
            await self._isolate(jobs, error, again=again)
        else:
            self.commits += 1
            self.commands += len(jobs)
            # Answers are called back when this turn of the loop is over: by then the
            # announcements are queued, and one write to a socket carries both.
            _settle(jobs, batch.outcomes)
            self._announce(batch.publications)

    def _announce(self, publications: Sequence[Publication]) -> None:
        try:
            self._publish(publications)
        except Exception as error:  # noqa: BLE001 - it is committed: who asked must hear so
            _log.error("an announcement failed", exc_info=error)

    async def _isolate(self, jobs: Sequence[Job[Any]], error: Exception, *, again: bool) -> None:
        """A command spoilt the transaction, or met another node: let it harm only itself."""
        if len(jobs) > 1:
            middle = len(jobs) // 2
            await self._attempt(jobs[:middle])
            await self._attempt(jobs[middle:])
            return
        if isinstance(error, Raced) and not again:
            # Looked up, not found, added, and there by now: this time it is found.
            await self._attempt(jobs, again=True)
            return
        if isinstance(error, Raced):
            error = cause if isinstance(cause := error.__cause__, Exception) else error
        if not isinstance(error, Problem):
            _log.error("a command failed", exc_info=error)
        if not jobs[0].future.done():
            jobs[0].future.set_exception(error)


def _settle(jobs: Sequence[Job[Any]], outcomes: Sequence[Any]) -> None:
    for job, outcome in zip(jobs, outcomes, strict=True):
        if job.future.done():
            continue
        if isinstance(outcome, Problem):
            job.future.set_exception(outcome)
        else:
            job.future.set_result(outcome)


def _give_up(jobs: Sequence[Job[Any]]) -> None:
    for job in _pending(jobs):
        job.future.set_exception(Timeout())


def _pending(jobs: Sequence[Job[Any]]) -> Iterator[Job[Any]]:
    return (job for job in jobs if not job.future.done())
