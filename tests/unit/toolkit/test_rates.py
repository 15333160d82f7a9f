from tests.core import SetClock
from uptc_messenger.toolkit.rates import Rates


class Counter:
    def __init__(self) -> None:
        self.value = 0.0

    def __call__(self) -> float:
        return self.value


def test_a_rate_is_the_growth_over_the_time():
    clock, sent = SetClock(), Counter()
    rates = Rates({"sent": sent}, clock)
    sent.value, clock.now = 30, clock.now + 10_000
    assert rates.per_second() == {"sent": 3.0}


def test_what_is_older_than_a_minute_is_forgotten():
    clock, sent = SetClock(), Counter()
    rates = Rates({"sent": sent}, clock)
    sent.value = 1000
    for _ in range(10):
        clock.now += 10_000
        rates.take()
    assert rates.per_second() == {"sent": 0.0}
    sent.value += 60
    assert rates.per_second() == {"sent": 1.0}


def test_at_the_very_start_nothing_is_divided_by_zero():
    assert Rates({"sent": Counter()}, SetClock()).per_second() == {"sent": 0.0}
