from hypothesis import given
from hypothesis import strategies as st

from uptc_messenger.toolkit.gcra import FULL, Gcra


def test_a_burst_passes_and_then_one_for_each_refill():
    bucket = Gcra(burst=3, refill_ms=100)
    assert [bucket.take("a", 0) for _ in range(4)] == [0, 0, 0, 100]
    assert bucket.take("a", 99) == 1
    assert bucket.take("a", 100) == 0
    assert bucket.take("a", 100) == 100


def test_keys_do_not_disturb_each_other():
    bucket = Gcra(burst=1, refill_ms=100)
    assert bucket.take("a", 0) == 0
    assert bucket.take("b", 0) == 0


def test_what_is_given_back_can_be_taken_again():
    bucket = Gcra(burst=1, refill_ms=100)
    bucket.take("a", 0)
    bucket.give_back("a")
    bucket.give_back("unknown")
    assert bucket.take("a", 0) == 0


def test_a_full_store_makes_room_only_for_keys_that_are_as_good_as_forgotten():
    bucket = Gcra(burst=1, refill_ms=100, capacity=2)
    assert bucket.take("a", 0) == 0
    assert bucket.take("b", 50) == 0
    assert bucket.take("c", 60) == FULL
    assert bucket.take("c", 100) == 0
    assert len(bucket) == 2
    assert bucket.take("a", 100) == FULL
    bucket.forget_oldest()
    assert bucket.take("a", 100) == 0


@given(
    burst=st.integers(1, 20),
    refill=st.integers(1, 1000),
    steps=st.lists(st.integers(0, 3000), max_size=200),
)
def test_over_any_time_no_more_than_the_burst_and_the_refills_pass(
    burst: int, refill: int, steps: list[int]
):
    bucket, now, passed = Gcra(burst, refill), 0, 0
    for step in steps:
        now += step
        wait = bucket.take("a", now)
        passed += wait == 0
        assert passed <= burst + now // refill
        assert wait <= refill


@given(waits=st.integers(1, 50))
def test_who_waits_as_told_is_let_through(waits: int):
    bucket, now = Gcra(burst=2, refill_ms=77), 0
    for _ in range(waits):
        now += bucket.take("a", now)
        assert bucket.take("a", now) == 0 or bucket.take("a", now + 77) == 0
