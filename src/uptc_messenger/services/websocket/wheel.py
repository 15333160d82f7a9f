"""One timer for very many deadlines.

A timer handle for each of ten thousand sockets costs more memory than the sockets' own
state; a wheel of one-second slots costs a set entry each, and precision that nobody needs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T", bound=Hashable)


class Wheel(Generic[T]):
    """Items by the second in which they are due; `now` is in seconds, monotonic."""

    def __init__(self, due: Callable[[T], None], now: float) -> None:
        self._due = due
        self._slots: defaultdict[int, set[T]] = defaultdict(set)
        self._reached = int(now)

    def __len__(self) -> int:
        return sum(map(len, self._slots.values()))

    def add(self, item: T, at: float) -> None:
        """Call `due(item)` in the first turn after `at`; to be due again, add it again."""
        self._slots[max(int(at) + 1, self._reached + 1)].add(item)

    def turn(self, now: float) -> None:
        """Call everything that has become due since the last turn."""
        while self._reached < int(now):
            self._reached += 1
            for item in self._slots.pop(self._reached, ()):
                self._due(item)
