"""Carrying out what is due: claimed for a minute, told once, tried again where that helps.

A push that was sent just before a crash is sent again with the same topic, and the device
shows one message once. A letter cannot be taken back, so it is noted as sent before it goes:
after a crash nobody gets it twice, and what it would have said is in the next one.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from uptc_messenger.database import Database, Row, Transaction
from uptc_messenger.models.base import Millis
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.notifications.config import NotifyConfig
from uptc_messenger.services.notifications.outcomes import SENT, Outcome
from uptc_messenger.services.notifications.planning import Plan, Planner
from uptc_messenger.services.notifications.postman import Postman
from uptc_messenger.services.notifications.pushing import Pusher
from uptc_messenger.services.notifications.repository import devices, jobs
from uptc_messenger.services.notifications.repository.jobs import Settled
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.gcra import Gcra
from uptc_messenger.toolkit.ids import uuid7

BATCH: Final = 32
"""Jobs that are claimed, judged and settled together."""

LEASE_MS: Final = 60_000
"""A job whose holder died is free after this time."""

ATTEMPTS: Final = 8
"""After so many in vain it is given up."""

FIRST_RETRY_MS: Final = 15_000
MOST_RETRY_MS: Final = 3_600_000
BURST: Final = 30
REFILL_MS: Final = 20_000
"""One device is told of 30 things at once and three a minute, whatever happens."""

IDLE_S: Final = 5.0
FAILED_S: Final = 1.0
"""How long it rests after a failure."""

_log = structlog.get_logger(__name__)


class Deliverer:
    """Works the queue off; `run` does so for as long as it is `ours`."""

    def __init__(
        self, database: Database, clock: Clock, config: NotifyConfig, ways: tuple[Pusher, Postman]
    ) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self._database, self._clock, self._config = database, clock, config
        self._pusher, self._postman = ways
        self._holder = uuid7()
        self._pace = Gcra(BURST, REFILL_MS)
        self._woken = asyncio.Event()
        self.sent = self.failed = self.withdrawn = 0
        self.waiting = 0
        self.lag_ms: Millis = 0
        """For how long the one that is due for longest has been due."""

    def wake(self) -> None:
        """Something was put into the queue."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled; what fails is tried again."""
        while True:
            pause = IDLE_S
            if self.ours():
                try:
                    while await self.pump():
                        pass
                    pause = await self._pause()
                except Problem as problem:
                    _log.warning("notifications wait", problem=problem.code)
                    pause = FAILED_S
                except Exception:  # noqa: BLE001
                    # Nobody else delivers: what one notification does is not the end of all.
                    _log.exception("notifications wait")
                    pause = FAILED_S
            await self._wait(pause)

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()
        # It is due later than now: asking again at once would find nothing.
        await asyncio.sleep(min(seconds, max(self._config.delay_s, 0.05)))

    async def _pause(self) -> float:
        limit = self._config.queue_limit
        self.waiting = await self._database.read(lambda reader: jobs.waiting(reader, limit))
        due, now = await self._database.read(jobs.next_due), self._clock()
        self.lag_ms = 0 if due is None else max(now - due, 0)
        return IDLE_S if due is None else min(max((due - now) / 1000, 0.05), IDLE_S)

    async def pump(self) -> int:
        """Tell what is due now, up to a batch; how many jobs that were."""
        now = self._clock()
        due = await self._database.scan(lambda reader: jobs.due(reader, now, BATCH))
        if not due:
            return 0
        mine = await self._database.write(lambda tx: jobs.claim(tx, due, self._holder, LEASE_MS))
        pushes = [row for row in mine if row.kind == "push"]
        letters = [row for row in mine if row.kind == "mail"]
        await asyncio.gather(self._push_all(pushes), self._postman.deliver(letters, self._holder))
        await self._pusher.tidy()
        return len(mine)

    async def _push_all(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        now, loopback = self._clock(), self._config.loopback
        plans = await self._database.scan(
            lambda reader: Planner(reader, now, loopback=loopback).plans(rows)
        )
        outcomes = await asyncio.gather(*(self._carry_out(plan) for plan in plans))
        done = list(zip(plans, outcomes, strict=True))

        def settle(tx: Transaction) -> None:
            for plan, outcome in done:
                self._settle(tx, plan, outcome)

        await self._database.write(settle)
        self._count(done)

    async def _carry_out(self, plan: Plan) -> Outcome:
        if plan.gone:
            return Outcome(verdict="gone")
        if plan.parcel is None:
            return SENT
        wait = self._pace.take(plan.row.target_id, self._clock())
        if wait > 0:
            return Outcome(verdict="later", detail="", after_ms=wait)
        return await self._pusher.push(plan.parcel)

    def _settle(self, tx: Transaction, plan: Plan, outcome: Outcome) -> None:
        row, again = plan.row, tx.now + round(self._config.again_s * 1000)
        if outcome.verdict == "gone":
            devices.remove(tx, [row.target_id])
        elif outcome.verdict == "sent":
            how = Settled(reached=plan.reached, shown_n=plan.shown_n, next=again)
            jobs.settle(tx, row, self._holder, how)
            if plan.parcel is not None:
                devices.told(tx, row.target_id, tx.now, None)
        elif outcome.verdict == "later" and row.attempts < ATTEMPTS:
            attempts = row.attempts + bool(outcome.detail)
            until = tx.now + max(outcome.after_ms, retry_ms(row.attempts))
            jobs.postpone(tx, row, self._holder, until, attempts)
            if outcome.detail:
                devices.told(tx, row.target_id, None, outcome.detail)
        else:
            how = Settled(reached=plan.reached, shown_n=row.shown_n, next=again)
            jobs.settle(tx, row, self._holder, how)
            devices.told(tx, row.target_id, None, outcome.detail)

    def _count(self, done: Sequence[tuple[Plan, Outcome]]) -> None:
        for plan, outcome in done:
            if outcome.verdict == "gone":
                self.withdrawn += 1
            elif outcome.verdict != "sent":
                self.failed += bool(outcome.detail)
            elif plan.parcel is not None:
                self.sent += 1


def retry_ms(attempts: int) -> Millis:
    """How long to wait after so many attempts: twice as long each time, an hour at most."""
    return min(FIRST_RETRY_MS << attempts, MOST_RETRY_MS)
