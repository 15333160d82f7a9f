"""Working one kind of job off: claimed for a minute, a bounded number at once, each by itself.

What is slow or fails holds up its own place and nothing else: a place has a few slots of the
whole, fewer while it fails, and what it has no slot for waits or goes back into the queue.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

import structlog

from uptc_messenger.database import Database, Row, Transaction
from uptc_messenger.models.base import Millis, Record
from uptc_messenger.models.errors import Problem
from uptc_messenger.services.notifications.repository import jobs
from uptc_messenger.services.notifications.repository.jobs import Kind
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.ids import uuid7
from uptc_messenger.toolkit.tasks import TaskGroup
from uptc_messenger.toolkit.troubles import Trouble

LEASE_MS: Final = 60_000
"""A job whose holder died is free after this time."""

BEGUN_MS: Final = 30_000
"""A claimed job that found no slot for so long is left to whoever claims it next."""

PUT_OFF_MS: Final = 15_000
"""What a place that fails has no slot for waits so long."""

SLOW_S: Final = 2.0
"""A place that takes longer is as good as one that fails."""

IDLE_S: Final = 5.0
FAILED_S: Final = 1.0
"""How long it rests after a failure."""

GATHER_S: Final = 0.02
"""Slots that come free within it are filled together."""

_MOST_FAILING: Final = 1_000
_MOST_COUNTED: Final = 100_000
_log = structlog.get_logger(__name__)


class Claim(Record, frozen=True):
    """A job that is ours until the lease ends; its `place` is whose slots it takes."""

    row: Row
    holder: str
    place: str
    at: Millis


Job = Callable[[], Awaitable[bool]]
"""Carries a job out and settles it; False where its place failed."""


class Work(Protocol):
    """What is done about jobs of one kind."""

    async def places(self, rows: Sequence[Row]) -> Sequence[str]:
        """Whose slots each of these takes."""
        ...

    async def prepare(self, claims: Sequence[Claim]) -> Sequence[Job]:
        """Judge these now, just before they are carried out."""
        ...


class Slots(Record, frozen=True):
    """How many jobs at once, and how many of one place, while it answers and while it fails."""

    most: int
    each: int
    failing: int
    parked: int = 0
    """How many more are held until their place has a slot."""


class Line:
    """Works the jobs of one kind off; `run` does so for as long as it is `ours`."""

    def __init__(
        self, database: Database, clock: Clock, kind: Kind, work: Work, slots: Slots
    ) -> None:
        self.ours: Callable[[], bool] = lambda: True
        """Whether it is for this node to do."""

        self._database, self._clock = database, clock
        self._kind: Kind = kind
        self._trouble, self._unsettled = Trouble(), Trouble()
        self._work, self._slots = work, slots
        self._parked: deque[Claim] = deque()
        self._busy = Counter[str]()
        self._failing: dict[str, None] = {}
        self._tasks = TaskGroup(f"notifications.{kind}")
        self._turn = asyncio.Lock()
        self._counted_at = 0.0
        self._woken = asyncio.Event()
        self.waiting = 0
        """Jobs in the queue, due or not, as they were counted some seconds ago."""

        self.lag_ms: Millis = 0
        """For how long the one that is due for longest has been due."""

    @property
    def under_way(self) -> int:
        """Jobs that are being carried out."""
        return len(self._tasks)

    @property
    def parked(self) -> int:
        """Jobs that are claimed and wait for a slot of their place."""
        return len(self._parked)

    def wake(self) -> None:
        """Something was put into the queue."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled; what fails is tried again."""
        try:
            while True:
                self._woken.clear()
                pause = await self._look() if self.ours() else IDLE_S
                await self._wait(pause)
        finally:
            await self._stop()

    async def pump(self) -> int:
        """Carry out what is due now and wait for it; how many jobs that were."""
        done = 0
        try:
            while True:
                self._woken.clear()
                done += await self.turn()
                if not self.under_way:
                    return done
                await self._woken.wait()
        except BaseException:
            await self._stop()
            raise

    async def _stop(self) -> None:
        await self._tasks.close()
        self._parked.clear()
        self._busy.clear()

    async def _look(self) -> float:
        """Start what may start; for how long there is nothing more to do."""
        try:
            while await self.turn():
                pass
            pause = await self._pause()
        except Problem as problem:
            if self._trouble.begins(problem.code):
                _log.warning("notifications wait", kind=self._kind, problem=problem.code)
        except Exception as error:  # noqa: BLE001
            # Nobody else delivers: what one notification does is not the end of all.
            if self._trouble.begins(type(error).__name__):
                _log.exception("notifications wait", kind=self._kind)
        else:
            if self._trouble.ends():
                _log.info("notifications go on", kind=self._kind)
            return pause
        return FAILED_S

    async def _pause(self) -> float:
        await self._count()
        now = self._clock()
        due = await self._database.read(lambda reader: jobs.next_due(reader, self._kind, now))
        self.lag_ms = 0 if due is None else max(now - due, 0)
        if due is None or not self._room():
            return IDLE_S
        return min(max((due - now) / 1000, 0.05), IDLE_S)

    async def _count(self) -> None:
        # It reads a row of the index for each, so not in every turn.
        now = asyncio.get_running_loop().time()
        if now - self._counted_at >= IDLE_S:
            self._counted_at = now
            self.waiting = await self._database.read(
                lambda reader: jobs.waiting(reader, self._kind, _MOST_COUNTED)
            )

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER_S)

    def _room(self) -> int:
        return self._slots.most + self._slots.parked - self.under_way - self.parked

    async def turn(self) -> int:
        """Claim what there is room for and start what has a slot; how many jobs were claimed."""
        async with self._turn:
            claims = await self._claim()
            await self._park(claims)
            if ready := self._ready():
                for claim, job in zip(ready, await self._prepared(ready), strict=True):
                    self._tasks.start(claim.row.target_id, self._carry_out(claim, job))
            return len(claims)

    async def _claim(self) -> list[Claim]:
        now, room = self._clock(), self._room()
        if room <= 0:
            return []
        room = min(room, self._slots.most)
        rows = await self._database.scan(lambda reader: jobs.due(reader, self._kind, now, room))
        if not rows:
            return []
        # A holder of its own for each time: what lost its lease to us settles nothing of ours.
        holder = uuid7()
        mine = await self._database.write(lambda tx: jobs.claim(tx, rows, holder, LEASE_MS))
        places = await self._work.places(mine)
        return [
            Claim(row=row, holder=holder, place=place, at=now)
            for row, place in zip(mine, places, strict=True)
        ]

    async def _park(self, claims: Sequence[Claim]) -> None:
        """Keep these until there is a slot; those of places that fail go back for a while."""
        taken = self._busy + Counter(claim.place for claim in self._parked)
        late: list[Claim] = []
        for claim in claims:
            taken[claim.place] += 1
            full = taken[claim.place] > self._most_of(claim.place)
            keep = not full or claim.place not in self._failing
            (self._parked.append if keep else late.append)(claim)
        if late:
            await self._database.write(lambda tx: self._put_off(tx, late))

    def _put_off(self, tx: Transaction, claims: Sequence[Claim]) -> None:
        for claim in claims:
            row, until = claim.row, tx.now + PUT_OFF_MS
            jobs.postpone(tx, row, claim.holder, until, row.attempts)

    def _ready(self) -> list[Claim]:
        """Those that have a slot, oldest first; from now on it is theirs."""
        ready: list[Claim] = []
        kept: deque[Claim] = deque()
        free, too_old = self._slots.most - self.under_way, self._clock() - BEGUN_MS
        for claim in self._parked:
            if claim.at <= too_old:
                continue
            if len(ready) < free and self._busy[claim.place] < self._most_of(claim.place):
                self._busy[claim.place] += 1
                ready.append(claim)
            else:
                kept.append(claim)
        self._parked = kept
        return ready

    async def _prepared(self, ready: Sequence[Claim]) -> Sequence[Job]:
        try:
            return await self._work.prepare(ready)
        except BaseException:
            self._busy -= Counter(claim.place for claim in ready)
            raise

    def _most_of(self, place: str) -> int:
        return self._slots.failing if place in self._failing else self._slots.each

    async def _carry_out(self, claim: Claim, job: Job) -> None:
        now = asyncio.get_running_loop().time
        begun, well = now(), False
        try:
            well = await job()
        except Problem as problem:
            # Nothing is noted of it: when its lease is over it is carried out again.
            if self._unsettled.begins(problem.code):
                _log.warning("a notification waits", kind=self._kind, problem=problem.code)
            well = True
        else:
            self._unsettled.ends()
        finally:
            self._ended(claim.place, well=well and now() - begun < SLOW_S)

    def _ended(self, place: str, *, well: bool) -> None:
        self._busy -= Counter([place])
        if well:
            self._failing.pop(place, None)
        else:
            if len(self._failing) >= _MOST_FAILING:
                self._failing.clear()
            self._failing[place] = None
        # Only when the task has ended its slot is free.
        asyncio.get_running_loop().call_soon(self._woken.set)
