import datetime as dt
import time

from uptc_messenger.toolkit.clock import SharedClock, rfc3339, steady_clock, wall_clock


def test_the_wall_clock_tells_milliseconds_since_1970():
    before = time.time_ns() // 1_000_000
    assert before <= wall_clock() <= time.time_ns() // 1_000_000


def test_the_steady_clock_never_goes_back():
    seen = [steady_clock() for _ in range(1_000)]
    assert seen == sorted(seen)


def test_an_instant_is_written_in_utc_with_milliseconds():
    assert rfc3339(0) == "1970-01-01T00:00:00.000Z"
    assert rfc3339(1_763_888_600_007) == "2025-11-23T09:03:20.007Z"
    assert rfc3339(1_763_888_600_123) == "2025-11-23T09:03:20.123Z"


def test_what_is_written_reads_back_as_the_same_instant():
    for millis in (1, 999, 1_000, 951_782_399_999, 4_102_444_800_000):
        read = dt.datetime.fromisoformat(rfc3339(millis))
        assert read.tzinfo == dt.UTC
        assert round(read.timestamp() * 1000) == millis


def test_a_shared_clock_is_this_machines_until_it_is_set_and_then_it_does_not_jump():
    wall, steady = [5_000], [100]
    clock = SharedClock(lambda: wall[0], lambda: steady[0])
    assert clock() == 5_000
    steady[0] = 140
    clock.set(9_000, asked_at=100)
    assert clock() == 9_020, "it was told in the middle of the waiting"
    wall[0], steady[0] = 1, 200
    assert clock() == 9_080
