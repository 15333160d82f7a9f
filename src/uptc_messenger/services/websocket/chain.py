"""How far a node certainly knows of every commit: the chain of beacons.

A transaction may take `LONGEST_MS` from its stamp to its commit, and a sweep looks at stamps
up to `WINDOW_MS` old. So the sweep at time s lists every commit in (s - REACH_MS, s], and
sweeps that follow each other within `REACH_MS` leave out none. Whoever misses one compares
heads with the database and starts anew (docs/delivery.md derives it).
"""

from uptc_messenger.models.base import Millis
from uptc_messenger.services.websocket.sweeper import REACH_MS, Sweep


class Chain:
    """The sweeps that were received, in the database's time."""

    def __init__(self, reach_ms: int = REACH_MS) -> None:
        self._reach_ms = reach_ms
        self._last: Millis | None = None
        self._parts: tuple[Millis, set[int]] = (0, set())
        self.watermark: Millis | None = None
        """Everything committed before it has been heard of here; None before the first."""

    def anchor(self, at: Millis) -> None:
        """Every head was read from the database after this moment."""
        self._advance(at)

    def sweep(self, sweep: Sweep) -> bool:
        """A sweep, or a part of one, was received; False where something lies between.

        A sweep with `hold` lists what it should, but a transaction is open that took too
        long already: the watermark waits for it.
        """
        if not self._complete(sweep):
            return True
        at, last = sweep.at, self._last
        if last is None or at - last > self._reach_ms:
            return False
        if sweep.hold:
            self._last = max(last, at)
        else:
            self._advance(at)
        return True

    def _complete(self, sweep: Sweep) -> bool:
        if self._parts[0] != sweep.at:
            self._parts = (sweep.at, set())
        self._parts[1].add(sweep.part)
        return len(self._parts[1]) == sweep.parts

    def _advance(self, at: Millis) -> None:
        self._last = max(self._last or 0, at)
        self.watermark = max(self.watermark or 0, at)
