"""A wall clock that can be set: Python runs this before anything else in a server under test.

The file that CLOCK_OFFSET names holds the seconds by which the clock is wrong. The clock that
never goes back is left alone, as the machine's own is when somebody sets its time.
"""

import os
import time

_real_ns = time.time_ns
_file = os.environ["CLOCK_OFFSET"]


def _offset_s() -> int:
    with open(_file, encoding="ascii") as file:  # noqa: PTH123 - read at every look at the clock
        return int(file.read() or "0")


def _time_ns() -> int:
    return _real_ns() + _offset_s() * 1_000_000_000


def _time() -> float:
    return _time_ns() / 1e9


time.time_ns = _time_ns
time.time = _time
