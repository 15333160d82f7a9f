"""Time, injectable: nothing else reads a clock."""

import functools
import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns milliseconds: since the Unix epoch, or of a clock that never goes back."""


def wall_clock() -> int:
    """Milliseconds since the Unix epoch; may jump when the machine's clock is set."""
    return time.time_ns() // 1_000_000


def steady_clock() -> int:
    """Milliseconds that never go back and mean nothing by themselves: for waiting and limits."""
    return time.monotonic_ns() // 1_000_000


class SharedClock:
    """The time that several machines agree on, once it was `set`; until then this machine's.

    From then on this machine's clock may jump: it is not asked any more.
    """

    def __init__(self, wall: Clock = wall_clock, steady: Clock = steady_clock) -> None:
        self._wall = wall
        self._steady = steady
        self._offset: int | None = None

    def __call__(self) -> int:
        """Milliseconds since the Unix epoch."""
        return self._wall() if self._offset is None else self._steady() + self._offset

    def set(self, told: int, asked_at: int) -> None:
        """It was `told` at some moment between `asked_at`, by the steady clock, and now."""
        self._offset = told - (asked_at + self._steady()) // 2


def rfc3339(millis: int) -> str:
    """RFC 3339 in UTC with milliseconds, `2026-11-23T09:03:20.123Z`."""
    seconds, rest = divmod(millis, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@functools.lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    # Messages come in bursts within a second, and strftime costs more than the rest.
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
