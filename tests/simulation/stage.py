"""Virtual time: everything that happens, in its order, from one seed."""

import heapq
import random
from collections.abc import Callable
from itertools import count

NOON_MS = 1_790_000_000_000


class Stage:
    """A clock that jumps from one event to the next, and the chance of the schedule."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.time = 1_000.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen after so many seconds."""
        heapq.heappush(self._due, (self.time + seconds, next(self._order), act))

    def run(self, until: float) -> None:
        """Let everything happen that is due by then."""
        while self._due and self._due[0][0] <= until:
            self.time, _, act = heapq.heappop(self._due)
            act()
        self.time = until

    def millis(self) -> int:
        """The time that the database and every node agree on."""
        return NOON_MS + int(self.time * 1000)
