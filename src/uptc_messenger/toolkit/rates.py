"""How fast counters have been growing lately."""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from uptc_messenger.toolkit.clock import Clock

EVERY_S: Final = 10.0
_KEPT: Final = 7
"""Samples: the oldest is a minute old once all are there."""

Sample = tuple[int, dict[str, float]]


class Rates:
    """Counters by name, remembered for a minute."""

    def __init__(self, counters: Mapping[str, Callable[[], float]], clock: Clock) -> None:
        self._counters = counters
        self._clock = clock
        self._samples: deque[Sample] = deque([self._sample()], maxlen=_KEPT)

    async def run(self) -> None:
        """Remember the counters every ten seconds until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            self.take()

    def take(self) -> None:
        """Remember them now."""
        self._samples.append(self._sample())

    def per_second(self) -> dict[str, float]:
        """The mean growth over the last minute, or over what is remembered of it."""
        (then, before), (now, after) = self._samples[0], self._sample()
        seconds = max(now - then, 1) / 1000
        return {name: round((after[name] - before[name]) / seconds, 2) for name in after}

    def _sample(self) -> Sample:
        return self._clock(), {name: read() for name, read in self._counters.items()}
