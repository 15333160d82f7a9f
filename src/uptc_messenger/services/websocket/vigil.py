"""When a node must look for itself: it cannot trust that it has heard everything.

It compares the heads of the logs that it follows with the database when the bus came back,
when the chain of beacons broke or no beacon comes, every two seconds while the bus is away
(then only what is open, and who belongs where), and after it slept, before anything else.
"""

from enum import Enum
from typing import Final

from uptc_messenger.models.base import Millis
from uptc_messenger.services.websocket.chain import Chain
from uptc_messenger.services.websocket.sweeper import REACH_MS, Sweep
from uptc_messenger.toolkit.clock import Clock

PATIENCE_S: Final = 3.0
"""So long the bus may be away before a node asks the database instead."""

POLL_S: Final = 2.0
SILENCE_S: Final = REACH_MS / 1000
NAP_S: Final = 2.0
"""Whoever noticed nothing for so long cannot know what was taken from whom meanwhile."""

RETRY_S: Final = 0.5


class Scope(Enum):
    """What to compare: `ALL` that is followed here, or what is `OPEN`; people always."""

    ALL = 1
    OPEN = 2


class Vigil:
    """Says when to compare; times are seconds of a clock that never goes back."""

    def __init__(self, now: float, chain: Chain | None = None, *, alone: bool = False) -> None:
        self.chain = chain or Chain()
        self._alone = alone
        self._turned = now
        self._heard = now
        self._down_since: float | None = None if alone else now
        self._due: tuple[float, Scope] | None = None if alone else (now, Scope.ALL)
        self._busy = False
        self._naps = 0
        self._naps_before = 0
        self.awake = True
        """False from the moment a sleep was noticed until everything was compared."""

    def watermark(self, clock: Clock) -> Millis | None:
        """Everything committed before it has been heard of here; None where that is unknown.

        A node by itself commits everything itself.
        """
        return clock() if self._alone else self.chain.watermark

    def link(self, *, up: bool, now: float) -> None:
        """The way to other nodes went or came back."""
        if up:
            self._down_since, self._heard = None, now
            self._want(now, Scope.ALL)
        else:
            self._down_since = now
            self._want(now + PATIENCE_S, Scope.OPEN)

    def doubt(self, now: float) -> None:
        """What this node knows may not be so: another database server took over."""
        self._want(now, Scope.ALL)

    def sweep(self, sweep: Sweep, now: float) -> None:
        """A beacon came, or a part of one; what it lists was learnt before."""
        self._heard = now
        if not self.chain.sweep(sweep):
            self._want(now, Scope.ALL)

    def notice(self, now: float) -> bool:
        """Time passes; returns whether what comes in now may be carried out."""
        if now - self._turned > NAP_S:
            self.awake = False
            self._naps += 1
            self._want(now, Scope.ALL)
        self._turned = now
        return self.awake

    def turn(self, now: float) -> Scope | None:
        """What to compare now, if anything; `compared` must follow."""
        self.notice(now)
        if self._due is None and not self._alone and now - self._heard > SILENCE_S:
            silent = Scope.ALL if self._down_since is None else Scope.OPEN
            self._want(now, silent)
        if self._busy or self._due is None or self._due[0] > now:
            return None
        scope, self._due, self._busy = self._due[1], None, True
        self._naps_before = self._naps
        return scope

    def compared(self, scope: Scope, at: Millis, now: float, *, well: bool) -> None:
        """A comparison ended that began at `at`, in the database's time."""
        self._busy = False
        if not well:
            self._want(now + RETRY_S, scope)
            return
        self._heard = now
        if scope is Scope.ALL:
            self.chain.anchor(at)
            self.awake = self.awake or self._naps == self._naps_before
        if self._down_since is not None:
            self._want(now + POLL_S, Scope.OPEN)

    def _want(self, when: float, scope: Scope) -> None:
        if self._due is not None:
            # The wider one, and the sooner.
            scope = Scope.ALL if Scope.ALL in {scope, self._due[1]} else Scope.OPEN
            when = min(when, self._due[0])
        self._due = (when, scope)
