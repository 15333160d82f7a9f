import pytest

from uptc_messenger.models.errors import RateLimited
from uptc_messenger.services.auth.limits import LIMITS, Limiter, LimitName, per_minute


def test_the_burst_of_each_limit_passes_and_no_more():
    limiter = Limiter(lambda: 0)
    for name, limit in LIMITS.items():
        for _ in range(limit.burst):
            limiter.take(name, "key")
        with pytest.raises(RateLimited) as refused:
            limiter.take(name, "key")
        assert refused.value.retry_after_ms == limit.refill_ms


def test_credentials_fail_closed_and_messages_open():
    closed = {name for name, limit in LIMITS.items() if not limit.fail_open}
    assert {"login_account", "login_ip", "login_device", "password", "code_guess"} <= closed
    assert not {"send", "typing", "other", "connect"} & closed


@pytest.mark.parametrize("name", ["login_ip", "send"])
def test_when_memory_is_full_a_limit_does_as_it_says(name: LimitName):
    limiter = Limiter(lambda: 0, capacity=2)
    limiter.take(name, "a")
    limiter.take(name, "b")
    if LIMITS[name].fail_open:
        limiter.take(name, "c")
    else:
        with pytest.raises(RateLimited):
            limiter.take(name, "c")


def test_what_is_given_back_is_not_counted():
    limiter = Limiter(lambda: 0)
    for _ in range(100):
        limiter.take("login_account", "ana")
        limiter.give_back("login_account", "ana")


def test_switched_off_it_lets_everything_through():
    limiter = Limiter(lambda: 0, on=False)
    for _ in range(1000):
        limiter.take("login_account", "ana")
    limiter.give_back("login_account", "ana")


def test_the_long_run_is_told_per_minute():
    assert per_minute("send") == 60
    assert per_minute("other") == 1200
    assert per_minute("login_account") == 1


def test_the_starting_values_are_those_of_the_policy():
    fifteen_minutes = 15 * 60 * 1000
    for limit, count in ((LIMITS["login_account"], 10), (LIMITS["login_ip"], 30)):
        assert (limit.burst, limit.burst * limit.refill_ms) == (count, fifteen_minutes)
