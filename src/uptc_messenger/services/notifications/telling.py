"""Carrying out pushes: judged together, each sent and noted by itself."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog

from uptc_messenger.database import Database, Reader, Row, Transaction
from uptc_messenger.models.base import Millis
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.notifications import destinations, spreading
from uptc_messenger.services.notifications.config import NotifyConfig
from uptc_messenger.services.notifications.outcomes import SENT, Outcome
from uptc_messenger.services.notifications.planning import Plan, Planner
from uptc_messenger.services.notifications.pushing import Pusher
from uptc_messenger.services.notifications.repository import devices, jobs
from uptc_messenger.services.notifications.repository.jobs import Settled
from uptc_messenger.services.notifications.retrying import Retries
from uptc_messenger.services.notifications.working import Claim, Job
from uptc_messenger.toolkit.clock import Clock, steady_clock
from uptc_messenger.toolkit.gcra import Gcra

RETRIES: Final = Retries(attempts=8, first_ms=15_000, most_ms=3_600_000)
BURST: Final = 30
REFILL_MS: Final = 20_000
"""One device is told of 30 things at once and three a minute, whatever happens."""

_log = structlog.get_logger(__name__)


class Teller:
    """Sends pushes that are due; the place of one is the host of its push service."""

    def __init__(
        self, database: Database, clock: Clock, config: NotifyConfig, pusher: Pusher
    ) -> None:
        self.steady: Clock = steady_clock
        """By which the pace of a device is measured."""

        self._database, self._clock, self._config = database, clock, config
        self._pusher = pusher
        self._pace = Gcra(BURST, REFILL_MS)
        self.sent = self.failed = self.withdrawn = 0

    async def places(self, rows: Sequence[Row]) -> list[str]:
        """The hosts of these devices' push services."""
        ids = {row.target_id for row in rows}
        found = await self._database.scan(lambda reader: devices.by_ids(reader, ids))
        hosts = {one: destinations.host_of(row.endpoint) for one, row in found.items()}
        return [hosts.get(row.target_id, "") for row in rows]

    async def prepare(self, claims: Sequence[Claim]) -> list[Job]:
        """Judge these on one snapshot; one that cannot be judged keeps none of the others."""
        rows = [claim.row for claim in claims]
        try:
            plans = await self._database.scan(partial(self._plans, rows))
        except Exception as error:
            if isinstance(error, Problem) and error.retryable:
                raise
            plans = [await self._alone(row) for row in rows]
        return [partial(self._tell, claim, plan) for claim, plan in zip(claims, plans, strict=True)]

    def _plans(self, rows: Sequence[Row], reader: Reader) -> list[Plan]:
        return Planner(reader, self._clock(), loopback=self._config.loopback).plans(rows)

    async def _alone(self, row: Row) -> Plan:
        try:
            return (await self._database.scan(partial(self._plans, [row])))[0]
        except Problem as problem:
            if problem.retryable:
                raise
            failed = Outcome(verdict="refused", detail=problem.sentence)
        except Exception as error:  # noqa: BLE001
            _log.exception("a notification cannot be judged")
            failed = Outcome(verdict="later", detail=type(error).__name__)
        return Plan(row=row, reached=row.wanted, failed=failed)

    async def _tell(self, claim: Claim, plan: Plan) -> bool:
        outcome = await self._carry_out(plan)
        await self._database.write(lambda tx: self._settle(tx, claim, plan, outcome))
        self._count(plan, outcome)
        await self._look_again(plan, outcome)
        return outcome.verdict != "later" or not outcome.detail

    async def _carry_out(self, plan: Plan) -> Outcome:
        if plan.failed is not None:
            return plan.failed
        if plan.gone:
            return Outcome(verdict="gone")
        if plan.parcel is None:
            return SENT
        wait = self._pace.take(plan.row.target_id, self.steady())
        if wait > 0:
            return Outcome(verdict="later", detail="", after_ms=wait)
        return await self._pusher.push(plan.parcel)

    def _settle(self, tx: Transaction, claim: Claim, plan: Plan, outcome: Outcome) -> None:
        row, again = plan.row, tx.now + round(self._config.again_s * 1000)
        if outcome.verdict == "gone":
            devices.remove(tx, [row.target_id])
        elif outcome.verdict == "sent":
            how = Settled(reached=plan.reached, shown_n=plan.shown_n, next=again)
            jobs.settle(tx, row, claim.holder, how)
            if plan.parcel is not None:
                devices.told(tx, row.target_id, tx.now, None)
        elif outcome.verdict == "later" and row.attempts < RETRIES.attempts:
            self._postpone(tx, claim, outcome)
        else:
            how = Settled(reached=plan.reached, shown_n=row.shown_n, next=again)
            jobs.settle(tx, row, claim.holder, how)
            devices.told(tx, row.target_id, None, outcome.detail)

    def _postpone(self, tx: Transaction, claim: Claim, outcome: Outcome) -> None:
        row = claim.row
        attempts = row.attempts + bool(outcome.detail)
        until = tx.now + max(outcome.after_ms, _least(row, outcome))
        jobs.postpone(tx, row, claim.holder, until, attempts)
        if outcome.detail:
            devices.told(tx, row.target_id, None, outcome.detail)

    async def _look_again(self, plan: Plan, outcome: Outcome) -> None:
        """Take away what was read or withdrawn while it was being told.

        Whoever noticed that then found nothing on the screen to be taken away.
        """
        if outcome.verdict != "sent" or plan.shown is None:
            return
        row, shown = plan.row, plan.shown
        if await self._database.scan(lambda reader: spreading.is_over(reader, row, shown)):
            await self._database.write(lambda tx: jobs.wake(tx, [row]))

    def _count(self, plan: Plan, outcome: Outcome) -> None:
        if outcome.verdict == "gone":
            self.withdrawn += 1
        elif outcome.verdict != "sent":
            self.failed += bool(outcome.detail)
        elif plan.parcel is not None:
            self.sent += 1


def _least(row: Row, outcome: Outcome) -> Millis:
    return RETRIES.wait_ms(row.attempts) if outcome.detail else 0
