import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from uptc_messenger.services.websocket.follower import MAX_HELD, NOTHING_YET, Follower


@dataclass(frozen=True)
class At:
    seq: int


def at(*seqs: int) -> list[At]:
    return [At(seq) for seq in seqs]


def seqs(entries: Sequence[At]) -> list[int]:
    return [entry.seq for entry in entries]


def test_the_next_passes_the_old_does_not_and_the_later_waits():
    log: Follower[At] = Follower(3)
    assert seqs(log.take(at(4, 5))) == [4, 5]
    assert seqs(log.take(at(5))) == []
    assert seqs(log.take(at(7))) == []
    assert log.behind
    assert seqs(log.take(at(6))) == [6, 7]
    assert not log.behind


def test_without_a_promise_anything_may_come_next_and_then_the_rule_holds():
    log: Follower[At] = Follower()
    assert seqs(log.take(at(9))) == [9]
    assert seqs(log.take(at(11))) == []
    assert seqs(log.take(at(10, 11))) == [10, 11]
    log.forget()
    assert seqs(log.take(at(40, 42))) == [40]


def test_before_it_settles_everything_waits():
    log: Follower[At] = Follower(NOTHING_YET)
    assert seqs(log.take(at(1))) == []
    assert seqs(log.take(at(3))) == []
    assert not log.behind
    assert seqs(log.settle(2)) == [3]
    assert log.position == 3


def test_a_head_alone_shows_a_gap_and_a_reading_closes_it():
    log: Follower[At] = Follower(3)
    log.learn(6)
    assert log.behind
    log.take(at(8))
    assert seqs(log.fill(at(4, 5, 6), 7)) == [4, 5, 6, 8]
    assert not log.behind


def test_a_reading_that_comes_late_repeats_nothing():
    log: Follower[At] = Follower(3)
    log.take(at(4, 5, 6))
    assert seqs(log.fill(at(4, 5), 5)) == []
    assert log.position == 6


def test_what_waits_has_a_limit_and_nothing_is_lost_by_it():
    log: Follower[At] = Follower(0)
    for seq in range(2, 2 * MAX_HELD):
        assert not log.take(at(seq))
    assert len(log.take(at(1))) == MAX_HELD
    assert log.behind


@pytest.mark.parametrize("seed", range(50))
def test_in_any_order_with_repeats_each_passes_once_in_order(seed: int):
    chance = random.Random(seed)
    log: Follower[At] = Follower(0)
    coming = [*range(1, 41), *chance.choices(range(1, 41), k=20)]
    chance.shuffle(coming)
    passed = [seq for start in coming for seq in seqs(log.take(at(start)))]
    assert passed == list(range(1, 41)), f"seed {seed}"
