"""The generic cell rate algorithm: a leaky bucket that keeps one number for each key."""

from collections import OrderedDict
from typing import Final

FULL: Final = -1


class Gcra:
    """Lets through `burst` at once and one more every `refill_ms`, for each key by itself.

    The number kept is the instant at which the key's bucket is empty again. At most
    `capacity` keys are kept; one whose instant has passed is as good as forgotten.
    """

    def __init__(self, burst: int, refill_ms: int, capacity: int = 50_000) -> None:
        self._refill = refill_ms
        self._depth = (burst - 1) * refill_ms
        self._capacity = capacity
        self._empty_at: OrderedDict[str, int] = OrderedDict()

    def __len__(self) -> int:
        return len(self._empty_at)

    def take(self, key: str, now: int) -> int:
        """0 and one taken, or the milliseconds until one is there; `FULL`: no room for the key.

        `now` is in milliseconds of a clock that never goes back.
        """
        empty_at = max(self._empty_at.get(key, now), now)
        wait = empty_at - now - self._depth
        if wait > 0:
            return wait
        if key not in self._empty_at and not self._room(now):
            return FULL
        self._empty_at[key] = empty_at + self._refill
        self._empty_at.move_to_end(key)
        return 0

    def give_back(self, key: str) -> None:
        """Undo one taking."""
        if key in self._empty_at:
            self._empty_at[key] -= self._refill

    def forget_oldest(self) -> None:
        """Make room by forgetting the key that was not used for longest."""
        if self._empty_at:
            self._empty_at.popitem(last=False)

    def _room(self, now: int) -> bool:
        while self._empty_at and next(iter(self._empty_at.values())) <= now:
            self._empty_at.popitem(last=False)
        return len(self._empty_at) < self._capacity
